/* All units at one step, a row for each: c = f c + i g from left to right (6.7), then h = o tanh c (6.9).

   const units = live.units({ label, choose });         // choose(unit) is called when a row is pressed
   units.show({ before, step, first, most, title }, unit);

   `before` is the c that entered, `step` what `lstm.step` gives; the first unit has the number `first`, and `most` is
   the c that fills a bar. */
live.part("units", (live) => {
  "use strict";
  const COLUMNS = [
    { part: "before", head: "old c", signed: true },
    { part: "f", head: "× f" },
    { part: "i", head: "+ i" },
    { part: "g", head: "× g", signed: true },
    { part: "c", head: "= c", signed: true },
    { part: "o", head: "o" },
    { part: "h", head: "h", signed: true },
  ];

  const units = ({ label, choose }) => {
    const body = live.dom("tbody");
    const heads = COLUMNS.map(({ head }) => live.dom("th", { scope: "col" }, head));
    const caption = live.dom("caption");
    const head = live.dom("thead", {}, live.dom("tr", {}, live.dom("td", {}, "unit"), ...heads));
    const element = live.dom("table", { class: "live-units", "aria-label": label }, caption, head, body);
    const buttons = [];

    const row = (unit) => {
      const button = live.dom("button", { type: "button", class: "live-units__unit", onclick: () => choose(unit) });
      const cells = COLUMNS.map(({ part, signed }) => {
        const bar = live.lanes.bar(0, { signed, across: true });
        return live.dom("td", { "data-of": part === "before" ? "c" : part }, "0", bar);
      });
      body.append(live.dom("tr", {}, live.dom("th", { scope: "row" }, button), ...cells));
      return button;
    };
    /* So many rows; those that stand there stay, and with them the focus. */
    const make = (count) => {
      while (buttons.length > count) {
        buttons.pop();
        body.lastChild.remove();
      }
      while (buttons.length < count) buttons.push(row(buttons.length));
    };

    const show = ({ before, step, first, most, title }, chosen) => {
      make(before.length);
      caption.textContent = title;
      [...body.rows].forEach((each, unit) => {
        buttons[unit].replaceChildren(live.dom("span", { class: "unseen" }, "unit "), `${unit + first}`);
        each.toggleAttribute("data-at", unit === chosen);
        COLUMNS.forEach(({ part, signed }, k) => {
          const value = part === "before" ? before[unit] : step[part][unit];
          const full = part === "before" || part === "c" ? most : 1;
          const [text, bar] = each.cells[k + 1].childNodes;
          text.data = live.lanes.number(value, 2);
          live.lanes.fit(bar, value, { signed, most: full, across: true });
        });
      });
      live.lanes.press(buttons, chosen);
    };
    return { element, show };
  };
  return units;
});
