/* Twenty names at once, with marks that say where each stands, and the dice that they are drawn with.

   const dice = live.dice({ changed });       // dice.element, a field for the seed; dice.seed; dice.set(seed)
   dice.of(name)(place)                       // the generator for a place of a name, both from 0 on
   const twenty = live.dice.twenty({ say, busy });
   twenty.elements; twenty.write(prefix, shape, dice) */
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
      of(name) {
        const { seed } = this;
        return (place) => live.rng.of(seed, name, place);
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

  /* Which names the dials have taken away: those that the same dice write by the law as it is. */
  const vanished = (names, plain) => {
    const gone = plain.filter((name, k) => name !== names[k]);
    return gone.length ? `Gone since temperature 1, without cuts: ${gone.map(marked).join(", ")}.` : "";
  };
  const marked = (name) => `${name || "(empty)"}${MARKS[live.machine.known(name)]}`;

  const names = function* (prefix, shape, dice) {
    const found = [];
    while (found.length < COUNT) found.push(yield* live.machine.writes(prefix, dice.of(found.length), shape));
    return found;
  };

  dice.twenty = ({ say, busy }) => {
    const list = live.dom("ol", { class: "live__names" });
    const [count, gone] = [1, 2].map(() => live.dom("p", { class: "live__note" }));
    let plain = { key: null, names: [] }; // by the law as it is: no dial changes them
    const write = async (prefix, shape, thrown) => {
      busy("writing", true);
      const key = `${thrown.seed} ${prefix}`;
      const now = await live.slices(function* () {
        if (key !== plain.key) plain = { key, names: yield* names(prefix, {}, thrown) };
        return yield* names(prefix, shape, thrown);
      }, list);
      busy("writing", false);
      list.replaceChildren(...now.map((name) => live.dom("li", {}, marked(name))));
      count.textContent = told(prefix, now, now.map(live.machine.known));
      gone.textContent = vanished(now, plain.names);
      say(`${count.textContent} ${gone.textContent}`);
    };
    return { elements: [list, count, gone], write };
  };
  return dice;
});
