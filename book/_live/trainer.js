/* The worker that trains: it gets orders and tells what happens, so that the page never waits.

   const trainer = live.trainer({ train, val, test, V, ...settings of `run` }, (told) => ...);   names as arrays of ids
   trainer.say("go") and "pause"; "once" takes one step; "rate" { lr }; "write" { count, ...as `write` }; "read" { ids };
   "judge" scores the test names; "file" { characters }; trainer.end() stops the worker.
   It tells { is: "rung", name, nats } for each model that counts, on the validation names; { is: "moved", step, loss,
   norm, lr } some ten times a second; { is: "score", step, nats } on some validation names every second; "names",
   "read", "judged", "file" when asked; { is: "diverged", step }; { is: "failed", reason }. */
live.part("trainer", (live) => {
  "use strict";
  const PARTS = ["rng", "rows", "lstm", "bptt", "adam", "law", "write", "counts", "ngram", "npz", "weights", "run"];

  /* What the worker does. It is made of this function's text and uses nothing around it. */
  const body = (live, scope) => {
    const SLICE = 60; // milliseconds of work between two looks at the orders
    const ADD_K = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
    const ORDERS = [1, 2, 3, 4, 5, 6, 7]; // of Kneser-Ney, to choose from
    const SOME = 400; // validation names that are scored on the way
    let [run, given, going, told, scored] = [null, null, false, 0, 0];
    const tell = (is, more) => scope.postMessage({ is, ...more });

    /* The lowest loss on the validation names, and the model that has it. */
    const best = (models) => {
      const tried = models.map((model) => ({ model, nats: live.ngram.score(model, given.val) }));
      return tried.reduce((one, other) => (other.nats < one.nats ? other : one));
    };

    /* The ladder: each rung a task of its own, so that orders are heard in between. */
    const rungs = () => {
      const { ngram } = live;
      let counts = null;
      const smoothed = (order) => ADD_K.map((k) => ngram.counted(counts, order, k));
      const tasks = {
        uniform: () => [ngram.uniform(given.V)],
        unigram: () => [ngram.counted((counts = live.counts.count(given.train, given.V, ORDERS.length)), 1)],
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

    const score = () => {
      const names = given.val.slice(0, SOME);
      tell("score", { step: run.moments.step, nats: live.bptt.score(run.params, names, run.work) });
      scored = performance.now();
    };

    const step = () => {
      const moved = live.run.next(run);
      if (performance.now() - told > 100 || !going) {
        tell("moved", moved);
        told = performance.now();
      }
      if (run.diverged) {
        going = false;
        tell("diverged", moved);
      }
    };

    const work = () => {
      const until = performance.now() + SLICE;
      while (going && performance.now() < until) step();
      if (going && performance.now() - scored > 1000) score();
      if (going) setTimeout(work);
    };

    const orders = {
      start(options) {
        given = { ...options, models: {} };
        run = live.run.start({ ...options, names: options.train });
        const waiting = rungs();
        const climb = () => {
          waiting.shift()();
          if (waiting.length) setTimeout(climb);
        };
        setTimeout(climb);
      },
      go() {
        if (going || run.diverged) return;
        going = true;
        work();
      },
      pause() {
        going = false;
        score();
      },
      once: () => run.diverged || step(),
      rate: ({ lr }) => (run.lr = lr),
      write({ count, ...how }) {
        const rng = live.rng(how.seed ?? run.moments.step);
        const names = Array.from({ length: count }, () => live.write(run.params, { longest: 60, ...how, rng }));
        tell("names", { step: run.moments.step, names });
      },
      read({ ids }) {
        tell("read", { step: run.moments.step, steps: live.lstm.read(run.params, ids) });
      },
      judge() {
        const counting = given.models.counting && live.ngram.score(given.models.counting, given.test);
        tell("judged", { nats: live.bptt.score(run.params, given.test, run.work), counting });
      },
      file({ characters }) {
        tell("file", { bytes: live.weights.file(run.params, { characters }, run.moments.step) });
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
    const worker = live.worker(PARTS, body);
    worker.addEventListener("message", ({ data }) => heard(data));
    const say = (order, more = {}) => worker.postMessage({ order, ...more });
    say("start", options);
    return { say, end: () => worker.terminate() };
  };
  return trainer;
});
