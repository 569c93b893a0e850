/* Twenty names at once, with marks that say where each stands, and the dice that they are drawn with.

   const dice = live.dice({ changed });       // dice.element, a field for the seed; dice.seed; dice.set(seed)
   dice.roll(draws)                           // a generator, as it is after so many draws
   const twenty = live.dice.twenty({ say, busy });
   twenty.elements; twenty.write(prefix, shape, rng) */
live.part("dice", (live) => {
  "use strict";
  const [COUNT, MOST] = [20, 999_999];
  const MARKS = { read: "", "held out": " ○", new: " ★" };

  const dice = ({ changed }) => {
    const input = live.dom("input", { type: "number", min: 0, max: MOST, step: 1, value: 1, inputmode: "numeric" });
    input.addEventListener("input", changed);
    return {
      element: live.dom("label", { class: "live__field live__field--short" }, "Seed of the dice", input),
      /* A whole number from 0 to 999,999, whatever stands in the field. */
      get seed() {
        return Math.min(Math.max(Math.floor(Number(input.value)) || 0, 0), MOST);
      },
      set(seed) {
        input.value = seed;
        input.value = this.seed;
      },
      roll(draws = 0) {
        const rng = live.rng(this.seed);
        for (let k = 0; k < draws; k++) rng.uniform();
        return rng;
      },
    };
  };

  /* What the names are, in a sentence. */
  const told = (prefix, names, kinds) => {
    const of = (kind) => kinds.filter((each) => each === kind).length;
    const different = new Set(names).size;
    return (
      (prefix ? `All begin with “${prefix}”. ` : "") +
      `★ on no list: ${of("new")}. ○ real, but never read: ${of("held out")}. The other ${of("read")} it has read. ` +
      (different === COUNT ? "All differ." : `${different} are different.`)
    );
  };

  dice.twenty = ({ say, busy }) => {
    const list = live.dom("ol", { class: "live__names" });
    const count = live.dom("p", { class: "live__note" });
    const write = async (prefix, shape, rng) => {
      busy("writing", true);
      const names = await live.slices(function* () {
        const found = [];
        while (found.length < COUNT) found.push(yield* live.machine.writes(prefix, rng, shape));
        return found;
      }, list);
      busy("writing", false);
      const kinds = names.map(live.machine.known);
      list.replaceChildren(...names.map((name, k) => live.dom("li", {}, name || "(empty)", MARKS[kinds[k]])));
      count.textContent = told(prefix, names, kinds);
      say(count.textContent);
    };
    return { elements: [list, count], write };
  };
  return dice;
});
