/* What a link to an equation, a figure, an exercise or a word leads to, shown beside it: by mouse, key and finger.
   The text stands on the page or in a <template> of it. Without this script, and without popovers, these are links. */
(() => {
  "use strict";
  const links = document.querySelectorAll(".article a.about");
  if (!links.length || !HTMLElement.prototype.showPopover) return;
  const card = Object.assign(document.createElement("div"), { id: "card", className: "card", popover: "manual" });
  card.setAttribute("role", "tooltip");
  document.querySelector("main").append(card); // it belongs to the text
  const wait = { show: 250, hide: 200 }; // milliseconds: a mouse that passes by opens nothing
  let shown = null; // the link whose card is open
  let clock = 0;
  let finger = false; // whether the last press was a touch

  const hide = () => {
    clearTimeout(clock);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    document.querySelector(".pointed")?.classList.remove("pointed");
    shown = null;
    card.hidePopover();
  };
  const later = (action, delay) => {
    clearTimeout(clock);
    clock = setTimeout(action, delay);
  };

  /* Below the line that holds the link, or above it where there is no room; never over the link itself. */
  const place = () => {
    if (!card.matches(":popover-open")) return;
    card.style.maxHeight = "";
    const boxes = [...shown.getClientRects()];
    const [first, last] = [boxes[0], boxes[boxes.length - 1]];
    if (!first || last.bottom < 0 || first.top > innerHeight) return hide();
    const below = innerHeight - last.bottom;
    const above = first.top - document.querySelector(".bar").offsetHeight;
    const down = below > card.offsetHeight + 12 || below > above;
    card.style.maxHeight = `${Math.max(down ? below : above, 120) - 16}px`;
    card.style.top = `${down ? last.bottom + 6 : first.top - card.offsetHeight - 6}px`;
    const left = (down ? last : first).left;
    card.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - card.offsetWidth - 8))}px`;
  };

  /* Returns whether there is something to show. */
  const show = (link) => {
    clearTimeout(clock);
    const parts = shown !== link && window.cardParts(link);
    if (!parts) return false;
    hide();
    shown = link;
    parts.inSight?.classList.add("pointed"); // nothing to show: it is there
    if (parts.inSight) return true;
    const go = Object.assign(document.createElement("a"), { className: "card__go", href: link.href, tabIndex: -1 });
    go.textContent = parts.where;
    go.setAttribute("aria-hidden", "true"); // the link itself leads there
    card.replaceChildren(...parts.body, go);
    const formula = card.querySelector(":scope > .math"); // has no words of its own
    if (formula) card.setAttribute("aria-label", `Equation ${link.textContent}. ${parts.where}`);
    else card.removeAttribute("aria-label");
    card.showPopover();
    link.setAttribute("aria-describedby", "card");
    place();
    return true;
  };

  links.forEach((link) => {
    link.addEventListener(
      "pointerenter",
      (event) => event.pointerType === "mouse" && later(() => show(link), wait.show),
    );
    link.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && later(hide, wait.hide));
    link.addEventListener("focus", () => link.matches(":focus-visible") && !finger && show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      if (finger && show(link)) event.preventDefault(); // the first tap shows, the second follows
      else hide();
    });
  });
  card.addEventListener("pointerenter", () => clearTimeout(clock));
  card.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && later(hide, wait.hide));
  card.addEventListener("mousedown", (event) => event.preventDefault()); // the link keeps its focus
  card.addEventListener("click", (event) => event.target.closest("a") && hide());
  addEventListener(
    "pointerdown",
    (event) => {
      finger = event.pointerType !== "mouse";
      if (!card.contains(event.target) && event.target.closest?.("a.about") !== shown) hide();
    },
    true,
  );
  addEventListener("keydown", (event) => {
    finger = false;
    if (event.key === "Escape") hide();
  });
  addEventListener("scroll", () => shown && place(), { passive: true });
  addEventListener("resize", hide);
})();
