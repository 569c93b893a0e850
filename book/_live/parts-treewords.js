/* What the tree says in sentences: of the branch that is chosen, and how much of everything the picture holds. */
live.part("treeWords", (live) => {
  "use strict";
  const KNOWN = { read: "it read this name in training", "held out": "real, but it never read it", new: "on no list" };
  const legend =
    "A number: how many names in a million begin so, or are this name. At each fork the likeliest branch is on top. A branch as " +
    "high as its row would hold all that begins with the root; in colour, as temperature and top-p make it; faint behind it, " +
    "as it was learned; grey, all others of a fork; dotted, cut. " +
    "The page rounds the machine’s weights: its numbers differ from the chapters’ by a few in a hundred.";
  const { percent } = live.lawTable;
  const often = (p) => `${live.treePicture.million(p)} in a million`;

  const changed = ({ temperature, topP }) => temperature !== 1 || topP !== null;

  /* A name, or a beginning, that is not the root. */
  const branch = (tree, { text, kind, p, was }, shape) => {
    const [before, called] = [text.slice(0, -1), live.treePicture.called(text)];
    const id = tree.characters.indexOf(text.at(-1));
    const above = before ? `what begins with ${live.treePicture.called(before)}` : "all";
    const share = (of) => `${percent(tree.law(before, of)[id])} of ${above}`;
    const learned = changed(shape) ? ` As it was learned: ${share({})}, ${often(was)}.` : "";
    if (!(p > 0)) return `${called} is cut${kind === "name" ? "" : ", with every name behind it"}.${learned}`;
    if (kind !== "name") return `${called}: ${share(shape)}, ${often(p)}.${learned}`;
    const known = text.length > 1 ? `; ${KNOWN[live.machine.known(before)]}` : "";
    return `${called}, a whole name: ${often(p)}${known}.${learned}`;
  };

  const forks = (tree, { text, kind }, shape) => {
    if (kind !== "open") return "";
    const cut = tree.law(text, shape).filter((each) => each === 0).length;
    return cut ? ` Of its ${tree.characters.length} branches ${cut} are cut.` : "";
  };

  const chosen = (tree, nodes, key, shape) => {
    const node = nodes.find((each) => live.treePicture.key(each) === key) ?? nodes[0];
    if (node.kind === "others") {
      const { text, p, count, cut } = node;
      const begun = `${count} other symbols after ${live.treePicture.called(text)}`;
      if (cut === count) return `${begun}: all cut. Press to see each.`;
      const all = cut ? ` ${cut} of them are cut.` : "";
      return `${begun}: ${often(p)} together.${all} Press to see each.`;
    }
    if (node !== nodes[0]) return branch(tree, node, shape) + forks(tree, node, shape);
    if (!node.text) return `At the start nothing is read.${forks(tree, node, shape)}`;
    const { p, was, text } = node;
    const called = live.treePicture.called(text);
    const learned = changed(shape) ? ` As it was learned: ${often(was)}.` : "";
    return p > 0
      ? `${called}: ${often(p)} begin so.${learned}${forks(tree, node, shape)}`
      : `${called} itself is cut, with every name behind it.${learned}`;
  };

  const shares = (nodes) => {
    const { drawn, names } = live.branches.shares(nodes);
    const begun = nodes[0].text ? `what begins with ${live.treePicture.called(nodes[0].text)}` : "everything";
    return `In the picture: ${percent(drawn)} of ${begun}; ${names > 0 ? `whole names: ${percent(names)}` : "no whole name"}.`;
  };

  return { legend, chosen, shares };
});
