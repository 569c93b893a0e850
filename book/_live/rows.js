/* Row vectors and matrices: the three sums of which a network is made. A matrix lies in one piece, row after row;
   inner loops run along a row of it. `At` is where the first row begins. All three add to what is there. */
live.part("rows", () => {
  "use strict";

  /* out += x W, for N rows: x (N, n), W (n, m), out (N, m). Four rows of W at a time. */
  const times = (x, xAt, W, out, outAt, N, n, m) => {
    const whole = n - (n % 4);
    for (let r = 0; r < N; r++) {
      const from = xAt + r * n;
      const to = outAt + r * m;
      for (let k = 0; k < whole; k += 4) {
        const [x0, x1, x2, x3] = [x[from + k], x[from + k + 1], x[from + k + 2], x[from + k + 3]];
        const [w0, w1, w2, w3] = [k * m, (k + 1) * m, (k + 2) * m, (k + 3) * m];
        for (let j = 0; j < m; j++) out[to + j] += x0 * W[w0 + j] + x1 * W[w1 + j] + x2 * W[w2 + j] + x3 * W[w3 + j];
      }
      for (let k = whole; k < n; k++) {
        const x0 = x[from + k];
        for (let j = 0; j < m; j++) out[to + j] += x0 * W[k * m + j];
      }
    }
  };

  /* out += d W^T, for N rows: d (N, m), W (n, m), out (N, n). Four sums at a time. */
  const timesTurned = (d, dAt, W, out, outAt, N, n, m) => {
    const whole = m - (m % 4);
    for (let r = 0; r < N; r++) {
      const from = dAt + r * m;
      for (let k = 0; k < n; k++) {
        const w = k * m;
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        for (let j = 0; j < whole; j += 4) {
          s0 += d[from + j] * W[w + j];
          s1 += d[from + j + 1] * W[w + j + 1];
          s2 += d[from + j + 2] * W[w + j + 2];
          s3 += d[from + j + 3] * W[w + j + 3];
        }
        for (let j = whole; j < m; j++) s0 += d[from + j] * W[w + j];
        out[outAt + r * n + k] += s0 + s1 + s2 + s3;
      }
    }
  };

  /* dW += x^T d, over N rows: x (N, n), d (N, m), dW (n, m). Four rows at a time. */
  const outer = (x, xAt, d, dAt, dW, N, n, m) => {
    const whole = N - (N % 4);
    for (let r = 0; r < whole; r += 4) {
      const [d0, d1, d2, d3] = [dAt + r * m, dAt + (r + 1) * m, dAt + (r + 2) * m, dAt + (r + 3) * m];
      for (let k = 0; k < n; k++) {
        const from = xAt + r * n + k;
        const [x0, x1, x2, x3] = [x[from], x[from + n], x[from + 2 * n], x[from + 3 * n]];
        const to = k * m;
        for (let j = 0; j < m; j++) dW[to + j] += x0 * d[d0 + j] + x1 * d[d1 + j] + x2 * d[d2 + j] + x3 * d[d3 + j];
      }
    }
    for (let r = whole; r < N; r++) {
      for (let k = 0; k < n; k++) {
        const x0 = x[xAt + r * n + k];
        for (let j = 0; j < m; j++) dW[k * m + j] += x0 * d[dAt + r * m + j];
      }
    }
  };

  /* out += the sum of N rows of d (N, m). */
  const sum = (d, out, N, m) => {
    for (let r = 0; r < N; r++) for (let j = 0; j < m; j++) out[j] += d[r * m + j];
  };

  return { times, timesTurned, outer, sum };
});
