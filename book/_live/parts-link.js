/* The state of a view in the address: `#view=read&name=mary`. A link restores what it was copied from. */
live.part("link", () => {
  "use strict";
  const PAUSE = 400; // milliseconds: browsers refuse addresses that change too often
  const LONGEST = 2000; // characters of an address
  let waiting = 0;

  /* The values in the address if they are this view's, as strings; else null. */
  const read = (view) => {
    const values = new URLSearchParams(location.hash.slice(1));
    return values.get("view") === view ? Object.fromEntries(values) : null;
  };

  /* The address of a page, of this one if none is given, with these values; those that are null are left out. */
  const address = (view, values, page = location.href) => {
    const kept = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
    const fragment = new URLSearchParams([["view", view], ...kept.map(([key, value]) => [key, String(value)])]);
    return `${page.split("#")[0]}#${fragment}`;
  };

  /* Put values into the address, when they have come to rest; the reader's way back stays as it was. Only what somebody
     does is written: a view that comes to life leaves the address alone. */
  const write = (view, values) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const there = address(view, values);
      if (there.length <= LONGEST) history.replaceState(history.state, "", there);
    }, PAUSE);
  };

  /* The place of a symbol, from 0 on, that an address counts from 1 on; null where there is no such place. */
  const place = (text, count) => {
    const at = Number(text) - 1;
    return Number.isInteger(at) && at >= 0 && at < count ? at : null;
  };

  /* Call `restore(values)` where the address has this view's values: at once, and whenever such a link is followed. */
  const follow = (view, restore) => {
    const look = () => {
      const values = read(view);
      if (values) restore(values);
    };
    addEventListener("hashchange", look);
    look();
  };

  return { read, address, write, place, follow };
});
