/* Which real names a cut makes impossible: live.lost({ names, go, work }) gives { element, show(shape) }.
   `names()` gives the names, and is asked when they are needed.
   Each name is read once, when the first cut is made; `go(name)` hears that one was pressed. */
live.part("lost", (live) => {
  "use strict";
  const SHOWN = 8; // of the names that are lost

  /* Names with the logits before each of their symbols. */
  const read = function* (params, vocabulary, names) {
    const found = [];
    for (const name of names) {
      const ids = [...live.words.encode(vocabulary, name)];
      let state = live.lstm.start(params);
      const logits = [];
      for (const id of [0, ...ids]) {
        state = live.lstm.step(params, id, state);
        logits.push(state.logits);
        yield;
      }
      found.push({ name, ids: [...ids, 0], logits });
    }
    return found;
  };

  /* Those of which a symbol can no longer come. */
  const gone = function* (known, shape) {
    const found = [];
    for (const { name, ids, logits } of known) {
      if (!logits.every((each, k) => live.law.reshape(each, shape)[ids[k]] > 0)) found.push(name);
      yield;
    }
    return found;
  };

  const lost = ({ names, go, work }) => {
    const { params, vocabulary } = live.machine();
    const words = live.dom("p", { class: "live__note" });
    const list = live.dom("div", { class: "live-tree__names" });
    const element = live.dom("div", {}, words, list);
    let [known, all] = [null, null];
    const show = async (shape) => {
      all ??= names();
      if (shape.topP !== null && !known) words.textContent = `Reading ${all.length} real names …`;
      const without = await work("lost", function* () {
        if (shape.topP === null) return [];
        known ??= yield* read(params, vocabulary, all);
        return yield* gone(known, shape);
      });
      const real = `Of ${all.length} real names that it never read,`;
      words.textContent = without.length
        ? `${real} ${without.length} can no longer be written, among them:`
        : `${real} all can still be written${shape.topP === null ? ": nothing is cut" : ""}.`;
      const each = (name) =>
        live.dom("button", { type: "button", class: "live__button", onclick: () => go(`${name}.`) }, name);
      list.replaceChildren(...without.slice(0, SHOWN).map(each));
      return words.textContent;
    };
    return { element, show };
  };
  return lost;
});
