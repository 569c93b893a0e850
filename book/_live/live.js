/* The live machine. One global, `live`: each file beside this one adds a part, `live.part(name, make)`, or a view, or
   data. The functions are kept, so that a worker can be made of their text: a page from the disk may fetch nothing. */
(() => {
  "use strict";

  /* `live` itself, in a page or in a worker; the worker gets this function as text, so it uses nothing around it. */
  const create = (scope) => {
    const makers = new Map();
    const values = new Map();
    const live = {
      makers,

      /* Add a part: `live[name]` is what `make(live)` returns. Parts that it uses are there already, or used later. */
      part(name, make) {
        makers.set(name, make);
        live[name] = make(live);
      },

      /* Keep a value under a name, or, without a value, return the one that is kept. */
      data(name, value) {
        if (value !== undefined) values.set(name, value);
        else if (!values.has(name)) throw new Error(`the data "${name}" is not loaded`);
        return values.get(name);
      },
    };
    scope.live = live;
    return live;
  };

  const live = create(window);
  const views = new Map();
  const loaded = new Map();
  const root = document.currentScript ? new URL(".", document.currentScript.src) : null;

  /* Load scripts of this folder by name, in order, each once: `live.load(["data-names"]).then(...)`. */
  live.load = (names) => Promise.all(names.map((name) => loaded.get(name) ?? add(name)));

  const add = (name) => {
    const script = Object.assign(document.createElement("script"), { src: new URL(`${name}.js`, root), async: false });
    const done = new Promise((resolve, reject) => {
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => {
        loaded.delete(name); // it may come the next time
        reject(new Error(`${name}.js did not load`));
      });
    });
    loaded.set(name, done);
    document.head.append(script);
    return done;
  };

  /* Work that a part wants done before a view is mounted, each a task of its own, so that no task is long. */
  const ahead = [];
  const rest = () => new Promise((done) => setTimeout(done));
  live.ahead = (...work) => ahead.push(...work);
  live.ready = async () => {
    while (ahead.length) {
      await rest();
      try {
        ahead.shift()?.();
      } catch {} // a view that needs it fails itself, and no other
    }
    await rest();
  };

  /* Until the browser has drawn a frame; one that draws none (the page lies in the background) is not waited for. */
  live.drawn = () =>
    new Promise((done) => {
      requestAnimationFrame(() => setTimeout(done));
      setTimeout(done, 200);
    });

  /* A worker that has these parts, in this order, and then runs `body(live, self)`; nothing is fetched. */
  live.worker = (parts, body) => {
    const made = parts.map((name) => `live.part(${JSON.stringify(name)}, ${live.makers.get(name)});`);
    const text = ['"use strict";', `const live = (${create})(self);`, ...made, `(${body})(live, self);`].join("\n");
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const worker = new Worker(address);
    worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
    return worker;
  };

  /* Register a view: `question`, `move` and `takeaway` are sentences, `mount(place, options)` fills an element. */
  live.view = (name, view) => views.set(name, view);

  /* Fill a place with a view that is loaded; the element then has `data-alive`, and its static twin can hide.
     `options.figure` is the figure of the chapter that the place stands before, if it does. */
  live.mount = (place, name, options = {}) => {
    if (!views.has(name)) throw new Error(`there is no view "${name}"`);
    views.get(name).mount(place, options);
    place.dataset.alive = "";
  };
  live.views = views;
})();
