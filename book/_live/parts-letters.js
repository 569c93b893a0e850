/* A name, letter by letter, each with its surprise as height, number and colour, and beside it a rival's.

   const letters = live.letters({ label, choose });   // choose(place) is called when a letter is pressed or reached
   letters.show([{ symbol, nats, rival, held }], chosen);   // the end mark's symbol is "."; `rival` may be missing,
                                                            // or null while it counts; so may `held`, how full the memory is, 0 to 1
   letters.choose(place);                             // as if it had been pressed, without the call

   One letter has the focus: the arrow keys, Home and End go on from there. */
live.part("letters", (live) => {
  "use strict";
  const number = (nats) => (nats === null ? "…" : Number.isFinite(nats) ? nats.toFixed(1) : "∞");
  const spoken = (symbol) => (symbol === "." ? "the end" : symbol);
  const make = (kind) => live.dom("span", { class: kind });

  const setBar = (bar, nats) => {
    bar.hidden = nats === undefined || nats === null;
    if (bar.hidden) return;
    bar.style.height = `${Math.max(100 * live.colour.share(nats), 1.5)}%`;
    bar.toggleAttribute("data-more", nats > live.colour.MOST);
  };

  /* A letter's button, and a function that shows other values in it. */
  const column = (rivalName) => {
    const [machine, rival] = ["machine", "rival"].map((kind) => make(`live__bar live__bar--${kind}`));
    const [tile, upper, lower] = [make("live__tile"), make("live__number"), make("live__number live__number--rival")];
    const [end, unit] = [make("unseen"), make("unseen")]; // what only ears need
    const fill = make("live__fill");
    const line = live.dom("span", { class: "live__line" }, live.dom("span", { class: "live__memory" }, fill));
    const bars = live.dom("span", { class: "live__bars" }, machine, rival);
    const parts = [bars, tile, end, upper, unit, lower, line];
    const element = live.dom("button", { type: "button", class: "live__letter" }, ...parts);

    const set = ({ symbol, nats, rival: counted, held }) => {
      const { paper, ink } = live.colour(nats);
      setBar(machine, nats);
      setBar(rival, counted);
      machine.style.background = paper;
      Object.assign(tile.style, { background: paper, color: ink });
      tile.textContent = symbol;
      upper.textContent = number(nats);
      lower.hidden = counted === undefined;
      lower.textContent = lower.hidden ? "" : number(counted);
      line.hidden = held === undefined;
      if (!line.hidden) fill.style.height = `${100 * held}%`;
      end.textContent = symbol === "." ? " the end: " : ": ";
      unit.textContent = ` nats${lower.hidden ? "" : `; ${rivalName} `}`;
    };
    return { element, set };
  };

  const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

  const letters = ({ label, choose, rivalName = "counting" }) => {
    const element = live.dom("div", { class: "live__letters", role: "group", "aria-label": label });
    const columns = []; // as many as the longest name needed; the first `count` stand in the element
    let [count, chosen] = [0, 0];

    const mark = (place) => {
      chosen = Math.min(Math.max(place, 0), count - 1);
      columns.forEach(({ element: each }, k) => {
        each.setAttribute("aria-pressed", k === chosen);
        each.tabIndex = k === chosen ? 0 : -1;
      });
    };

    element.addEventListener("click", ({ target }) => {
      const place = columns.findIndex((each) => each.element === target.closest(".live__letter"));
      if (place < 0) return;
      mark(place);
      choose(chosen);
    });
    element.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      mark(chosen + step);
      columns[chosen].element.focus();
      choose(chosen);
    });

    const show = (name, place = 0) => {
      while (columns.length < name.length) columns.push(column(rivalName));
      for (let k = count; k < name.length; k++) element.append(columns[k].element);
      for (let k = name.length; k < count; k++) columns[k].element.remove();
      count = name.length;
      name.forEach((each, k) => columns[k].set(each));
      mark(place);
    };
    return { element, show, choose: mark };
  };
  letters.number = number;
  letters.spoken = spoken;
  return letters;
});
