/* The first screen of the book: type a name and see it read; ten names that the machine invents; three, of which one is
   real. */
live.view("start", {
  question: "The machine that you will build reads your name",
  bare: true,

  mount(place, options) {
    "use strict";
    const FIRST = 3; // a seed whose first names are a fair sample, the same at each visit
    const { body, say, busy } = live.frame(place, this, options);
    const reading = live.growing({ say, busy });
    const ten = live.invent.ten({ busy, seed: FIRST });
    const game = live.invent.game({ busy, seed: FIRST });
    const part = (head, words, onclick, ...rest) => {
      const more = live.dom("button", { type: "button", class: "live__quiet", onclick }, words);
      return live.dom("div", {}, live.dom("p", { class: "live__head" }, head, " ", more), ...rest);
    };
    const pair = live.dom("div", { class: "live__pair" });
    pair.append(part("Ten names that it wrote", "Ten more", ten.more, ten.element));
    pair.append(part("Which one is real?", "Three others", game.deal, ...game.elements));
    body.append(...reading.elements, pair);
    reading.take("ana");
    ten.more();
    game.deal();
  },
});
