/* A loss curve among the rungs of a ladder, while it grows. On the axis of steps each factor of ten has the same width.

   const curve = live.curve();
   curve.clear({ steps }); curve.rung(label, nats); curve.loss(step, nats) of a batch; curve.score(step, nats) of held-out
   words; curve.mark(step) for a run that diverged there. `curve.element` is a picture; say its values in words beside it. */
live.part("curve", () => {
  "use strict";
  const [WIDE, HIGH] = [460, 300];
  const AREA = { left: 42, right: 304, top: 24, bottom: 256 };
  const BINS = 40; // for each factor of ten: the curve of batches is the mean of the steps within a bin
  const ALT = "Nats a symbol, step by step, among the levels of its rivals; the table below says when each was passed.";
  const LINE = 17; // between two labels

  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /* Places for labels: as wished, but none closer to the next than a line, and all inside. */
  const apart = (wished) => {
    const order = [...wished.keys()].sort((a, b) => wished[a] - wished[b]);
    const placed = [...wished];
    let free = -Infinity;
    for (const k of order) free = (placed[k] = Math.max(placed[k], free)) + LINE;
    let limit = AREA.bottom;
    for (const k of order.reverse()) limit = (placed[k] = Math.min(placed[k], limit)) - LINE;
    return placed;
  };

  /* The mean of a batch's losses in each bin: [[step, nats], ...]. */
  const binned = (sums) => [...sums.values()].map(({ steps, nats, count }) => [steps / count, nats / count]);

  const curve = () => {
    const element = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "live-curve", role: "img", "aria-label": ALT });
    let [last, rungs, sums, scores, lost, waiting] = [1000, [], new Map(), [], null, false];

    const x = (step) => AREA.left + ((AREA.right - AREA.left) * Math.log(Math.max(step, 1))) / Math.log(last);
    /* From below the best score to above the rungs: what lies higher is cut off. */
    const bounds = () => {
      if (!rungs.length) return [0, 3.9];
      const high = Math.max(...rungs.map(({ nats }) => nats));
      const low = Math.min(...rungs.map(({ nats }) => nats), ...scores.map(([, nats]) => nats), high - 1);
      const room = 0.08 * (high - low);
      return [low - room, high + 1.6 * room];
    };

    const draw = () => {
      waiting = false;
      const [low, high] = bounds();
      const y = (nats) => {
        const share = (Math.min(Math.max(nats, low), 9 * high) - low) / (high - low);
        return AREA.bottom - share * (AREA.bottom - AREA.top);
      };
      const path = (points) =>
        points.map(([step, nats], k) => `${k ? "L" : "M"}${x(step).toFixed(1)} ${y(nats).toFixed(1)}`).join("");
      const text = (at, height, words, more = {}) => svg("text", { x: at, y: height, ...more }, words);
      const places = apart(rungs.map(({ nats }) => y(nats)));
      const ladder = rungs.flatMap(({ label, nats }, k) => [
        svg("line", { x1: AREA.left, x2: AREA.right, y1: y(nats), y2: y(nats), class: "live-curve__rung" }),
        svg("path", { d: `M${AREA.right} ${y(nats)}L${AREA.right + 10} ${places[k]}`, class: "live-curve__lead" }),
        text(AREA.right + 13, places[k] + 5, `${label} ${nats.toFixed(2)}`),
      ]);
      const ticks = [];
      for (let step = 1; step <= last; step *= 10) {
        ticks.push(
          svg("line", { x1: x(step), x2: x(step), y1: AREA.bottom, y2: AREA.bottom + 5, class: "live-curve__axis" }),
        );
        ticks.push(text(x(step), AREA.bottom + 20, step.toLocaleString("en"), { "text-anchor": "middle" }));
      }
      const whole = [];
      for (let nats = Math.ceil(2 * low) / 2; nats <= high; nats += high - low > 4 ? 2 : 0.5) {
        whole.push(text(AREA.left - 6, y(nats) + 5, nats.toFixed(1), { "text-anchor": "end" }));
      }
      const axis = `M${AREA.left} ${AREA.top}V${AREA.bottom}H${AREA.right}`;
      const dots = scores.map(([step, nats]) => svg("circle", { cx: x(step), cy: y(nats), r: 3 }));
      const [y0, tall] = [AREA.top, AREA.bottom - AREA.top];
      const inside = svg(
        "svg", // which shows nothing beyond its edges
        { y: y0, width: WIDE, height: tall, viewBox: `0 ${y0} ${WIDE} ${tall}` },
        svg("path", { d: path(binned(sums)), class: "live-curve__batch" }),
        svg("path", { d: path(scores), class: "live-curve__held" }),
        svg("g", { class: "live-curve__dots" }, ...dots),
      );
      element.replaceChildren(
        svg("path", { d: axis, class: "live-curve__axis" }),
        ...whole,
        ...ticks,
        ...ladder,
        text((AREA.left + AREA.right) / 2, HIGH - 6, "training step", { "text-anchor": "middle" }),
        text(2, 14, "nats a symbol"),
        inside,
        ...(lost === null
          ? []
          : [text(Math.min(x(lost), AREA.right - 14), AREA.top + 12, "✕", { class: "live-curve__lost" })]),
      );
    };

    const soon = () => {
      if (!waiting) requestAnimationFrame(draw);
      waiting = true;
    };

    return {
      element,
      clear({ steps }) {
        [last, rungs, sums, scores, lost] = [Math.max(steps, 10), [], new Map(), [], null];
        soon();
      },
      rung(label, nats) {
        rungs.push({ label, nats });
        soon();
      },
      loss(step, nats) {
        last = Math.max(last, step);
        const bin = Math.floor(BINS * Math.log10(step));
        for (const later of sums.keys()) if (later > bin) sums.delete(later); // a run that went back
        const sum = sums.get(bin) ?? { steps: 0, nats: 0, count: 0 };
        const some = Number.isFinite(nats) ? nats : 1e9; // above everything
        sums.set(bin, { steps: sum.steps + step, nats: sum.nats + some, count: sum.count + 1 });
        soon();
      },
      score(step, nats) {
        while (scores.length && scores.at(-1)[0] >= step) scores.pop(); // a run that went back
        scores.push([step, nats]);
        soon();
      },
      mark(step) {
        lost = step;
        soon();
      },
    };
  };

  return curve;
});
