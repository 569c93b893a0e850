/* The theme: as the system has it, or light, or dark. The page's first script has applied it already. */
(() => {
  "use strict";
  const page = document.documentElement.dataset;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector(".bar__theme");
  const order = ["auto", "light", "dark"];

  const apply = (mode) => {
    page.mode = mode;
    page.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
    button.title = `Theme: ${mode === "auto" ? "as the system" : mode}`;
    button.querySelector("span").textContent = button.title;
  };

  system.addEventListener("change", () => apply(page.mode));
  button.addEventListener("click", () => {
    const mode = order[(order.indexOf(page.mode) + 1) % order.length];
    try {
      localStorage.setItem("mode", mode);
    } catch {} // a page from the disk may have no storage: the theme then lasts as long as the page
    apply(mode);
  });
  button.hidden = false;
  apply(page.mode);
})();
