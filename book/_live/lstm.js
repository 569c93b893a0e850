/* The LSTM of chapter 6: its parameters, one step of the cell forward and back, and a name read symbol by symbol.
   Row vectors; the columns of W_x, W_h and b are four blocks of H: i, f, g, o. The end mark is symbol 0. */
live.part("lstm", (live) => {
  "use strict";
  const TENSORS = ["E", "W_x", "W_h", "b", "W_y", "b_y"];

  /* How many numbers each tensor has: E (V, D), W_x (D, 4H), W_h (H, 4H), b (4H), W_y (H, V), b_y (V). */
  const sizes = ({ V, D, H }) => ({ E: V * D, W_x: D * 4 * H, W_h: H * 4 * H, b: 4 * H, W_y: H * V, b_y: V });

  /* A record like these parameters, all zeros: gradients, moments. */
  const zeros = ({ V, D, H, Float }) => {
    const record = { V, D, H, Float };
    for (const [name, size] of Object.entries(sizes(record))) record[name] = new Float(size);
    return record;
  };

  /* Random parameters: E normal, weights uniform within 1/sqrt(H), biases 0 but the forget gate's. */
  const init = ({ V, D, H, rng, Float = Float32Array, forgetBias = 1 }) => {
    const params = zeros({ V, D, H, Float });
    const bound = 1 / Math.sqrt(H);
    params.E.forEach((_, k) => (params.E[k] = rng.normal()));
    for (const name of ["W_x", "W_h", "W_y"]) {
      params[name].forEach((_, k) => (params[name][k] = bound * (2 * rng.uniform() - 1)));
    }
    params.b.fill(forgetBias, H, 2 * H);
    return params;
  };

  /* A copy that nothing else writes to. */
  const copy = (params) => {
    const record = { ...params };
    for (const name of TENSORS) record[name] = params[name].slice();
    return record;
  };

  /* The state before the first symbol. */
  const start = ({ H, Float }) => ({ h: new Float(H), c: new Float(H) });

  const sigmoid = (a) => 1 / (1 + Math.exp(-a)); // (6.3)

  /* One row of the cell: `a` (4H, from place `at` times 4H on) becomes the gates; c, tanhC and h are filled. */
  const cell = (a, c, tanhC, h, at, H, cPrev, prevAt) => {
    const [i, f, g, o] = [4 * at * H, (4 * at + 1) * H, (4 * at + 2) * H, (4 * at + 3) * H];
    for (let k = 0; k < H; k++) {
      const kept = (a[f + k] = sigmoid(a[f + k])); // (6.4)
      const written = (a[i + k] = sigmoid(a[i + k])); // (6.5)
      const candidate = (a[g + k] = Math.tanh(a[g + k])); // (6.6)
      const held = (c[at * H + k] = kept * cPrev[prevAt * H + k] + written * candidate); // (6.7)
      const shown = (a[o + k] = sigmoid(a[o + k])); // (6.8)
      h[at * H + k] = shown * (tanhC[at * H + k] = Math.tanh(held)); // (6.9)
    }
  };

  /* The same row back: the gates become da. `dc` (H, from place `dcAt` on) is what the next step sends back along c;
     it becomes what this step sends to the one before. `dh` is the whole gradient of h. */
  const cellBack = (gates, tanhC, dh, at, H, cPrev, prevAt, dc, dcAt) => {
    const [i, f, g, o] = [4 * at * H, (4 * at + 1) * H, (4 * at + 2) * H, (4 * at + 3) * H];
    for (let k = 0; k < H; k++) {
      const [written, kept, candidate, shown] = [gates[i + k], gates[f + k], gates[g + k], gates[o + k]];
      const squashed = tanhC[at * H + k];
      const dShown = dh[at * H + k] * squashed; // (7.10)
      const dHeld = dh[at * H + k] * shown * (1 - squashed * squashed) + dc[dcAt * H + k]; // (7.3)
      gates[f + k] = dHeld * cPrev[prevAt * H + k] * kept * (1 - kept); // (7.4), (7.5)
      gates[i + k] = dHeld * candidate * written * (1 - written); // (7.6), (7.7)
      gates[g + k] = dHeld * written * (1 - candidate * candidate); // (7.8), (7.9)
      gates[o + k] = dShown * shown * (1 - shown); // (7.11)
      dc[dcAt * H + k] = dHeld * kept; // the second term of (7.3), one step earlier
    }
  };

  /* One symbol: from a state to { i, f, g, o, c, tanhC, h, logits }, each new; it is a state itself. */
  const step = (params, id, { h, c }) => {
    const { V, D, H, Float } = params;
    const a = params.b.slice();
    live.rows.times(params.E, id * D, params.W_x, a, 0, 1, D, 4 * H); // (6.1), (6.2)
    live.rows.times(h, 0, params.W_h, a, 0, 1, H, 4 * H);
    const next = { c: new Float(H), tanhC: new Float(H), h: new Float(H), logits: params.b_y.slice() };
    cell(a, next.c, next.tanhC, next.h, 0, H, c, 0);
    live.rows.times(next.h, 0, params.W_y, next.logits, 0, 1, H, V); // (6.10)
    ["i", "f", "g", "o"].forEach((gate, k) => (next[gate] = a.subarray(k * H, (k + 1) * H)));
    return next;
  };

  /* A name, as ids without the end mark: a step after the end mark, and one after each letter (letters + 1). */
  const read = (params, ids) => {
    let state = start(params);
    return [0, ...ids].map((id) => (state = step(params, id, state)));
  };

  return { TENSORS, sizes, zeros, init, copy, start, cell, cellBack, step, read };
});
