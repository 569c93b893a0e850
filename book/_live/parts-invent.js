/* Names that the machine invents: ten of them, and a game, three names of which one is real.

   const ten = live.invent.ten({ busy, seed });    // ten.element, a list; ten.more()
   const game = live.invent.game({ busy, seed });  // game.elements, the names to choose from and the verdict; game.deal() */
live.part("invent", (live) => {
  "use strict";
  const LONGEST = 12; // letters of a name in the game

  /* So many different names, in steps for `live.slices`. */
  const names = function* (count, rng, wanted = () => true) {
    const found = [];
    while (found.length < count) {
      const made = yield* live.machine.writes("", () => rng, {});
      if (made && !found.includes(made) && wanted(made)) found.push(made);
    }
    return found;
  };

  const ten = ({ busy, seed }) => {
    const element = live.dom("ol", { class: "live__names live__names--few" });
    const more = async () => {
      busy("ten", true);
      const found = await live.slices(() => names(10, live.rng(seed)), element);
      busy("ten", false);
      seed += 1;
      element.replaceChildren(...found.map((each) => live.dom("li", {}, each)));
    };
    return { element, more };
  };

  const game = ({ busy, seed }) => {
    const { corpus } = live.machine();
    const element = live.dom("div", { class: "live__game" });
    const verdict = live.dom("p", { class: "live__result", "aria-live": "polite" });

    const judge = (chosen, real) => {
      const rank = corpus.rank(real).toLocaleString("en");
      const said = `“${real}” is real, number ${rank} by its bearers. The machine invented the other two.`;
      verdict.textContent = `${chosen === real ? "Right" : "No"}: ${said}`;
      for (const each of element.children) {
        each.disabled = true;
        if (each.textContent === real) each.dataset.real = "";
      }
    };
    const deal = async () => {
      const rng = live.rng(1000 + seed);
      seed += 1;
      const kept = corpus.of("test");
      const real = kept[rng.integer(kept.length)];
      const wanted = (made) => !corpus.rank(made) && made.length <= LONGEST;
      busy("deal", true);
      const fakes = await live.slices(() => names(2, rng, wanted), element);
      busy("deal", false);
      const choice = (each) =>
        live.dom("button", { type: "button", class: "live__button", onclick: () => judge(each, real) }, each);
      element.replaceChildren(...rng.shuffle([real, ...fakes]).map(choice));
      verdict.textContent = "";
    };
    return { elements: [element, verdict], deal };
  };

  return { ten, game };
});
