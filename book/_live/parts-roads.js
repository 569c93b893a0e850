/* The two roads into the memory as signed bars, one after the other, and what the gates of a step are told.

   const rows = live.roadRows({ steps, turn });   // turn("c3"): somebody cuts a road, or mends it
   rows.show({ back, unit, lit, now, cut, most });   // `most`: the longest sum of the walk
   const told = live.roadGates(); told.show({ step, before, back, whole, unit }) or told.show(null) */
live.part("roadRows", (live) => {
  "use strict";
  const NAMES = { h: "through h", c: "along c" };

  const place = (bar, from, to, most) => {
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    Object.assign(bar.style, { left: `${50 + (50 * left) / most}%`, width: `${(50 * (right - left)) / most}%` });
  };

  /* One road of one step: its number, and a button that cuts it. */
  const road = (kind, t, turn) => {
    const number = live.dom("b", { class: "live-roads__number" });
    const cutter = live.dom("button", { type: "button", class: "live__button", onclick: () => turn(`${kind}${t}`) });
    const words = live.dom(
      "span",
      {},
      live.dom("span", { class: `live-roads__swatch live-roads__swatch--${kind}` }),
      NAMES[kind],
    );
    const element = live.dom("span", { class: "live-roads__road" }, words, number, cutter);
    const bar = live.dom("span", { class: `live-roads__bar live-roads__bar--${kind}` });
    const show = ({ value, known, gone }) => {
      number.textContent = known ? live.walk.signed(value) : "…";
      element.toggleAttribute("data-cut", gone);
      bar.toggleAttribute("data-cut", gone);
      cutter.textContent = gone ? "Mend" : "Cut";
      cutter.setAttribute("aria-label", `${gone ? "Mend" : "Cut"} the road ${NAMES[kind]} into step ${t}`);
      bar.hidden = !known || value === 0;
    };
    return { element, bar, show };
  };

  const row = (t, last, turn) => {
    const kinds = t === last ? ["h"] : ["h", "c"];
    const roads = kinds.map((kind) => [kind, road(kind, t, turn)]);
    const sum = live.dom("b", { class: "live-roads__sum" });
    const mark = live.dom("span", { class: "live-roads__mark" });
    const bars = live.dom(
      "span",
      { class: "live-roads__bars", "aria-hidden": "true" },
      ...roads.map(([, { bar }]) => bar),
      mark,
    );
    const none = t === last && live.dom("span", { class: "live-roads__road" }, "nothing after it");
    const parts = [...roads.map(([, { element }]) => element), none];
    const element = live.dom(
      "div",
      { class: "live-roads__row", role: "group", "aria-label": `step ${t}` },
      live.dom("span", { class: "live-roads__step" }, `step ${t}`),
      bars,
      ...parts,
      sum,
    );
    const show = ({ back, unit, lit, now, cut, most }) => {
      const known = (name) => lit.has(name) || now.has(name);
      let from = 0;
      for (const [kind, each] of roads) {
        const [name, value] = [`${kind}${t}`, back.sent[kind][unit]];
        each.show({ value, known: known(name), gone: cut.has(name) });
        place(each.bar, from, from + value, most);
        if (!cut.has(name)) from += value;
      }
      const whole = known(`${kinds.at(-1)}${t}`);
      sum.textContent = `dc${"₁₂"[unit]} ${whole ? live.walk.signed(back.dc[unit]) : "…"}`;
      mark.hidden = !whole;
      place(mark, back.dc[unit], back.dc[unit], most);
      element.toggleAttribute(
        "data-now",
        [...now].some((name) => name.endsWith(t)),
      );
    };
    return { element, show };
  };

  return ({ steps, turn }) => {
    const rows = steps.map(({ t }) => row(t, steps.length, turn)).toReversed(); // as the walk goes
    const element = live.dom("div", { class: "live-roads" }, ...rows.map((each) => each.element));
    const show = ({ back, ...state }) => rows.forEach((each, k) => each.show({ back: back.at(-1 - k), ...state }));
    return { element, show };
  };
});

live.part("roadGates", (live) => {
  "use strict";
  const NAMES = { i: "input, i", f: "forget, f", g: "candidate, g", o: "output, o" };

  /* Why a gate is told nothing at all. */
  const nothing = (gate, step, before, unit) => {
    if (gate === "i" && step.g[unit] === 0) return "nothing: no candidate to let in";
    if (gate === "f" && !before?.c[unit]) return "nothing: no memory to keep";
    if (gate === "o" && step.c[unit] === 0) return "nothing: no memory to show";
    return "nothing";
  };
  const order = (gate, value) => {
    if (gate === "g") return value < 0 ? "go up" : "go down";
    return value < 0 ? "open more" : "open less";
  };

  return () => {
    const rows = live.dom("tbody");
    const caption = live.dom("caption");
    const titles = ["gate", "value", "da", "is told"].map((words) => live.dom("th", { scope: "col" }, words));
    const head = live.dom("thead", {}, live.dom("tr", {}, ...titles));
    const element = live.dom("table", { class: "live-roads__gates" }, caption, head, rows);

    const row = (gate, { step, before, back, whole, unit }) => {
      const [value, was] = [back.da[gate][unit], whole.da[gate][unit]];
      const turned = value * was < 0;
      const words = value === 0 ? nothing(gate, step, before, unit) : order(gate, value);
      return live.dom(
        "tr",
        { "data-turned": turned || null },
        live.dom("th", { scope: "row" }, NAMES[gate]),
        live.dom("td", {}, live.walk.short(step[gate][unit])),
        live.dom("td", {}, live.walk.signed(value)),
        live.dom("td", {}, words, turned && live.dom("b", {}, ` ↺ turned round from ${live.walk.signed(was)}`)),
      );
    };
    /* Returns the gates whose order has turned round. */
    const show = (told) => {
      element.hidden = !told;
      if (!told) return [];
      const changed = ([gate, da]) => da[told.unit] !== told.whole.da[gate][told.unit];
      const end = Object.entries(told.back.da).some(changed) ? "now that a road is cut" : "to lower the loss";
      caption.textContent = `What the gates of step ${told.step.t} are told, unit ${told.unit + 1}, ${end}`;
      rows.replaceChildren(...Object.keys(NAMES).map((gate) => row(gate, told)));
      return Object.keys(NAMES).filter((gate) => told.back.da[gate][told.unit] * told.whole.da[gate][told.unit] < 0);
    };
    return { element, show };
  };
});
