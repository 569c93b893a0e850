/* The frame that every view stands in: a question, a first move, room for the view, and, closed, what to take away.

   const { body, say, busy } = live.frame(place, this, options);   // the first line of a view's `mount`

   `body` is the empty element that the view fills; `busy("reading", true)` says that something is not done,
   `busy("reading", false)` that it is.
   `say(sentence)` tells somebody who listens; of sentences that come fast only the last is spoken. Options may give
   another `question`, `move` or `takeaway`, and `bare: true` leaves them out; `[words](step=30)` in a takeaway is a button
   that calls the option `go` with the state { step: "30" }. What stood in the place, or the figure of the chapter, is kept: for print, and below a button. */
live.part("frame", (live) => {
  "use strict";
  const PAUSE = 700; // milliseconds without news before something is spoken

  /* A function that puts sentences, with pauses, where a screen reader hears of them. */
  const speaker = (voice) => {
    let waiting = 0;
    return (sentence) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => (voice.textContent = sentence), PAUSE);
    };
  };

  /* What stood in the place goes into an element that print shows, and a page without this view. */
  const keep = (place, figure) => {
    const kept = live.dom("div", { class: "live__kept", id: live.dom.id() });
    if (figure) {
      place.after(kept);
      kept.append(figure);
    } else {
      kept.append(...place.childNodes);
      place.append(kept);
    }
    return kept;
  };

  /* A button that shows and hides the figure of the chapter. */
  const figureButton = (kept) => {
    const turn = ({ currentTarget: button }) => {
      const shown = kept.toggleAttribute("data-shown");
      button.setAttribute("aria-expanded", shown);
      button.textContent = shown ? "Hide the figure" : "Show the figure";
    };
    const states = { "aria-expanded": "false", "aria-controls": kept.id };
    return live.dom("button", { type: "button", class: "live__quiet", ...states, onclick: turn }, "Show the figure");
  };

  const sentences = ({ question, move }, id) => [
    live.dom("p", { class: "live__question", id }, question),
    live.dom("p", { class: "live__move" }, live.dom("b", {}, "First move."), ` ${move}`),
  ];

  /* The pieces of a takeaway, its buttons among them. */
  const linked = (words, go) => {
    const pieces = words.split(/\[(.*?)\]\((.*?)\)/); // text, words of a button, its state; text, ...
    return pieces.map((piece, k) => {
      if (k % 3 !== 1) return k % 3 === 0 && piece;
      const state = Object.fromEntries(new URLSearchParams(pieces[k + 1]));
      return live.dom("button", { type: "button", class: "live__go", onclick: () => go(state) }, piece);
    });
  };

  const frame = (place, view, options = {}) => {
    const said = { ...view, ...options };
    const id = live.dom.id();
    const kept = keep(place, options.figure);
    const body = live.dom("div", { class: "live__body" });
    const voice = live.dom("p", { class: "unseen", "aria-live": "polite" });
    const summary = live.dom("summary", {}, "What to take away");
    const go = (state) => {
      said.go(state);
      place.scrollIntoView();
    };
    const takeaway = said.bare ? [] : linked(said.takeaway, go);
    const names = said.bare ? { "aria-label": said.question } : { "aria-labelledby": id };
    const box = live.dom(
      "div",
      { class: "live__frame", role: "group", ...names },
      ...(said.bare ? [] : sentences(said, id)),
      body,
      !said.bare && live.dom("details", { class: "live__takeaway" }, summary, live.dom("p", {}, ...takeaway)),
      options.figure ? figureButton(kept) : null,
      voice,
    );
    place.prepend(box);
    const work = new Set();
    const busy = (what, on) => {
      if (on) work.add(what);
      else work.delete(what);
      body.setAttribute("aria-busy", work.size > 0);
    };
    return { body, say: speaker(voice), busy };
  };

  return frame;
});
