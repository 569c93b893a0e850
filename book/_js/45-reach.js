/* What scrolls sideways can be reached with the keyboard, and has a name. A box is measured when the browser has laid it out, and not
   before: to ask for its width would make the browser lay out the sections that it has left for later. */
(() => {
  "use strict";
  const kind = (box) => (box.matches("pre") ? "Code or output" : box.matches(".math") ? "Formula" : "Table");
  const measure = (box) => {
    const wide = box.scrollWidth > box.clientWidth + 1;
    const given = { tabindex: "0", role: "group", "aria-label": `${kind(box)}, scrolls sideways` };
    Object.entries(given).forEach(([name, value]) =>
      wide ? box.setAttribute(name, value) : box.removeAttribute(name),
    );
  };
  const boxes = document.querySelectorAll(".math, .pst-scrollable-table-container, .output.text_html, pre");
  const laidOut = new ResizeObserver((changes) => changes.forEach((change) => measure(change.target)));
  const watch = () =>
    boxes.forEach((box) => {
      // watching again measures again
      laidOut.unobserve(box);
      laidOut.observe(box);
    });
  document.fonts.addEventListener("loadingdone", watch);
  watch();
})();
