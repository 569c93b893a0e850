/* Code can be copied. */
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
})();
