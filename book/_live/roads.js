/* One name forward and back, step by step, with both roads into the memory kept apart, and either of them cut.

   live.roads.forward(params, ids, targets) -> a step for each symbol read: { t, id, target, i, f, g, o, c, tanhC, h, p, nats },
   live.roads.back(params, steps, cut) -> for each step, in order of time: { dhOutput, dhCarry, dh, sent: { h, c },
   through: { h, c }, dc, da: { i, f, g, o } }, each an array (H). `cut` is a Set: "c3" lets nothing come along c into
   step 3, "h3" nothing through h. What would have come stands in `sent`, what came in `through`. */
live.part("roads", (live) => {
  "use strict";

  /* The first of `ids` is the end mark, as a name is read. */
  const forward = (params, ids, targets) =>
    live.lstm.read(params, ids.slice(1)).map((step, k) => {
      const p = live.law.softmax(step.logits); // (6.11)
      return { ...step, t: k + 1, id: ids[k], target: targets[k], p, nats: live.law.surprisal(p, targets[k]) };
    });

  /* The gates of a step, from dh and dc: da of each gate, an array (H). */
  const gates = ({ i, f, g, o, tanhC }, cPrev, dh, dc) => ({
    i: dc.map((d, k) => d * g[k] * i[k] * (1 - i[k])), // (7.6), (7.7)
    f: dc.map((d, k) => d * cPrev[k] * f[k] * (1 - f[k])), // (7.4), (7.5)
    g: dc.map((d, k) => d * i[k] * (1 - g[k] ** 2)), // (7.8), (7.9)
    o: dh.map((d, k) => d * tanhC[k] * o[k] * (1 - o[k])), // (7.10), (7.11)
  });

  const back = (params, steps, cut = new Set()) => {
    const { V, H, W_y, W_h } = params;
    const nothing = new Float64Array(H);
    const turned = (d, W, width) => {
      const out = new Float64Array(H);
      live.rows.timesTurned(d, 0, W, out, 0, 1, H, width);
      return out;
    };
    const found = [];
    let later = null; // the step after: its f, its whole dc, its da as one row (4H)
    for (const step of steps.toReversed()) {
      const { t, o, tanhC, p, target } = step;
      const dz = p.map((share, k) => (share - (k === target ? 1 : 0)) / steps.length); // (8.1)
      const dhOutput = turned(dz, W_y, V);
      const dhCarry = later ? turned(later.row, W_h, 4 * H) : nothing;
      const dh = dhOutput.map((d, k) => d + dhCarry[k]); // (8.2)
      const sent = {
        h: dh.map((d, k) => d * o[k] * (1 - tanhC[k] ** 2)), // (7.3), the first road
        c: later ? later.dc.map((d, k) => d * later.f[k]) : nothing, // (7.3), the second
      };
      const through = { h: cut.has(`h${t}`) ? nothing : sent.h, c: cut.has(`c${t}`) ? nothing : sent.c };
      const dc = through.h.map((d, k) => d + through.c[k]);
      const da = gates(step, t > 1 ? steps[t - 2].c : nothing, dh, dc);
      later = { f: step.f, dc, row: Float64Array.from(["i", "f", "g", "o"].flatMap((gate) => [...da[gate]])) };
      found.unshift({ dhOutput, dhCarry, dh, sent, through, dc, da });
    }
    return found;
  };

  /* The walk: forward a step at a time, then back an arrow at a time: dh, the road through h, the road along c, and on to
     the gates. [{ kind, t }], and the arrows of the picture that a move lights. */
  const moves = (T) => {
    const times = Array.from({ length: T }, (_, k) => k + 1);
    const kinds = (t) => (t < T ? ["dh", "h", "c", "gates"] : ["dh", "h", "gates"]);
    const forth = times.map((t) => ({ kind: "forward", t }));
    const home = times.toReversed().flatMap((t) => kinds(t).map((kind) => ({ kind, t })));
    return [{ kind: "start", t: 0 }, ...forth, ...home];
  };
  const arrows = ({ kind, t }) => (kind === "dh" ? [`out${t}`, `wire${t}`] : [`${kind}${t}`]);

  return { forward, back, moves, arrows };
});
