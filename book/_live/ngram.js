/* The rivals that count (chapter 3): plain counts and interpolated Kneser-Ney of any order, as `lstm_lib.ngram`, made of
   what `counts` returns. A model has its levels too; beside the ids that follow a row stands the share that the row
   keeps for each, `kept`, and `spare` is the share that a row leaves to the level below. */
live.part("ngram", (live) => {
  "use strict";
  const { find } = live.counts;
  const FALLBACK = [0, 0.5, 1, 1.5]; // discounts where a list is too small for (3.7)

  /* Whether a context begins a name: its first symbol is the end mark. */
  const begins = (level, row, length) => length > 0 && level.contexts[row] < level.below;

  /* For each pair, how many different symbols stood before it; a context that begins a name keeps its plain counts. */
  const kinds = (level, longer, length) => {
    const found = new Float64Array(level.counts.length);
    longer.contexts.forEach((key, row) => {
      const rest = key % longer.below;
      for (let k = longer.starts[row]; k < longer.starts[row + 1]; k++) {
        found[find(level.ids, longer.ids[k], level.starts[rest], level.starts[rest + 1])] += 1; // (3.6)
      }
    });
    level.contexts.forEach((_, row) => {
      if (begins(level, row, length))
        found.set(level.counts.subarray(...level.starts.slice(row, row + 2)), level.starts[row]);
    });
    return found;
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

  /* A level as shares: of each row's counts, taken(count) goes to what it spares, and `more` (rows) with it. */
  const scale = ({ contexts, below, starts, ids }, counts, taken, more) => {
    const [kept, spare] = [new Float64Array(counts.length), new Float64Array(contexts.length)];
    for (let row = 0; row < contexts.length; row++) {
      let [keeps, spares] = [0, more(row)];
      for (let k = starts[row]; k < starts[row + 1]; k++) {
        spares += taken(counts[k]);
        keeps += kept[k] = counts[k] - taken(counts[k]);
      }
      for (let k = starts[row]; k < starts[row + 1]; k++) kept[k] /= keeps + spares;
      spare[row] = spares / (keeps + spares);
    }
    return { contexts, below, starts, ids, kept, spare };
  };

  /* Everything alike. */
  const uniform = (V) => ({ V, order: 0, levels: [] });

  /* Interpolated Kneser-Ney with three discounts a level (Chen and Goodman 1999). */
  const kneserNey = ({ V, levels }, order) => {
    const scaled = levels.slice(0, order).map((level, length) => {
      const counts = length < order - 1 ? kinds(level, levels[length + 1], length) : level.counts;
      const gamma = discounts(counts);
      return scale(
        level,
        counts,
        (each) => gamma[Math.min(each, 3)],
        () => 0,
      ); // (3.5)
    });
    return { V, order, levels: scaled };
  };

  /* Plain counts of contexts of order - 1 symbols, shorter only where a name begins; `addK` joins every count. */
  const counted = ({ V, levels }, order, addK = 0) => {
    const scaled = levels.slice(0, order).map((level, length) => {
      const whole = (row) => length === order - 1 || begins(level, row, length);
      const made = scale(
        level,
        level.counts,
        () => 0,
        () => addK * V,
      ); // (3.2), and (3.1) where addK is 0
      made.spare.forEach((_, row) => {
        if (whole(row)) return;
        made.spare[row] = 1; // this context has no say
        made.kept.fill(0, made.starts[row], made.starts[row + 1]);
      });
      return made;
    });
    return { V, order, levels: scaled };
  };

  /* The rows that a history finds, shortest context first: the end mark, then the first `read` ids. */
  const rowsOf = ({ levels }, ids, read) => {
    const found = levels.length ? [0] : [];
    for (let length = 1; length < levels.length && length <= read + 1; length++) {
      const first = length <= read ? ids[read - length] : 0;
      const row = find(levels[length].contexts, first * levels[length].below + found[length - 1]);
      if (row < 0) break;
      found.push(row);
    }
    return found;
  };

  /* The probabilities (V) of what follows the ids. */
  const law = (model, ids) => {
    const p = new Float64Array(model.V).fill(1 / model.V);
    rowsOf(model, ids, ids.length).forEach((row, length) => {
      const { starts, kept, spare, ids: after } = model.levels[length];
      for (let id = 0; id < model.V; id++) p[id] *= spare[row]; // (3.3)
      for (let k = starts[row]; k < starts[row + 1]; k++) p[after[k]] += kept[k];
    });
    return p;
  };

  /* -ln p of each symbol of a name, the end mark last (letters + 1). */
  const surprisals = (model, ids) => {
    const nats = new Float64Array(ids.length + 1);
    for (let read = 0; read <= ids.length; read++) {
      let p = 1 / model.V;
      rowsOf(model, ids, read).forEach((row, length) => {
        const { starts, kept, spare, ids: after } = model.levels[length];
        const place = find(after, ids[read] ?? 0, starts[row], starts[row + 1]);
        p = p * spare[row] + (place < 0 ? 0 : kept[place]);
      });
      nats[read] = -Math.log(p);
    }
    return nats;
  };

  /* The mean surprise of a list of names, in nats per predicted symbol. */
  const score = (model, names) => {
    let [nats, symbols] = [0, 0];
    for (const name of names) {
      for (const each of surprisals(model, name)) nats += each;
      symbols += name.length + 1;
    }
    return nats / symbols;
  };

  return { uniform, kneserNey, counted, law, surprisals, score };
});
