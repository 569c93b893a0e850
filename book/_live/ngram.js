/* The rivals that count (chapter 3): plain counts and interpolated Kneser-Ney of any order, as `lstm_lib.ngram`.
   Names are arrays of ids without the end mark, 0. A model is nothing but numbers: a worker can hand it over.

   levels[n] has a row for each context of n symbols. A context is known by its key: its first symbol times the rows of
   the level below, plus the row of the rest there; `contexts` holds the keys, rising. The ids after a row, with what it
   keeps for each, stand from starts[row] on; `spare` is what it leaves to the level below. */
live.part("ngram", () => {
  "use strict";
  const FALLBACK = [0, 0.5, 1, 1.5]; // discounts where a list is too small for (3.7)

  /* Where a value stands in a rising array; -1 if it does not. */
  const find = (rising, value) => {
    let [low, high] = [0, rising.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (rising[middle] === value) return middle;
      if (rising[middle] < value) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };

  /* The different values of an array, rising, and how often each occurs. */
  const unique = (values) => {
    const sorted = values.slice().sort();
    let count = 0;
    const counts = new Float64Array(sorted.length);
    for (let k = 0; k < sorted.length; k++) {
      if (k === 0 || sorted[k] !== sorted[k - 1]) sorted[count++] = sorted[k];
      counts[count - 1] += 1;
    }
    return { distinct: sorted.slice(0, count), counts: counts.slice(0, count) };
  };

  /* All names in one row of symbols, each with an end mark in front; `before`: how many letters of the name were read. */
  const layOut = (names) => {
    const length = names.reduce((sum, name) => sum + name.length + 1, 0);
    const [symbols, targets, before] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
    let place = 0;
    for (const name of names) {
      for (let read = 0; read <= name.length; read++, place++) {
        symbols[place] = read > 0 ? name[read - 1] : 0;
        targets[place] = read < name.length ? name[read] : 0;
        before[place] = read;
      }
    }
    return { symbols, targets, before };
  };

  /* How often each symbol follows each context: { V, levels }, a level for each length of context from 0 to order - 1.
     Every model up to that order is made of it. */
  const count = (names, V, order) => {
    const { symbols, targets, before } = layOut(names);
    const row = new Int32Array(symbols.length);
    const levels = [];
    for (let length = 0; length < order; length++) {
      const places = [...symbols.keys()].filter((place) => before[place] >= length - 1);
      const below = length > 0 ? levels[length - 1].contexts.length : 1;
      const key = (place) => (length > 0 ? symbols[place - length + 1] * below + row[place] : 0);
      const contexts = unique(Float64Array.from(places, key)).distinct;
      for (const place of places) row[place] = find(contexts, key(place));
      const pairs = unique(Float64Array.from(places, (place) => row[place] * V + targets[place]));
      levels.push({ contexts, below, pairs: pairs.distinct, counts: pairs.counts });
    }
    return { V, levels };
  };

  /* Whether a context begins a name: its first symbol is the end mark. */
  const begins = (level, row, length) => length > 0 && level.contexts[row] < level.below;

  /* For each pair, how many different symbols stood before it; a context that begins a name keeps its plain counts. */
  const kinds = (level, longer, V, length) => {
    const found = new Float64Array(level.counts.length);
    for (const pair of longer.pairs) {
      const rest = longer.contexts[Math.floor(pair / V)] % longer.below;
      found[find(level.pairs, rest * V + (pair % V))] += 1; // (3.6)
    }
    return found.map((kind, k) => (begins(level, Math.floor(level.pairs[k] / V), length) ? level.counts[k] : kind));
  };

  /* The discounts of counts 1, 2, and 3 or more, from how many pairs have each count. */
  const discounts = (counts) => {
    const pairs = [0, 0, 0, 0, 0];
    for (const each of counts) if (each <= 4) pairs[each] += 1;
    if (Math.min(pairs[1], pairs[2], pairs[3]) === 0) return FALLBACK;
    const share = pairs[1] / (pairs[1] + 2 * pairs[2]);
    const estimated = [1, 2, 3].map((j) => j - ((j + 1) * share * pairs[j + 1]) / pairs[j]); // (3.7)
    return estimated.every((each) => each > 0) ? [0, ...estimated] : FALLBACK;
  };

  /* A level as shares: what each pair keeps and each row spares, divided by their sum over the row. */
  const scale = (level, V, kept, spare) => {
    const rows = level.contexts.length;
    const [starts, total] = [new Int32Array(rows + 1), spare.slice()];
    level.pairs.forEach((pair, k) => {
      starts[Math.floor(pair / V) + 1] += 1;
      total[Math.floor(pair / V)] += kept[k];
    });
    for (let row = 0; row < rows; row++) starts[row + 1] += starts[row];
    const ids = Int32Array.from(level.pairs, (pair) => pair % V);
    const shares = kept.map((each, k) => each / total[Math.floor(level.pairs[k] / V)]);
    return {
      contexts: level.contexts,
      below: level.below,
      starts,
      ids,
      kept: shares,
      spare: spare.map((s, r) => s / total[r]),
    };
  };

  /* Everything alike. */
  const uniform = (V) => ({ V, order: 0, levels: [] });

  /* Interpolated Kneser-Ney with three discounts a level (Chen and Goodman 1999). */
  const kneserNey = ({ V, levels }, order) => ({
    V,
    order,
    levels: levels.slice(0, order).map((level, length) => {
      const counts = length < order - 1 ? kinds(level, levels[length + 1], V, length) : level.counts;
      const gamma = discounts(counts);
      const taken = counts.map((each) => gamma[Math.min(each, 3)]);
      const spare = new Float64Array(level.contexts.length);
      taken.forEach((each, k) => (spare[Math.floor(level.pairs[k] / V)] += each));
      return scale(
        level,
        V,
        counts.map((each, k) => each - taken[k]),
        spare,
      ); // (3.5)
    }),
  });

  /* Plain counts of contexts of order - 1 symbols, shorter only where a name begins; `addK` joins every count. */
  const counted = ({ V, levels }, order, addK = 0) => ({
    V,
    order,
    levels: levels.slice(0, order).map((level, length) => {
      const whole = (row) => length === order - 1 || begins(level, row, length);
      const kept = level.counts.map((each, k) => (whole(Math.floor(level.pairs[k] / V)) ? each : 0));
      const spare = new Float64Array(level.contexts.length).map((_, row) => (whole(row) ? addK * V : 1));
      return scale(level, V, kept, spare); // (3.2), and (3.1) where addK is 0
    }),
  });

  /* The rows that a history (the ids read so far, without the end mark) finds, shortest context first. */
  const rowsOf = ({ levels }, ids) => {
    const found = levels.length ? [0] : [];
    for (let length = 1; length < levels.length && length <= ids.length + 1; length++) {
      const first = length <= ids.length ? ids[ids.length - length] : 0;
      const row = find(levels[length].contexts, first * levels[length].below + found[length - 1]);
      if (row < 0) break;
      found.push(row);
    }
    return found;
  };

  /* The probabilities (V) of what follows the ids. */
  const law = (model, ids) => {
    const p = new Float64Array(model.V).fill(1 / model.V);
    rowsOf(model, ids).forEach((row, length) => {
      const { starts, kept, spare, ids: after } = model.levels[length];
      for (let id = 0; id < model.V; id++) p[id] *= spare[row]; // (3.3)
      for (let k = starts[row]; k < starts[row + 1]; k++) p[after[k]] += kept[k];
    });
    return p;
  };

  /* The probability of one id after the ids, without the whole law. */
  const probability = (model, ids, id) =>
    rowsOf(model, ids).reduce((p, row, length) => {
      const { starts, kept, spare, ids: after } = model.levels[length];
      const place = find(after.subarray(starts[row], starts[row + 1]), id);
      return p * spare[row] + (place < 0 ? 0 : kept[starts[row] + place]);
    }, 1 / model.V);

  /* -ln p of each symbol of a name, the end mark last (letters + 1). */
  const surprisals = (model, ids) =>
    Float64Array.from([...ids, 0], (id, read) => -Math.log(probability(model, ids.slice(0, read), id)));

  /* The mean surprise of a list of names, in nats per predicted symbol. */
  const score = (model, names) => {
    let [nats, symbols] = [0, 0];
    for (const name of names) for (const each of surprisals(model, name)) [nats, symbols] = [nats + each, symbols + 1];
    return nats / symbols;
  };

  return { count, uniform, kneserNey, counted, law, surprisals, score };
});
