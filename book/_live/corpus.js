/* The book's names: how frequent each is, and whether a model read it in training. */
live.part("corpus", (live) => {
  "use strict";
  const PARTS = { t: "train", v: "val", e: "test" };

  /* { names, rank, part, of }: all names, the most frequent first; the rank of one from 1 on, its part ("train", "val",
     "test"), each undefined for a name on no list; all names of a part. */
  const corpus = () => {
    const { names: text, parts } = live.data("names");
    const names = text.split("|");
    let places = null; // made when somebody asks for one
    const rank = (name) => (places ??= new Map(names.map((each, place) => [each, place + 1]))).get(name);
    const part = (name) => PARTS[parts[rank(name) - 1]];
    const of = (wanted) => names.filter((_, place) => PARTS[parts[place]] === wanted);
    return { names, rank, part, of };
  };
  return corpus;
});
