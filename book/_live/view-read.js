/* Read a name: each letter by its surprise, the machine's beside a rival's that counts; a letter's whole law on demand. */
live.view("read", {
  question: "Which letter of your name surprises the machine, and does counting agree?",
  move: "Type your name. Then press a letter, or go along with the arrow keys: what was expected there?",
  takeaway:
    "Surprise belongs to the place, not to the letter. Read jacqueline: q is rare, yet after jac it costs less than the j " +
    "at the start, and u after q is almost free. Counting agrees with most of it; where it does not, see the law of each: " +
    "press [the i of jacqueline](name=jacqueline&at=8).",

  /* Options: `name` to begin with; `rival`, "Kneser-Ney" or "the unigram", and `rivalLabel`, what it is called here; and
     those of the frame. */
  mount(place, options) {
    "use strict";
    const { rival: kind = "Kneser-Ney", name: first = "jacqueline" } = options;
    const rivalName = options.rivalLabel ?? kind;
    const { body, say, busy } = live.frame(place, this, { ...options, go: (state) => restore(state, true) });
    const { vocabulary, corpus } = live.machine();
    const { characters } = vocabulary;
    const read = live.machine.reader();
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    /* What is shown: a name, its ids with the end mark, the state after each letter, and what each symbol costs both. */
    let [name, ids, states, costs] = ["", [], [], []];
    let pressed = null; // the place of the letter that the reader chose; without, the dearest is shown
    let [model, rival, alone] = [null, null, false]; // the rival, what symbols cost it, and whether there is none

    /* ---- what the page shows ------------------------------------------------------------------------------------- */

    const field = live.typed.field({ label: "A name", value: first, changed: (text) => take(text) });
    const letters = live.letters({ label: "The name, letter by letter", rivalName, choose: (at) => press(at) });
    const [legend, result] = ["live__legend", "live__result"].map((kind) => live.dom("p", { class: kind }));
    const table = live.lawTable({ rivalName });
    const swatch = (kind) => live.dom("span", { class: `live__swatch live__swatch--${kind}` });
    legend.append(swatch("machine"), "the machine, bright is surprising, upper number; ");
    legend.append(swatch("rival"), `${rivalName}, lower number; both in nats. The dot is the end of the name.`);

    /* A chapter's address is its own: from there the link leads to the playground. */
    const home = options.figure ? new URL("../book/playground.html", location.href).href : location.href;
    const state = () => ({ name, at: pressed === null ? null : pressed + 1 });
    const link = () => live.link.address("read", state(), home);
    const keep = () => options.figure || live.link.write("read", state());
    const any = (names, count = names.length) => field.set(names[Math.floor(count * Math.random())]);
    const surprise = () => any(corpus.names, 3000); // many people have such a name
    const unread = () => any([...corpus.of("val"), ...corpus.of("test")]);
    const save = () => live.card({ name, symbols: [...name, "."], costs, link: link() });
    const button = (words, onclick) => live.dom("button", { type: "button", class: "live__button", onclick }, words);
    const row = (...parts) => live.dom("div", { class: "live__row" }, ...parts);
    const share = row(button("Save as a picture", save), ...live.copyButton(link));
    const shown = live.dom("div", { hidden: true }, letters.element, legend, result, table.element, share);
    const others = [button("Surprise me", surprise), button("One that neither read", unread)];
    body.append(row(field.element, ...others), field.note, shown);

    /* ---- what it says of a name ---------------------------------------------------------------------------------- */

    const verdict = () => {
      const [all, each] = [sum(costs).toFixed(1), (sum(costs) / costs.length).toFixed(2)];
      const counted = rival ? ` ${rivalName[0].toUpperCase()}${rivalName.slice(1)} pays ${sum(rival).toFixed(1)}.` : "";
      return `“${name}” costs the machine ${all} nats, ${each} for each of ${costs.length} symbols.${counted}`;
    };
    const standing = () => {
      const rank = corpus.rank(name);
      const fair = "neither of the two has read it, so the comparison is fair.";
      if (!rank) return `It stands on no list here: ${fair}`;
      const [at, all] = [rank, corpus.names.length].map((each) => each.toLocaleString("en"));
      const read = live.machine.known(name) === "read";
      const met = read ? "the machine read it in training, as counting did." : `it was held out: ${fair}`;
      const unfair =
        read && kind === "Kneser-Ney"
          ? " Counting keeps more of what it read: who guesses better shows on names that neither has read."
          : "";
      return `On our list it is number ${at} of ${all} by its bearers, and ${met}${unfair}`;
    };

    /* The law at one place of the name. */
    const look = (at, speak = true) => {
      const { law } = states[at];
      const counted = model ? live.ngram.law(model, ids.slice(0, at)) : null;
      table.show({ prefix: name.slice(0, at), law, rival: counted, came: ids[at], characters, alone });
      const of = (id) => `${live.letters.spoken(characters[id])}, ${live.lawTable.percent(law[id])}`;
      const begun = at ? `After ${name.slice(0, at)}` : "At the start";
      if (speak) say(`${begun} likeliest: ${of(law.indexOf(Math.max(...law)))}; came: ${of(ids[at])}`);
    };

    const press = (at) => {
      pressed = at;
      keep();
      look(at);
    };

    const show = () => {
      costs = states.map(({ law }, k) => live.law.surprisal(law, ids[k]));
      rival = model ? [...live.ngram.surprisals(model, ids.slice(0, -1))] : null;
      const pending = alone ? undefined : null;
      const symbols = [...name, "."];
      const at = pressed ?? costs.indexOf(Math.max(...costs));
      letters.show(
        costs.map((nats, k) => ({ symbol: symbols[k], nats, rival: rival ? rival[k] : pending })),
        at,
      );
      result.replaceChildren(verdict(), live.dom("br"), standing());
      shown.hidden = false;
      look(at, false);
    };

    /* ---- what the reader does ------------------------------------------------------------------------------------ */

    /* What somebody typed: read it, or say why not; `at` counts the letter to press from 1 on. Reading that was begun
       before ends. */
    const take = async (text, { kept = true, at = null } = {}) => {
      const found = live.typed(text, vocabulary);
      const got = await live.typed.heard(found, { field, shown, say, busy, read });
      if (!found.name) return;
      [name, states] = [found.name, got];
      ids = [...live.words.encode(vocabulary, name), 0];
      pressed = live.link.place(at, ids.length);
      show();
      if (kept) keep();
      say(`${found.told ?? ""} ${verdict()} ${standing()}`.trim());
    };
    const restore = ({ name: wanted = "", at }, kept = false) => {
      field.put(wanted);
      take(wanted, { kept, at });
    };
    const counted = (models) => {
      model = models?.[kind] ?? null;
      alone = !model;
      if (alone) legend.textContent = "Counting could not start in this browser: you see the machine alone, in nats.";
      if (!shown.hidden) show();
    };
    live.machine.counts().then(counted, () => counted(null));
    if (options.figure || !live.link.read("read")) take(first, { kept: false });
    if (!options.figure) live.link.follow("read", (state) => restore(state));
  },
});
