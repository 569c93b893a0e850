/* The law of the next symbol as a table with bars, the machine's beside a rival's: the five likeliest, what came, and all
   others together; a button shows every symbol.

   const table = live.lawTable({ rivalName });
   table.show({ prefix, law, rival, came, characters, alone });

   `rival` may be null: it still counts, or, where `alone` is true, there is none. */
live.part("lawTable", (live) => {
  "use strict";
  const FIRST = 5;

  const percent = (p) => {
    if (p >= 0.9995) return "100\u00a0%";
    if (p < 0.0005) return "<\u00a00.1\u00a0%";
    return `${(100 * p).toFixed(p < 0.0995 ? 1 : 0)}\u00a0%`;
  };

  const cell = (p, kind) => {
    const bar = live.dom("span", { class: `live__length live__length--${kind}` });
    bar.style.width = `${100 * p}%`;
    return live.dom("td", {}, live.dom("span", { class: "live__track" }, bar), live.dom("span", {}, percent(p)));
  };

  const row = (name, values, mark, pending) =>
    live.dom(
      "tr",
      { class: mark && "live__came" },
      live.dom("th", { scope: "row" }, name, mark ? live.dom("small", {}, " came") : null),
      cell(values[0], "machine"),
      values[1] === undefined ? live.dom("td", {}, pending) : cell(values[1], "rival"),
    );

  const lawTable = ({ machineName = "the machine", rivalName }) => {
    const caption = live.dom("caption");
    const heads = ["next", machineName, rivalName].map((name) => live.dom("th", { scope: "col" }, name));
    const rows = live.dom("tbody");
    const table = live.dom(
      "table",
      { class: "live__law" },
      caption,
      live.dom("thead", {}, live.dom("tr", {}, ...heads)),
      rows,
    );
    let [shown, all] = [null, false];

    const draw = () => {
      const { prefix, law, rival, came, characters, alone } = shown;
      const pending = alone ? "" : "counting …";
      const name = (id) => (id === 0 ? "the end" : characters[id]);
      const values = (id) => (rival ? [law[id], rival[id]] : [law[id]]);
      const order = [...law.keys()].sort((one, other) => law[other] - law[one]);
      const listed = order.filter((id, place) => all || place < FIRST || id === came);
      const rest = (p) => Math.max(1 - listed.reduce((sum, id) => sum + p[id], 0), 0);
      const others = all ? [] : [row("others", rival ? [rest(law), rest(rival)] : [rest(law)], false, "")];
      const each = (id, k) => row(name(id), values(id), id === came, k ? "" : pending); // which is said once
      rows.replaceChildren(...listed.map(each), ...others);
      caption.textContent = prefix ? `After “${prefix}”, what comes next?` : "At the start, what comes first?";
    };
    const turn = () => {
      all = !all;
      button.setAttribute("aria-pressed", all);
      if (shown) draw();
    };
    const button = live.dom(
      "button",
      { type: "button", class: "live__quiet", "aria-pressed": "false", onclick: turn },
      "All symbols",
    );
    const element = live.dom("div", { class: "live__table" }, table, button);
    const show = (what) => {
      shown = what;
      draw();
    };
    return { element, show };
  };
  lawTable.percent = percent;
  return lawTable;
});
