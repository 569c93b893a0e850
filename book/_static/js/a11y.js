/* Small repairs to the theme's accessibility, and names for the closed boxes. Nothing is loaded from elsewhere. */
(() => {
  "use strict";

  /* A label that does not contain the visible words hides them from voice control and screen readers. */
  const dropMisleadingLabels = () => {
    const selector = 'summary[aria-label], .search-button-field[aria-label]';
    document.querySelectorAll(selector).forEach((element) => {
      const label = element.getAttribute("aria-label").toLowerCase();
      if (!element.textContent.toLowerCase().includes(label)) element.removeAttribute("aria-label");
    });
  };

  /* The empty corner of a data frame is a header cell without a word. */
  const nameEmptyHeaders = () => {
    document.querySelectorAll("th").forEach((cell) => {
      if (cell.textContent.trim() || cell.querySelector("img, svg")) return;
      const hidden = document.createElement("span");
      hidden.className = "book-visually-hidden";
      hidden.textContent = cell.closest("thead") ? "row" : "-";
      cell.append(hidden);
    });
  };

  /* Boxes that scroll sideways must be reachable with the keyboard. */
  const makeScrollBoxesReachable = () => {
    const selector = "div.math, .pst-scrollable-table-container, .cell_output .output.text_html, pre";
    document.querySelectorAll(selector).forEach((box) => {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else if (box.tabIndex === 0) box.removeAttribute("tabindex");
    });
  };

  /* A hidden cell that begins with "# @title Solution 6.2" is a box called "Solution 6.2". */
  const titleHiddenCells = () => {
    document.querySelectorAll(".cell details.hide").forEach((box) => {
      const code = box.querySelector(".cell_input pre");
      if (!code) return;
      const install = code.textContent.includes('find_spec("lstm_lib")') && [null, "On Colab: install the library"];
      const title = code.textContent.match(/^\s*#\s*@title\s+(.+)/) || install;
      if (!title) return;
      box.querySelectorAll("summary .collapsed, summary .expanded").forEach((line) => {
        line.textContent = title[1].trim();
      });
    });
  };

  /* Paper is white and nothing on it can be opened: print in the light theme with all boxes open, then undo both. */
  const prepareForPaper = () => {
    const page = document.documentElement;
    let closed = [];
    let theme = page.dataset.theme;
    window.addEventListener("beforeprint", () => {
      theme = page.dataset.theme;
      page.dataset.theme = "light";
      closed = [...document.querySelectorAll(".bd-article details:not([open])")];
      closed.forEach((box) => (box.open = true));
    });
    window.addEventListener("afterprint", () => {
      page.dataset.theme = theme;
      closed.forEach((box) => (box.open = false));
    });
  };

  document.querySelector(".navbar-brand.logo")?.parentElement.setAttribute("role", "region");
  document.querySelector(".navbar-brand.logo")?.parentElement.setAttribute("aria-label", "Title of the book");
  titleHiddenCells();
  prepareForPaper();
  dropMisleadingLabels();
  nameEmptyHeaders();
  makeScrollBoxesReachable();
  document.fonts.ready.then(makeScrollBoxesReachable);
  window.addEventListener("resize", makeScrollBoxesReachable);
})();
