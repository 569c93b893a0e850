/* Write: temperature, top-k and top-p reshape the law while they are moved; a letter is drawn at a time, or twenty names. */
live.view("write", {
  question: "Which names vanish first when you turn the temperature down?",
  move: "Write twenty names. Then move the temperature to 0.5, and to 1.5: the dice stay the same.",
  takeaway:
    "Temperature reshapes the law: below 1 the probable becomes more probable, above 1 less, and nothing becomes " +
    "impossible. Top-k and top-p cut: what they cut is never drawn. A seed fixes the dice, so the same settings write the " +
    "same names.",

  /* Options: those of the frame. */
  mount(place, options) {
    "use strict";
    const COUNT = 20;
    const { body, say, busy } = live.frame(place, this, options);
    const { vocabulary } = live.machine();
    const { characters } = vocabulary;
    const V = characters.length;
    const read = live.machine.reader();
    const BASIC = { seed: "1", t: "1", k: String(V), p: "1", prefix: "", names: "" };
    let [prefix, states, ended, drawn, written] = ["", [], false, null, false];

    const slider = (label, range, words) => {
      const output = live.dom("output");
      const input = live.dom("input", { type: "range", ...range });
      const tell = () => {
        output.textContent = words(Number(input.value));
        input.setAttribute("aria-valuetext", output.textContent);
      };
      input.addEventListener("input", () => {
        tell();
        changed();
      });
      const heading = live.dom("span", {}, `${label}: `, output);
      return { element: live.dom("label", { class: "live__field" }, heading, input), input, tell };
    };
    const sliders = {
      t: slider("Temperature τ", { min: 0.1, max: 2, step: 0.05, value: 1 }, (value) => value.toFixed(2)),
      k: slider("Top-k", { min: 1, max: V, step: 1, value: V }, (k) => (k === V ? "all" : `the ${k} likeliest`)),
      p: slider("Top-p", { min: 0.05, max: 1, step: 0.05, value: 1 }, (p) => (p === 1 ? "all" : p.toFixed(2))),
    };
    const seed = live.dom("input", { type: "number", min: 0, max: 999999, step: 1, value: 1, inputmode: "numeric" });
    const field = live.typed.field({
      label: "The name so far",
      value: "",
      changed: (text) => take(text),
    });
    const columns = live.columns(characters);
    const words = live.dom("p", { class: "live__note" });
    const list = live.dom("ol", { class: "live__names" });
    const count = live.dom("p", { class: "live__note" });
    const button = (text, onclick, first = "") =>
      live.dom("button", { type: "button", class: `live__button ${first}`, onclick }, text);

    const shape = () => {
      const k = Number(sliders.k.input.value);
      const topP = Number(sliders.p.input.value);
      return { temperature: Number(sliders.t.input.value), topK: k === V ? null : k, topP: topP === 1 ? null : topP };
    };
    /* The seed as a whole number from 0 to 999,999, whatever stands in the field. */
    const seeded = () => Math.min(Math.max(Math.floor(Number(seed.value)) || 0, 0), 999_999);
    /* The dice after so many draws. */
    const dice = (draws = 0) => {
      const rng = live.rng(seeded());
      for (let k = 0; k < draws; k++) rng.uniform();
      return rng;
    };

    const state = () => {
      const [t, k, p] = ["t", "k", "p"].map((name) => sliders[name].input.value);
      return { seed: seeded(), t, k, p, prefix: prefix || null, names: written ? 1 : null };
    };
    const keep = () => live.link.write("write", state());
    const showLaw = () => {
      const { logits } = states.at(-1);
      const said = columns.show({ before: live.law.softmax(logits), after: live.law.reshape(logits, shape()), drawn });
      const begun = prefix ? `After “${prefix}”.` : "At the start.";
      words.textContent = ended ? `The end was drawn: “${prefix}” is a whole name.` : `${begun} ${said}`;
      drawOne.disabled = ended || prefix.length >= 30;
    };
    const MARKS = { read: "", "held out": " ○", new: " ★" };
    const write = async () => {
      busy("writing", true);
      const names = await live.slices(function* () {
        const rng = dice();
        const found = [];
        while (found.length < COUNT) found.push(yield* live.machine.writes(prefix, rng, shape()));
        return found;
      }, list);
      busy("writing", false);
      const kinds = names.map(live.machine.known);
      const of = (kind) => kinds.filter((each) => each === kind).length;
      list.replaceChildren(...names.map((name, k) => live.dom("li", {}, name || "(empty)", MARKS[kinds[k]])));
      const different = new Set(names).size;
      count.textContent =
        (prefix ? `All begin with “${prefix}”. ` : "") +
        `★ on no list: ${of("new")}. ○ real, but never read: ${of("held out")}. The other ${of("read")} it has read. ` +
        (different === COUNT ? "All differ." : `${different} are different.`);
      say(count.textContent);
    };
    const twenty = () => {
      written = true;
      keep();
      write();
    };
    let waiting = 0;
    const changed = (kept = true) => {
      drawn = null;
      if (states.length) showLaw();
      if (kept) keep();
      clearTimeout(waiting);
      if (written) waiting = setTimeout(write, 150);
      say(words.textContent);
    };

    /* What somebody typed as the name so far; where it cannot be read, the law of what stood there stays. */
    const take = async (text, kept = true) => {
      const found = live.typed(text, vocabulary);
      field.refuse(found.fault ? found : null);
      if (found.fault) say(found.fault);
      if (found.fault && states.length) return;
      const name = found.name ?? "";
      busy("reading", true);
      const got = await live.slices(() => read(name), field);
      busy("reading", false);
      [prefix, states, ended] = [name, got, false];
      changed(kept);
    };
    const draw = async () => {
      const id = live.law.draw(live.law.reshape(states.at(-1).logits, shape()), dice(prefix.length));
      if (id === 0) {
        ended = true;
        drawn = 0;
        showLaw();
        return say(words.textContent);
      }
      const name = prefix + characters[id];
      const got = await live.slices(() => read(name), field);
      [prefix, states, drawn] = [name, got, null];
      field.input.value = name;
      showLaw();
      keep();
      return say(`${characters[id]} was drawn. ${words.textContent}`);
    };
    const drawOne = button("Draw one letter", draw);
    drawOne.disabled = true; // until a law is there
    const again = () => field.set("");
    const other = () => {
      seed.value = (seeded() + 1) % 1_000_000;
      again();
    };
    seed.addEventListener("input", () => changed());

    body.append(
      live.dom("div", { class: "live__row" }, ...Object.values(sliders).map((each) => each.element)),
      columns.element,
      words,
      live.dom("div", { class: "live__row" }, field.element, drawOne, button("Start again", again)),
      field.note,
      live.dom(
        "div",
        { class: "live__row" },
        button("Write twenty names", twenty, "live__button--first"),
        live.dom("label", { class: "live__field live__field--short" }, "Seed of the dice", seed),
        button("Other dice", other),
      ),
      list,
      count,
      live.dom("div", { class: "live__row" }, ...live.copyButton(() => live.link.address("write", state()))),
    );

    const restore = (values) => {
      const all = { ...BASIC, ...values };
      for (const [name, each] of Object.entries(sliders)) {
        each.input.value = Number.isFinite(Number(all[name])) ? all[name] : BASIC[name];
        each.tell();
      }
      seed.value = all.seed;
      seed.value = seeded();
      written = all.names === "1";
      field.put(all.prefix);
      take(all.prefix, false);
    };
    if (!live.link.read("write")) restore({});
    live.link.follow("write", restore);
  },
});
