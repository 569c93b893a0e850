/* Elements, made in one line: `live.dom("p", { class: "quiet" }, "text", child)`. What is a string becomes text, never
   markup; a function becomes a listener (`onclick`); `true` an attribute without a value; null and false are left out. */
live.part("dom", () => {
  "use strict";
  let count = 0;

  const dom = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(key.slice(2), value);
      else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== false));
    return element;
  };

  /* An id that nothing else on the page has. */
  dom.id = () => `live-${(count += 1)}`;

  /* Whether the reader has asked for a page that keeps still. */
  dom.still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  return dom;
});
