/* Before the page is printed it turns light, and each chapter's solutions move to its end; afterwards all is as it was. */
(() => {
  "use strict";
  const page = document.documentElement;
  const undo = [];

  const turnLight = () => {
    const { theme } = page.dataset;
    page.dataset.theme = "light";
    undo.push(() => (page.dataset.theme = theme));
  };

  // Newer browsers open every box on paper by the style sheet alone, which sends no `toggle` to those who listen.
  const openBoxes = () => {
    if (CSS.supports("selector(::details-content)")) return;
    const deaf = (event) => event.stopImmediatePropagation();
    addEventListener("toggle", deaf, true);
    undo.push(() => setTimeout(() => removeEventListener("toggle", deaf, true)));
    document.querySelectorAll(".article details:not([open])").forEach((box) => {
      box.open = true;
      undo.push(() => (box.open = false));
    });
  };

  const placeOf = (name) => {
    const place = Object.assign(document.createElement("p"), { className: "solution-place" });
    place.append(
      Object.assign(document.createElement("a"), {
        href: `#${name}`,
        textContent: "Its solution stands at the end of the chapter.",
      }),
    );
    return place;
  };

  const collectSolutions = (article) => {
    const found = [...article.querySelectorAll(".exercise details")].filter((box) =>
      box.textContent.trim().startsWith("Solution"),
    );
    if (!found.length) return;
    const end = Object.assign(document.createElement("section"), { className: "solutions" });
    end.append(Object.assign(document.createElement("h2"), { textContent: "Solutions" }));
    found.forEach((box) => {
      const solution = box.closest(".cell") ?? box;
      const target = Object.assign(document.createElement("div"), { id: `solution-${box.closest(".exercise").id}` });
      const place = placeOf(target.id);
      solution.replaceWith(place);
      target.append(solution);
      end.append(target);
      undo.push(() => place.replaceWith(solution));
    });
    article.append(end);
    undo.push(() => end.remove());
  };

  addEventListener("beforeprint", () => {
    if (undo.length) return;
    turnLight();
    openBoxes();
    document.querySelectorAll(".article").forEach(collectSolutions);
  });
  addEventListener("afterprint", () => {
    while (undo.length) undo.pop()();
    delete page.dataset.solutions;
  });
})();
