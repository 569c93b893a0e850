/* What follows what, counted (chapter 3): for every context of a list of names, the symbols after it. Names are arrays of
   ids without the end mark, 0.

   levels[n] has a row for each context of n symbols. A context is known by its key: its first symbol times the rows of
   the level below, plus the row of the rest there; `contexts` holds the keys, rising. The ids that follow a row stand
   from starts[row] on, rising, each with its `counts`. All are typed arrays: lean, and a worker can hand them over. */
live.part("counts", () => {
  "use strict";

  /* Where a value stands in a rising array, between two places; -1 if it does not. */
  const find = (rising, value, from = 0, to = rising.length) => {
    let [low, high] = [from, to - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (rising[middle] === value) return middle;
      if (rising[middle] < value) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };

  /* The different numbers of an array, rising, and how often each occurs; the array itself is sorted. */
  const distinct = (values) => {
    values.sort();
    const counts = new Float64Array(values.length);
    let last = -1;
    for (let k = 0; k < values.length; k++) {
      if (k === 0 || values[k] !== values[last]) values[++last] = values[k];
      counts[last] += 1;
    }
    return { values: values.slice(0, last + 1), counts: counts.slice(0, last + 1) };
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

  /* What follows each row, from its pairs: row times V plus id, for every case. */
  const followers = (pairs, V, rows) => {
    const { values, counts } = distinct(pairs);
    const [starts, ids] = [new Int32Array(rows + 1), new Int32Array(values.length)];
    values.forEach((pair, k) => {
      ids[k] = pair % V;
      starts[Math.floor(pair / V) + 1] = k + 1;
    });
    return { starts, ids, counts };
  };

  /* How often each symbol follows each context: { V, levels }, a level for each length of context from 0 to order - 1.
     Every model up to that order is made of it. */
  const count = (names, V, order) => {
    const { symbols, targets, before } = layOut(names);
    const row = new Int32Array(symbols.length); // of the context that ends at each place
    const levels = [];
    let places = Int32Array.from(symbols.keys());
    for (let length = 0; length < order; length++) {
      const below = length > 0 ? levels[length - 1].contexts.length : 1;
      places = places.filter((place) => before[place] >= length - 1);
      const [keys, pairs] = [new Float64Array(places.length), new Float64Array(places.length)];
      places.forEach((place, k) => (keys[k] = length > 0 ? symbols[place - length + 1] * below + row[place] : 0));
      const contexts = distinct(keys.slice()).values;
      places.forEach((place, k) => {
        row[place] = find(contexts, keys[k]);
        pairs[k] = row[place] * V + targets[place];
      });
      levels.push({ contexts, below, ...followers(pairs, V, contexts.length) });
    }
    return { V, levels };
  };

  return { find, count };
});
