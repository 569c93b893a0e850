/* The two settings of a training run that a reader may turn: the learning rate and the length of the plan.

   const dials = live.dials({ rate, steps, turned, planned });   // turned(rate), planned(steps)
   dials.rate and dials.steps are what they stand at; dials.set({ rate, steps }) turns them, where they have such a place. */
live.part("dials", (live) => {
  "use strict";
  const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.03, 0.1, 0.3, 1, 3, 10];
  const PLANS = [300, 1000, 3000, 10000];

  const dials = ({ rate, steps, turned, planned }) => {
    const shown = live.dom("output");
    const slider = live.dom("input", { type: "range", min: 0, max: RATES.length - 1, step: 1 });
    const options = PLANS.map((each) => live.dom("option", { value: each }, `${each.toLocaleString("en")} steps`));
    const plan = live.dom("select", {}, ...options);
    const at = {
      get rate() {
        return RATES[slider.value];
      },
      get steps() {
        return Number(plan.value);
      },
      set(wanted) {
        if (RATES.includes(Number(wanted.rate))) slider.value = RATES.indexOf(Number(wanted.rate));
        if (PLANS.includes(Number(wanted.steps))) plan.value = wanted.steps;
        shown.textContent = at.rate;
        slider.setAttribute("aria-valuetext", at.rate);
      },
    };
    slider.addEventListener("input", () => {
      at.set({});
      turned(at.rate);
    });
    plan.addEventListener("change", () => planned(at.steps));
    at.set({ rate, steps });
    at.elements = [
      live.dom("label", { class: "live__field live-train__plan" }, "Plan", plan),
      live.dom("label", { class: "live__field" }, live.dom("span", {}, "Learning rate, at its peak: ", shown), slider),
    ];
    return at;
  };
  return dials;
});
