/* A link to a state of a view, `#view=read&name=mary`, leads to its place: the view then comes, and reads the rest. */
(() => {
  "use strict";
  const go = () => {
    const view = new URLSearchParams(location.hash.slice(1)).get("view");
    if (view) document.querySelector(`.live[data-view="${CSS.escape(view)}"]`)?.scrollIntoView();
  };
  addEventListener("hashchange", go);
  go();
})();
