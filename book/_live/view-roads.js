/* Two roads back: "ana" with its hand-set weights, forward into the caches, back arrow by arrow; either road can be cut. */
live.view("roads", {
  question: "Which road tells step 3 to remember the n, and what is it told if that road is cut?",
  move: "Press Next until the gates of step 3 have heard both roads. Then cut its road along c: which gates change their mind?",
  takeaway:
    "At step 3 the output has almost nothing to say to the latch: +0.0028. Step 4 needs the n, and says so along c: −0.1109. " +
    "Cut that road, and the input gate’s −0.0078 becomes +0.0002. That is no weaker order, it is the opposite one, and a " +
    "wrong one: open the gate a little further, and the loss falls.",

  /* Options: `at`, how far the walk has gone, `unit` (1 or 2), `cut` ("c3.h2"), and those of the frame. */
  mount(place, options) {
    "use strict";
    const { body, say } = live.frame(place, this, options);
    const { short, signed } = live.walk;
    const { characters } = live.data("ana");
    const params = live.weights.decode(live.data("ana"));
    const [ids, targets] = [
      [0, 1, 2, 1],
      [1, 2, 1, 0],
    ]; // ". a n a" is read, "a n a ." is to come
    const steps = live.roads.forward(params, ids, targets);
    const whole = live.roads.back(params, steps);
    const LEGEND =
      "On top: the chance that the step gave to the symbol that came. Dotted: what a step shows goes to the gates of the next. " +
      "Bars to the left are below 0: nudge the memory up, and the loss falls. The thick mark is the sum of both roads.";
    let [unit, cut, back] = [0, new Set(), whole];

    /* Forward a step at a time, then back an arrow at a time: dh, the road through h, the road along c, the gates. */
    const kinds = (t) => (t < steps.length ? ["dh", "h", "c", "gates"] : ["dh", "h", "gates"]);
    const moves = [
      { kind: "start", t: 0 },
      ...steps.map(({ t }) => ({ kind: "forward", t })),
      ...steps.toReversed().flatMap(({ t }) => kinds(t).map((kind) => ({ kind, t }))),
    ];
    const arrows = ({ kind, t }) => (kind === "dh" ? [`out${t}`, `wire${t}`] : [`${kind}${t}`]);
    const most = () =>
      1.06 *
      Math.max(
        ...whole.flatMap(({ sent: { h, c } }) => [Math.abs(h[unit]), Math.abs(c[unit]), Math.abs(h[unit] + c[unit])]),
      );

    /* ---- in words ---- */
    const name = ({ kind, t }) => {
      const words = { start: "at the start", forward: `forward, step ${t}`, dh: `back to h of step ${t}` };
      words.h = `step ${t}, through h`;
      words.c = `step ${t}, along c`;
      words.gates = `step ${t}, the gates`;
      return words[kind];
    };
    const gone = (key) => (cut.has(key) ? " But the road is cut: nothing arrives." : "");
    const SAYS = {
      start: () => "Nothing is read yet. First forward: each step keeps what the way back needs.",
      forward(step, _, sub) {
        const read = step.id ? characters[step.id] : "the end mark";
        const came = step.target ? characters[step.target] : "the end";
        const kept = `keeps its gates, c${sub} ${short(step.c[unit])} and h${sub} ${short(step.h[unit])}`;
        return `Step ${step.t} reads ${read} and ${kept}. It gave ${came}, which comes, a chance of ${step.p[step.target].toFixed(4)}.`;
      },
      dh({ t }, { dhOutput, dhCarry, dh }, sub) {
        const output = `Step ${t}: its own output sends ${signed(dhOutput[unit])} to h${sub}`; // (8.2)
        if (t === steps.length) return `${output}; from beyond the end comes nothing.`;
        if (!dhCarry[unit]) return `${output}; the gates of step ${t + 1} send nothing.`;
        return `${output}, the gates of step ${t + 1} send ${signed(dhCarry[unit])}: together ${signed(dh[unit])}.`;
      },
      h({ t, o, tanhC }, { dh, sent }, sub) {
        const slope = (1 - tanhC[unit] ** 2).toFixed(4);
        const product = `${signed(dh[unit])} × ${short(o[unit])} (output gate) × ${slope} (slope of the tanh)`; // (7.3)
        return `Step ${t}, through h${sub}: ${product} = ${signed(sent.h[unit])}.${gone(`h${t}`)}`;
      },
      c({ t }, { sent }, sub) {
        const f = short(steps[t].f[unit]);
        const product = `${signed(back[t].dc[unit])}, all that step ${t + 1} has, × ${f} (its forget gate)`; // (7.3)
        return `Step ${t}, along c${sub}: ${product} = ${signed(sent.c[unit])}.${gone(`c${t}`)}`;
      },
      gates({ t }, { through, dc }, sub) {
        const roads =
          t < steps.length ? ` = ${signed(through.h[unit])} through h, ${signed(through.c[unit])} along c` : "";
        return `Step ${t} has heard all: dc${sub} ${signed(dc[unit])}${roads}. Its gates are told below.`;
      },
    };
    const sentence = ({ kind, t }) => SAYS[kind](steps[t - 1], back[t - 1], "₁₂"[unit]);

    /* ---- what the page shows ---- */
    const walk = live.walk();
    const rows = live.roadRows({ steps, turn: (key) => turn(key) });
    const gates = live.roadGates();
    const told = live.dom("p", { class: "live__result live-roads__told" });
    const slider = live.dom("input", { type: "range", min: 0, max: moves.length - 1, step: 1, value: 0 });
    const shown = live.dom("output");
    const label = live.dom("label", { class: "live__field" }, live.dom("span", {}, "The walk: ", shown), slider);
    const choice = live.dom(
      "select",
      {},
      live.dom("option", { value: 0 }, "1, the latch: an n has passed"),
      live.dom("option", { value: 1 }, "2, the letter that was read"),
    );
    const button = (words, onclick, kind = "") =>
      live.dom("button", { type: "button", class: `live__button ${kind}`, onclick }, words);
    const [previous, next] = [button("Back", () => go(-1)), button("Next", () => go(1), "live__button--first")];
    const mend = button("Mend all roads", () => mended());

    const show = (speak = true) => {
      const at = Number(slider.value);
      const move = moves[at];
      const lit = new Set(moves.slice(0, at).flatMap(arrows));
      const now = new Set(arrows(move));
      const read = Math.min(at, steps.length);
      shown.textContent = name(move);
      slider.setAttribute("aria-valuetext", name(move));
      [previous.disabled, next.disabled, mend.disabled] = [at === 0, at === moves.length - 1, cut.size === 0];
      told.textContent = sentence(move);
      walk.show({ steps, back, unit, read, lit, now, cut, characters, words: told.textContent });
      rows.show({ back, unit, lit, now, cut, most: most() });
      const k = move.t - 1;
      const all = { step: steps[k], before: steps[k - 1], back: back[k], whole: whole[k], unit };
      const turned = gates.show(move.kind === "gates" ? all : null);
      if (speak) say(`${told.textContent}${turned.length ? ` Turned round: ${turned.join(", ")}.` : ""}`);
    };
    const keep = () => live.link.write("roads", { at: slider.value, unit: unit + 1, cut: [...cut].join(".") || null });
    const changed = () => {
      back = live.roads.back(params, steps, cut);
      show();
      keep();
    };

    /* ---- what the reader does ---- */
    const go = (by) => {
      slider.value = Number(slider.value) + by;
      changed();
    };
    /* Cut a road or mend it, and see what the gates of its step are told, if the walk has been there. */
    const turn = (key) => {
      if (!cut.delete(key)) cut.add(key);
      const heard = moves.findIndex(({ kind, t }) => kind === "gates" && key.endsWith(t));
      if (Number(slider.value) > heard) slider.value = heard;
      changed();
    };
    const mended = () => {
      cut.clear();
      changed();
    };
    slider.addEventListener("input", changed);
    choice.addEventListener("change", () => {
      unit = Number(choice.value);
      changed();
    });
    body.append(
      live.dom("div", { class: "live__row" }, label, live.dom("span", { class: "live-roads__pair" }, previous, next)),
      told,
      walk.element,
      live.dom("p", { class: "live__legend" }, LEGEND),
      live.dom("div", { class: "live__row" }, live.dom("label", { class: "live__field" }, "Unit", choice), mend),
      rows.element,
      gates.element,
    );
    const restore = ({ at, unit: wanted, cut: roads = "" }) => {
      const whole = Number(at);
      slider.value = Number.isInteger(whole) && whole < moves.length ? Math.max(whole, 0) : 0;
      unit = wanted === "2" ? 1 : 0;
      choice.value = unit;
      cut = new Set(roads.split(".").filter((key) => /^(h[1-4]|c[1-3])$/.test(key)));
      back = live.roads.back(params, steps, cut);
      show(false);
    };
    if (!live.link.read("roads")) restore(options);
    live.link.follow("roads", restore);
  },
});
