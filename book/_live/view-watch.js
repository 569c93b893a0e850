/* Watch it learn: the shipped model at eight moments of its training, reading the same name, writing with the same dice. */
live.view("watch", {
  question: "What does it learn first: how long names are, which letters are frequent, or which follow each other?",
  move: "Go right along the slider, with the arrow keys or a finger. Watch the machine’s row climb, and read what it writes.",

  get takeaway() {
    const { stages, rungs } = live.data("ladder");
    const by = (name) => stages.find(({ val }) => val < rungs[name]).step.toLocaleString("en");
    return (
      "After 30 steps its words are about as long as names, and hardly more. " +
      `By step ${by("bigram")} its guesses are better than the bigram’s, by step ${by("trigram")} than the trigram’s; good ` +
      `counting is beaten only by step ${by("kneser_ney_6")}, and thousands of steps more buy little. A rung says how good its ` +
      "guesses are, not what they are made of: chapter 12 asks that."
    );
  },

  /* Options: `step`, the stage to begin with, `name`, and those of the frame. */
  mount(place, options) {
    "use strict";
    const LABELS = {
      uniform: "uniform",
      unigram: "unigram",
      bigram: "bigram",
      trigram: "trigram",
      kneser_ney_6: "Kneser-Ney 6",
    };
    const RIVAL = "kneser_ney_6";
    const DICE = { count: 10, longest: 14, seed: 12 };
    const { body, say } = live.frame(place, this, options);
    const { stages, rungs } = live.data("ladder");
    const { vocabulary } = live.stages;
    let [name, read, counted, wanted, chosen, touched] = ["", null, null, 0, 0, false];

    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const step = (k) => `step ${stages[k].step.toLocaleString("en")}`;
    const moment = (k) => (k === stages.length - 1 ? `${step(k)}, as it is shipped` : step(k));
    const quiet = (words) => live.dom("p", { class: "live__legend" }, words);

    /* ---- the slider ---- */
    const slider = live.dom("input", { type: "range", min: 0, max: stages.length - 1, step: 1, value: 0 });
    const shown = live.dom("output");
    const move = (by) => {
      slider.value = Number(slider.value) + by;
      go();
    };
    const arrow = (words, by) =>
      live.dom("button", { type: "button", class: "live__button", onclick: () => move(by) }, words);
    const [back, on] = [arrow("Earlier", -1), arrow("Later", 1)];
    slider.addEventListener("input", () => go());
    const label = live.dom(
      "label",
      { class: "live__field" },
      live.dom("span", {}, "The weights after ", shown),
      slider,
    );

    /* ---- what is seen ---- */
    const field = live.typed.field({ label: "A name to read", value: "", changed: (text) => take(text) });
    const letters = live.letters({
      label: "The name, letter by letter",
      rivalName: LABELS[RIVAL],
      choose: (at) => look(at),
    });
    const law = live.lawTable({ rivalName: LABELS[RIVAL] });
    const written = live.dom("p", { class: "live-watch__words" });
    const ladder = live.ladder({ heads: ["held-out names", "this name"] });
    const status = live.dom("p", { class: "live__fault", hidden: true });

    const climb = (k) => {
      const one = (key) => (key === "uniform" ? rungs.uniform : counted && mean([...counted.costs[key]]));
      const rivals = Object.entries(LABELS).map(([key, words]) => ({ label: words, all: rungs[key], one: one(key) }));
      const own = { label: `the machine, ${step(k)}`, all: stages[k].val, one: read && mean(read.costs), own: true };
      return ladder.show([...rivals, own]);
    };
    const look = (at) => {
      chosen = at;
      law.show({
        prefix: name.slice(0, at),
        law: read.laws[at],
        rival: counted?.laws[at] ?? null,
        came: [...live.words.encode(vocabulary, name), 0][at],
        characters: vocabulary.characters,
      });
    };
    const show = (k) => {
      const passed = climb(k);
      if (!read) return passed;
      const costs = [...read.costs].map((nats, at) => ({
        symbol: [...name, "."][at],
        nats,
        rival: counted?.costs[RIVAL][at],
      }));
      letters.show(costs, chosen);
      look(chosen);
      return passed;
    };

    /* ---- a stage, a name ---- */
    const fail = () => {
      status.hidden = false;
      status.textContent = "The weights of this stage did not load. Reload the page, or try another stage.";
      say(status.textContent);
    };
    const go = async () => {
      const k = (wanted = Number(slider.value));
      shown.textContent = moment(k);
      slider.setAttribute("aria-valuetext", moment(k));
      [back.disabled, on.disabled] = [k === 0, k === stages.length - 1];
      if (touched) live.link.write("watch", { step: stages[k].step, name });
      const params = await live.stages.load(k).catch(() => null);
      if (k !== wanted) return;
      if (!params) return fail();
      status.hidden = true;
      if (name) read = await live.slices(() => live.stages.read(params, name), field);
      if (k !== wanted) return;
      const passed = show(k);
      const words = await live.slices(() => live.stages.write(params, DICE), slider);
      if (k !== wanted) return;
      written.textContent = words.map((word) => word || "(none)").join("  ");
      place.dataset.stage = stages[k].step;
      const nats = stages[k].val.toFixed(2);
      say(`${moment(k)}: ${nats} nats on held-out names, ${passed} of 5 rungs passed. It writes ${words.slice(0, 3)}.`);
    };
    const count = (mine) =>
      live.stages.counts(mine).then(
        (told) => {
          if (mine !== name) return;
          counted = told;
          if (read?.costs.length === [...mine].length + 1) show(wanted);
        },
        () => {}, // a browser without workers shows the machine alone
      );
    const take = (text) => {
      const found = live.typed(text, vocabulary);
      field.refuse(found.fault ? found : null);
      if (found.fault) say(found.fault);
      if (!found.name) return;
      [name, counted, read, chosen] = [found.name, null, null, 0];
      count(name);
      go();
    };
    body.append(
      live.dom("div", { class: "live__row" }, label, live.dom("span", { class: "live-watch__pair" }, back, on)),
      status,
      ladder.element,
      quiet("Nats a symbol, the best on top: the mean over names held out to watch by, and over the name below."),
      quiet("It writes, each time with the same dice:"),
      written,
      live.dom("div", { class: "live__row" }, field.element),
      field.note,
      letters.element,
      quiet("Coloured, upper number: the machine; hatched, lower number: Kneser-Ney, which counts. In nats."),
      law.element,
    );
    const restore = ({ step: linked, name: typed }) => {
      const k = stages.findIndex((stage) => stage.step === Number(linked));
      if (k >= 0) slider.value = k;
      touched = false; // to set it up must not replace the link of another view
      field.set(typed || options.name || "jacqueline");
      if (!name) go();
      touched = true;
    };
    if (!live.link.read("watch")) restore({ step: options.step ?? 0 });
    live.link.follow("watch", restore);
  },
});
