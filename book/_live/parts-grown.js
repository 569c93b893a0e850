/* Which branches of the tree are open, and where it begins: what a reader does to it, and what a link keeps of it.

   const grown = live.grown(tree);
   grown.begin(root), grown.lead(name), grown.turn(node, open), grown.restore(values) are steps for `live.slices`;
   grown.nodes(shape, { opens, always }) is the picture, with what a beam has opened and keeps; grown.state() a link. */
live.part("grown", (live) => {
  "use strict";
  const [HAND, WAY] = [4, 2]; // branches of a fork that was opened by hand, or on the way to a name
  const [DEEPEST, MOST] = [20, 40]; // letters of a beginning; open beginnings of a link
  const [LETTERS, NAME] = [/^[a-z]{0,20}$/, /^[a-z]{1,40}$/];

  const START = "*"; // the empty beginning, in a list of a link

  const make = (tree) => {
    const open = new Map(); // how many of its likeliest branches each open beginning shows
    const grown = { root: "", name: "", chosen: "" };
    const end = tree.characters[0];

    grown.fold = () => {
      for (const text of open.keys()) if (text !== grown.root) open.delete(text);
      grown.name = "";
    };
    grown.begin = function* (root) {
      open.clear();
      Object.assign(grown, { root, name: "", chosen: root });
      open.set(root, HAND);
      yield* tree.reach([root]);
    };
    /* Open all that stands on the way to a name, and nothing else. */
    grown.lead = function* (name) {
      if (name && (!name.startsWith(grown.root) || name === grown.root)) yield* grown.begin("");
      grown.fold();
      Object.assign(grown, { name, chosen: name ? name + end : grown.root });
      for (let k = grown.root.length; name && k <= name.length; k++) open.set(name.slice(0, k), WAY);
      if (!name) open.set(grown.root, HAND);
      yield* tree.reach([name]);
    };
    grown.turn = function* ({ text, kind }, opened) {
      if (kind === "others") open.set(text, tree.characters.length);
      else if (opened && kind === "closed" && text.length < DEEPEST) {
        yield* tree.reach([text]);
        open.set(text, HAND);
      } else if (!opened && text !== grown.root) {
        for (const each of open.keys()) if (each.startsWith(text)) open.delete(each);
      }
    };
    grown.mayBegin = () => LETTERS.test(grown.chosen) && grown.chosen !== grown.root && tree.has(grown.chosen);

    /* Read what a beam has opened, before it is drawn. */
    grown.reach = (texts) => tree.reach(texts);

    grown.nodes = (shape, { opens = [], always = [] } = {}) => {
      const opened = new Map(open);
      if (opens.length && opened.get(grown.root) === HAND) opened.set(grown.root, 0); // what the beam keeps, not more
      for (const text of opens) if (!opened.has(text)) opened.set(text, 0);
      const way = grown.name ? [grown.name + end] : [];
      return live.branches(tree, { root: grown.root, open: opened, always: new Set([...always, ...way]), shape });
    };

    /* ---- links ---- */
    grown.state = () => {
      const other = [...open].filter(([text, count]) => text !== grown.root && count !== WAY);
      const all = [...open].filter(([, count]) => count > HAND);
      const joined = (pairs) => pairs.map(([text]) => text || START).join(".") || null;
      const at = grown.chosen === grown.root ? null : grown.chosen;
      return { from: grown.root, name: grown.name || null, open: joined(other), all: joined(all), at };
    };
    grown.restore = function* ({ from, name, open: linked, all, at }) {
      yield* grown.begin(LETTERS.test(from) ? from : "");
      if (NAME.test(name ?? "")) yield* grown.lead(name);
      const wanted = (text) =>
        String(text)
          .split(".")
          .slice(0, MOST)
          .filter((each) => each === START || (each && LETTERS.test(each)))
          .map((each) => (each === START ? "" : each));
      for (const text of wanted(linked).filter((each) => each.startsWith(grown.root))) {
        yield* tree.reach([text]);
        open.set(text, HAND);
      }
      for (const text of wanted(all)) if (open.has(text)) open.set(text, tree.characters.length);
      if (at) grown.chosen = String(at).slice(0, DEEPEST + 2);
    };
    return grown;
  };
  return make;
});
