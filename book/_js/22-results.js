/* The list of what the search found: Sphinx's index and order, with the section, and the words around. No page is fetched. */
(() => {
  "use strict";
  if (typeof Search === "undefined" || !window.excerptOf) return; // not the search page
  const out = document.getElementById("search-results");
  const root = document.documentElement.dataset.content_root;
  const make = (tag, className, ...parts) => {
    const element = Object.assign(document.createElement(tag), { className });
    element.append(...parts);
    return element;
  };
  const link = (address, text) =>
    Object.assign(document.createElement("a"), { href: root + address, textContent: text });

  const item = (page, anchor, words, query) => {
    const sections = window.excerpts.pages[page];
    const [pageAnchor, pageTitle] = sections[0];
    const found = window.excerptOf(sections, anchor, words, query);
    const address = `${page}.html${found.anchor === pageAnchor ? "" : `#${found.anchor}`}`;
    const where = found.anchor === pageAnchor ? [] : [make("p", "found__where", pageTitle)];
    return [
      address,
      make("li", "found", link(address, found.title), ...where, make("p", "found__text", ...found.text)),
    ];
  };

  /* Equation (6.7), figure 6.2, exercise 6.3: a number leads straight there. */
  const numbers = (query) => {
    const asked = query
      .trim()
      .toLowerCase()
      .match(/^(?:(equation|figure|exercise)\s+)?\(?(\d+\.\d+)\)?$/);
    return !asked
      ? []
      : ["equation", "figure", "exercise"].flatMap((kind) => {
          const address = (!asked[1] || asked[1] === kind) && window.excerpts.numbers[`${kind} ${asked[2]}`];
          if (!address) return [];
          const [page] = address.split(".html");
          const name = `${kind[0].toUpperCase()}${kind.slice(1)} ${kind === "equation" ? `(${asked[2]})` : asked[2]}`;
          return [
            make("li", "found", link(address, name), make("p", "found__where", window.excerpts.pages[page][0][1])),
          ];
        });
  };

  /* How many letters have to change to make one word of another. */
  const distance = (a, b) => {
    let row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= b.length; j += 1)
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      row = next;
    }
    return row[b.length];
  };
  const alike = (query) => {
    const all = Object.values(window.excerpts.pages)
      .flat()
      .map(([, title, text]) => `${title} ${text}`)
      .join(" ")
      .toLowerCase();
    const word = (query.toLowerCase().match(/\p{L}+/gu) || [""]).reduce((a, b) => (b.length > a.length ? b : a));
    const known = [...new Set(all.match(/\p{L}{4,}/gu))];
    const near = known
      .map((other) => [distance(word, other), other])
      .filter(([steps]) => steps <= (word.length > 6 ? 2 : 1));
    return near
      .sort(([a], [b]) => a - b)
      .slice(0, 3)
      .map(([, other]) => other);
  };
  const nothing = (query) => {
    const words = alike(query)
      .flatMap((word) => [link(`search.html?q=${encodeURIComponent(word)}`, word), ", "])
      .slice(0, -1);
    const hint = words.length ? make("p", "", "Did you mean ", ...words, "?") : "";
    const ways = make(
      "p",
      "",
      "Words that the book explains stand in the ",
      link("book/glossary.html", "glossary"),
      ", symbols in the ",
      link("book/notation.html", "notation"),
      ". A number such as 6.7 finds its equation, figure and exercise.",
    );
    return [hint, ways];
  };

  /* The text of the book: a script, because a page from the disk may fetch nothing. */
  const loaded = () =>
    new Promise((done) => {
      const script = Object.assign(document.createElement("script"), {
        src: `${root}_static/excerpts.js`,
        onload: done,
      });
      document.head.append(script);
    });

  Search.performSearch = async (query) => {
    await loaded();
    const [, terms, excluded, raw, objects] = Search._parseQuery(query);
    const results = Search._performSearch(query, terms, excluded, raw, objects).reverse();
    const entries = new Map(numbers(query).map((entry, place) => [`number ${place}`, entry]));
    for (const [page, , anchor] of results) {
      if (!window.excerpts.pages[page]) continue;
      const [address, entry] = item(page, anchor.slice(1), [...raw, ...terms], query);
      if (!entries.has(address)) entries.set(address, entry);
    }
    const count = entries.size;
    const says = count ? `${count} ${count === 1 ? "place" : "places"} for “${query}”` : `Nothing found for “${query}”`;
    const status = make("p", "found__count", says);
    status.setAttribute("role", "status");
    out.replaceChildren(status, ...(count ? [make("ol", "founds", ...entries.values())] : nothing(query)));
    document.title = `${query}: ${document.title}`;
  };
})();
