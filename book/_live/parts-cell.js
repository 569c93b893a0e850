/* The cell of chapter 6, as its figures draw it, with the numbers of one unit at one step on its wires.

   const cell = live.cell(); cell.show({ symbol, unit, before: { c, h }, step, digits });   // `step` as `lstm.step` gives it */
live.part("cell", (live) => {
  "use strict";
  const COLOURS = { c: "000000", h: "555555", f: "d55e00", i: "0072b2", g: "009e73", o: "cc79a7" };
  const PAPER = { f: "fbece2", i: "e6f1f8", g: "e3f4ee", o: "f9eef4" };
  const DASHES = { f: "9 5", g: "11 4 3 4", o: "0.1 7" };
  const GATES = { f: 126, i: 222, g: 318, o: 414 }; // where each stands, in the order of the drawing
  const [PAGE, HIDDEN] = [82, 372]; // the heights of the lines of c and h

  const colour = (code) => `var(--f-${code})`;
  const svg = (name, { style = {}, ...attributes }, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    Object.assign(element.style, style);
    element.append(...children);
    return element;
  };
  /* A line with a head, in the colour and the dashes of what flows there. */
  const wire = (d, of, ids, width = 3) => {
    const dashes = { "stroke-dasharray": DASHES[of] ?? "none", ...(of === "o" && { "stroke-linecap": "round" }) };
    const head = ids ? { "marker-end": `url(#${ids[of]})` } : {};
    const style = { stroke: colour(COLOURS[of]), fill: "none" };
    return svg("path", { d, "stroke-width": of === "o" ? width + 1 : width, ...dashes, ...head, style });
  };
  const marker = (of, id) => {
    const size = { viewBox: "0 0 10 10", refX: 2, refY: 5, markerWidth: 15, markerHeight: 15 };
    const tip = svg("path", { d: "M0 0 10 5 0 10z", style: { fill: colour(COLOURS[of]) } });
    return svg("marker", { id, ...size, markerUnits: "userSpaceOnUse", orient: "auto" }, tip);
  };
  const round = (x, y) => svg("circle", { cx: x, cy: y, r: 18, class: "live-cell__node" });
  const sign = (x, y, text) => svg("text", { x, y: y + 9, class: "live-cell__sign" }, text);
  const box = (of) => {
    const x = GATES[of];
    const style = { fill: colour(PAPER[of]), stroke: colour(COLOURS[of]) };
    const round = of === "o" ? { "stroke-linecap": "round" } : {};
    const edge = { "stroke-width": of === "o" ? 4 : 3, "stroke-dasharray": DASHES[of] ?? "none", ...round };
    return svg("rect", { x: x - 45, y: 262, width: 90, height: 74, rx: 8, ...edge, style });
  };

  /* All that does not change. */
  const still = () => {
    const ids = Object.fromEntries(Object.keys(COLOURS).map((of) => [of, live.dom.id()]));
    const frame = svg("rect", { x: 68, y: 14, width: 424, height: 386, rx: 20, class: "live-cell__body" });
    const page = svg("rect", { x: 68, y: 42, width: 424, height: 68, class: "live-cell__page" });
    const up = (of) => wire(`M${GATES[of]} ${HIDDEN}V348`, "h", ids, 2.5);
    const wires = [
      wire(`M-50 ${PAGE}H562`, "c", ids, 4.5),
      wire("M414 82V122", "c", ids, 2.5),
      wire("M414 160V194", "c", ids, 2.5),
      wire("M270 172V112", "c", ids, 2.5),
      wire(`M-50 ${HIDDEN}H414M96 432V${HIDDEN}`, "h", null, 2.5),
      ...Object.keys(GATES).map(up),
      wire(`M432 220H473V${HIDDEN}H562`, "h", ids, 2.5),
      wire("M126 262V112", "f", ids),
      wire("M222 262V190H240", "i", ids),
      wire("M318 262V190H300", "g", ids),
      wire("M414 262V250", "o", ids),
    ];
    const nodes = [round(126, PAGE), round(270, PAGE), round(270, 190), round(414, 220)];
    const signs = [sign(126, PAGE, "×"), sign(270, PAGE, "+"), sign(270, 190, "×"), sign(414, 220, "×")];
    const tanh = svg("rect", { x: 378, y: 132, width: 72, height: 32, rx: 16, class: "live-cell__node" });
    const copy = svg("circle", { cx: 414, cy: PAGE, r: 6, style: { fill: colour(COLOURS.c) } });
    const heads = svg("defs", {}, ...Object.entries(ids).map(([of, id]) => marker(of, id)));
    return [heads, frame, page, ...wires, ...nodes, tanh, ...signs, copy, ...Object.keys(GATES).map(box)];
  };

  const words = (x, y, text, kind = "", anchor = "middle") =>
    svg("text", { x, y, class: `live-cell__word ${kind}`, "text-anchor": anchor }, text);
  const named = () => [
    words(414, 154, "tanh"),
    ...Object.entries(GATES).map(([of, x]) => words(x, 292, of, "live-cell__gate")),
    words(-50, 30, "c before", "", "start"),
    words(590, 30, "c", "", "end"),
    words(-50, 322, "h before", "", "start"),
    words(590, 322, "h", "", "end"),
  ];

  /* Where each number stands. */
  const PLACES = {
    before: [-50, 66, "start"],
    kept: [198, 66],
    c: [348, 66],
    written: [284, 150, "start"],
    tanhC: [400, 188, "end"],
    hBefore: [-50, 358, "start"],
    h: [590, 358, "end"],
    out: [590, 66, "end"],
    read: [108, 430, "start"],
    ...Object.fromEntries(Object.entries(GATES).map(([of, x]) => [of, [x, 324]])),
  };

  const cell = () => {
    const spots = Object.entries(PLACES).map(([name, [x, y, anchor]]) => [
      name,
      words(x, y, "", "live-cell__number", anchor),
    ]);
    const numbers = Object.fromEntries(spots);
    const drawing = svg("svg", { viewBox: "-56 8 652 434", class: "live-cell", role: "img" });
    drawing.append(...still(), ...named(), ...Object.values(numbers));

    const show = ({ symbol, unit, before, step, digits }) => {
      const of = Object.fromEntries(["i", "f", "g", "o", "c", "h", "tanhC"].map((part) => [part, step[part][unit]]));
      const values = { ...of, before: before.c[unit], hBefore: before.h[unit], out: of.c };
      values.kept = of.f * values.before;
      values.written = of.i * of.g;
      for (const [name, value] of Object.entries(values)) numbers[name].textContent = live.lanes.number(value, digits);
      numbers.read.textContent = `reads ${symbol}`;
      drawing.setAttribute("aria-label", `The cell of chapter 6 with the numbers of one unit; the table has them too.`);
    };
    return { element: drawing, show };
  };
  return cell;
});
