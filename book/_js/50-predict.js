/* Results wait in closed boxes until they have been guessed. Who reads without guessing opens all of them, here and on
   every page, until told otherwise. */
(() => {
  "use strict";
  const question = document.querySelector(".predict");
  const answers = document.querySelectorAll("details.answer");
  if (!question) return;
  const button = Object.assign(document.createElement("button"), { className: "predict__all", type: "button" });

  const name = () => (button.textContent = open ? "Close the results again" : "Not guessing? Open every result");
  const apply = () => {
    answers.forEach((box) => (box.open = open));
    name();
  };
  let open = false;
  try {
    open = localStorage.getItem("results") === "open";
  } catch {} // a page from the disk may have no storage: the choice then lasts as long as the page
  button.addEventListener("click", () => {
    open = !open;
    apply();
    try {
      localStorage.setItem("results", open ? "open" : "closed");
    } catch {}
  });
  question.append(button);
  if (open) apply();
  else name(); // a box may stand open already: a link, or the browser's search, led into it
})();
