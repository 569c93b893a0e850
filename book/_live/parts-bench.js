/* What is seen of a training run: its curve and rungs, the words that it writes, its gates, its verdict.

   const bench = live.bench(say, { plain });   // `say` as the frame gives it; `plain` for who has read chapter 0 alone
   bench.elements, in order; bench.clear({ steps }) for a new run; bench.hide() what belongs to an end that is past;
   bench.status(sentence), bench.lost(step); bench.heard: what to show of each thing that a trainer tells. */
live.part("bench", (live) => {
  "use strict";
  const INSIDE =
    "Inside, while it reads one word: a row for each of its 32 units, dark for 0 and bright for 1; the cell state is " +
    "orange below 0 and purple above.";
  const number = (count) => count.toLocaleString("en");
  const quiet = (...words) => live.dom("p", { class: "live__legend" }, ...words);

  const SCORED =
    "It is scored at steps 1, 2, 3, 5 and so on, then at each hundredth; it passed a row by the first at which it was better.";
  const LEGEND = {
    plain:
      "Thin: how surprised it is by the 32 names of a step. Heavy: by names that it does not learn from. Dashed: rivals " +
      "that count, and the blind guess.",
    full: "Thin: the loss on each batch. Heavy: on words that it does not learn from. Dashed: rivals that count, and uniform.",
  };

  /* One step in a sentence; a plain one says nothing of loss, gradients and rates. */
  const described = ({ step, loss, norm, lr, pace }, steps, plain) => {
    const clipped = norm > 1 ? ", clipped to 1" : "";
    const inside = plain
      ? `${loss.toFixed(2)} nats of surprise for each symbol of 32 names`
      : `loss ${loss.toFixed(2)} nats a symbol on the batch, gradient norm ${norm.toFixed(2)}${clipped}, ` +
        `learning rate ${Number(lr.toPrecision(2))}`;
    const of = step > steps ? "" : ` of ${number(steps)}`;
    return `Step ${number(step)}${of}: ${inside}${pace ? `, ${pace.toFixed(0)} steps a second` : ""}.`;
  };

  const bench = (say, { plain = false } = {}) => {
    const { report } = live;
    const [curve, rungs, diary, strips] = [live.curve(), report.rungTable(plain), report.diary(), live.strips()];
    let planned = 0; // steps
    const status = live.dom("p", { class: "live-train__status" });
    const verdict = live.dom("p", { class: "live__result", hidden: true });
    const saved = report.saved();
    const inside = quiet();
    const opened = live.dom("div", { hidden: true }, quiet(INSIDE), strips.element, inside);
    const tell = (step, passed) => say(`By step ${number(step)} it has passed: ${passed.join(", ")}.`);
    const heard = {
      rung(told) {
        curve.rung(report.label(told, plain), told.nats);
        const step = rungs.rung(told);
        if (step !== null) tell(step, [report.label(told, plain)]);
      },
      moved(told) {
        curve.loss(told.step, told.loss);
        status.textContent = described(told, planned, plain);
      },
      score({ step, nats }) {
        if (step > 0) curve.score(step, nats);
        const passed = rungs.score(step, nats);
        if (passed.length) tell(step, passed);
      },
      names: ({ step, names }) => diary.add(step, names),
      read({ symbols, steps }) {
        opened.hidden = plain;
        inside.textContent = strips.show([".", ...symbols], steps);
      },
      judged(told) {
        verdict.hidden = false;
        verdict.textContent = report.verdict(told, plain);
        say(verdict.textContent);
      },
      file({ bytes }) {
        report.download(bytes);
        saved.hidden = false;
      },
    };
    const table = live.dom("div", {}, rungs.element, quiet(SCORED));
    const writes = live.dom(
      "div",
      {},
      quiet("What it writes: · was read in training, * is real and was never read, the others are new."),
      diary.element,
    );
    const legend = quiet(LEGEND[plain ? "plain" : "full"]);
    const pair = live.dom("div", { class: "live-train__pair" }, table, writes);
    return {
      elements: [status, verdict, saved, curve.element, legend, pair, opened],
      heard,
      status: (sentence) => (status.textContent = sentence),
      lost: (step) => curve.mark(step),
      hide: () => (verdict.hidden = saved.hidden = true),
      clear({ steps }) {
        curve.clear({ steps });
        planned = steps;
        [rungs, diary].forEach((each) => each.clear());
      },
    };
  };
  return bench;
});
