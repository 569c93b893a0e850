/* Long work in short slices, so that the page keeps answering: `live.slices(function* () { ... yield; ... })`.

   `run(work)` starts a generator and returns a promise of what it returns; it goes on for some milliseconds at a time.
   Work that is started under a key ends what runs under that key: its promise is then never kept. */
live.part("slices", () => {
  "use strict";
  const SLICE = 8; // milliseconds
  const newest = new Map();

  const rest = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });

  /* `key`: an object or a string. Never kept: a promise that waits for what nobody wants to know any more. */
  const slices = async (work, key = {}) => {
    const mine = {};
    newest.set(key, mine);
    const going = work();
    for (;;) {
      const until = performance.now() + SLICE;
      let step = going.next();
      while (!step.done && performance.now() < until) step = going.next();
      if (step.done) {
        newest.delete(key);
        return step.value;
      }
      await rest();
      if (newest.get(key) !== mine) return new Promise(() => {});
    }
  };
  return slices;
});
