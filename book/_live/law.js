/* The law of the next symbol: from logits to probabilities, reshaped by temperature, top-k and top-p as in chapter 14,
   drawn from, and measured. Laws are Float64Array (V). */
live.part("law", () => {
  "use strict";
  const SHORT = 1e-6; // a mass that falls short by less is reached: 0.6 + 0.3 is a hair below 0.9

  /* softmax(z / temperature), for every temperature above 0. */
  const softmax = (logits, temperature = 1) => {
    const p = new Float64Array(logits.length);
    let [most, total] = [-Infinity, 0];
    for (let k = 0; k < p.length; k++) most = Math.max(most, logits[k]);
    for (let k = 0; k < p.length; k++) total += p[k] = Math.exp((logits[k] - most) / temperature); // (14.1)
    for (let k = 0; k < p.length; k++) p[k] /= total;
    return p;
  };

  const require = (what, good) => {
    if (!good) throw new RangeError(what);
  };

  /* The law that is drawn from. `topK` keeps the k most probable, of equals those with the lowest ids; `topP` then the
     smallest set whose mass reaches p: the one that crosses the line stays, and 1 keeps all. null cuts nothing. */
  const reshape = (logits, { temperature = 1, topK = null, topP = null } = {}) => {
    require(`the temperature must be above 0; it is ${temperature}`, temperature > 0);
    require(`top-k must be a whole number from 1 on; it is ${topK}`, topK === null ||
      (Number.isInteger(topK) && topK >= 1));
    require(`top-p must be above 0 and at most 1; it is ${topP}`, topP === null || (topP > 0 && topP <= 1));
    const p = softmax(logits, temperature);
    if (topK === null && topP === null) return p;
    const order = [...p.keys()].sort((one, other) => p[other] - p[one] || one - other);
    if (topK !== null) keep(p, order, Math.min(topK, p.length));
    if (topP !== null && topP < 1) {
      let [count, reached] = [0, 0];
      while (count < p.length && (count === 0 || reached < topP - SHORT)) reached += p[order[count++]];
      keep(p, order, count);
    }
    return p;
  };

  /* Only the first symbols of an order stay, scaled to sum to 1. */
  const keep = (p, order, count) => {
    let total = 0;
    order.forEach((id, place) => (place < count ? (total += p[id]) : (p[id] = 0)));
    p.forEach((each, id) => (p[id] = each / total));
  };

  /* -ln p, in nats; infinite for what cannot be. */
  const surprisal = (p, id) => -Math.log(p[id]);

  /* What to expect of the surprisal, in nats. */
  const entropy = (p) => p.reduce((sum, each) => (each > 0 ? sum - each * Math.log(each) : sum), 0); // (14.3)

  /* An id, drawn with its probability; one of probability 0 never is. Each symbol gets a piece of luck, -ln(-ln u), and
     the one wins whose ln p and luck add up to most: with the same luck, another law draws another id only where it must. */
  const draw = (p, rng) => {
    let [id, most] = [0, -Infinity];
    for (let k = 0; k < p.length; k++) {
      const sum = Math.log(p[k]) - Math.log(-Math.log(rng.uniform()));
      if (sum > most) [id, most] = [k, sum];
    }
    return id;
  };

  return { softmax, reshape, surprisal, entropy, draw };
});
