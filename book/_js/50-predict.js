/* A prediction: what the text says about a result waits until the result has been opened. */
(() => {
  "use strict";
  const explains = (element) => element?.matches("p, ul, ol, .math, .cell.check, figure");

  document.querySelectorAll(".predict").forEach((question) => {
    const cell = question.nextElementSibling;
    const box = cell?.querySelector("details.hide");
    if (!box) return;
    const veil = document.createElement("div");
    veil.className = "veil";
    veil.hidden = true;
    let next = cell.nextElementSibling;
    for (let words = 0; explains(next) && words < 1; next = cell.nextElementSibling) {
      words += next.matches("p");
      veil.append(next);
    }
    if (!veil.childElementCount) return;
    const note = Object.assign(document.createElement("p"), { className: "veiled", textContent: "What it means appears here when you have opened it." });
    cell.after(veil);
    veil.after(note);
    box.addEventListener("toggle", () => {
      if (!box.open) return;
      veil.hidden = false;
      note.remove();
    });
  });
})();
