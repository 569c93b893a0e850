/* A list to train on, in its three parts: the book's names, or what a reader pastes. Made in the worker, where it may
   take its time. */
live.part("lists", (live) => {
  "use strict";

  /* { coded: { train, val, test } as arrays of ids, vocabulary, known, told } of a list in three parts: `known(word)` is
     "read", "held out" or "new"; `told` is what a page may say of the list. */
  const made = (parts, told) => {
    const vocabulary = live.words.vocabulary(Object.values(parts).flat());
    const encode = (words) => words.map((word) => live.words.encode(vocabulary, word));
    const coded = { train: encode(parts.train), val: encode(parts.val), test: encode(parts.test) };
    const read = new Set(parts.train);
    const held = new Set([...parts.val, ...parts.test]);
    const known = (word) => (read.has(word) ? "read" : held.has(word) ? "held out" : "new");
    const sizes = { train: read.size, val: parts.val.length, test: parts.test.length };
    const word = parts.train.find((each) => [...each].length > 5) ?? parts.train[0]; // one to look at
    return { coded, vocabulary, known, told: { ...told, sizes, symbols: vocabulary.characters.length, word } };
  };

  /* The book's names, in the parts of the book. */
  const book = () => {
    const corpus = live.corpus();
    return made({ train: corpus.of("train"), val: corpus.of("val"), test: corpus.of("test") }, { faults: [] });
  };

  /* A pasted text, dealt by a seed. Throws an Error with a sentence. */
  const pasted = (text, seed = 1) => {
    const { words, given, faults } = live.words.read(text);
    return made(live.words.split(words, live.rng(seed)), { given, faults: faults.slice(0, 3), left: faults.length });
  };

  return { book, pasted };
});
