/* The ladder as a table, the best on top: rivals that count, and among them the machine, whose row climbs.

   const ladder = live.ladder({ head });   // the title of the column of numbers
   const passed = ladder.show([{ label, nats, own }]);   // `own`: the machine's row */
live.part("ladder", (live) => {
  "use strict";
  const number = (nats) => nats.toFixed(2);

  const ladder = ({ head: title }) => {
    const rows = live.dom("tbody");
    const titles = ["who", title].map((words) => live.dom("th", { scope: "col" }, words));
    const head = live.dom("thead", {}, live.dom("tr", {}, ...titles));
    const element = live.dom("table", { class: "live-ladder" }, head, rows);

    const bar = (nats, most) => {
      const length = live.dom("span", { class: "live-ladder__bar" });
      length.style.width = `calc((100% - 3.2rem) * ${nats / most})`;
      return live.dom("span", { class: "live-ladder__cell" }, length, live.dom("span", {}, number(nats)));
    };
    const row = ({ label, nats, own }, most) =>
      live.dom(
        "tr",
        { "data-own": own ?? null },
        live.dom("th", { scope: "row" }, label),
        live.dom("td", {}, bar(nats, most)),
      );

    /* Returns how many rivals stand below the machine. */
    const show = (entries) => {
      const sorted = [...entries].sort((one, other) => one.nats - other.nats);
      const most = sorted.at(-1).nats;
      rows.replaceChildren(...sorted.map((entry) => row(entry, most)));
      return sorted.length - 1 - sorted.findIndex(({ own }) => own);
    };
    return { element, show };
  };
  return ladder;
});
