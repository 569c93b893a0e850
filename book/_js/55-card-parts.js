/* What the card of a link holds: a copy of what the link leads to, without names that would then stand there twice. */
window.cardParts = (() => {
  "use strict";
  const paragraph = (text) => Object.assign(document.createElement("p"), { textContent: text });
  const inSight = ({ top, bottom }) =>
    bottom > top && top > document.querySelector(".bar").offsetHeight && bottom < innerHeight;
  const closed = (target) => target.closest("details:not([open])");

  /* Names within a drawing are used there (arrow heads, clips): they change together. All others go. */
  const rename = (part) => {
    [part, ...part.querySelectorAll("*")].forEach((element) => {
      if (!element.closest("svg")) return element.removeAttribute("id");
      for (const { name, value } of element.attributes) {
        if (name === "id") element.id = `card-${value}`;
        else if (/^#|url\(#/.test(value)) element.setAttribute(name, value.replace(/#(?=[\w-])/g, "#card-"));
      }
    });
    part.removeAttribute("tabindex");
    part.querySelectorAll("[tabindex], .headerlink, button").forEach((extra) => extra.remove());
    return part;
  };

  const copies = (target) => {
    if (target.matches(".exercise")) return [target.querySelector("p")];
    if (target.matches("dt")) {
      let meaning = target.nextElementSibling;
      while (meaning?.matches("dt")) meaning = meaning.nextElementSibling; // two words with one meaning
      return [meaning.querySelector("p")];
    }
    return target.matches("figure") ? [target] : [...target.childNodes];
  };

  return (link) => {
    const name = decodeURIComponent(link.hash.slice(1));
    const kept = document.getElementById(`about-${name}`);
    if (kept) return { body: [kept.content.cloneNode(true)], where: `Go there: ${kept.dataset.page}` };
    const target = document.getElementById(name);
    if (!target || link.pathname !== location.pathname) return null;
    if (inSight(target.getBoundingClientRect())) return { inSight: target };
    if (closed(target))
      return {
        body: [paragraph("It waits in a closed box, with a result that you are asked to predict.")],
        where: "Go there",
      };
    const body = target.matches(".math")
      ? [target.cloneNode(true)]
      : copies(target).map((part) => part.cloneNode(true));
    return { body: body.map(rename), where: "Go there" };
  };
})();
