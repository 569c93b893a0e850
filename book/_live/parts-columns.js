/* The law of the next symbol as columns, one for each symbol: an outline for the law as it was, filled for what became of
   it. What can no longer come stands crossed out.

   const columns = live.columns(characters);
   columns.show({ before, after, drawn });   // two laws; the id that was drawn last, or null; returns a sentence */
live.part("columns", (live) => {
  "use strict";
  const TOPS = [0.2, 0.5, 1]; // the probability at the upper edge: the lowest that no column passes

  const columns = (characters) => {
    const make = (symbol) => {
      const [was, is] = ["was", "is"].map((kind) => live.dom("span", { class: `live__column live__column--${kind}` }));
      const name = live.dom("span", { class: "live__symbol" }, symbol);
      const element = live.dom(
        "span",
        { class: "live__place" },
        live.dom("span", { class: "live__room" }, was, is),
        name,
      );
      return { was, is, element };
    };
    const made = characters.map(make);
    const top = live.dom("span", { class: "live__top", "aria-hidden": "true" });
    const element = live.dom("div", { class: "live__columns", role: "img" }, ...made.map((each) => each.element), top);
    const words = (after) => {
      const order = [...after.keys()].sort((one, other) => after[other] - after[one]).slice(0, 3);
      const name = (id) => (id === 0 ? "the end" : characters[id]);
      const likeliest = order
        .filter((id) => after[id] > 0)
        .map((id) => `${name(id)} ${live.lawTable.percent(after[id])}`);
      return `Likeliest: ${likeliest.join(", ")}. ${after.filter((p) => p > 0).length} of ${after.length} symbols can come.`;
    };
    const show = ({ before, after, drawn = null }) => {
      const highest = TOPS.find((each) => each >= Math.max(...before, ...after)) ?? 1;
      top.textContent = live.lawTable.percent(highest);
      made.forEach(({ was, is, element: place }, id) => {
        was.style.height = `${(100 * before[id]) / highest}%`;
        is.style.height = `${(100 * after[id]) / highest}%`;
        place.toggleAttribute("data-cut", after[id] === 0);
        place.toggleAttribute("data-drawn", id === drawn);
      });
      element.setAttribute("aria-label", words(after));
      return words(after);
    };
    return { element, show };
  };
  return columns;
});
