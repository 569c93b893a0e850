/* What the tests of the live machine ask its engine, by name: numbers and texts in, numbers and texts out. */
(() => {
  "use strict";
  const latin = live.words.known([...".abcdefghijklmnopqrstuvwxyz"]);
  const encode = (words, vocabulary = latin) => words.map((word) => live.words.encode(vocabulary, word));
  const decoded = (which) => live.weights.decode(live.data(which));
  const numbers = (params) => Object.fromEntries(live.lstm.TENSORS.map((name) => [name, Array.from(params[name])]));

  /* Parameters in double precision from lists of numbers. */
  const double = (size, lists) => {
    const params = { ...size, Float: Float64Array };
    for (const name of live.lstm.TENSORS) params[name] = Float64Array.from(lists[name]);
    return params;
  };

  /* What a call says when it refuses. */
  const refusal = (call) => {
    try {
      return call();
    } catch (error) {
      return error.message;
    }
  };

  const trained = { counts: null };

  /* All counts of the book's training names, made once. */
  const counts = () => {
    const { of } = live.corpus();
    trained.counts ??= live.counts.count(encode(of("train")), 27, 6);
    return trained.counts;
  };
  const surprisals = (model, names) =>
    names.map((name) => Array.from(live.ngram.surprisals(model, name), (nats) => Math.min(nats, 1e300)));

  window.questions = {
    words: (state, count) => Array.from({ length: count }, live.rng(0, state).word),
    firsts: (seeds) => seeds.map((seed) => live.rng(seed).word()),
    chance(count) {
      const rng = live.rng(17);
      const some = (make) => Array.from({ length: count }, make);
      const order = () => rng.shuffle([0, 1, 2]).join("");
      return [some(rng.uniform), some(rng.normal), some(() => rng.integer(7)), some(order)];
    },

    weights: (which) => numbers(decoded(which)),
    laws(which, names) {
      const params = decoded(which);
      const laws = (name) => live.lstm.read(params, name).map(({ logits }) => Array.from(live.law.softmax(logits)));
      return encode(names, live.words.known(live.data(which).characters)).map(laws);
    },
    states(which, name) {
      const vocabulary = live.words.known(live.data(which).characters);
      const steps = live.lstm.read(decoded(which), encode([name], vocabulary)[0]);
      const parts = ["i", "f", "g", "o", "c", "h"];
      return Object.fromEntries(parts.map((part) => [part, steps.map((step) => Array.from(step[part]))]));
    },
    start: (size) => numbers(live.lstm.init({ ...size, rng: live.rng(3) })),

    gradients(size, lists, names) {
      const params = double(size, lists);
      const grads = live.lstm.zeros(params);
      return [live.bptt.gradients(params, encode(names), live.bptt.room(params), grads), numbers(grads)];
    },
    adam(size, lists, batches, most, how) {
      const params = double(size, lists);
      const [grads, state, work] = [live.lstm.zeros(params), live.adam.start(params), live.bptt.room(params)];
      const norms = batches.map((names) => {
        live.bptt.gradients(params, encode(names), work, grads);
        const norm = live.adam.clip(grads, most);
        live.adam.update(params, grads, state, how);
        return norm;
      });
      return [norms, numbers(params)];
    },
    clipNothing() {
      const grads = live.lstm.zeros({ V: 2, D: 1, H: 1, Float: Float64Array });
      [grads.b[0], grads.E[0]] = [NaN, 9];
      return [Number.isNaN(live.adam.clip(grads, 1)), grads.E[0]];
    },

    reshape: (rows, shape) => rows.map((logits) => Array.from(live.law.reshape(logits, shape))),
    refusedShape: (shape) => refusal(() => live.law.reshape([0, 1], shape)),
    surprise: () => [live.law.surprisal([0.25, 0.75], 0), live.law.entropy([0.5, 0, 0.25, 0.25])],
    draw(law, count) {
      const rng = live.rng(14);
      const drawn = law.map(() => 0);
      for (let k = 0; k < count; k++) drawn[live.law.draw(law, rng)] += 1;
      return drawn;
    },
    write(which, count, how) {
      const [params, rng] = [decoded(which), live.rng(15)];
      const names = Array.from({ length: count }, () => live.write(params, { rng, ...how }));
      return names.map(({ ids, ended }) => [live.words.decode(latin, ids), ended]);
    },

    kneserNey(order, names, prefixes) {
      const model = live.ngram.kneserNey(counts(), order);
      const laws = encode(prefixes).map((prefix) => Array.from(live.ngram.law(model, prefix)));
      return [surprisals(model, encode(names)), laws];
    },
    counted(order, addK, names) {
      const model = order ? live.ngram.counted(counts(), order, addK) : live.ngram.uniform(27);
      return [surprisals(model, encode(names)), Math.min(1e300, live.ngram.score(model, encode(names)))];
    },
    smallKneserNey(names, order) {
      const vocabulary = live.words.vocabulary(names);
      const coded = encode(names, vocabulary);
      const all = live.counts.count(coded, vocabulary.characters.length, order);
      return surprisals(live.ngram.kneserNey(all, order), coded);
    },

    /* Words as lists of UTF-16 numbers: half of a pair has no other way into the browser. */
    clean: (coded) =>
      coded.map((codes) => {
        const word = String.fromCharCode(...codes);
        return refusal(() => ({ word: live.clean(word) }));
      }),
    read: (text, limits) => refusal(() => live.words.read(text, limits)),
    readAll(text) {
      const list = live.words.read(text);
      const vocabulary = live.words.vocabulary(list.words);
      return [list, vocabulary.characters, encode(list.words, vocabulary).map((ids) => Array.from(ids))];
    },
    readMany(count) {
      const letter = (k) => String.fromCharCode(97 + (k % 26));
      const word = (_, k) => letter(k) + letter(k / 26) + letter(k / 676) + letter(k / 17576);
      return refusal(() => live.words.read(Array.from({ length: count }, word).join("\n")).words.length);
    },
    readHuge: () => refusal(() => live.words.read("a".repeat(5_000_001))),
    unknown: (text) => live.words.unknown(text, latin),
    unknownHalf: () => live.words.unknown("a\ud83db", latin).map(({ code }) => code),
    partSizes: (totals) => totals.map((total) => live.words.partSizes(total, [0.8, 0.1, 0.1])),
    split: (words) => live.words.split(words, live.rng(1)),
    corpus(names) {
      const { names: all, of, rank, part } = live.corpus();
      return [
        all.length,
        of("val"),
        ["james", "zzz"].map((name) => rank(name) ?? 0),
        names.map((name) => part(name) ?? ""),
      ];
    },

    file(words, steps) {
      const vocabulary = live.words.vocabulary(words);
      const names = encode(words, vocabulary);
      const run = live.run.start({ names, V: vocabulary.characters.length, D: 5, H: 7, seed: 9 });
      for (let k = 0; k < steps; k++) live.run.next(run);
      const bytes = live.weights.file(run.params, vocabulary, steps);
      const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
      return [btoa(text), live.bptt.score(run.params, names)];
    },
    learn(steps) {
      const names = encode(live.corpus().of("val").slice(0, 500));
      const run = live.run.start({ names, V: 27, seed: 2 });
      const before = live.bptt.score(run.params, names);
      const taken = Array.from({ length: steps }, () => live.run.next(run));
      return { before, after: live.bptt.score(run.params, names), first: taken[0], last: taken[steps - 1] };
    },
    diverge(most) {
      const names = encode(live.corpus().of("val").slice(0, 500));
      const run = live.run.start({ names, V: 27, seed: 2, lr: 1e6, maxNorm: Infinity, warmup: 0 });
      while (!run.diverged && run.moments.step < most) live.run.next(run);
      return [run.diverged, run.moments.step];
    },

    /* A worker is told to train a little, then asked everything; all that it says. */
    work: () =>
      new Promise((done) => {
        const names = encode(live.corpus().of("val"));
        const [train, val, test] = [names.slice(0, 900), names.slice(900, 1100), names.slice(1100, 1200)];
        const told = [];
        let asked = false;
        const trainer = live.trainer({ train, val, test, V: 27, seed: 3 }, (each) => {
          told.push({ ...each, bytes: each.bytes?.length, steps: each.steps?.length });
          const rungs = told.filter(({ is }) => is === "rung").length;
          if (each.is === "rung" && rungs === 5) for (const order of ["once", "once", "go"]) trainer.say(order);
          if (each.is === "moved" && each.step > 30 && !asked) {
            asked = true;
            trainer.say("pause");
            trainer.say("write", { count: 3, temperature: 0.5 });
            trainer.say("read", { ids: [1, 2] });
            trainer.say("judge");
            trainer.say("nonsense");
            trainer.say("file", { characters: latin.characters });
          }
          if (each.is !== "file") return;
          trainer.end();
          done(told);
        });
      }),
  };
})();
