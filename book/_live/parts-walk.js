/* A name unrolled: a column for each step, filled on the way forward, with arrows that light on the way back.

   const walk = live.walk();
   walk.show({ steps, back, unit, read, lit, now, cut, characters, words });
   `read`: how many steps are read; `lit`, `now`: Sets of arrows that have been lit, and that are: "out3" from the output
   to h of step 3, "wire3" from the gates of step 4 to it, "h3" and "c3" the two roads into c, "gates3" on to the gates. */
live.part("walk", (live) => {
  "use strict";
  const [WIDE, HIGH] = [400, 292];
  const [X, PITCH, HALF] = [[64, 152, 240, 328], 88, { x: 26, y: 14 }];
  const Y = { out: 22, h: 88, c: 168, gates: 242, letter: 280 };
  const { svg } = live;

  /* "0", "0.72", "−0.5133": as it stands in the text. */
  const short = (value) => String(Number(value.toFixed(4))).replace("-", "−");
  /* With its sign and four decimals; 0 alone where nothing comes. */
  const signed = (value) => (value === 0 ? "0" : (value < 0 ? "−" : "+") + Math.abs(value).toFixed(4));

  /* From where to where an arrow of the way back goes, from step t (column k). */
  const ENDS = {
    out: (k) => [X[k], Y.out + HALF.y, X[k], Y.h - HALF.y],
    h: (k) => [X[k], Y.h + HALF.y, X[k], Y.c - HALF.y],
    gates: (k) => [X[k], Y.c + HALF.y, X[k], Y.gates - HALF.y],
    c: (k) => [X[k + 1] - HALF.x, Y.c, X[k] + HALF.x, Y.c],
    wire: (k) => [X[k + 1] - HALF.x, Y.gates - HALF.y, X[k] + HALF.x - 4, Y.h + HALF.y],
  };
  const LABEL = {
    out: (k) => [X[k] + 6, 60, "start"],
    h: (k) => [X[k] + 6, 127, "start"],
    c: (k) => [X[k] + PITCH / 2, 150, "middle"],
    wire: (k) => [X[k] + PITCH / 2 + 2, 205, "middle"],
  };

  const head = (x1, y1, x2, y2) => {
    const length = Math.hypot(x2 - x1, y2 - y1);
    const [a, b] = [(5 * (x2 - x1)) / length, (5 * (y2 - y1)) / length];
    return `M${x2} ${y2}L${x2 - 2 * a - b} ${y2 - 2 * b + a}L${x2 - 2 * a + b} ${y2 - 2 * b - a}Z`;
  };

  /* A line as it stands, or an arrow that was lit, is lit, or is cut. */
  const arrow = (kind, k, { state, cut }) => {
    const [x1, y1, x2, y2] = ENDS[kind](k);
    const line = svg("path", { d: `M${x1} ${y1}L${x2} ${y2}`, class: "live-walk__line" });
    const point = state && !cut && svg("path", { d: head(x1, y1, x2, y2), class: "live-walk__head" });
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    const cross = cut && svg("path", { d: `M${x - 6} ${y - 6}l12 12m0 -12l-12 12`, class: "live-walk__cross" });
    const names = { class: `live-walk__arrow live-walk__arrow--${kind}`, "data-state": state, "data-cut": cut };
    return svg("g", names, line, point, cross);
  };

  const node = (x, y, words, { filled, kind, half = HALF.x }) =>
    svg(
      "g",
      { class: `live-walk__node live-walk__node--${kind}`, "data-empty": !filled },
      svg("rect", { x: x - half, y: y - HALF.y, width: 2 * half, height: 2 * HALF.y, rx: 5 }),
      svg("text", { x, y: y + 4.5, "text-anchor": "middle" }, filled ? words : ""),
    );

  const walk = () => {
    const element = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "live-walk", role: "img" });

    const nodes = ({ steps, unit, read, characters }) =>
      steps.flatMap((step, k) => {
        const filled = k < read;
        const says = `${characters[step.target]} ${step.p[step.target].toFixed(4)}`;
        return [
          node(X[k], Y.out, says, { filled, kind: "out", half: 33 }),
          node(X[k], Y.h, short(step.h[unit]), { filled, kind: "h" }),
          node(X[k], Y.c, short(step.c[unit]), { filled, kind: "c" }),
          node(X[k], Y.gates, "i f g o", { filled, kind: "gates" }),
          svg(
            "text",
            { x: X[k], y: Y.letter, "text-anchor": "middle", class: "live-walk__letter" },
            characters[step.id],
          ),
        ];
      });

    const amount = (kind, back, unit) => ({ out: back.dhOutput, wire: back.dhCarry, ...back.sent })[kind][unit];
    const show = ({ steps, back, unit, read, lit, now, cut, characters, words }) => {
      const [lines, labels] = [[], []];
      steps.forEach((step, k) => {
        for (const kind of Object.keys(ENDS)) {
          if (k === steps.length - 1 && (kind === "c" || kind === "wire")) continue;
          const name = `${kind}${step.t}`;
          const state = now.has(name) ? "now" : lit.has(name) && "lit";
          const gone = cut.has(name) && Boolean(state);
          const silent = kind === "wire" && back[k].dhCarry[unit] === 0;
          lines.push(arrow(kind, k, { state: silent ? false : state, cut: gone }));
          if (!state || silent || !LABEL[kind]) continue;
          const [x, y, anchor] = LABEL[kind](k);
          const names = {
            x,
            y,
            "text-anchor": anchor,
            class: "live-walk__number",
            "data-state": state,
            "data-cut": gone,
          };
          labels.push(svg("text", names, signed(amount(kind, back[k], unit))));
        }
      });
      const sub = "₁₂"[unit];
      const rows = { says: Y.out, [`h${sub}`]: Y.h, [`c${sub}`]: Y.c, gates: Y.gates, reads: Y.letter - 4.5 };
      const titles = Object.entries(rows).map(([row, y]) =>
        svg("text", { x: 0, y: y + 4.5, class: "live-walk__row" }, row),
      );
      element.setAttribute("aria-label", words);
      element.replaceChildren(...titles, ...lines, ...nodes({ steps, unit, read, characters }), ...labels);
    };
    return { element, show };
  };

  return Object.assign(walk, { short, signed });
});
