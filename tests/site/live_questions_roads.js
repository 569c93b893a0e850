/* What the tests of the two roads and of the race ask their parts. */
(() => {
  "use strict";
  const plain = (value) =>
    ArrayBuffer.isView(value)
      ? Array.from(value)
      : value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
        : value;

  Object.assign(window.questions, {
    roads(size, lists, ids, targets, cut) {
      const params = { ...size, Float: Float64Array };
      for (const name of live.lstm.TENSORS) params[name] = Float64Array.from(lists[name]);
      const steps = live.roads.forward(params, ids, targets);
      return [steps.map(plain), live.roads.back(params, steps, new Set(cut)).map(plain)];
    },
    ana: () => plain(live.weights.decode(live.data("ana"))),
    race: (rule, how) => live.race.run(rule, how),
    arrivals: (rule, rates, turned) =>
      rates.map((lr) => live.race.arrival(live.race.run(rule, { lr, turned }), turned) ?? 0),
    lossAt: (place, turned) => live.race.loss(place, turned),
  });
})();
