/* The book's trained machine in this page, and its rivals that count. Both are made once, however many views there are. */
live.part("machine", (live) => {
  "use strict";
  const ORDER = 6; // of Kneser-Ney: it looks five symbols back
  let made = null;
  let begun = null;
  let counts = null;

  /* { params, vocabulary, corpus }. */
  const machine = () => {
    if (!made) {
      const data = live.data("trained");
      let corpus = null; // made when somebody asks for it
      made = {
        params: live.weights.decode(data),
        vocabulary: live.words.known(data.characters),
        get corpus() {
          return (corpus ??= live.corpus());
        },
      };
    }
    return made;
  };

  /* The state before the first letter, from which every name goes on. */
  const first = () => {
    const { params } = machine();
    return (begun ??= live.lstm.step(params, 0, live.lstm.start(params)));
  };

  /* What a worker does: counts the names, and hands the models over without a copy. */
  const count = (live, self) => {
    self.onmessage = ({ data: { names, characters, order } }) => {
      live.data("names", names);
      const ids = new Map(characters.map((symbol, id) => [symbol, id]));
      const encoded = live
        .corpus()
        .of("train")
        .map((name) => Array.from(name, (symbol) => ids.get(symbol)));
      const counts = live.counts.count(encoded, characters.length, order);
      const models = {
        "Kneser-Ney": live.ngram.kneserNey(counts, order),
        "the unigram": live.ngram.counted(counts, 1),
      };
      const arrays = Object.values(models).flatMap(({ levels }) => levels.flatMap((level) => Object.values(level)));
      self.postMessage(models, [...new Set(arrays.filter(ArrayBuffer.isView).map((array) => array.buffer))]);
    };
  };

  /* A promise of the models that count the names that the machine read: { "Kneser-Ney", "the unigram" }. The worker starts
     in a task of its own. */
  machine.counts = () => (counts ??= live.ready().then(() => new Promise(begin)));
  const begin = (resolve, reject) => {
    const { characters } = machine().vocabulary;
    const worker = live.worker(["counts", "ngram", "corpus"], count);
    worker.addEventListener("message", ({ data }) => {
      resolve(data);
      worker.terminate();
    });
    worker.addEventListener("error", () => reject(new Error("the worker that counts did not start")));
    worker.postMessage({ names: live.data("names"), characters, order: ORDER });
  };

  /* A function that reads names, in steps for `live.slices`, and returns the state and the law after each letter. It keeps
     what it read last: a letter more costs one step of the cell. */
  machine.reader = () => {
    let [known, states] = [[], []];
    return function* (name) {
      const { params, vocabulary } = machine();
      const ids = [...live.words.encode(vocabulary, name)];
      const differ = ids.findIndex((id, k) => id !== known[k]);
      states = states.slice(0, (differ < 0 ? ids.length : differ) + 1);
      known = ids.slice(0, Math.max(states.length - 1, 0));
      while (states.length <= ids.length) {
        const before = states.at(-1);
        if (before) known.push(ids[states.length - 1]);
        const state = before ? live.lstm.step(params, known.at(-1), before) : first();
        states.push({ ...state, law: live.law.softmax(state.logits) });
        yield;
      }
      return states;
    };
  };

  /* One name in steps: from a beginning, letter by letter, with this shape; cut after `longest`. `dice(place)` is the
     generator for the symbol at that place, from 0 on. */
  machine.writes = function* (prefix, dice, shape, longest = 30) {
    const { params, vocabulary } = machine();
    const ids = [...live.words.encode(vocabulary, prefix)];
    let state = first();
    for (const id of ids) {
      state = live.lstm.step(params, id, state);
      yield;
    }
    while (ids.length < longest) {
      const id = live.law.draw(live.law.reshape(state.logits, shape), dice(ids.length));
      if (id === 0) return live.words.decode(vocabulary, ids);
      ids.push(id);
      state = live.lstm.step(params, id, state);
      yield;
    }
    return `${live.words.decode(vocabulary, ids)}…`;
  };

  /* Where a name stands: "read", "held out" or "new". */
  machine.known = (name) =>
    ({ train: "read", val: "held out", test: "held out" })[machine().corpus.part(name)] ?? "new";

  live.ahead(machine, () => machine().corpus.rank(""), first);
  return machine;
});
