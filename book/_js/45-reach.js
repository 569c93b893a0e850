/* What scrolls sideways can be reached with the keyboard. A box is measured when the browser has laid it out, and not
   before: to ask for its width would make the browser lay out the sections that it has left for later. */
(() => {
  "use strict";
  const measure = (box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const boxes = document.querySelectorAll(".math, .pst-scrollable-table-container, .output.text_html, pre");
  const laidOut = new ResizeObserver((changes) => changes.forEach((change) => measure(change.target)));
  const watch = () => boxes.forEach((box) => { // watching again measures again
    laidOut.unobserve(box);
    laidOut.observe(box);
  });
  document.fonts.addEventListener("loadingdone", watch);
  watch();
})();
