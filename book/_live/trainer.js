/* The worker that trains: it gets orders and tells what happens, so that the page never waits.

   const trainer = live.trainer({ list, seed, ...settings of `run` }, (told) => ...);
   `list` is { names, parts }, the book's, or { text }, pasted; or, in its place, { train, val, test, V }, arrays of ids.
   trainer.say("go") and "pause"; "once" takes one step; "rate" { lr }; "watch" { count, word }: how many names to write,
   and which word to read, on the way; "write" { count, ...as `write` }; "read" { ids }; "judge" { count } scores the test
   names, and looks `count` written names up; "file" { characters }; trainer.end() stops the worker.
   It tells { is: "list", ...as `lists` tells } or { is: "refused", reason }; { is: "rung", name, nats, order } for each
   model that counts; { is: "moved", step, loss, norm, lr, pace } some ten times a second, pace in steps a second;
   { is: "score", step, nats } on some validation names, those of the rungs, at the same steps in every run and where it
   pauses; "names", "read", "judged", "file";
   { is: "diverged", step, loss, back }: it then stands at step `back`, the best so far; { is: "done", step } after the
   last step of a plan; { is: "failed", reason }; { is: "dead" } if the worker itself cannot start or breaks. */
live.part("trainer", (live) => {
  "use strict";
  const PARTS = ["rng", "rows", "lstm", "bptt", "adam", "law", "write", "counts", "ngram", "npz", "weights"];
  const MORE = ["clean", "words", "corpus", "lists", "run"];

  /* What the worker does. It is made of this function's text and uses nothing around it. */
  const body = (live, scope) => {
    const SLICE = 60; // milliseconds of work between two looks at the orders
    const ADD_K = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
    const ORDERS = [1, 2, 3, 4, 5, 6, 7]; // of Kneser-Ney, to choose from
    const SOME = 1000; // validation names, at most, that are scored on the way, and by which the rungs are measured
    const EARLY = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 150]; // steps that are scored, and each hundredth
    let [run, given, going, told, scored, from] = [null, null, false, 0, null, null];
    const tell = (is, more) => scope.postMessage({ is, ...more });

    /* Spread evenly: a list may have an order. */
    const spread = (names) => names.filter((_, place) => place % Math.ceil(names.length / SOME) === 0);

    /* The lowest loss on the validation names, and the model that has it. */
    const best = (models) => {
      const tried = models.map((model) => ({ model, nats: live.ngram.score(model, given.some) }));
      return tried.reduce((one, other) => (other.nats < one.nats ? other : one));
    };

    /* The ladder: each rung a task of its own, so that orders are heard in between. */
    const rungs = () => {
      const { ngram } = live;
      let counts = null;
      const smoothed = (order) => ADD_K.map((k) => ngram.counted(counts, order, k));
      const tasks = {
        uniform: () => [ngram.uniform(given.V)],
        unigram: () => [ngram.counted((counts = live.counts.count(given.train, given.V, ORDERS.length)), 1, 0.01)],
        bigram: () => smoothed(2),
        trigram: () => smoothed(3),
        counting: () => ORDERS.map((order) => ngram.kneserNey(counts, order)),
      };
      return Object.entries(tasks).map(([name, models]) => () => {
        const { model, nats } = best(models());
        given.models[name] = model;
        tell("rung", { name, nats, order: model.order });
      });
    };

    /* Names with what is known of them, if they come from a list. */
    const written = (params, rng, count, how) =>
      Array.from({ length: count }, () => {
        const { ids, ended } = live.write(params, { longest: 60, ...how, rng });
        const word = given.list && live.words.decode(given.list.vocabulary, ids);
        return given.list ? { ids, ended, word, known: ended ? given.list.known(word) : "new" } : { ids, ended };
      });

    const score = () => {
      const { step } = run.moments;
      const nats = live.bptt.score(run.params, given.some, run.work);
      if (nats < run.best.nats) live.run.keep(run, nats);
      tell("score", { step, nats });
      scored = step;
      if (!given.watch) return;
      tell("names", { step, names: written(run.params, live.rng(step), given.watch.count) });
      const ids = live.words.encode(given.list.vocabulary, given.watch.word);
      tell("read", { step, symbols: [...given.watch.word], steps: live.lstm.read(run.params, ids) });
    };

    const ended = () => {
      going = false;
      score();
      tell("done", { step: run.moments.step });
    };

    const step = () => {
      const moved = live.run.next(run);
      from ??= { at: performance.now(), step: moved.step };
      const due = moved.step % 100 === 0 || EARLY.includes(moved.step) || moved.step === run.steps;
      if (performance.now() - told > 100 || !going || due) {
        const seconds = (performance.now() - from.at) / 1000;
        tell("moved", { ...moved, pace: seconds > 0.5 ? (moved.step - from.step) / seconds : null });
        told = performance.now();
      }
      if (run.diverged) {
        going = false;
        live.run.back(run);
        tell("diverged", { ...moved, back: run.moments.step });
      } else if (moved.step === run.steps) ended();
      else if (due) score();
    };

    const work = () => {
      const until = performance.now() + SLICE;
      while (going && performance.now() < until) step();
      if (going) setTimeout(work);
    };

    const listed = ({ list, seed }) => {
      try {
        if (list.names) live.data("names", list);
        given.list = list.names ? live.lists.book() : live.lists.pasted(list.text, seed);
      } catch (error) {
        tell("refused", { reason: error.message });
        return false;
      }
      Object.assign(given, given.list.coded, { V: given.list.told.symbols });
      tell("list", given.list.told);
      return true;
    };

    const orders = {
      start(options) {
        given = { ...options, models: {} };
        if (given.list && !listed(given)) return;
        given.some = spread(given.val);
        run = live.run.start({ ...options, names: given.train, V: given.V });
        const waiting = rungs();
        const climb = () => {
          waiting.shift()();
          if (waiting.length) setTimeout(climb);
          else tell("ready", {});
        };
        setTimeout(climb);
      },
      go() {
        if (going) return;
        [going, from] = [true, null];
        work();
      },
      pause() {
        going = false;
        if (run.moments.step !== scored) score();
      },
      once: () => step(),
      rate: ({ lr }) => (run.lr = lr),
      watch(what) {
        given.watch = what;
      },
      write({ count, ...how }) {
        const rng = live.rng(how.seed ?? run.moments.step);
        tell("names", { step: run.moments.step, names: written(run.params, rng, count, how) });
      },
      read({ ids }) {
        tell("read", { step: run.moments.step, steps: live.lstm.read(run.params, ids) });
      },
      judge({ count = 0 }) {
        const { params, moments } = run.best.nats < Infinity ? run.best : run;
        const counting = given.models.counting && live.ngram.score(given.models.counting, given.test);
        const names = written(params, live.rng(1), count);
        const nats = live.bptt.score(params, given.test, run.work);
        tell("judged", { step: moments.step, nats, counting, order: given.models.counting?.order, names });
      },
      file({ characters = given.list.vocabulary.characters }) {
        const { params, moments } = run.best.nats < Infinity ? run.best : run;
        tell("file", { step: moments.step, bytes: live.weights.file(params, { characters }, moments.step) });
      },
    };

    scope.onmessage = ({ data: { order, ...more } }) => {
      try {
        orders[order](more);
      } catch (error) {
        going = false;
        tell("failed", { reason: error.message });
      }
    };
  };

  const trainer = (options, heard) => {
    const worker = live.worker([...PARTS, ...MORE], body);
    worker.addEventListener("message", ({ data }) => heard(data));
    worker.addEventListener("error", () => heard({ is: "dead" }));
    const say = (order, more = {}) => worker.postMessage({ order, ...more });
    say("start", options);
    return { say, end: () => worker.terminate() };
  };
  return trainer;
});
