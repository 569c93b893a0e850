/* What a picture of the tree shows, as a list: each beginning before what grows out of it, the likeliest branch first.

   live.branches(tree, { root, open, always, shape })
     `open`: how many of its likeliest branches each open beginning shows; `always`: texts that are shown in any case.
   Each is { text, kind, level, row, p, was, place, of }: `kind` is "open", "closed", "name" or "others", those of a fork
   that have no branch of their own (with their `count`, and how many of them are `cut`); `p` is the chance to begin so,
   `was` that chance in the law as it was learned; it is number `place` `of` so many at its fork. Temperature and top-p
   change no order, so nothing moves where they do. */
live.part("branches", (live) => {
  "use strict";
  const branches = (tree, { root, open, always, shape }) => {
    const { both } = live.tree;
    const nodes = [];
    let rows = 0;
    const end = (node) => nodes.push({ ...node, row: rows++ });

    /* The ids of a fork that get a branch, and the others. */
    const parted = (text, learned) => {
      const order = [...learned.keys()].sort((one, other) => learned[other] - learned[one] || one - other);
      const wanted = (id, place) => {
        const longer = text + tree.characters[id];
        return place < open.get(text) || always.has(longer) || open.has(longer);
      };
      const shown = order.filter(wanted);
      const others = order.filter((id, place) => !wanted(id, place));
      return others.length === 1 ? [order, []] : [shown, others]; // one alone has a name
    };

    const fork = (node) => {
      const [law, learned] = [tree.law(node.text, shape), tree.law(node.text)];
      const [shown, others] = parted(node.text, learned);
      const of = shown.length + (others.length ? 1 : 0);
      const sum = (values) => others.reduce((total, id) => total + values[id], 0);
      const at = { level: node.level + 1, of };
      shown.forEach((id, k) => {
        const text = node.text + tree.characters[id];
        grow({ ...at, text, p: both(node.p, law[id]), was: both(node.was, learned[id]), place: k + 1 });
      });
      if (!others.length) return;
      const cut = others.filter((id) => law[id] === 0).length;
      const rest = { p: both(node.p, sum(law)), was: both(node.was, sum(learned)), count: others.length, cut };
      end({ ...at, ...rest, text: node.text, kind: "others", place: of });
    };

    const grow = (node) => {
      if (node.text.endsWith(tree.characters[0])) return end({ ...node, kind: "name" });
      if (!open.has(node.text)) return end({ ...node, kind: "closed" });
      const mine = nodes.push(node) - 1;
      const first = nodes.length;
      fork(node);
      const ends = nodes.slice(first).filter(({ level }) => level === node.level + 1);
      return (nodes[mine] = { ...node, kind: "open", row: (ends[0].row + ends.at(-1).row) / 2 });
    };

    grow({ text: root, level: 0, p: tree.p(root, shape), was: tree.p(root), place: 1, of: 1 });
    return nodes;
  };

  /* Of what begins with the root: the share that has a branch in the picture, and the share of whole names. */
  branches.shares = (nodes) => {
    const all = nodes[0].p;
    const sum = (kinds) => nodes.reduce((total, { kind, p }) => (kinds.includes(kind) ? total + p : total), 0);
    return all > 0 ? { drawn: sum(["closed", "name"]) / all, names: sum(["name"]) / all } : { drawn: 0, names: 0 };
  };

  return branches;
});
