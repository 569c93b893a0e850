/* Many names at once, forward and backward through time (chapters 7 to 9). Names stand side by side, the longest first,
   and each step has rows only for those that go on: padding has no row, so the mask of (9.2) and (9.3) is 1. */
live.part("bptt", (live) => {
  "use strict";

  /* Names (arrays of ids, without the end mark) as a batch of N rows: step t has rows starts[t] to starts[t + 1]. */
  const batch = (names) => {
    const sorted = [...names].sort((one, other) => other.length - one.length);
    const T = sorted[0].length + 1; // the letters, and the end mark
    const starts = new Int32Array(T + 1);
    for (let t = 0; t < T; t++) starts[t + 1] = starts[t] + sorted.filter((name) => name.length >= t).length;
    const N = starts[T]; // (9.1)
    const [ids, targets] = [new Int32Array(N), new Int32Array(N)];
    for (let t = 0; t < T; t++) {
      for (let row = starts[t]; row < starts[t + 1]; row++) {
        const name = sorted[row - starts[t]];
        ids[row] = t > 0 ? name[t - 1] : 0;
        targets[row] = t < name.length ? name[t] : 0;
      }
    }
    return { T, N, starts, ids, targets };
  };

  /* Room for the numbers of a pass; it grows, and is used again by the next one. */
  const room = (params) => {
    const { V, D, H, Float } = params;
    const widths = { gates: 4 * H, c: H, tanhC: H, h: H, z: V, dh: H, dc: H };
    const held = { rows: 0, table: new Float(V * 4 * H), before: new Float(H), V, D, H };
    held.for = (N) => {
      if (N > held.rows) for (const name in widths) held[name] = new Float(N * widths[name]);
      held.rows = Math.max(N, held.rows);
      return held;
    };
    return held;
  };

  /* Set N rows of `out` (N, m) to one row. */
  const each = (out, row, N, m) => {
    for (let r = 0; r < N; r++) for (let j = 0; j < m; j++) out[r * m + j] = row[j];
  };

  /* Fill `work` with gates, c, tanhC, h and, in z, the logits of every row. */
  const forward = (params, { T, N, starts, ids }, work) => {
    const { V, D, H } = params;
    const { gates, c, tanhC, h, z, table, before } = work.for(N);
    each(table, params.b, V, 4 * H);
    live.rows.times(params.E, 0, params.W_x, table, 0, V, D, 4 * H); // (6.1): a row for each symbol
    for (let t = 0; t < T; t++) {
      const [first, end, above] = [starts[t], starts[t + 1], starts[Math.max(t - 1, 0)]];
      for (let row = first; row < end; row++) {
        const from = ids[row] * 4 * H;
        for (let j = 0; j < 4 * H; j++) gates[row * 4 * H + j] = table[from + j];
      }
      if (t > 0) live.rows.times(h, above * H, params.W_h, gates, first * 4 * H, end - first, H, 4 * H); // (6.2)
      for (let row = first; row < end; row++) {
        live.lstm.cell(gates, c, tanhC, h, row, H, t > 0 ? c : before, t > 0 ? above + row - first : 0);
      }
    }
    each(z, params.b_y, N, V);
    live.rows.times(h, 0, params.W_y, z, 0, N, H, V); // (6.10)
    return work;
  };

  /* The mean of -ln p of the targets, in nats; each row of z becomes dz. */
  const loss = ({ N, targets }, { V, z }) => {
    let nats = 0;
    for (let row = 0; row < N; row++) {
      const [from, to] = [row * V, (row + 1) * V];
      let [most, total] = [-Infinity, 0];
      for (let j = from; j < to; j++) most = Math.max(most, z[j]);
      const target = z[from + targets[row]] - most;
      for (let j = from; j < to; j++) total += z[j] = Math.exp(z[j] - most);
      nats += Math.log(total) - target; // (9.2)
      for (let j = from; j < to; j++) z[j] /= total * N; // (6.11)
      z[from + targets[row]] -= 1 / N; // (9.3)
    }
    return nats / N;
  };

  /* The gradients, written over `grads`, from what `forward` and `loss` left in `work`, which is used up. */
  const backward = (params, { T, N, starts, ids }, work, grads) => {
    const { V, D, H } = params;
    const { gates, c, tanhC, h, z, dh, dc, table, before } = work;
    for (const name of live.lstm.TENSORS) grads[name].fill(0);
    dh.fill(0, 0, N * H);
    dc.fill(0, 0, (starts[1] - starts[0]) * H); // nothing comes back from beyond the last step
    live.rows.timesTurned(z, 0, params.W_y, dh, 0, N, H, V); // (8.2), the part through the output
    for (let t = T - 1; t >= 0; t--) {
      const [first, end, above] = [starts[t], starts[t + 1], starts[Math.max(t - 1, 0)]];
      for (let row = first; row < end; row++) {
        const column = row - first;
        live.lstm.cellBack(gates, tanhC, dh, row, H, t > 0 ? c : before, t > 0 ? above + column : 0, dc, column);
      }
      if (t > 0) {
        live.rows.timesTurned(gates, first * 4 * H, params.W_h, dh, above * H, end - first, H, 4 * H); // (8.2)
        live.rows.outer(h, above * H, gates, first * 4 * H, grads.W_h, end - first, H, 4 * H); // (8.3)
      }
    }
    table.fill(0); // now the sum of da over all rows that read a symbol
    for (let row = 0; row < N; row++) {
      for (let j = 0; j < 4 * H; j++) table[ids[row] * 4 * H + j] += gates[row * 4 * H + j];
    }
    live.rows.outer(params.E, 0, table, 0, grads.W_x, V, D, 4 * H); // (8.4)
    live.rows.sum(table, grads.b, V, 4 * H); // (8.5)
    live.rows.outer(h, 0, z, 0, grads.W_y, N, H, V); // (8.6)
    live.rows.sum(z, grads.b_y, N, V); // (8.7)
    live.rows.timesTurned(table, 0, params.W_x, grads.E, 0, V, D, 4 * H); // (8.8), (9.4)
    return grads;
  };

  /* Loss and gradients of a batch: the three calls in a row. */
  const gradients = (params, names, work, grads) => {
    const made = batch(names);
    const nats = loss(made, forward(params, made, work));
    backward(params, made, work, grads);
    return nats;
  };

  /* The mean surprise of a list of names, in nats per predicted symbol, a few hundred names at a time. */
  const score = (params, names, work = room(params)) => {
    let [nats, symbols] = [0, 0];
    for (let first = 0; first < names.length; first += 256) {
      const made = batch(names.slice(first, first + 256));
      nats += loss(made, forward(params, made, work)) * made.N;
      symbols += made.N;
    }
    return nats / symbols;
  };

  return { batch, room, forward, loss, backward, gradients, score };
});
