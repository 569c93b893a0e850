/* A training run in the page, step after step: shuffled batches, gradient, clipping, Adam, as `fit` of the library. */
live.part("run", (live) => {
  "use strict";
  const WILD = 10; // a loss this many times that of uniform guessing (or of the first step) is out of bounds,
  const BAD = 1.5; // and so is one above this many times
  const PATIENCE = 20; // in as many steps in a row
  const LAST = 0.03; // the share of its learning rate at which a plan ends

  /* A run of which no step has been taken. `names` are arrays of ids, V the symbols, the end mark counted; `lr` may be
     changed on the way; it rises in a line over `warmup` steps. With `steps`, it then falls, half a cosine, to the share
     `last` of itself, and stays there. */
  const start = ({
    names,
    V,
    D = 16,
    H = 32,
    seed = 1,
    lr = 0.01,
    warmup = 20,
    steps = null,
    last = LAST,
    batchSize = 32,
    maxNorm = 1,
    beta2 = 0.99,
    Float = Float32Array,
  }) => {
    const rng = live.rng(seed);
    const params = live.lstm.init({ V, D, H, Float, rng });
    const settings = { lr, warmup, steps, last, batchSize, maxNorm, beta2 };
    const made = { work: live.bptt.room(params), grads: live.lstm.zeros(params), moments: live.adam.start(params) };
    const run = {
      names,
      rng,
      params,
      ...settings,
      ...made,
      order: [],
      first: null,
      bad: 0,
      diverged: false,
      best: null,
    };
    keep(run, Infinity);
    return run;
  };

  /* The names of the next step; the last batch of a pass through the list may be shorter. */
  const deal = (run) => {
    if (!run.order.length) run.order = run.rng.shuffle([...run.names.keys()]);
    return run.order.splice(-run.batchSize).map((place) => run.names[place]);
  };

  /* The learning rate of the next step. */
  const rate = ({ lr, warmup, steps, last, moments: { step } }) => {
    if (step < warmup) return (lr * (step + 1)) / warmup;
    if (steps === null) return lr;
    const q = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
    return lr * (last + ((1 - last) / 2) * (1 + Math.cos(Math.PI * q))); // (12.3)
  };

  /* Whether a loss says that the steps are too long: it is far out, or it stays above what knowing nothing costs. */
  const lost = (run, loss, norm) => {
    const nothing = Math.max(Math.log(run.params.V), run.first);
    run.bad = loss <= BAD * nothing ? 0 : run.bad + 1;
    return !(loss <= WILD * nothing && Number.isFinite(norm)) || run.bad >= PATIENCE;
  };

  /* Take one step: { step, loss, norm, lr }; loss and norm are those before it. A run that diverged takes no more. */
  const next = (run) => {
    const loss = live.bptt.gradients(run.params, deal(run), run.work, run.grads);
    const norm = live.adam.clip(run.grads, run.maxNorm);
    run.first ??= loss;
    const lr = rate(run);
    live.adam.update(run.params, run.grads, run.moments, { lr, beta2: run.beta2 });
    run.diverged = lost(run, loss, norm);
    return { step: run.moments.step, loss, norm, lr };
  };

  const copied = ({ params, moments: { m, v, step } }) => {
    const { copy } = live.lstm;
    return { params: copy(params), moments: { m: copy(m), v: copy(v), step } };
  };

  /* Remember the weights and the moments of this step, with their loss on names that are not trained on. */
  const keep = (run, nats) => {
    run.best = { ...copied(run), nats };
  };

  /* Go back to what was remembered. */
  const back = (run) => {
    Object.assign(run, copied(run.best), { bad: 0, diverged: false });
  };

  return { LAST, start, next, rate, keep, back };
});
