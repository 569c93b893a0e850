/* A model as a tree (chapter 15): a beginning forks into one branch for each symbol, and a branch that takes the end mark
   is a name. A text with a dot at its end is a name, any other a beginning; the empty one is the root of all.

   const tree = live.tree(params, vocabulary);
   live.slices(() => tree.reach(texts))    // reads beginnings, a step of the cell at a time; each is read once
   tree.law(text, shape)                   // of what follows a beginning that was reached; `shape` as `live.law.reshape`
   tree.p(text, shape)                     // the chance to begin so, or, with a dot, to be this name
   tree.front(text, state)                 // a beginning, to be searched from: { text, p, state } */
live.part("tree", (live) => {
  "use strict";
  const LEARNED = {}; // the shape that changes nothing

  const make = (params, vocabulary) => {
    const { characters, ids } = vocabulary;
    const states = new Map();

    /* The state after one symbol more. */
    const after = (state, symbol) => live.lstm.step(params, ids.get(symbol), state);

    const reach = function* (texts) {
      if (!states.has("")) states.set("", after(live.lstm.start(params), characters[0]));
      for (const text of texts) {
        for (let k = 1; k <= text.length; k++) {
          const [begun, symbol] = [text.slice(0, k), text[k - 1]];
          if (states.has(begun) || symbol === characters[0]) continue;
          states.set(begun, after(states.get(text.slice(0, k - 1)), symbol));
          yield;
        }
      }
    };

    const law = (text, shape = LEARNED) => live.law.reshape(states.get(text).logits, shape);

    const p = (text, shape = LEARNED) => {
      let product = 1;
      for (let k = 0; k < text.length; k++)
        product = make.both(product, law(text.slice(0, k), shape)[ids.get(text[k])]);
      return product; // (15.1)
    };

    const front = (text, shape) => ({ text, p: p(text, shape), state: states.get(text) });

    return { characters, reach, law, p, front, after, has: (text) => states.has(text) };
  };

  /* The chance of two things, one after the other: it is 0 only where one of them is, however small it gets. */
  make.both = (p, q) => (p > 0 && q > 0 ? Math.max(p * q, Number.MIN_VALUE) : 0);

  /* What a law leaves of one name: whether each of its symbols may still come. */
  make.possible = (laws, symbols) => symbols.every((id, k) => laws[k][id] > 0);

  return make;
});
