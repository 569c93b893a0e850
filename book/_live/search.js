/* Two ways through the tree (chapter 15): a beam, which is fast and may miss the best, and best-first search, which does
   not. Both go on from a beginning that `tree.reach` has read; both are steps for `live.slices`. */
live.part("search", (live) => {
  "use strict";
  const LONGEST = 30; // letters

  /* What a beginning becomes by each symbol that may come. */
  const children = (tree, { text, p, state }, shape) => {
    const law = live.law.reshape(state.logits, shape);
    return tree.characters
      .map((symbol, id) => ({ text: text + symbol, symbol, p: p * law[id], before: state, ended: id === 0 }))
      .filter((child) => child.p > 0);
  };

  const read = (tree, { before, symbol, ...child }) => ({ ...child, state: tree.after(before, symbol) });

  /* A beam from a beginning: after each letter, the `width` most probable of all that its members become, ended or not,
     as [[{ text, p, ended }]]. It stops when nothing that goes on is more probable than a name that it has. */
  const beam = function* (tree, root, width, shape) {
    let going = [tree.front(root, shape)].filter(({ p }) => p > 0);
    let best = 0;
    const rounds = [];
    while (going.length && going[0].p > best && rounds.length < LONGEST) {
      const longer = going.flatMap((each) => children(tree, each, shape));
      const kept = longer.sort((one, other) => other.p - one.p).slice(0, width);
      rounds.push(kept.map(({ text, p, ended }) => ({ text, p, ended })));
      for (const { p, ended } of kept) if (ended) best = Math.max(best, p);
      going = [];
      for (const each of kept.filter(({ ended }) => !ended)) {
        going.push(read(tree, each));
        yield;
      }
    }
    return rounds;
  };

  /* A heap: the most probable on top. */
  const push = (heap, each) => {
    let at = heap.push(each) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (heap[above].p >= each.p) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = each;
  };
  const pop = (heap) => {
    const [top, last] = [heap[0], heap.pop()];
    if (!heap.length) return top;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && heap[below + 1].p > heap[below].p) below += 1;
      if (last.p >= heap[below].p) break;
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = last;
    return top;
  };

  /* The most probable names that begin so, in order, with how many beginnings were opened until each was out:
     [{ text, p, opened }], perhaps fewer than `count`: it gives up after `most` openings. */
  const best = function* (tree, root, shape, { count = 1, most = Infinity } = {}) {
    const queue = [tree.front(root, shape)].filter(({ p }) => p > 0);
    const found = [];
    let opened = 0;
    while (queue.length && found.length < count && opened < most) {
      const top = pop(queue); // nothing still to come is more probable
      if (top.ended) {
        found.push({ text: top.text, p: top.p, opened });
        continue;
      }
      opened += 1;
      const open = top.state ? top : read(tree, top);
      for (const child of children(tree, open, shape)) push(queue, child);
      yield opened;
    }
    return found;
  };

  return { beam, best };
});
