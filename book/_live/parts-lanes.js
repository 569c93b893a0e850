/* A unit while a word is read: a lane for each of its numbers, a column for each step, the steps as buttons above.

   const lanes = live.lanes({ label, choose });     // choose(step) is called when a step is pressed
   lanes.show({ symbols, rows, digits }, step);     // rows: [{ name, words, values, signed, most }]
   lanes.mark(step);                                // as if it had been pressed, without the call

   Values may be texts; `most` (1) is what fills a bar, and below the lanes it is said. A bar of a gate rises from the floor; a
   signed one leaves the middle, up for what is above 0, down for below. A phone has the words of the lanes below them. */
live.part("lanes", (live) => {
  "use strict";
  const FEW = 6; // so many steps have room for their numbers

  /* Rounded, with a real minus, and no minus before a zero. */
  const number = (value, digits) => {
    const text = Math.abs(value).toFixed(digits);
    return value < 0 && Number(text) > 0 ? `−${text}` : text;
  };

  /* A bar in a box: `most` is what fills it. `across` lies on its side. `fit` gives it another value. */
  const fit = (box, value, { signed = false, most = 1, across = false } = {}) => {
    const share = Math.min(Math.abs(value) / most, 1) * (signed ? 50 : 100);
    const [from, to] = signed ? (value < 0 ? [50 - share, 50] : [50, 50 + share]) : [0, share];
    box.firstChild.style.inset = across ? `0 ${100 - to}% 0 ${from}%` : `${100 - to}% 0 ${from}% 0`;
  };
  const bar = (value, shape = {}) => {
    const kind = `live-bar${shape.signed ? " live-bar--signed" : ""}${shape.across ? " live-bar--across" : ""}`;
    const box = live.dom("span", { class: kind, "aria-hidden": "true" }, live.dom("span", { class: "live-bar__fill" }));
    fit(box, value, shape);
    return box;
  };

  /* Of buttons one is pressed and in the order of Tab; the focus goes along if it is on one of them. */
  const press = (buttons, chosen) => {
    const along = buttons.includes(document.activeElement);
    buttons.forEach((button, k) => {
      button.setAttribute("aria-pressed", k === chosen);
      button.tabIndex = k === chosen ? 0 : -1;
    });
    if (along) buttons[chosen].focus();
  };

  const lanes = ({ label, choose }) => {
    const table = live.dom("table", { class: "live-lanes" });
    const box = live.dom("div", { class: "live-lanes__box", role: "group", "aria-label": label }, table);
    const [words, scale] = ["live__legend live-lanes__words", "live__legend"].map((kind) =>
      live.dom("p", { class: kind }),
    );
    words.setAttribute("aria-hidden", "true"); // who listens hears them in the lanes
    const element = live.dom("div", {}, box, words, scale);
    let buttons = [];

    const heading = (symbol, k) => {
      const words = [live.dom("span", { class: "unseen" }, "step "), live.dom("small", {}, k + 1), " ", symbol];
      const button = live.dom("button", { type: "button", class: "live-lanes__step", onclick: () => choose(k) });
      button.append(...words);
      return button;
    };
    const cell = (value, { signed, most, digits }) => {
      if (typeof value === "string") return live.dom("td", { class: "live-lanes__text" }, value);
      const figure = live.dom("span", { class: "live-lanes__number" }, number(value, digits));
      return live.dom("td", {}, bar(value, { signed, most }), figure);
    };
    const lane = ({ name, words, values, signed, most }, digits) => {
      const title = live.dom("th", { scope: "row" }, live.dom("b", {}, name), " ", live.dom("span", {}, words));
      const cells = values.map((value) => cell(value, { signed, most, digits }));
      return live.dom("tr", { "data-of": name }, title, ...cells);
    };

    const further = ({ name, most = 1 }) =>
      most > 1 ? `, that of ${name} at ${number(most, 2)}, the largest ${name} of any unit here` : "";

    /* The column that is marked comes into sight, beside the names of the lanes, which stay there. */
    const reach = () => {
      const at = buttons.find((button) => button.tabIndex === 0)?.parentElement;
      if (!at) return;
      const names = table.rows[0].cells[0].offsetWidth;
      const [from, to] = [box.scrollLeft + names, box.scrollLeft + box.clientWidth];
      if (at.offsetLeft >= from && at.offsetLeft + at.offsetWidth <= to) return;
      box.scrollLeft = at.offsetLeft - (names + box.clientWidth) / 2;
    };
    const watch = new ResizeObserver(reach);
    [box, table].forEach((each) => watch.observe(each));

    const mark = (step) => {
      press(buttons, step);
      for (const row of table.rows)
        [...row.cells].forEach((each, k) => each.toggleAttribute("data-at", k === step + 1));
      reach();
    };

    const show = ({ symbols, rows, digits }, step) => {
      const along = buttons.includes(document.activeElement);
      buttons = symbols.map(heading);
      const heads = buttons.map((button) => live.dom("th", { scope: "col" }, button));
      const head = live.dom("tr", {}, live.dom("td", {}, "reads"), ...heads);
      table.replaceChildren(
        live.dom("thead", {}, head),
        live.dom("tbody", {}, ...rows.map((row) => lane(row, digits))),
      );
      table.toggleAttribute("data-few", symbols.length <= FEW);
      words.textContent = rows.map(({ name, words: told }) => `${name} ${told}`).join(", ");
      scale.textContent = `A bar reaches the edge of its box at 1${rows.map(further).join("")}.`;
      mark(step);
      if (along) buttons[step].focus();
    };
    return { element, show, mark };
  };

  lanes.number = number;
  lanes.bar = bar;
  lanes.fit = fit;
  lanes.press = press;
  return lanes;
});
