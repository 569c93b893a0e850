/* A link to a place in a closed box opens the box; newer browsers do so by themselves. */
(() => {
  "use strict";
  const show = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let hidden = false;
    for (let box = place?.closest("details"); box; box = box.parentElement.closest("details")) {
      hidden ||= !box.open;
      box.open = true;
    }
    if (hidden) place.scrollIntoView();
  };
  addEventListener("hashchange", show);
  show();
})();
