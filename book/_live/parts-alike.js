/* How alike the words that a stage writes are to real names, in three ways; measured and stored by scripts/page_writes.py.

   const alike = live.alike(stages, step);   // `step(k)` names a stage
   alike.show(k); */
live.part("alike", (live) => {
  "use strict";
  const HEADS = { lengths: "lengths", letters: "letters", pairs: "neighbours" };

  const alike = (stages, step) => {
    const share = (writes) =>
      Object.keys(HEADS).map((key) => live.dom("td", {}, `${Math.round(100 * writes[key])}\u00a0%`));
    const row = (words, writes) => live.dom("tr", {}, live.dom("th", { scope: "row" }, words), ...share(writes));
    const heads = ["alike in", ...Object.values(HEADS)].map((words) => live.dom("th", { scope: "col" }, words));
    const rows = live.dom("tbody");
    const table = live.dom("table", { class: "live-alike" }, live.dom("thead", {}, live.dom("tr", {}, ...heads)), rows);
    const { real, shuffled } = live.data("ladder").writes;
    const legend =
      "What 2,000 of its words share with the names that it reads: how long they are, how frequent each letter is, and " +
      "which letters stand side by side. 100\u00a0% would be the same shares.";
    const element = live.dom("div", {}, table, live.dom("p", { class: "live__legend" }, legend));
    const show = (k) =>
      rows.replaceChildren(
        row(step(k), stages[k].writes),
        row("real names, all letters shuffled", shuffled),
        row("real names, never read", real),
      );
    return { element, show };
  };
  return alike;
});
