/* A list of words that somebody pastes, its vocabulary, and its three parts. Whatever is refused is said in a sentence. */
live.part("words", (live) => {
  "use strict";
  const FEWEST = 50; // different words
  const MOST = 50_000;
  const LONGEST = 60; // symbols of a word
  const LARGEST = 5_000_000; // characters of a list
  const SYMBOLS = 3_000; // different ones
  const MARKS = /[,;\t|]/;

  const refuse = (sentence) => {
    throw new Error(sentence);
  };

  /* The fields of a text with the line that each stands on: lines, and within them what commas and tabs part. */
  const fields = (text) =>
    text
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .flatMap((line, k) => line.split(MARKS).map((field) => ({ field, line: k + 1 })));

  /* Whether most lines hold a number beside something else: columns of a table, not words. */
  const isTable = (text) => {
    const lines = text.split(/[\r\n]+/).filter((line) => line.trim());
    return lines.filter((line) => /[,;\t|]\s*[\d.]+\s*(?:[,;\t|]|$)/.test(line)).length > lines.length / 2;
  };

  /* Read a list: { words, given, faults }. `words` are the different ones, sorted; `given` how many stood there with
     repeats; `faults` [{ line, reason }] are those that were left out, at most half. Throws an Error with a sentence. */
  const read = (text, { fewest = FEWEST, most = MOST } = {}) => {
    if (text.length > LARGEST)
      refuse(`This text has over ${LARGEST.toLocaleString("en")} characters. Paste a shorter list.`);
    if (text.includes("\0")) refuse("This is no text: it holds zero bytes. Paste words, one on a line.");
    if (isTable(text)) refuse("This looks like a table with numbers. Paste the column of the words alone.");
    const faults = [];
    const found = [];
    for (const { field, line } of fields(text)) {
      if (!field.trim()) continue;
      try {
        const word = live.clean(field);
        if ([...word].length > LONGEST) refuse(`${live.clean.show(word)} has more than ${LONGEST} letters`);
        found.push(word);
      } catch (error) {
        faults.push({ line, reason: error.message });
      }
    }
    if (!found.length && !faults.length) refuse("The list is empty. Paste words, one on a line.");
    if (faults.length > found.length) {
      refuse(
        `More than half of this cannot be read as words; the first fault, in line ${faults[0].line}: ${faults[0].reason}.`,
      );
    }
    const words = inOrder(new Set(found));
    const counted = `${words.length.toLocaleString("en")} different ${words.length === 1 ? "word is" : "words are"}`;
    if (words.length < fewest) refuse(`${counted} too few to learn from: bring ${fewest} or more.`);
    if (words.length > most) refuse(`${counted} too many for a page: bring ${most.toLocaleString("en")} at most.`);
    const symbols = vocabulary(words).characters.length;
    if (symbols > SYMBOLS)
      refuse(
        `${symbols.toLocaleString("en")} different symbols are too many for a page: it takes ${SYMBOLS.toLocaleString("en")}.`,
      );
    return { words, given: found.length, faults };
  };

  /* By the numbers of their symbols, as Python sorts; JavaScript's own order is another one beyond U+FFFF. */
  const inOrder = (words) =>
    [...words].sort((one, other) => {
      const [a, b] = [[...one], [...other]];
      const differ = a.findIndex((symbol, k) => symbol !== b[k]);
      if (differ < 0) return a.length - b.length;
      return b[differ] === undefined ? 1 : a[differ].codePointAt(0) - b[differ].codePointAt(0);
    });

  /* The symbols that a model knows, in the order of their ids, the end mark first; `ids` leads back. */
  const vocabulary = (words) => known([".", ...inOrder(new Set([...words].flatMap((word) => [...word])))]);

  /* The same from its symbols. */
  const known = (characters) => ({ characters, ids: new Map(characters.map((symbol, id) => [symbol, id])) });

  /* The ids of a word; throws where a symbol is unknown. */
  const encode = ({ ids }, word) =>
    Int32Array.from([...word], (symbol) => ids.get(symbol) || refuse(`${live.clean.show(symbol)} is no known letter`));

  /* The word that ids spell. */
  const decode = ({ characters }, ids) => Array.from(ids, (id) => characters[id]).join("");

  /* What somebody sees as one letter: a letter with its marks, an emoji of several parts. */
  const letters = (text) =>
    Intl.Segmenter ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment) : [...text];

  /* The letters of a text that a vocabulary lacks, each once: [{ letter, code }], with their numbers to name them by. */
  const unknown = (text, { ids }) => {
    const strange = letters(text).filter((letter) => [...letter].some((symbol) => !ids.get(symbol)));
    return [...new Set(strange)].map((letter) => ({ letter, code: [...letter].map(live.clean.code).join(" ") }));
  };

  /* Whole numbers that sum to a count: shares rounded down, the rest to the largest remainders, no part empty. */
  const partSizes = (count, fractions) => {
    const shares = fractions.map((fraction) => count * fraction);
    const sizes = shares.map(Math.floor);
    const left = count - sizes.reduce((sum, size) => sum + size, 0);
    const order = [0, 1, 2].sort((a, b) => sizes[a] - shares[a] - (sizes[b] - shares[b]) || a - b);
    for (const part of order.slice(0, left)) sizes[part] += 1;
    for (const part of [0, 1, 2]) {
      if (fractions[part] > 0 && sizes[part] === 0) {
        sizes[sizes.indexOf(Math.max(...sizes))] -= 1;
        sizes[part] = 1;
      }
    }
    return sizes;
  };

  /* Different words in three parts that share none, by chance: { train, val, test }. */
  const split = (words, rng, fractions = [0.8, 0.1, 0.1]) => {
    const shuffled = rng.shuffle([...words]);
    const [first, second] = partSizes(words.length, fractions);
    return {
      train: shuffled.slice(0, first),
      val: shuffled.slice(first, first + second),
      test: shuffled.slice(first + second),
    };
  };

  return { read, vocabulary, known, encode, decode, letters, unknown, partSizes, split };
});
