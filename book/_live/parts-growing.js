/* A name that is read letter by letter, with the memory that fills along a line, for somebody who knows no chapter yet.

   const reading = live.growing({ say, busy });   // reading.elements; reading.take(text) */
live.part("growing", (live) => {
  "use strict";
  const PAUSE = 140; // milliseconds between letters
  const LEGEND =
    "High and bright: surprising, in nats. On the line: how full its memory is when a letter comes; what it reads " +
    "changes that, time does not. The dot: the end of the name.";

  /* How full the memory is: the mean size of what its units hold, each squashed to at most 1. */
  const held = ({ tanhC }) => tanhC.reduce((sum, each) => sum + Math.abs(each), 0) / tanhC.length;

  const growing = ({ say, busy }) => {
    const { vocabulary } = live.machine();
    const { characters } = vocabulary;
    const read = live.machine.reader();
    let [name, states, turn] = ["", [], 0];
    const ids = () => [...live.words.encode(vocabulary, name), 0];

    const field = live.typed.field({
      label: "Type a name, and see it read",
      value: "ana",
      changed: (text) => take(text),
    });
    const letters = live.letters({ label: "The name, letter by letter", choose: (at) => look(at) });
    const words = live.dom("p", { class: "live__result" });
    const legend = live.dom("p", { class: "live__legend" }, LEGEND);
    const shown = live.dom("div", { hidden: true }, letters.element, words, legend);

    const look = (at) => {
      const { law } = states[at];
      const best = law.indexOf(Math.max(...law));
      const came = ids()[at];
      const of = (id) => `${id ? `“${characters[id]}”` : "the end"} (${live.lawTable.percent(law[id])})`;
      const hit = best === came ? "and it came." : `what came is ${of(came)}.`;
      words.textContent = `${at ? `After “${name.slice(0, at)}”` : "At the start"} it expects ${of(best)}; ${hit}`;
      say(words.textContent);
    };
    const show = (count) => {
      const columns = states.slice(0, count).map((state, k) => {
        const nats = live.law.surprisal(state.law, ids()[k]);
        return { symbol: [...name, "."][k], nats, held: held(state) };
      });
      letters.show(columns, count - 1);
      return columns.map(({ nats }) => nats);
    };
    /* Letter after letter, from so many on; at the end the most surprising one is chosen. */
    const grow = (count, at) => {
      show(count);
      turn = setInterval(() => {
        count += 1;
        show(count);
        if (count < states.length) return;
        clearInterval(turn);
        letters.choose(at);
      }, PAUSE);
    };
    const take = async (text) => {
      const found = live.typed(text, vocabulary);
      clearInterval(turn);
      const got = await live.typed.heard(found, { field, shown, say, busy, read });
      if (!found.name) return;
      const same = name && found.name.startsWith(name) ? states.length - 1 : 0;
      [name, states] = [found.name, got];
      const costs = show(states.length);
      const at = costs.indexOf(Math.max(...costs));
      letters.choose(at);
      look(at);
      if (!live.dom.still()) grow(Math.max(same, 1), at);
    };
    return { elements: [live.dom("div", { class: "live__row" }, field.element), field.note, shown], take };
  };
  return growing;
});
