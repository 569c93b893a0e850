/* The list of sections marks the one that is being read; the contents show where the reader is. */
(() => {
  "use strict";
  const links = [...document.querySelectorAll(":is(.here, .contents__here) a[href^='#']")]; // each section twice
  const mark = (id) => {
    links.forEach((link) =>
      link.hash.slice(1) === id ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"),
    );
  };
  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => mark(entry.target.id)),
    { rootMargin: "-15% 0px -75%" },
  );
  links
    .map((link) => document.getElementById(link.hash.slice(1)))
    .forEach((section) => section && seen.observe(section));

  const contents = document.querySelector(".contents");
  const current = contents.querySelector("li.current > a");
  const show = () => current && (contents.scrollTop = current.offsetTop - contents.clientHeight / 2);
  show();
  contents.addEventListener("toggle", show);
  contents.addEventListener(
    "click",
    (event) => event.target.closest("a") && contents.matches(":popover-open") && contents.hidePopover(),
  );
})();
