/* What units do over a whole name, from the steps of `live.lstm.read`. */
live.part("habits", () => {
  "use strict";

  /* The mean of a gate, `part`, over the steps, for each unit: (H). */
  const means = (steps, part) =>
    Array.from(steps[0][part], (_, unit) => steps.reduce((sum, step) => sum + step[part][unit], 0) / steps.length);

  /* The units that keep most and least: { most, least }, each { unit, mean }, by the mean of f. */
  const keepers = (steps) => {
    const kept = means(steps, "f");
    const [high, low] = [Math.max(...kept), Math.min(...kept)];
    return {
      most: { unit: kept.indexOf(high), mean: high },
      least: { unit: kept.indexOf(low), mean: low },
    };
  };

  /* The largest |c| of all units and steps, at least 1. */
  const largest = (steps) =>
    steps.reduce((top, { c }) => c.reduce((high, value) => Math.max(high, Math.abs(value)), top), 1);

  return { means, keepers, largest };
});
