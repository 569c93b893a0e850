/* What the tests of the cell's views ask: the latch with other biases, and who keeps most over a name. */
(() => {
  "use strict";
  const decoded = (which) => live.weights.decode(live.data(which));
  const vocabulary = (which) => live.words.known(live.data(which).characters);

  Object.assign(window.questions, {
    latch(biases, wire, letters) {
      const read = live.latch.read(live.latch.set(decoded("ana"), biases, wire), vocabulary("ana"), letters);
      const part = (name) => read.steps.map((step) => Array.from(step[name]));
      const values = Object.fromEntries(["i", "f", "g", "o", "c", "h"].map((name) => [name, part(name)]));
      return { ...values, guesses: read.guesses, chances: read.chances, left: read.left };
    },
    latchBiases: () => live.latch.biases(decoded("ana")),
    /* Whether turning the latch has changed what it was given. */
    latchKeeps() {
      const params = decoded("ana");
      live.latch.set(params, { i: 1, f: 1, g: 1, o: 1 }, false);
      return [live.latch.biases(params), Math.min(...params.W_h)];
    },
    keepers: (names) =>
      names.map((name) => {
        const steps = live.lstm.read(decoded("small"), live.words.encode(vocabulary("small"), name));
        return { ...live.habits.keepers(steps), largest: live.habits.largest(steps) };
      }),
  });
})();
