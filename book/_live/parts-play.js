/* A button that plays what has steps, and pauses it: the reader watches instead of pressing.

   const play = live.play(place, { pace, at, last, go, rested });
   play.element is the button. `go(k)` shows a step, and may return a promise; `at()` is the one that is shown, `last()` the
   last: from there it begins anew. Between two that are shown lie `pace` milliseconds; of many steps only some are shown.
   It stops at the last step, at a press, and where the place is out of sight; then `rested()` may say and keep what is shown.
   Whatever else moves the steps calls `play.pause()`, which does neither. */
live.part("play", (live) => {
  "use strict";
  const MOST = 250; // so many moves from the first step to the last
  const rest = (pace) => new Promise((done) => setTimeout(done, pace));

  /* Whether any of a place is in the window: nothing is of one that is hidden, or no longer on the page. */
  const seen = (place) => {
    const { top, bottom } = place.getBoundingClientRect();
    return !document.hidden && bottom > 0 && top < innerHeight;
  };

  const play = (place, { pace, at, last, go, rested }) => {
    let run = null; // an object of its own for each press of Play, while that goes on
    const pause = () => {
      run = null;
      element.textContent = "Play";
    };
    const stop = () => {
      pause();
      rested();
    };
    const start = async () => {
      const mine = (run = {});
      element.textContent = "Pause";
      const after = (k) => Math.min(k + Math.ceil(last() / MOST), last());
      for (let k = at() < last() ? after(at()) : 0; ; k = after(k)) {
        await go(k);
        if (run === mine && k < last()) await rest(pace);
        if (run !== mine) return;
        if (k === last() || !seen(place)) return stop();
      }
    };
    const press = () => (run ? stop() : start());
    const element = live.dom("button", { type: "button", class: "live__button live__play", onclick: press }, "Play");
    return { element, pause };
  };
  return play;
});
