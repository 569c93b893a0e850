/* What the tests ask of the dice that each place of each name has of its own. */
(() => {
  "use strict";
  const { draw } = live.law;

  Object.assign(window.questions, {
    /* Of so many names, the ids that a law draws at places 0 and 1. */
    drawPlaces: (law, count) =>
      Array.from({ length: count }, (_, name) => [0, 1].map((place) => draw(law, live.rng.of(name % 7, name, place)))),
    /* Of so many names, the ids that two laws draw with the same dice. */
    drawTwice: (law, other, count) =>
      Array.from({ length: count }, (_, name) => [law, other].map((each) => draw(each, live.rng.of(3, name, 5)))),
  });
})();
