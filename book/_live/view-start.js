/* The first screen of the book: type a name and see it read; ten names that the machine invents; three, of which one is
   real. */
live.view("start", {
  question: "The machine that you will build reads your name",
  bare: true,

  mount(place, options) {
    "use strict";
    const FIRST = 3; // a seed whose first names are a fair sample, the same at each visit
    const { body, say, busy } = live.frame(place, this, options);
    const { vocabulary, corpus } = live.machine();
    const { characters } = vocabulary;
    const read = live.machine.reader();
    let [name, states] = ["", []];
    const ids = () => [...live.words.encode(vocabulary, name), 0];

    /* ---- a name is read ------------------------------------------------------------------------------------------ */

    const field = live.typed.field({
      label: "Type a name, and see it read",
      value: "ana",
      changed: (text) => take(text),
    });
    const letters = live.letters({ label: "The name, letter by letter", choose: (at) => look(at) });
    const words = live.dom("p", { class: "live__result" });
    const legend = live.dom(
      "p",
      { class: "live__legend" },
      "High and bright: surprising, in nats. On the line: how full its memory is. The dot: the end of the name.",
    );
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
    /* How full the memory is: the mean size of what its units hold, each squashed to at most 1. */
    const held = ({ tanhC }) => tanhC.reduce((sum, each) => sum + Math.abs(each), 0) / tanhC.length;
    const show = (count) => {
      const columns = states.slice(0, count).map((state, k) => {
        const nats = live.law.surprisal(state.law, ids()[k]);
        return { symbol: [...name, "."][k], nats, held: held(state) };
      });
      letters.show(columns, count - 1);
      return columns.map(({ nats }) => nats);
    };
    let turn = 0;
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
      if (live.dom.still()) return;
      let count = Math.max(same, 1);
      show(count);
      turn = setInterval(() => {
        count += 1;
        show(count);
        if (count < states.length) return;
        clearInterval(turn);
        letters.choose(at);
      }, 140);
    };

    /* ---- ten names, and a game ------------------------------------------------------------------------------------- */

    const list = live.dom("ol", { class: "live__names live__names--few" });
    const game = live.dom("div", { class: "live__game" });
    const verdict = live.dom("p", { class: "live__result", "aria-live": "polite" });
    const button = (text, onclick) => live.dom("button", { type: "button", class: "live__button", onclick }, text);
    let seed = FIRST;
    const invent = function* (count, rng, wanted = () => true) {
      const found = [];
      while (found.length < count) {
        const made = yield* live.machine.writes("", rng, {});
        if (made && !found.includes(made) && wanted(made)) found.push(made);
      }
      return found;
    };
    const ten = async () => {
      busy("ten", true);
      const names = await live.slices(() => invent(10, live.rng(seed)), list);
      busy("ten", false);
      seed += 1;
      list.replaceChildren(...names.map((each) => live.dom("li", {}, each)));
    };
    let round = FIRST;
    const deal = async () => {
      const rng = live.rng(1000 + round);
      round += 1;
      const kept = corpus.of("test");
      const real = kept[rng.integer(kept.length)];
      busy("deal", true);
      const fakes = await live.slices(() => invent(2, rng, (made) => !corpus.rank(made) && made.length < 13), game);
      busy("deal", false);
      const three = rng.shuffle([real, ...fakes]);
      const judge = ({ currentTarget: { textContent: chosen } }) => {
        const won = chosen === real;
        const rank = corpus.rank(real).toLocaleString("en");
        verdict.textContent = `${won ? "Right" : "No"}: “${real}” is real, number ${rank} by its bearers. The machine invented the other two.`;
        for (const each of game.children) {
          each.disabled = true;
          if (each.textContent === real) each.dataset.real = "";
        }
      };
      game.replaceChildren(...three.map((each) => button(each, judge)));
      verdict.textContent = "";
    };

    const part = (head, words, onclick, ...rest) => {
      const more = live.dom("button", { type: "button", class: "live__quiet", onclick }, words);
      return live.dom("div", {}, live.dom("p", { class: "live__head" }, head, " ", more), ...rest);
    };
    const pair = live.dom("div", { class: "live__pair" });
    pair.append(part("Ten names that it wrote", "Ten more", ten, list));
    pair.append(part("Which one is real?", "Three others", deal, game, verdict));
    body.append(live.dom("div", { class: "live__row" }, field.element), field.note, shown, pair);
    take("ana");
    ten();
    deal();
  },
});
