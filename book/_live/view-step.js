/* Step through the cell: a name goes through a small LSTM, step by step, unit by unit, each number on its wire. */
live.view("step", {
  question: "A memory that somebody set by hand, and one that was learned: how do they differ?",
  move:
    "Press “Step on”, or a letter: what does the unit keep, what does it write? Press the number of another unit. Then " +
    "choose “ana” and do the same. (After a press on a letter, the arrow keys lead to all steps and units.)",
  takeaway:
    "“ana” was built to be read: its gates stand near 0.1 or 0.9. Nobody built the trained network. Nearly six in ten of its " +
    "forget gates stand between 0.1 and 0.9, and after three more letters a unit has kept, on average, three tenths of " +
    "what it held (in five such networks 28 to 35 %). What one of its units means, no glance tells: chapter 18 tests it.",

  /* Options: `of`, "ana" or "small"; `name`, `step` and `unit` to begin with; `pace` of the play; and those of the frame. */
  mount(place, options) {
    "use strict";
    const LONGEST = 16; // letters
    const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const { body, say } = live.frame(place, this, options);
    const { number } = live.lanes;
    /* A network; `first` is the number of its first unit: chapter 6 counts from 1, chapter 18 from 0. */
    const machine = (script, words, digits, first) => {
      const vocabulary = live.words.known(live.data(script).characters);
      return { params: live.weights.decode(live.data(script)), vocabulary, words, digits, first };
    };
    const machines = {
      small: machine("small", "trained on names, 16 units", 2, 0),
      ana: machine("ana", "“ana”, set by hand, 2 units", 4, 1),
    };
    /* What is shown: a machine, the name it reads, the ids read and to come, its steps; where in it; and which unit. */
    let [of, name, ids, steps, at, unit] = ["small", "", [], [], 0, 0];

    /* ---- what is seen -------------------------------------------------------------------------------------------- */

    const lanes = live.lanes({ label: "The unit, step by step", choose: (step) => go(step, unit) });
    const units = live.units({ label: "All units at this step", choose: (k) => go(at, k) });
    const cell = live.cell();
    const [told, expected] = ["live__result", "live__legend"].map((kind) => live.dom("p", { class: kind }));
    const kinds = Object.entries(machines).map(([key, { words }]) => live.dom("option", { value: key }, words));
    const kind = live.dom("select", { onchange: () => choose(kind.value) }, ...kinds);
    const field = live.typed.field({ label: "A name", value: "", changed: (text) => take(text) });
    const button = (words, by) =>
      live.dom("button", { type: "button", class: "live__button", onclick: () => go(at + by, unit) }, words);
    const [back, on] = [button("Step back", -1), button("Step on", 1)];
    const play = live.play(place, {
      pace: options.pace ?? 1200,
      at: () => at,
      last: () => steps.length - 1,
      go(k) {
        at = k;
        show(false);
      },
      rested: () => keep(),
    });
    const row = (...parts) => live.dom("div", { class: "live__row" }, ...parts);
    const keys = (event) => {
      const [by, down] = MOVES[event.key] ?? [];
      if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!event.target.hasAttribute("aria-pressed")) return;
      event.preventDefault();
      go(at + by, unit + down);
    };
    const left = live.dom("div", {}, told, cell.element, expected);
    const pair = live.dom("div", { class: "live-step__pair" }, left);
    live.drawn().then(() => pair.append(units.element)); // two hundred cells: in a frame of their own
    const shown = live.dom("div", { onkeydown: keys }, lanes.element, row(play.element, back, on), pair);
    const which = live.dom("label", { class: "live__field" }, "The network", kind);
    body.append(row(which, field.element), field.note, shown);

    /* ---- in words ------------------------------------------------------------------------------------------------ */

    const spoken = (symbol) => (symbol === "." ? "the end" : symbol);
    const before = () => (at ? steps[at - 1] : live.lstm.start(machines[of].params));
    const read = () => (at ? spoken(ids[at - 1]) : "the end mark, with which every name begins");
    const percent = (share) => `${Math.round(100 * share)} %`;

    const sentence = () => {
      const { digits } = machines[of];
      const [f, i, g, o, c, h] = ["f", "i", "g", "o", "c", "h"].map((part) => steps[at][part][unit]);
      const text = (value) => number(value, digits);
      return (
        `Step ${at + 1} reads ${read()}. Unit ${unit + machines[of].first} keeps ${percent(f)} of ${text(before().c[unit])}, writes ` +
        `${text(i)} × ${text(g)}, and so holds ${text(c)}. Of the tanh of that it shows ${percent(o)}: ${text(h)}.`
      );
    };
    const guess = () => {
      const { vocabulary, digits } = machines[of];
      const law = live.law.softmax(steps[at].logits);
      const likeliest = law.indexOf(Math.max(...law));
      const { most, least } = live.habits.keepers(steps);
      const habit = (which) => `unit ${which.unit + machines[of].first} (its f is ${number(which.mean, 2)} on average)`;
      return (
        `By what all units show, ${spoken(vocabulary.characters[likeliest])} is likeliest to come next, with a chance of ` +
        `${number(law[likeliest], digits)}. Over this name ${habit(most)} keeps most, ${habit(least)} least.`
      );
    };

    /* ---- what the reader does ------------------------------------------------------------------------------------ */

    /* The lanes of a unit, in the order of the arrays. */
    const rows = (most) => {
      const values = (part) => steps.map((step) => step[part][unit]);
      const chance = steps.map(
        ({ logits }, k) => live.law.softmax(logits)[machines[of].vocabulary.ids.get(ids[k]) ?? 0],
      );
      return [
        { name: "i", words: "how hard it writes", values: values("i") },
        { name: "f", words: "how much it keeps", values: values("f") },
        { name: "g", words: "what it writes", values: values("g"), signed: true },
        { name: "o", words: "how much it shows", values: values("o") },
        { name: "c", words: "its memory", values: values("c"), signed: true, most },
        { name: "h", words: "what it shows", values: values("h"), signed: true },
        { name: "p", words: "chance of the next", values: chance },
      ];
    };
    /* A step alone, where the name and the unit are as before, changes no lane. */
    const show = (lanesToo = true) => {
      const { digits, first } = machines[of];
      const [entered, step, most] = [before(), steps[at], live.habits.largest(steps)];
      if (lanesToo) lanes.show({ symbols: [".", ...name], rows: rows(most), digits }, at);
      else lanes.mark(at);
      cell.show({ symbol: [".", ...name][at], unit, before: entered, step, digits });
      const title = `All units at step ${at + 1}, rounded${first ? "" : "; counted from 0, as in chapter 18"}`;
      units.show({ before: entered.c, step, first, most, title }, unit);
      [back.disabled, on.disabled] = [at === 0, at === steps.length - 1];
      [told.textContent, expected.textContent] = [sentence(), guess()];
      shown.hidden = false;
    };
    const keep = () => {
      play.pause();
      const values = { of, name: of === "ana" ? null : name, step: at + 1, unit: unit + machines[of].first };
      if (!options.figure) live.link.write("step", values);
      say(sentence());
    };
    const go = (step, k) => {
      const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
      const other = within(k, machines[of].params.H);
      const same = other === unit;
      [at, unit] = [within(step, steps.length), other];
      show(!same);
      keep();
    };
    /* Read a name, to be shown from its first step on; the network and the unit stay. */
    const put = (letters) => {
      const { params, vocabulary } = machines[of];
      [name, ids, at] = [letters, [...letters, "."], 0];
      steps = live.lstm.read(params, live.words.encode(vocabulary, letters));
      unit = Math.min(unit, params.H - 1);
    };
    /* Whether somebody's text is a name to step through; if not, the sentence says why. */
    const accept = (text) => {
      play.pause();
      const found = live.typed(text, machines.small.vocabulary);
      const long = { fault: `To step through, a name may have ${LONGEST} letters; this has more.`, instead: null };
      const heard = found.name?.length > LONGEST ? long : found;
      field.refuse(heard);
      shown.hidden = !heard.name;
      if (heard.fault) say(heard.fault);
      if (!shown.hidden) put(found.name);
      return !shown.hidden;
    };
    const finish = (right) => {
      if (!right) return;
      show();
      keep();
    };
    const take = (text) => finish(accept(text));
    /* Another network: "ana" reads its one name, the trained one what stands in the field. */
    const change = (key) => {
      [of, kind.value] = [key, key];
      field.element.hidden = key === "ana";
      if (key === "small") return accept(field.input.value);
      field.refuse(null);
      put("ana");
      return true;
    };
    const choose = (key) => finish(change(key));
    /* What an address says; what makes no sense there is left out. */
    const restore = (values) => {
      play.pause();
      const whole = (text, from, count) => {
        const at = /^\d{1,3}$/.test(text) ? Number(text) - from : 0;
        return Math.min(Math.max(at, 0), count - 1);
      };
      field.put(values.name ?? "ana");
      if (!change(Object.hasOwn(machines, values.of) ? values.of : "small")) return;
      [at, unit] = [whole(values.step, 1, steps.length), whole(values.unit, machines[of].first, machines[of].params.H)];
      show();
    };
    if (options.figure || !live.link.read("step")) restore(options);
    if (!options.figure) live.link.follow("step", restore);
  },
});
