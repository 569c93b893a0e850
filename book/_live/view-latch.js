/* The latch: the four biases of one unit, and how long it remembers that an n has passed. */
live.view("latch", {
  question: "How small may f get before step 4 forgets the n?",
  move:
    "Lower the bias of f until the guess at step 4 turns from the end to n. What is f there? Then let more letters " +
    "follow the n, and look again.",
  takeaway:
    "Memory is multiplied by f at each step, (6.7). With one letter after the n a single f counts, and it may fall to " +
    "0.40. With nine, cut the wire so that all f are equal: now they may not fall below 0.912, whose ninth power is " +
    "0.44. And the guess turns, too, when the n was never written (i), or is not shown (o): a wrong guess does not say " +
    "which gate is to blame.",

  /* Options: `i`, `f`, `g`, `o`, the biases in multiples of ln 3; `letters` after the n; `wire`, "cut"; the frame's. */
  mount(place, options) {
    "use strict";
    const WORDS = { f: "how much it keeps", i: "how hard it writes", g: "what it writes", o: "how much it shows" };
    const [REACH, MOST] = [6, 9]; // of a bias, and of the letters
    const { body, say } = live.frame(place, this, options);
    const { number } = live.lanes;
    const vocabulary = live.words.known(live.data("ana").characters);
    const params = live.weights.decode(live.data("ana"));
    const book = live.latch.biases(params);
    let [found, at] = [null, 3];

    /* ---- what is turned ------------------------------------------------------------------------------------------ */

    const short = (value) => `${number(Number(value), 2).replace(/\.?0+$/, "")}`;
    const dial = (words, range, shows) => {
      const output = live.dom("output");
      const slider = live.dom("input", { type: "range", ...range, oninput: () => turned() });
      const label = live.dom("span", {}, ...words, ": ", output);
      const element = live.dom("label", { class: "live__field" }, label, slider);
      const tell = () => {
        output.textContent = shows(slider.value);
        slider.setAttribute("aria-valuetext", output.textContent);
      };
      return { element, slider, tell };
    };
    const dials = Object.fromEntries(
      Object.entries(WORDS).map(([gate, words]) => {
        const label = ["bias of ", live.dom("b", {}, gate), `, ${words}`];
        return [gate, dial(label, { min: -REACH, max: REACH, step: 0.25 }, (value) => `${short(value)} × ln 3`)];
      }),
    );
    const letters = dial(["letters after the n"], { min: 1, max: MOST, step: 1 }, String);
    const wire = live.dom("input", { type: "checkbox", onchange: () => turned() });
    const wired = live.dom("label", { class: "live-latch__wire" }, wire, "the wire: unit 2 moves the f of unit 1");
    const reset = () => {
      restore({});
      keep();
    };
    const again = live.dom("button", { type: "button", class: "live__button", onclick: reset }, "As in the book");

    /* ---- what is seen -------------------------------------------------------------------------------------------- */

    const result = live.dom("p", { class: "live__result" });
    const detail = live.dom("p", { class: "live__legend" });
    const lanes = live.lanes({ label: "Unit 1, step by step", choose: (step) => look(step) });
    const keys = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      look(at + by);
    };
    body.append(
      live.dom("div", { class: "live-latch__dials" }, ...Object.values(dials).map(({ element }) => element)),
      live.dom("div", { class: "live-latch__dials" }, letters.element, wired),
      result,
      live.dom("div", { onkeydown: keys }, lanes.element),
      detail,
      again,
    );

    const symbol = (id) => vocabulary.characters[id];
    const spoken = (id) => (symbol(id) === "." ? "the end" : symbol(id));
    const last = () => found.steps.length - 1;

    /* What became of the n. */
    const verdict = () => {
      const [first, end] = [found.guesses[1], found.guesses[last()]];
      const guess = `at step ${last() + 1} the guess is ${spoken(end)} (${number(found.chances[last()], 2)})`;
      const early = symbol(first) === "n" ? "" : ` But step 2 guesses ${spoken(first)}, and no n has passed yet.`;
      if (symbol(end) === "n") return `Forgotten: ${guess}, as after the first a.${early}`;
      if (symbol(end) === ".") return `Remembered: ${guess}.${early}`;
      return `Neither remembered nor forgotten: ${guess}.${early}`;
    };
    const share = () => {
      const of = `f leaves ${number(100 * found.left, 0)} % of what unit 1 held after the n`;
      return `${of}: its c goes from ${memory(2)} to ${memory(last())}.`;
    };
    const memory = (step) => number(found.steps[step].c[live.latch.UNIT], 2);

    const look = (step, speak = true) => {
      at = Math.min(Math.max(step, 0), last());
      lanes.mark(at);
      const [f, i, g, o, h] = ["f", "i", "g", "o", "h"].map((part) => number(found.steps[at][part][0], 4));
      const old = at ? number(found.steps[at - 1].c[0], 4) : number(0, 4);
      detail.textContent = `Step ${at + 1}: c = ${f} × ${old} + ${i} × ${g}, and of its tanh ${o} is shown: h = ${h}.`;
      if (speak) say(detail.textContent);
    };
    const show = () => {
      const values = (part) => found.steps.map((step) => step[part][live.latch.UNIT]);
      const gates = Object.entries(WORDS).map(([name, words]) => ({
        name,
        words,
        values: values(name),
        signed: name === "g",
      }));
      const most = live.habits.largest(found.steps);
      const rows = [
        ...gates,
        { name: "c", words: "its memory", values: values("c"), signed: true, most },
        { name: "h", words: "what it shows", values: values("h"), signed: true },
        { name: "?", words: "the guess", values: found.guesses.map(symbol) },
      ];
      at = last();
      lanes.show({ symbols: [".", ...found.word], rows, digits: 4 }, at);
      result.textContent = `${verdict()} ${share()}`;
      look(at, false);
    };

    /* ---- what the reader does ------------------------------------------------------------------------------------ */

    const wanted = () => Object.fromEntries(Object.entries(dials).map(([gate, { slider }]) => [gate, slider.value]));
    const put = () => {
      for (const { tell } of [...Object.values(dials), letters]) tell();
      found = live.latch.read(live.latch.set(params, wanted(), wire.checked), vocabulary, Number(letters.slider.value));
      show();
    };
    const keep = () => {
      const state = { ...wanted(), letters: letters.slider.value, wire: wire.checked ? null : "cut" };
      if (!options.figure) live.link.write("latch", state);
      say(result.textContent);
    };
    const turned = () => {
      put();
      keep();
    };
    /* What an address says; what is no number there is as in the book, what is too large as large as can be. */
    const restore = (values) => {
      const asked = (key, other) => (/^-?\d{1,9}(\.\d{1,9})?$/.test(values[key]) ? values[key] : other);
      for (const [gate, { slider }] of Object.entries(dials)) slider.value = asked(gate, book[gate]);
      letters.slider.value = asked("letters", 1);
      wire.checked = values.wire !== "cut";
      put();
    };
    if (options.figure || !live.link.read("latch")) restore(options);
    if (!options.figure) live.link.follow("latch", restore);
  },
});
