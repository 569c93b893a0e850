/* What is said of each move of the walk back, and what a move is called.

   const words = live.roadWords({ params, steps, characters });
   words.name(move); words.sentence(move, { back, unit, cut }); words.legend */
live.part("roadWords", (live) => {
  "use strict";
  const LEGEND =
    "On top: the chance that the step gave to the symbol that came. Dotted: what a step shows goes to the gates of the next, " +
    "on the way forward. In the list, bars to the left are below 0: nudge the memory up, and the loss falls. The thick mark " +
    "is the sum of the roads that are not cut.";
  const NAMES = {
    start: () => "at the start",
    forward: (t) => `forward, step ${t}`,
    dh: (t) => `back to h of step ${t}`,
    h: (t) => `step ${t}, through h`,
    c: (t) => `step ${t}, along c`,
    gates: (t) => `step ${t}, the gates`,
  };

  return ({ params, steps, characters }) => {
    const { short, signed } = live.walk;
    const last = steps.length;
    const gone = (cut, key) => (cut.has(key) ? " But the road is cut: nothing arrives." : "");
    /* Why the gates of the next step send nothing to h: no weight of W_h leads there, or those that have one are told nothing. */
    const silent = (unit, sub) => {
      const wide = 4 * params.H;
      const wired = params.W_h.subarray(unit * wide, (unit + 1) * wide).some((weight) => weight !== 0);
      return wired ? `the only gate that h${sub} moves, f₁, is told nothing` : `no wire leads from h${sub} to a gate`;
    };

    const SAYS = {
      start: () => "Nothing is read yet. First forward: each step keeps what the way back needs.",
      forward(step, _, { unit, sub }) {
        const read = step.id ? characters[step.id] : "the end mark";
        const came = step.target ? characters[step.target] : "the end";
        const kept = `keeps its gates, c${sub} ${short(step.c[unit])} and h${sub} ${short(step.h[unit])}`;
        const chance = step.p[step.target].toFixed(4);
        return `Step ${step.t} reads ${read} and ${kept}. It gave ${came}, which comes, a chance of ${chance}.`;
      },
      dh({ t }, { dhOutput, dhCarry, dh }, { unit, sub }) {
        const output = `Step ${t}: its own output sends ${signed(dhOutput[unit])} to h${sub}`; // (8.2)
        if (t === last) return `${output}; from beyond the end comes nothing.`;
        if (!dhCarry[unit]) return `${output}; the gates of step ${t + 1} send nothing, for ${silent(unit, sub)}.`;
        return `${output}, the gates of step ${t + 1} send ${signed(dhCarry[unit])}: together ${signed(dh[unit])}.`;
      },
      h({ t, o, tanhC }, { dh, sent }, { unit, sub, cut }) {
        const slope = (1 - tanhC[unit] ** 2).toFixed(4);
        const product = `${signed(dh[unit])} × ${short(o[unit])} (output gate) × ${slope} (slope of the tanh)`; // (7.3)
        return `Step ${t}, through h${sub}: ${product} = ${signed(sent.h[unit])}.${gone(cut, `h${t}`)}`;
      },
      c({ t }, { sent }, { unit, sub, cut, later }) {
        const f = short(steps[t].f[unit]);
        const product = `${signed(later.dc[unit])}, all that step ${t + 1} has, × ${f} (its forget gate)`; // (7.3)
        return `Step ${t}, along c${sub}: ${product} = ${signed(sent.c[unit])}.${gone(cut, `c${t}`)}`;
      },
      gates({ t }, { through, dc }, { unit, sub }) {
        const two = `: ${signed(through.h[unit])} through h and ${signed(through.c[unit])} along c`;
        return `Step ${t} has heard all: dc${sub} is ${signed(dc[unit])}${t < last ? two : ""}. Below, what its gates are told.`;
      },
    };

    return {
      legend: LEGEND,
      name: ({ kind, t }) => NAMES[kind](t),
      sentence: ({ kind, t }, { back, unit, cut }) =>
        SAYS[kind](steps[t - 1], back[t - 1], { unit, cut, sub: "₁₂"[unit], later: back[t] }),
    };
  };
});
