/* The latch: the four biases of one unit, and how long it remembers that an n has passed. */
live.view("latch", {
  question: "How small may f get before step 4 forgets the n?",
  move:
    "Lower the bias of f until the guess at step 4 turns from the end to n. What is the f of step 4 then? Let more " +
    "letters follow the n, and look again.",
  takeaway:
    "Memory is multiplied by f at each step, (6.7). With one letter after the n a single f counts: the slider takes it " +
    "from 0.435 to 0.369, and the border lies at 0.404. With nine, cut the wire so that all f are equal: now they may not fall below 0.912, whose ninth power is " +
    "0.44. And the guess turns, too, when the n was never written (i), or is not shown (o): a wrong guess does not say " +
    "which gate is to blame.",

  /* Options: `i`, `f`, `g`, `o`, the biases in multiples of ln 3; `letters` after the n; `wire`, "cut"; the frame's. */
  mount(place, options) {
    "use strict";
    const WORDS = { i: "how hard it writes", f: "how much it keeps", g: "what it writes", o: "how much it shows" };
    const FIRST = ["f", "i", "g", "o"]; // the dial of the question comes first
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
      FIRST.map((gate) => {
        const label = ["bias of ", live.dom("b", {}, gate), `, ${WORDS[gate]}`];
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

    /* Whether the last a, after the n, is told from the first. */
    const verdict = () => {
      const [first, end] = [found.guesses[1], found.guesses[last()]].map(spoken);
      const guess = `Step ${last() + 1} guesses ${end} (${number(found.chances[last()], 2)})`;
      if (first === end) return `${guess}, as step 2 does: it takes the last a for the first.`;
      const right = first === "n" && end === "the end";
      return `${guess}, step 2 guesses ${first}: ${right ? "it knows the last a from the first." : "it should be n, then the end."}`;
    };
    /* What is left of the memory after the n, and what has come to it since. */
    const share = () => {
      const [held, holds] = [2, last()].map((step) => found.steps[step].c[live.latch.UNIT]);
      const written = holds - found.left * held;
      const of = `Of the ${number(held, 2)} that unit 1 held after the n, f has left ${number(100 * found.left, 0)} %`;
      if (Math.abs(written) < 0.005) return `${of}: it holds ${number(holds, 2)}.`;
      return `${of}; with what was written since, it holds ${number(holds, 2)}.`;
    };

    const look = (step, speak = true) => {
      at = Math.min(Math.max(step, 0), last());
      lanes.mark(at);
      const [f, i, g, o, h] = ["f", "i", "g", "o", "h"].map((part) => number(found.steps[at][part][0], 4));
      const old = at ? number(found.steps[at - 1].c[0], 4) : number(0, 4);
      const c = number(found.steps[at].c[0], 4);
      detail.textContent = `Step ${at + 1}: c = ${f} × ${old} + ${i} × ${g} = ${c}; h = ${o} × tanh(${c}) = ${h}.`;
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
