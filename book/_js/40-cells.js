/* Code can be copied. */
(() => {
  "use strict";
  const told = Object.assign(document.createElement("p"), { className: "unseen" });
  told.setAttribute("role", "status");
  document.body.append(told);

  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return "Copied";
    } catch {
      // a page from a plain http address may not write to the clipboard: the reader's own keys may
      getSelection().selectAllChildren(code);
      return "Press Ctrl+C";
    }
  };
  document
    .querySelectorAll(".cell_input .highlight, .article > section .highlight-bash .highlight, .again .highlight")
    .forEach((box) => {
      const button = Object.assign(document.createElement("button"), {
        className: "copy",
        type: "button",
        textContent: "Copy",
      });
      button.setAttribute("aria-label", "Copy the code");
      button.addEventListener("click", async () => {
        told.textContent = button.textContent = await copy(box.querySelector("pre"));
        setTimeout(() => ((told.textContent = ""), (button.textContent = "Copy")), 2500);
      });
      box.append(button);
    });
})();
