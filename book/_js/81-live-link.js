/* A link to a state of a view, `#view=read&name=mary`, leads to its place: the view then comes, and reads the rest. Boxes
   that the place stands in are opened. */
(() => {
  "use strict";
  const go = () => {
    const view = new URLSearchParams(location.hash.slice(1)).get("view");
    const place = view && document.querySelector(`.live[data-view="${CSS.escape(view)}"]`);
    if (!place) return;
    for (let box = place.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    place.scrollIntoView();
  };
  addEventListener("hashchange", go);
  go();
})();
