/* Write: temperature, top-k and top-p reshape the law while they are moved; a letter is drawn at a time, or twenty names. */
live.view("write", {
  question: "Which names vanish first when you turn the temperature down?",
  move: "Write twenty names. Then lower the temperature step by step, with the arrow keys: which are gone first?",
  takeaway:
    "Temperature reshapes the law: below 1 the probable becomes more probable, above 1 less, and nothing becomes " +
    "impossible. When it falls, names on no list (★) go sooner than real ones, though chance has a part in it. Top-k and " +
    "top-p cut, and what they cut is never drawn: a name goes as soon as one of its symbols is cut. The seed fixes the " +
    "dice, a piece of luck for each symbol at each place of each name. The symbol is written whose score, divided by τ, " +
    "and luck add up to most; so a dial changes a name only where that makes another symbol the first.",

  /* Options: those of the frame. */
  mount(place, options) {
    "use strict";
    const LONGEST = 30; // letters that are drawn one by one
    const { body, say, busy } = live.frame(place, this, options);
    const { vocabulary } = live.machine();
    const { characters } = vocabulary;
    const read = live.machine.reader();
    let [begun, prefix, states, ended, drawn, written] = ["", "", [], false, null, false]; // `begun`: what was typed

    /* ---- what is seen ---- */
    const button = (text, onclick, first = "") =>
      live.dom("button", { type: "button", class: `live__button ${first}`, onclick }, text);
    const dials = live.shapeDials({ symbols: characters.length, changed: () => changed() });
    const dice = live.dice({ changed: () => changed() });
    const twenty = live.dice.twenty({ say, busy });
    const columns = live.columns(characters);
    const words = live.dom("p", { class: "live__note" });
    const field = live.typed.field({ label: "The name so far", value: "", changed: (text) => take(text) });

    const state = () => ({ seed: dice.seed, ...dials.values, prefix: prefix || null, names: written ? 1 : null });
    const keep = () => live.link.write("write", state());
    const write = () => twenty.write(prefix, dials.shape, dice);
    const showLaw = () => {
      const { logits } = states.at(-1);
      const [before, after] = [live.law.softmax(logits), live.law.reshape(logits, dials.shape)];
      const said = columns.show({ before, after, drawn });
      const where = prefix ? `After “${prefix}”.` : "At the start.";
      words.textContent = ended ? `The end was drawn: “${prefix}” is a whole name.` : `${where} ${said}`;
      drawOne.disabled = ended || prefix.length >= LONGEST;
    };

    /* ---- what the reader does ---- */
    let waiting = 0;
    const changed = (kept = true) => {
      [ended, drawn] = [false, null];
      if (states.length) showLaw();
      if (kept) keep();
      clearTimeout(waiting);
      if (written) waiting = setTimeout(write, 150);
      say(words.textContent);
    };
    /* What somebody typed as the name so far; where it cannot be read, the law of what stood there stays. */
    const take = async (text, kept = true) => {
      const found = live.typed(text, vocabulary);
      field.refuse(found);
      if (found.fault) say(found.fault);
      if (found.fault && states.length) return;
      const name = found.name ?? "";
      busy("reading", true);
      const got = await live.slices(() => read(name), field);
      busy("reading", false);
      [begun, prefix, states] = [name, name, got];
      changed(kept);
    };
    const finish = () => {
      [ended, drawn] = [true, 0];
      showLaw();
      say(words.textContent);
    };
    const draw = async () => {
      const law = live.law.reshape(states.at(-1).logits, dials.shape);
      const id = live.law.draw(law, dice.of(0)(prefix.length));
      if (id === 0) return finish();
      const name = prefix + characters[id];
      const got = await live.slices(() => read(name), field);
      [prefix, states] = [name, got];
      field.put(name);
      changed();
      return say(`${characters[id]} was drawn. ${words.textContent}`);
    };
    const all = () => {
      written = true;
      keep();
      write();
    };
    const again = () => field.set("");
    /* The letters that the old dice drew go; what was typed stays. */
    const other = () => {
      dice.set((dice.seed + 1) % 1_000_000);
      if (prefix === begun) changed();
      else field.set(begun);
    };
    const drawOne = button("Draw one letter", draw);
    drawOne.disabled = true; // until a law is there

    const row = (...parts) => live.dom("div", { class: "live__row" }, ...parts);
    body.append(
      row(...dials.elements),
      columns.element,
      words,
      row(field.element, drawOne, button("Start again", again)),
      field.note,
      row(button("Write twenty names", all, "live__button--first"), dice.element, button("Other dice", other)),
      ...twenty.elements,
      row(...live.copyButton(() => live.link.address("write", state()))),
    );
    const restore = ({ seed = 1, prefix: linked = "", names, ...shape }) => {
      dials.set(shape);
      dice.set(seed);
      written = names === "1";
      field.put(linked);
      take(linked, false);
    };
    if (!live.link.read("write")) restore({});
    live.link.follow("write", restore);
  },
});
