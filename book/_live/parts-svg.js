/* Elements of a drawing, made as `live.dom` makes those of a page: `live.svg("line", { x1: 0, ... }, child)`. */
live.part("svg", () => {
  "use strict";
  return (name, attributes = {}, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== false));
    return element;
  };
});
