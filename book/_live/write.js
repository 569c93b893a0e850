/* Names, invented letter by letter (chapter 14). */
live.part("write", (live) => {
  "use strict";

  /* One name that begins with the ids of `prefix`: { ids, ended }. One that reaches `longest` letters is cut there. */
  const write = (params, { rng, prefix = [], longest = 1000, ...shape }) => {
    const ids = [...prefix];
    let state = live.lstm.read(params, ids)[ids.length];
    while (ids.length < longest) {
      const id = live.law.draw(live.law.reshape(state.logits, shape), rng);
      if (id === 0) return { ids, ended: true };
      ids.push(id);
      state = live.lstm.step(params, id, state);
    }
    return { ids, ended: false };
  };
  return write;
});
