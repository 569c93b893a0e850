/* What the gates of a network do while it reads a word: a strip for each gate, a column for each symbol read, a row for
   each unit, and the mean of each in numbers.

   const strips = live.strips(); strips.show(symbols, steps);   // `steps` as `lstm.read` gives them, one for each symbol */
live.part("strips", (live) => {
  "use strict";
  const SIGNED = [
    [179, 88, 6],
    [247, 247, 247],
    [84, 39, 136],
  ]; // orange, white, purple
  const GATES = [
    ["f", "forget gate"],
    ["i", "input gate"],
    ["o", "output gate"],
  ];

  /* From -1 to 1: orange, white, purple. */
  const signed = (value) => {
    const place = Math.min(Math.max(value, -1), 1) + 1;
    const low = Math.min(Math.floor(place), 1);
    return `rgb(${SIGNED[low].map((part, k) => Math.round(part + (place - low) * (SIGNED[low + 1][k] - part))).join(" ")})`;
  };
  const open = (value) => live.colour(value * live.colour.MOST).paper;

  const mean = (steps, part) => {
    const values = steps.flatMap((step) => Array.from(step[part]));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };

  const strip = (name, words) => {
    const canvas = live.dom("canvas", { "aria-hidden": "true", class: "live-strips__picture" });
    const number = live.dom("span", { class: "live-strips__number" });
    const title = live.dom("span", { class: "live-strips__name" }, live.dom("b", {}, name), ` ${words}`);
    return { parts: [title, canvas, number], canvas, number };
  };

  const paint = (canvas, steps, part, colour) => {
    const units = steps[0][part].length;
    Object.assign(canvas, { width: steps.length, height: units });
    const pen = canvas.getContext("2d");
    steps.forEach((step, column) => {
      step[part].forEach((value, unit) => {
        pen.fillStyle = colour(value);
        pen.fillRect(column, unit, 1, 1);
      });
    });
  };

  const strips = () => {
    const gates = GATES.map(([name, words]) => strip(name, words));
    const memory = strip("c", "cell state");
    const symbols = live.dom("span", { class: "live-strips__symbols", "aria-hidden": "true" });
    const head = [live.dom("span"), symbols, live.dom("span", { class: "live-strips__number" }, "mean")];
    const grid = live.dom(
      "div",
      { class: "live-strips" },
      ...head,
      ...[...gates, memory].flatMap(({ parts }) => parts),
    );

    /* Returns the sentence that says the same. */
    const show = (read, steps) => {
      symbols.replaceChildren(...read.map((symbol) => live.dom("span", {}, symbol)));
      const means = GATES.map(([name], k) => {
        paint(gates[k].canvas, steps, name, open);
        return (gates[k].number.textContent = mean(steps, name).toFixed(2));
      });
      paint(memory.canvas, steps, "c", signed);
      memory.number.textContent = mean(steps, "c").toFixed(2);
      return `On average a unit keeps ${means[0]} of its memory, writes ${means[1]} of its candidate and shows ${means[2]}.`;
    };
    return { element: grid, show };
  };
  return strips;
});
