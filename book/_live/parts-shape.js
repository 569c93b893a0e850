/* The dials that reshape a law: temperature, top-p, and, where `symbols` says how many there are, top-k.

   const dials = live.shapeDials({ symbols, changed });
   dials.elements; dials.shape as `live.law.reshape` takes it; dials.values as a link holds them; dials.set(values) */
live.part("shapeDials", (live) => {
  "use strict";
  const slider = (label, range, words, changed) => {
    const output = live.dom("output");
    const input = live.dom("input", { type: "range", ...range });
    const tell = () => {
      output.textContent = words(Number(input.value));
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.addEventListener("input", () => {
      tell();
      changed();
    });
    const heading = live.dom("span", {}, `${label}: `, output);
    return { element: live.dom("label", { class: "live__field" }, heading, input), input, tell, first: range.value };
  };

  const shapeDials = ({ symbols = null, changed }) => {
    const two = (value) => value.toFixed(2);
    const cut = (k) => (k === symbols ? "all" : `the ${k} likeliest`);
    const dials = { t: slider("Temperature τ", { min: 0.1, max: 2, step: 0.05, value: 1 }, two, changed) };
    if (symbols) dials.k = slider("Top-k", { min: 1, max: symbols, step: 1, value: symbols }, cut, changed);
    dials.p = slider("Top-p", { min: 0.05, max: 1, step: 0.05, value: 1 }, (p) => (p === 1 ? "all" : two(p)), changed);
    /* The value of a dial, null where it cuts nothing. */
    const cutting = (name, all) => {
      const value = dials[name] ? Number(dials[name].input.value) : all;
      return value === all ? null : value;
    };
    return {
      elements: Object.values(dials).map(({ element }) => element),
      get shape() {
        return { temperature: Number(dials.t.input.value), topK: cutting("k", symbols), topP: cutting("p", 1) };
      },
      get values() {
        return Object.fromEntries(Object.entries(dials).map(([name, { input }]) => [name, input.value]));
      },
      /* What is no number, or not there, is as at the beginning. */
      set(wanted) {
        for (const [name, { input, tell, first }] of Object.entries(dials)) {
          const value = wanted[name] ?? "";
          input.value = String(value).trim() && Number.isFinite(Number(value)) ? value : first;
          tell();
        }
      },
    };
  };
  return shapeDials;
});
