/* The book's names: how frequent each is, and whether a model read it in training. */
live.part("corpus", (live) => {
  "use strict";
  const PARTS = { t: "train", v: "val", e: "test" };

  /* { names, rank, part, of }: all names, the most frequent first; the rank of one from 1 on, its part ("train", "val",
     "test"), each undefined for a name on no list; all names of a part. */
  const corpus = () => {
    const { names: text, parts } = live.data("names");
    const names = text.split("|");
    const places = new Map(names.map((name, place) => [name, place + 1]));
    const rank = (name) => places.get(name);
    const part = (name) => PARTS[parts[places.get(name) - 1]];
    const of = (wanted) => names.filter((_, place) => PARTS[parts[place]] === wanted);
    return { names, rank, part, of };
  };
  return corpus;
});
