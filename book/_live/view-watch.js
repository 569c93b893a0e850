/* Watch it learn: the shipped model at eight moments of its training, reading the same name, writing with the same dice. */
live.view("watch", {
  question: "What does it learn first: how long names are, which letters are frequent, or which follow each other?",
  move: "Press Play, or go right along the slider. Watch the machine’s row climb, read what it writes, and how near that comes to real names.",

  get takeaway() {
    const { stages, rungs } = live.data("ladder");
    const by = (name) => stages.find(({ val }) => val < rungs[name]).step.toLocaleString("en");
    return (
      "First the letters: after [30 steps](step=30) they come about as often as in names, but the words have not yet " +
      "their lengths, and letters drawn by frequency alone would stand side by side as well. After [100](step=100) the " +
      "lengths are nearly right, too; which letters follow each other goes on improving to step 1,000 and beyond. " +
      `By step ${by("bigram")} its guesses are better than the bigram’s, by step ${by("trigram")} than the trigram’s; good ` +
      `counting is beaten only by step ${by("kneser_ney_6")}, and thousands of steps more buy little. A rung says how good its ` +
      "guesses are, not what they are made of: chapter 12 asks that."
    );
  },

  /* Options: `step`, the stage to begin with, `name`, `pace` of the play, and those of the frame. */
  mount(place, options) {
    "use strict";
    const [RIVAL, CALLED] = ["kneser_ney_6", "Kneser-Ney 6"]; // of all that count, the one beside the machine
    const DICE = { count: 10, longest: 14, seed: 12 };
    const { body, say } = live.frame(place, this, { ...options, go: (state) => visit(state) });
    const { stages, rungs } = live.data("ladder");
    const { vocabulary } = live.stages;
    let [name, read, counted, wanted, chosen, touched] = ["", null, null, 0, 0, false];
    let alone = false; // whether no worker counts

    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const step = (k) => `step ${stages[k].step.toLocaleString("en")}`;
    const moment = (k) => (k === stages.length - 1 ? `${step(k)}, as it is shipped` : step(k));
    const state = () => ({ step: stages[wanted].step, name: name || null, at: chosen ? chosen + 1 : null });
    const keep = () => {
      play.pause();
      if (touched) live.link.write("watch", state());
    };
    const named = (rung) => (rung === RIVAL ? CALLED : rung);
    const quiet = (words) => live.dom("p", { class: "live__legend" }, words);

    /* ---- the slider ---- */
    const slider = live.dom("input", { type: "range", min: 0, max: stages.length - 1, step: 1, value: 0 });
    const shown = live.dom("output");
    const move = (k, own = true) => {
      slider.value = k; // which stays within its ends
      return Number(slider.value) === wanted ? null : go(own);
    };
    const arrow = (words, by) =>
      live.dom("button", { type: "button", class: "live__button", onclick: () => move(wanted + by) }, words);
    const [back, on] = [arrow("Earlier", -1), arrow("Later", 1)];
    slider.addEventListener("input", () => go());
    const play = live.play(place, {
      pace: options.pace ?? 1500,
      at: () => wanted,
      last: () => stages.length - 1,
      go: (k) => move(k, false),
      rested: () => go(),
    });
    const pair = live.dom("span", { class: "live-watch__pair" }, play.element, back, on);
    const title = live.dom("span", {}, "The weights after ", shown);
    const label = live.dom("label", { class: "live__field" }, title, slider);

    /* ---- what is seen ---- */
    const field = live.typed.field({ label: "A name to read", value: "", changed: (text) => take(text) });
    const letters = live.letters({
      label: "The name, letter by letter",
      rivalName: CALLED,
      choose: (at) => {
        look(at);
        keep();
      },
    });
    const law = live.lawTable({ rivalName: CALLED });
    const written = live.dom("p", { class: "live-watch__words" });
    const ladder = live.ladder({ head: "nats a symbol, held-out names" });
    const alike = live.alike(stages, step);
    const mine = quiet("");
    const status = live.dom("p", { class: "live__fault", hidden: true });

    const climb = (k) => {
      const rivals = Object.entries(rungs).map(([rung, nats]) => ({ label: named(rung), nats }));
      return ladder.show([...rivals, { label: "the machine", nats: stages[k].val, own: true }]);
    };
    /* What a symbol of the reader's name costs each of them. */
    const compare = () => {
      const one = (words, costs) => `${mean([...costs]).toFixed(2)} ${words}`;
      const rivals = counted ? Object.entries(counted.costs).map(([rung, costs]) => one(named(rung), costs)) : [];
      const all = [one("the machine", read.costs), `${rungs.uniform.toFixed(2)} uniform`, ...rivals].join(", ");
      mine.textContent = `“${name}”, nats a symbol: ${all}. On one name the order may be another than on thousands.`;
    };
    const look = (at) => {
      chosen = at;
      law.show({
        prefix: name.slice(0, at),
        law: read.laws[at],
        rival: counted?.laws[at] ?? null,
        came: [...live.words.encode(vocabulary, name), 0][at],
        characters: vocabulary.characters,
        alone,
      });
    };
    const show = (k) => {
      const passed = climb(k);
      alike.show(k);
      if (!read) return passed;
      const [symbols, rival] = [[...name, "."], counted?.costs[RIVAL]];
      const costs = [...read.costs].map((nats, at) => ({ symbol: symbols[at], nats, rival: rival?.[at] }));
      letters.show(costs, chosen);
      compare();
      look(chosen);
      return passed;
    };

    /* ---- a stage, a name ---- */
    const fail = () => {
      play.pause();
      status.hidden = false;
      status.textContent = "The weights of this stage did not load. Reload the page, or try another stage.";
      say(status.textContent);
    };
    /* Go where the slider stands; `own`: the reader has moved it, and no play. */
    const go = async (own = true) => {
      const k = (wanted = Number(slider.value));
      const word = name;
      shown.textContent = moment(k);
      slider.setAttribute("aria-valuetext", moment(k));
      back.setAttribute("aria-disabled", k === 0); // still in focus
      on.setAttribute("aria-disabled", k === stages.length - 1);
      if (own) keep();
      const params = await live.stages.load(k).catch(() => null);
      if (k !== wanted) return;
      if (!params) return fail();
      status.hidden = true;
      const got = word && (await live.slices(() => live.stages.read(params, word), field));
      if (k !== wanted) return;
      read = (word === name && got) || null;
      const passed = show(k);
      const words = (await live.slices(() => live.stages.write(params, DICE), slider))?.map((word) => word || "(none)");
      if (k !== wanted) return;
      written.textContent = words.join("  ");
      place.dataset.stage = stages[k].step;
      if (!own) return;
      const costs = `${moment(k)}: ${stages[k].val.toFixed(2)} nats on held-out names`;
      say(`${costs}, ${passed} of 5 rungs passed. It writes ${words.slice(0, 3).join(", ")}.`);
    };
    const count = (word) => {
      const came = (told) => {
        if (word !== name) return;
        [counted, alone] = [told, !told];
        if (read?.costs.length === [...word].length + 1) show(wanted);
      };
      return live.stages.counts(word).then(came, () => came(null)); // without workers the machine is shown alone
    };
    const take = (text) => {
      play.pause();
      const found = live.typed(text, vocabulary);
      live.typed.tell(found, { field, shown: reading, say });
      [name, counted, read, chosen] = [found.name ?? "", null, null, 0];
      if (!name) return;
      count(name);
      go();
    };
    const reading = live.dom(
      "div",
      {},
      letters.element,
      quiet("Coloured, upper number: the machine; hatched, lower number: Kneser-Ney, which counts. In nats."),
      mine,
      law.element,
    );
    body.append(
      live.dom("div", { class: "live__row" }, label, pair),
      status,
      ladder.element,
      quiet("The best on top. The held-out names are those to watch by; it learns nothing from them."),
      quiet("It writes, each time with the same dice:"),
      written,
      alike.element,
      live.dom("div", { class: "live__row" }, field.element),
      field.note,
      reading,
      live.dom("div", { class: "live__row" }, ...live.copyButton(() => live.link.address("watch", state()))),
    );
    const restore = ({ step: linked, name: typed, at }) => {
      const k = stages.findIndex((stage) => stage.step === Number(linked));
      if (k >= 0) slider.value = k;
      touched = false; // to set it up must not replace the link of another view
      field.set(typed || options.name || "jacqueline");
      if (!name) go();
      chosen = live.link.place(at, [...name].length + 1) ?? 0;
      touched = true;
    };
    const visit = (wish) => {
      restore({ name, ...wish });
      keep();
    };
    if (!live.link.read("watch")) restore({ step: options.step ?? 0 });
    live.link.follow("watch", restore);
  },
});
