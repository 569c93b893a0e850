/* The searches beside the tree: a beam that goes on letter by letter, and the most probable names, found exactly.

   const searches = live.searches({ tree, where, changed, go, work });
   `where()` gives { root, shape }; `changed()` hears that a beam keeps other beginnings, `go(text)` that a name was
   pressed; `work(name, steps)` runs a generator in slices. searches.opens() and searches.kept() are what the beam has
   opened and what it keeps; searches.restart(values) begins again, `searches.state()` is what a link holds. */
live.part("searches", (live) => {
  "use strict";
  const WIDTHS = { 0: "none", 1: "1 wide (greedy)", 2: "2 wide", 3: "3 wide", 5: "5 wide" };
  const [COUNT, MOST] = [5, 6000]; // names that are asked for; beginnings that are opened for them, at most
  const button = (words, onclick) => live.dom("button", { type: "button", class: "live__button", onclick }, words);
  const listed = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0]);
  const number = (count) => count.toLocaleString("en");
  const stateless = (text) => live.treePicture.called(text);

  /* What a beam has done so far, in a sentence. */
  const told = (width, rounds, at) => {
    const most = (one, other) => (other.p > one.p ? other : one);
    const names = rounds.slice(0, at).flatMap((round) => round.filter(({ ended }) => ended));
    const best = names.length ? names.reduce(most) : null;
    const said = best && `${stateless(best.text)}, ${live.treePicture.million(best.p)} in a million`;
    if (!rounds.length) return "The beginning itself is cut: there is nothing to follow.";
    if (!at) {
      return width === 1
        ? "It will follow the most probable branch alone: this is greedy."
        : `After each letter it will keep the ${width} most probable of all that it has, and drop the rest.`;
    }
    if (at === rounds.length) {
      return said ? `It ends with ${said}: nothing that it still follows is more probable.` : "It has found no name.";
    }
    const going = rounds[at - 1].filter(({ ended }) => !ended).map(({ text }) => text);
    return `Letter ${at}: it follows ${listed(going)}.${said ? ` Its best whole name so far: ${said}.` : ""}`;
  };

  const searches = ({ tree, where, changed, go, work }) => {
    let [rounds, at] = [[], 0];

    /* ---- the beam ---- */
    const options = Object.entries(WIDTHS).map(([value, words]) => live.dom("option", { value }, words));
    const select = live.dom("select", {}, ...options);
    const words = live.dom("p", { class: "live__note", hidden: true });
    const width = () => Number(select.value);
    const set = (letters) => {
      at = Math.min(Math.max(letters, 0), rounds.length);
      words.hidden = !width();
      words.textContent = width() ? told(width(), rounds, at) : "";
      further.disabled = end.disabled = !width() || at === rounds.length;
    };
    const further = button("One letter further", () => {
      set(at + 1);
      changed(words.textContent);
    });
    const end = button("To its end", () => {
      set(rounds.length);
      changed(words.textContent);
    });
    const run = async (letters) => {
      const { root, shape } = where();
      rounds = width() ? await work("beam", () => live.search.beam(tree, root, width(), shape)) : [];
      set(letters);
    };
    select.addEventListener("change", async () => {
      await run(0);
      changed(words.textContent, true);
    });

    /* ---- the most probable names ---- */
    const found = live.dom("p", { class: "live__note", hidden: true });
    const list = live.dom("div", { class: "live-tree__names" });
    const forget = () => {
      found.hidden = true;
      list.replaceChildren();
    };
    const result = (names, root, shape) => {
      if (!tree.front(root, shape).p) return "None: the beginning itself is cut.";
      const begun = root ? `that begins with ${stateless(root)}` : "of all";
      if (!names.length) return `After opening ${number(MOST)} beginnings it has found none, and gives up.`;
      const { opened } = names[0];
      const first = `The first was certain after ${number(opened)} ${opened === 1 ? "beginning was" : "beginnings were"} opened`;
      return `${first}: no other name ${begun} is more probable.${names.length < COUNT ? " There are no more within reach." : ""}`;
    };
    const find = async () => {
      const { root, shape } = where();
      const names = await work("finding", () => live.search.best(tree, root, shape, { count: COUNT, most: MOST }));
      found.hidden = false;
      found.textContent = result(names, root, shape);
      const each = ({ text, p }) =>
        button(`${text === "." ? "(empty)" : text.slice(0, -1)} ${live.treePicture.million(p)}`, () => go(text));
      list.replaceChildren(...names.map(each));
      changed(found.textContent);
    };

    const row = (...parts) => live.dom("div", { class: "live__row" }, ...parts);
    const label = live.dom("label", { class: "live__field live__field--short" }, "Follow a beam", select);
    const before = (texts) => texts.filter(({ ended }) => !ended).map(({ text }) => text);
    set(0);
    return {
      elements: [row(label, further, end), words, row(button("The most probable names", find)), found, list],
      opens: () => (at ? [where().root, ...rounds.slice(0, at - 1).flatMap(before)] : []),
      always: () => rounds.slice(0, at).flatMap((round) => round.map(({ text }) => text)),
      kept() {
        const names = rounds.slice(0, Math.max(at - 1, 0)).flatMap((round) => round.filter(({ ended }) => ended));
        return [...names, ...(rounds[at - 1] ?? [])].map(({ text }) => text);
      },
      state: () => (width() ? { beam: width(), letters: at } : {}),
      async restart({ beam, letters = at } = {}) {
        if (beam !== undefined) select.value = beam in WIDTHS ? beam : 0;
        forget();
        await run(Number(letters) || 0);
      },
    };
  };
  return searches;
});
