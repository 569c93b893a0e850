/* The live machine: a place on this page gets its view when it comes near; nothing is loaded before. Which scripts a view
   needs, and which figures have one, the extension `places` writes into the page; without that there are no places. */
(() => {
  "use strict";
  const table = document.getElementById("live-table");
  if (!table) return;
  const { root, scripts, figures } = JSON.parse(table.textContent);
  const places = new Map();
  let machine = null; // a promise of `window.live`

  const added = (tag, address) =>
    new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), address);
      element.addEventListener("load", resolve);
      element.addEventListener("error", reject);
      document.head.append(element);
    });

  /* One sheet for all views: each that comes later would have the browser style the whole page anew. */
  const begin = () =>
    (machine ??= Promise.all([
      added("script", { src: `${root}live.js` }),
      added("link", { rel: "stylesheet", href: `${root}live.css` }),
    ]).then(() => window.live));

  /* A line to open, where the figure itself stays in sight; the view comes when it is opened. */
  const behind = (words, place) => {
    const summary = Object.assign(document.createElement("summary"), { textContent: words });
    const door = Object.assign(document.createElement("details"), { className: "live-door" });
    door.append(summary, place);
    door.open = new URLSearchParams(location.hash.slice(1)).get("view") === place.dataset.view;
    return door;
  };

  /* A place whose scripts do not come keeps what stands in it. Views come one by one, each in a task and a frame of its
     own. */
  let before = null;
  const wake = async (place) => {
    const { view, options } = places.get(place);
    const earlier = before;
    const come = async () => {
      const live = await begin();
      await live.load(scripts[view]);
      await earlier;
      await live.ready();
      live.mount(place, view, options);
      await live.drawn();
    };
    await (before = come().catch((error) => console.warn(error)));
  };

  for (const place of document.querySelectorAll(".live[data-view]")) {
    places.set(place, { view: place.dataset.view, options: JSON.parse(place.dataset.options ?? "{}") });
  }
  for (const { name, view, options } of figures) {
    const figure = document.getElementById(name);
    const place = Object.assign(document.createElement("div"), { className: "live" });
    place.dataset.view = view;
    if (options.door) figure.after(behind(options.door, place));
    else figure.before(place);
    places.set(place, { view, options: options.door ? options : { ...options, figure } });
  }

  const near = new IntersectionObserver(
    (changes) => {
      for (const { isIntersecting, target } of changes) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        wake(target);
      }
    },
    { rootMargin: "50%" },
  );
  for (const place of places.keys()) near.observe(place);
})();
