/* The shipped model while it learned: eight stages, each loaded when somebody looks at it, and rivals that count.

   live.stages.steps: how many steps each had; live.stages.load(k): a promise of its parameters;
   live.stages.counts(word): a promise of { costs: { unigram, bigram, trigram, kneser_ney_6 }, what each symbol of a word
   costs; laws: those of the last of them }. `read` and `write` are steps for `live.slices`. */
live.part("stages", (live) => {
  "use strict";
  const CHARACTERS = [...".abcdefghijklmnopqrstuvwxyz"];
  const made = new Map();
  let counting = null;

  const ladder = () => live.data("ladder");
  const vocabulary = live.words.known(CHARACTERS);

  /* The script that holds a stage; the last is the shipped model itself. */
  const script = (k) => (k + 1 < ladder().stages.length ? `stage-${ladder().stages[k].step}` : "trained");

  const load = async (k) => {
    if (!made.has(k)) {
      await live.load([`data-${script(k)}`]);
      made.set(k, live.weights.decode(live.data(script(k))));
    }
    return made.get(k);
  };

  /* What the counting worker does. */
  const body = (live, scope) => {
    let models = null;
    scope.onmessage = ({ data: { names, characters, ids } }) => {
      if (names) {
        const numbers = new Map(characters.map((symbol, id) => [symbol, id]));
        live.data("names", names);
        const coded = live
          .corpus()
          .of("train")
          .map((name) => Array.from(name, (symbol) => numbers.get(symbol)));
        const { counted, kneserNey } = live.ngram;
        const counts = live.counts.count(coded, characters.length, 6);
        models = { unigram: counted(counts, 1), bigram: counted(counts, 2, 0.5), trigram: counted(counts, 3, 0.1) };
        models.kneser_ney_6 = kneserNey(counts, 6); // the k that chapter 3 chose are 0.5 and 0.1
        return;
      }
      const costs = Object.entries(models).map(([name, model]) => [name, live.ngram.surprisals(model, ids)]);
      const laws = [...ids, 0].map((_, read) => live.ngram.law(models.kneser_ney_6, ids.slice(0, read)));
      scope.postMessage({ costs: Object.fromEntries(costs), laws });
    };
  };

  const counter = () => {
    const worker = live.worker(["counts", "ngram", "corpus"], body);
    const waiting = [];
    worker.addEventListener("message", ({ data }) => waiting.shift().resolve(data));
    worker.addEventListener("error", () => waiting.splice(0).forEach(({ reject }) => reject(new Error("no worker"))));
    worker.postMessage({ names: live.data("names"), characters: CHARACTERS });
    return (ids) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage({ ids });
      });
  };

  const counts = async (word) => (counting ??= counter())([...live.words.encode(vocabulary, word)]);

  /* Read a word: { costs, laws } of each of its symbols, the end mark last. */
  const read = function* (params, word) {
    const ids = [...live.words.encode(vocabulary, word), 0];
    let state = live.lstm.start(params);
    const [costs, laws] = [[], []];
    for (const [place, id] of ids.entries()) {
      state = live.lstm.step(params, place ? ids[place - 1] : 0, state);
      laws.push(live.law.softmax(state.logits));
      costs.push(live.law.surprisal(laws[place], id));
      yield;
    }
    return { costs, laws };
  };

  /* Write words, cut after `longest` letters; the same seed brings each place of each word the same luck. */
  const write = function* (params, { count, longest, seed }) {
    const words = [];
    while (words.length < count) {
      const ids = [];
      let state = live.lstm.step(params, 0, live.lstm.start(params));
      for (let id = -1; id !== 0 && ids.length < longest;) {
        yield;
        id = live.law.draw(live.law.softmax(state.logits), live.rng.of(seed, words.length, ids.length));
        if (id === 0) break;
        ids.push(id);
        state = live.lstm.step(params, id, state);
      }
      words.push(live.words.decode(vocabulary, ids) + (ids.length === longest ? "…" : ""));
    }
    return words;
  };

  return { load, counts, read, write, vocabulary };
});
