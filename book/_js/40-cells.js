/* Code can be copied; what scrolls sideways can be reached with the keyboard. */
(() => {
  "use strict";
  document.querySelectorAll(".cell_input .highlight, .article > section .highlight-bash .highlight, .again .highlight").forEach((box) => {
    const button = Object.assign(document.createElement("button"), { className: "copy", type: "button", textContent: "Copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(box.querySelector("pre").textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    box.append(button);
  });

  const boxes = document.querySelectorAll(".math, .pst-scrollable-table-container, .output.text_html, pre");
  const makeReachable = () => boxes.forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
  document.fonts.ready.then(makeReachable);
  addEventListener("resize", makeReachable);
  document.addEventListener("toggle", makeReachable, true);
})();
