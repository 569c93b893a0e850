/* From the sections of a page, the one that says most about some words, and the text around them. */
window.excerptOf = (() => {
  "use strict";
  const LENGTH = 220;
  const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /* Words that begin as the reader's do, or as their stems do: "entropi" finds entropy and entropies. */
  const pattern = (words) => {
    const begins = words.map((word) => escaped(word.replace(/(?<=...)i$/, ""))).sort((a, b) => b.length - a.length);
    return begins.length ? new RegExp(`(?<![\\p{L}\\p{N}_])(?:${begins.join("|")})[\\p{L}\\p{N}_]*`, "giu") : null;
  };

  const best = (sections, found) => {
    const score = ([, title, text]) => {
      const seen = [...`${text} ${title} ${title} ${title}`.matchAll(found)].map(([word]) =>
        word.toLowerCase().slice(0, 5),
      );
      return new Set(seen).size * 10 + Math.min(seen.length, 9);
    };
    return sections.map((section) => [score(section), section]).reduce((a, b) => (b[0] > a[0] ? b : a), [0, null])[1];
  };

  /* The text as nodes, with what was found marked: text stays text, whatever it holds. */
  const marked = (text, found, phrase) => {
    const whole = text.toLowerCase().indexOf(phrase.trim().toLowerCase()); // all words together, if they stand so
    const first = whole > 0 ? whole : Math.max(found ? text.search(found) : 0, 0);
    const start = first < 90 ? 0 : text.lastIndexOf(" ", first - 70) + 1;
    const cut = text.slice(start, start + LENGTH);
    const end = start + LENGTH < text.length ? cut.lastIndexOf(" ") : cut.length;
    const shown = cut.slice(0, end);
    const nodes = [start ? "… " : ""];
    let done = 0;
    for (const match of found ? shown.matchAll(found) : []) {
      const mark = Object.assign(document.createElement("mark"), { textContent: match[0] });
      nodes.push(shown.slice(done, match.index), mark);
      done = match.index + match[0].length;
    }
    return [...nodes, shown.slice(done), end < text.length - start ? " …" : ""];
  };

  return (sections, anchor, words, phrase) => {
    const found = pattern(words);
    const section = sections.find(([name]) => name === anchor) || (found && best(sections, found)) || sections[0];
    return { anchor: section[0], title: section[1], text: marked(section[2], found, phrase) };
  };
})();
