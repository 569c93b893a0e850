/* The latch of chapter 6: "an n has passed", unit 1 of the machine for "ana", with other biases and other names. */
live.part("latch", (live) => {
  "use strict";
  const BLOCKS = ["i", "f", "g", "o"]; // in the order of the arrays
  const LN3 = Math.log(3);
  const UNIT = 0;

  /* The biases of unit 1, in multiples of ln 3: { i, f, g, o }. */
  const biases = ({ b, H }) =>
    Object.fromEntries(BLOCKS.map((gate, k) => [gate, Math.round((100 * b[k * H + UNIT]) / LN3) / 100]));

  /* A copy of the parameters with other biases of unit 1; `wire` tells whether h of the step before is still heard. */
  const set = (params, wanted, wire = true) => {
    const changed = live.lstm.copy(params);
    BLOCKS.forEach((gate, k) => (changed.b[k * params.H + UNIT] = wanted[gate] * LN3));
    if (!wire) changed.W_h.fill(0);
    return changed;
  };

  /* "an", and so many letters a: what each step leaves, the ids that it guesses, with their probabilities, and the
     share of the memory after the n that the f of unit 1 have left at the last step, f times f times f (6.7). */
  const read = (params, vocabulary, letters) => {
    const word = `an${"a".repeat(letters)}`;
    const steps = live.lstm.read(params, live.words.encode(vocabulary, word));
    const laws = steps.map(({ logits }) => live.law.softmax(logits));
    const guesses = laws.map((law) => law.indexOf(Math.max(...law)));
    const left = steps.slice(3).reduce((share, { f }) => share * f[UNIT], 1);
    return { word, steps, guesses, chances: guesses.map((id, k) => laws[k][id]), left };
  };

  return { biases, set, read, UNIT };
});
