/* On a narrow screen a figure opens large: tap it, or press Enter on its button. Escape or the button above closes it,
   and focus returns to where it was. */
(() => {
  "use strict";
  const narrow = matchMedia("(max-width: 40rem)");
  const icon = "M9 3H3v6M15 21h6v-6M3 3l7 7M21 21l-7-7";
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const shut = make("button", { type: "button", class: "large-shut" }, "Close");
  const room = make("div", { class: "large-room", tabindex: "0", role: "group", "aria-label": "The figure; scrolls" });
  const dialog = make("dialog", { class: "large" }, shut, room);
  shut.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => room.replaceChildren());

  const open = (drawing, title) => {
    const copy = drawing.cloneNode(true);
    // What the copy refers to stays where it was: no id stands in the page twice.
    [copy, ...copy.querySelectorAll("[id]")].forEach((element) => element.removeAttribute("id"));
    room.replaceChildren(copy);
    dialog.setAttribute("aria-label", `${title}, enlarged`);
    if (!dialog.isConnected) document.body.append(dialog);
    dialog.showModal();
    room.scrollTo(0, 0);
  };

  document.querySelectorAll(".article .drawn").forEach((drawing) => {
    const caption = drawing.closest("figure")?.querySelector("figcaption")?.textContent.trim() ?? "";
    const title = caption.match(/^Figure \d+\.\d+/)?.[0] ?? "Drawing";
    const button = make("button", { type: "button", class: "enlarge", "aria-label": `Enlarge ${title}` });
    button.innerHTML = `<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="${icon}"/></svg>`;
    const frame = make("span", { class: "drawn-frame" });
    drawing.replaceWith(frame);
    frame.append(drawing, button);
    button.addEventListener("click", () => open(drawing, title));
    drawing.addEventListener("click", () => {
      if (!narrow.matches) return;
      button.focus({ preventScroll: true });
      open(drawing, title);
    });
  });
})();
