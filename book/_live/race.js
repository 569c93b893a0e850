/* Three optimizers in the valley of chapter 11, its weights along the axes or turned.

   live.race.run(rule, { lr, turned, steps }) -> the places (theta1, theta2) before step 1 and after each, until `steps`
   or until one is far out; `rule` is "plain", "momentum" or "adam".
   live.race.valley(place, turned): the same place along and across the valley; live.race.loss(place, turned)
   live.race.arrival(path, turned): the step from which on both stay within 0.01 of the bottom, or null. */
live.part("race", (live) => {
  "use strict";
  const CURVATURE = [1, 100]; // gentle, steep
  const START = [1, 1]; // along and across
  const [NEAR, FAR] = [0.01, 1e6];
  const SIZE = { V: 2, D: 0, H: 0, Float: Float64Array }; // two weights, as the b_y of a machine that has nothing else

  /* Two directions, of the valley and of the weights, 45 degrees apart if it is turned. */
  const r = Math.SQRT1_2;
  const weights = ([along, across], turned) =>
    turned ? [r * (along - across), r * (along + across)] : [along, across];
  const valley = ([one, two], turned) => (turned ? [r * (one + two), r * (two - one)] : [one, two]);

  const loss = (place, turned) => valley(place, turned).reduce((sum, x, k) => sum + (CURVATURE[k] * x * x) / 2, 0);
  const slope = (place, turned) => {
    const bent = valley(place, turned).map((x, k) => CURVATURE[k] * x);
    return weights(bent, turned);
  };

  /* Each rule is a function that moves theta, and keeps its memory. */
  const RULES = {
    plain: (lr) => (theta, d) => theta.forEach((_, k) => (theta[k] -= lr * d[k])), // (11.1)
    momentum(lr) {
      const m = [0, 0];
      return (theta, d) =>
        theta.forEach((_, k) => {
          m[k] = 0.9 * m[k] + 0.1 * d[k]; // (11.2)
          theta[k] -= lr * m[k];
        });
    },
    /* The one that trains the networks. */
    adam(lr) {
      const [params, grads] = [live.lstm.zeros(SIZE), live.lstm.zeros(SIZE)];
      const state = live.adam.start(params);
      return (theta, d) => {
        params.b_y.set(theta);
        grads.b_y.set(d);
        live.adam.update(params, grads, state, { lr });
        theta.splice(0, 2, ...params.b_y);
      };
    },
  };

  const run = (rule, { lr, turned = false, steps = 1500 }) => {
    const theta = weights(START, turned);
    const move = RULES[rule](lr);
    const path = [[...theta]];
    while (path.length <= steps && Math.max(...theta.map(Math.abs)) < FAR) {
      move(theta, slope(theta, turned));
      path.push([...theta]);
    }
    return path;
  };

  const arrival = (path, turned) => {
    const away = path.findLastIndex((place) => valley(place, turned).some((x) => Math.abs(x) > NEAR));
    return away === path.length - 1 ? null : away + 1;
  };

  return { RULES: Object.keys(RULES), CURVATURE, FAR, run, valley, weights, loss, arrival };
});
