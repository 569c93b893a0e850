/* The tree of beginnings (chapters 14 and 15): open its branches, reshape and cut the law, follow a beam. */
live.view("tree", {
  question: "Does the widest branch at each fork lead to the most probable name?",
  move:
    "Press the widest branch that has a letter, the top one, then the top one of its own, until a name ends. Then ask for " +
    "the most probable names.",
  takeaway:
    "No. From mar the widest branches lead to marianna; marlene, behind a branch half as wide, comes almost three times as " +
    "often. Temperature makes branches wider or thinner, and closes none. Top-p closes them, with every name behind: at " +
    "0.9, half of the real names that the machine never read can no longer be written.",

  /* Options: `from` and `name` to begin with, `without`: "search" or "cut", what is left out; and those of the frame. */
  mount(place, options) {
    "use strict";
    const BASIC = {
      from: options.from ?? "mar",
      name: options.name ?? "",
      t: "1",
      p: "1",
      open: "",
      all: "",
      beam: "0",
    };
    const { body, say, busy } = live.frame(place, this, options);
    const { params, vocabulary } = live.machine();
    const tree = live.tree(params, vocabulary);
    const grown = live.grown(tree);

    const work = async (name, steps) => {
      busy(name, true);
      const done = await live.slices(steps, `tree ${name}`);
      busy(name, false);
      return done;
    };
    const where = () => ({ root: grown.root, shape: dials.shape });
    const state = () => ({ ...grown.state(), ...dials.values, ...searches?.state() });
    const keep = () => live.link.write("tree", state());

    /* ---- what is seen ---- */
    const picture = live.treePicture({
      label: "The tree of beginnings",
      choose(node) {
        grown.chosen = live.treePicture.key(node);
        show(true);
      },
      async turn(node, open) {
        await work("opening", () => grown.turn(node, open));
        show(true);
      },
    });
    const [words, shares] = ["live__result", "live__note"].map((kind) => live.dom("p", { class: kind }));
    const show = (kept = false) => {
      const beam = { opens: searches?.opens() ?? [], always: searches?.always() ?? [], kept: searches?.kept() ?? [] };
      const nodes = grown.nodes(dials.shape, beam);
      picture.show(nodes, { chosen: grown.chosen, kept: new Set(beam.kept) });
      words.textContent = live.treeWords.chosen(tree, nodes, grown.chosen, dials.shape);
      shares.textContent = live.treeWords.shares(nodes);
      here.disabled = !grown.mayBegin();
      if (kept) {
        keep();
        say(words.textContent);
      }
    };

    /* ---- what the reader does ---- */
    const restart = async (values) => {
      if (!searches) return;
      await searches.restart(values);
      await work("opening", () => grown.reach(searches.opens()));
    };
    let waiting = 0;
    const reshaped = () => {
      show(true);
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        await restart();
        show(true);
        const said = await lost?.show(dials.shape);
        if (said) say(said);
      }, 150);
    };
    const dials = live.shapeDials({ changed: reshaped });
    const field = live.typed.field({ label: "Show the way to a name", value: "", changed: (text) => take(text) });
    const take = async (text, kept = true) => {
      const found = live.typed(text, vocabulary);
      field.refuse(found);
      if (found.fault) return say(found.fault);
      await work("opening", () => grown.lead(found.name));
      return show(kept);
    };
    const go = (text) => {
      const name = text.slice(0, -1);
      field.put(name);
      return name ? take(name) : undefined;
    };
    const begin = async (text) => {
      field.put("");
      await work("opening", () => grown.begin(text));
      await restart();
      show(true);
    };
    const button = (label, onclick) => live.dom("button", { type: "button", class: "live__button", onclick }, label);
    const here = button("Begin at the chosen branch", () => begin(grown.chosen));
    const searches =
      options.without === "search"
        ? null
        : live.searches({
            tree,
            where,
            go,
            work,
            async changed(sentence, fresh = false) {
              if (fresh) grown.fold();
              await work("opening", () => grown.reach(searches.opens()));
              show(true);
              say(sentence);
            },
          });
    const some = () =>
      live
        .machine()
        .corpus.of("test")
        .filter((_, k) => k % 18 === 0)
        .slice(0, 200);
    const lost = options.without === "cut" ? null : live.lost({ names: some, go, work });

    const row = (...parts) => live.dom("div", { class: "live__row" }, ...parts);
    const legend = live.dom("p", { class: "live__legend" }, live.treeWords.legend);
    body.append(
      row(...dials.elements),
      row(
        field.element,
        here,
        button("Begin at the start", () => begin("")),
      ),
      field.note,
      picture.element,
      words,
      shares,
      ...(searches?.elements ?? []),
      ...(lost ? [lost.element] : []),
      legend,
      row(...live.copyButton(() => live.link.address("tree", state()))),
    );
    const restore = async (values) => {
      const all = { ...BASIC, ...values };
      dials.set(all);
      await work("opening", () => grown.restore(all));
      field.put(grown.name);
      await restart({ beam: all.beam, letters: all.letters ?? 0 });
      show();
      lost?.show(dials.shape);
    };
    if (!live.link.read("tree")) restore({});
    live.link.follow("tree", restore);
  },
});
