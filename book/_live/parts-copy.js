/* A button that copies the link to what a view shows; where a page may not copy, the link stands in a field to take. */
live.part("copyButton", (live) => {
  "use strict";
  const copyButton = (address) => {
    const box = live.dom("span", { class: "live__copied", role: "status" });
    const copy = async () => {
      const link = address();
      try {
        await navigator.clipboard.writeText(link);
        box.textContent = "Copied: the link shows this again.";
      } catch {
        const field = live.dom("input", { type: "text", readonly: true, value: link, "aria-label": "The link" });
        box.replaceChildren(field);
        field.select();
      }
    };
    return [live.dom("button", { type: "button", class: "live__button", onclick: copy }, "Copy the link"), box];
  };
  return copyButton;
});
