/* What the tests of the tree ask its parts: in double precision, in lists. */
(() => {
  "use strict";
  const latin = live.words.known([...".abcdefghijklmnopqrstuvwxyz"]);

  /* What a generator returns. */
  const all = (steps) => {
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  };

  /* Beginnings are read in the tree of these parameters; then what is asked of it. */
  window.questions.tree = (size, lists, texts, what, ...more) => {
    const params = { ...size, Float: Float64Array };
    for (const name of live.lstm.TENSORS) params[name] = Float64Array.from(lists[name]);
    const tree = live.tree(params, latin);
    all(tree.reach(texts));
    const calls = {
      p: (shape) => texts.map((text) => tree.p(text, shape)),
      beam: (root, width, shape) => all(live.search.beam(tree, root, width, shape)),
      best: (root, shape, limits) => all(live.search.best(tree, root, shape, limits)),
      branches(root, open, always, shape) {
        const nodes = live.branches(tree, { root, open: new Map(open), always: new Set(always), shape });
        return [nodes, live.branches.shares(nodes)];
      },
    };
    return calls[what](...more);
  };
})();
