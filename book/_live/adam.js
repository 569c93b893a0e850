/* Adam (Kingma and Ba 2015), bias correction included, and the clipping of a gradient that is too long (chapters 11, 12).
   Both write to what they are given: parameters and gradients of `lstm`. */
live.part("adam", (live) => {
  "use strict";

  /* The moments before the first step, and how many steps were taken. */
  const start = (params) => ({ m: live.lstm.zeros(params), v: live.lstm.zeros(params), step: 0 });

  /* The root of the sum of squares of all entries of all tensors. */
  const norm = (grads) => {
    let squares = 0;
    for (const name of live.lstm.TENSORS) for (const d of grads[name]) squares += d * d;
    return Math.sqrt(squares);
  };

  /* Shrink a gradient to `most` if it is longer; returns its length before. One that is not finite stays as it is. */
  const clip = (grads, most) => {
    const length = norm(grads);
    if (length <= most || !Number.isFinite(length)) return length;
    for (const name of live.lstm.TENSORS) {
      const d = grads[name];
      for (let k = 0; k < d.length; k++) d[k] *= most / length; // (12.2)
    }
    return length;
  };

  /* One step; parameters and state are changed. */
  const update = (params, grads, state, { lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }) => {
    state.step += 1;
    const [scaleM, scaleV] = [1 / (1 - beta1 ** state.step), 1 / (1 - beta2 ** state.step)];
    for (const name of live.lstm.TENSORS) {
      const [theta, d, m, v] = [params[name], grads[name], state.m[name], state.v[name]];
      for (let k = 0; k < theta.length; k++) {
        m[k] = beta1 * m[k] + (1 - beta1) * d[k]; // (11.2)
        v[k] = beta2 * v[k] + (1 - beta2) * d[k] * d[k]; // (11.3)
        theta[k] -= (lr * (m[k] * scaleM)) / (Math.sqrt(v[k] * scaleV) + eps); // (11.4) to (11.6)
      }
    }
  };

  return { start, norm, clip, update };
});
