/* Two roads back: "ana" with its hand-set weights, forward into the caches, back arrow by arrow; either road can be cut. */
live.view("roads", {
  question: "Which road tells step 3 to remember the n, and what is it told if that road is cut?",
  move:
    "Press Next, or pull the slider, until the walk is at “step 3, the gates”. Then cut the road along c into step 3, in " +
    "the list below the picture: which gates are told the opposite?",
  takeaway:
    "At step 3 the output has almost nothing to say to the latch: +0.0028. Step 4 needs the n, and says so along c: −0.1109. " +
    "Cut that road, and the input gate’s −0.0078 becomes +0.0002. That is no weaker order, it is the opposite one, and a " +
    "wrong one: open the gate a little further, and the loss falls.",

  /* Options: `at`, how far the walk has gone, `unit` (1 or 2), `cut` ("c3.h2"), `pace` of the play, and those of the
     frame. */
  mount(place, options) {
    "use strict";
    const { body, say } = live.frame(place, this, options);
    const { characters } = live.data("ana");
    const params = live.weights.decode(live.data("ana"));
    const [ids, targets] = [
      [0, 1, 2, 1],
      [1, 2, 1, 0],
    ]; // ". a n a" is read, "a n a ." is to come
    const steps = live.roads.forward(params, ids, targets);
    const whole = live.roads.back(params, steps);
    const words = live.roadWords({ params, steps, characters });
    let [unit, cut, back] = [0, new Set(), whole];

    const moves = live.roads.moves(steps.length);
    const { arrows } = live.roads;
    const most = () =>
      1.06 *
      Math.max(
        ...whole.flatMap(({ sent: { h, c } }) => [Math.abs(h[unit]), Math.abs(c[unit]), Math.abs(h[unit] + c[unit])]),
      );

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
    const play = live.play(place, {
      pace: options.pace ?? 2000,
      at: () => Number(slider.value),
      last: () => moves.length - 1,
      go(k) {
        slider.value = k;
        show(false);
      },
      rested: () => changed(),
    });
    const pair = live.dom("span", { class: "live-roads__pair" }, play.element, previous, next);
    const mend = button("Mend all roads", () => mended());

    const show = (speak = true) => {
      const at = Number(slider.value);
      const move = moves[at];
      const lit = new Set(moves.slice(0, at).flatMap(arrows));
      const now = new Set(arrows(move));
      const read = Math.min(at, steps.length);
      shown.textContent = words.name(move);
      slider.setAttribute("aria-valuetext", words.name(move));
      [previous.disabled, next.disabled, mend.disabled] = [at === 0, at === moves.length - 1, cut.size === 0];
      told.textContent = words.sentence(move, { back, unit, cut });
      walk.show({ steps, back, unit, read, lit, now, cut, characters, words: told.textContent });
      rows.show({ back, unit, lit, now, cut, most: most() });
      const k = move.t - 1;
      const all = { step: steps[k], before: steps[k - 1], back: back[k], whole: whole[k], unit };
      const turned = gates.show(move.kind === "gates" ? all : null);
      if (speak) say(`${told.textContent}${turned.length ? ` Turned round: ${turned.join(", ")}.` : ""}`);
    };
    const keep = () => live.link.write("roads", { at: slider.value, unit: unit + 1, cut: [...cut].join(".") || null });
    const changed = () => {
      play.pause();
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
      live.dom("div", { class: "live__row" }, label, pair),
      told,
      walk.element,
      live.dom("p", { class: "live__legend" }, words.legend),
      live.dom(
        "div",
        { class: "live__row" },
        live.dom("label", { class: "live__field live-roads__unit" }, "Unit", choice),
        mend,
      ),
      rows.element,
      gates.element,
    );
    const restore = ({ at, unit: wanted, cut: roads = "" }) => {
      play.pause();
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
