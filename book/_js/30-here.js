/* The list of sections marks the one that is being read; the contents show where the reader is. */
(() => {
  "use strict";
  const links = new Map([...document.querySelectorAll(".here a[href^='#']")].map((a) => [a.hash.slice(1), a]));
  const mark = (id) => {
    links.forEach((link, name) => (name === id ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => mark(entry.target.id)),
    { rootMargin: "-15% 0px -75%" },
  );
  links.forEach((_, id) => document.getElementById(id) && seen.observe(document.getElementById(id)));

  const contents = document.querySelector(".contents");
  const current = contents.querySelector("li.current > a");
  const show = () => current && (contents.scrollTop = current.offsetTop - contents.clientHeight / 2);
  show();
  contents.addEventListener("toggle", show);
  contents.addEventListener("click", (event) => event.target.closest("a") && contents.matches(":popover-open") && contents.hidePopover());
})();
