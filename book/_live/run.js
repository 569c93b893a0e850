/* A training run in the page, step after step: shuffled batches, gradient, clipping, Adam, as `fit` of the library. */
live.part("run", (live) => {
  "use strict";
  const DIVERGED = 10; // a loss this many times that of uniform guessing (or of the first step) is out of bounds

  /* A run of which no step has been taken. `names` are arrays of ids, V the symbols, the end mark counted; `lr` may be
     changed on the way; it rises in a line over `warmup` steps. */
  const start = ({
    names,
    V,
    D = 16,
    H = 32,
    seed = 1,
    lr = 0.01,
    warmup = 20,
    batchSize = 32,
    maxNorm = 1,
    beta2 = 0.99,
    Float = Float32Array,
  }) => {
    const rng = live.rng(seed);
    const params = live.lstm.init({ V, D, H, Float, rng });
    const settings = { lr, warmup, batchSize, maxNorm, beta2 };
    const made = { work: live.bptt.room(params), grads: live.lstm.zeros(params), moments: live.adam.start(params) };
    return { names, rng, params, ...settings, ...made, order: [], first: null, diverged: false };
  };

  /* The names of the next step; the last batch of a pass through the list may be shorter. */
  const deal = (run) => {
    if (!run.order.length) run.order = run.rng.shuffle([...run.names.keys()]);
    return run.order.splice(-run.batchSize).map((place) => run.names[place]);
  };

  /* Take one step: { step, loss, norm, lr }; loss and norm are those before it. A run that diverged takes no more. */
  const next = (run) => {
    const loss = live.bptt.gradients(run.params, deal(run), run.work, run.grads);
    const norm = live.adam.clip(run.grads, run.maxNorm);
    run.first ??= loss;
    const lr = run.lr * Math.min(1, (run.moments.step + 1) / Math.max(1, run.warmup));
    live.adam.update(run.params, run.grads, run.moments, { lr, beta2: run.beta2 });
    run.diverged = !(loss <= DIVERGED * Math.max(Math.log(run.params.V), run.first) && Number.isFinite(norm));
    return { step: run.moments.step, loss, norm, lr };
  };

  return { start, next };
});
