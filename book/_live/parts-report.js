/* What a training run tells beside its curve: a table of the rungs it passed, the words it writes, and a verdict; `plain`
   for who has not met the rivals by name. */
live.part("report", (live) => {
  "use strict";
  const LINES = 6; // of words, the newest above
  const MARKS = { read: "·", "held out": "*", new: "" };
  const PLAIN = {
    uniform: "blind guess",
    unigram: "counts letters",
    bigram: "counts pairs",
    trigram: "counts threes",
    counting: "counts best",
  };
  const label = ({ name, order }, plain) => {
    if (plain) return PLAIN[name];
    return name === "counting" ? `Kneser-Ney ${order}` : name;
  };
  const number = (nats) => nats.toFixed(2);

  /* The rungs, with the step by which each was passed. */
  const rungTable = (plain) => {
    const rows = live.dom("tbody");
    const titles = [plain ? "rival" : "rung", "nats a symbol", "passed by step"];
    const heads = titles.map((words) => live.dom("th", { scope: "col" }, words));
    const table = live.dom("table", { class: "live-rungs" }, live.dom("thead", {}, live.dom("tr", {}, ...heads)), rows);
    let [rungs, scores] = [[], []];
    const pass = (rung, step) => {
      rung.done = true;
      rung.passed.textContent = step.toLocaleString("en");
    };
    return {
      element: table,
      clear() {
        [rungs, scores] = [[], []];
        rows.replaceChildren();
      },
      /* A rung that comes late may have been passed already: the step at which, or null. */
      rung(told) {
        const rung = { ...told, passed: live.dom("td", {}, "not yet"), done: false };
        const cells = [label(told, plain), number(told.nats)].map((words) => live.dom("td", {}, words));
        rows.append(live.dom("tr", {}, ...cells, rung.passed));
        rungs.push(rung);
        const better = scores.find(({ nats }) => nats < told.nats);
        if (better) pass(rung, better.step);
        return better?.step ?? null;
      },
      /* Names of the rungs that are passed for the first time. */
      score(step, nats) {
        scores.push({ step, nats });
        const news = rungs.filter((rung) => !rung.done && nats < rung.nats);
        for (const rung of news) pass(rung, step);
        return news.map((rung) => label(rung, plain));
      },
    };
  };

  /* Words as they were written, each with a mark that says where it stands. */
  const words = (written) =>
    written.flatMap(({ word, known, ended }, k) => {
      const shown = `${word.length > 18 ? `${[...word].slice(0, 18).join("")}…` : word || "(none)"}${ended ? "" : "…"}`;
      return [k ? " " : "", live.dom("span", { "data-known": known }, `${shown}${MARKS[known]}`)];
    });

  const diary = () => {
    const list = live.dom("ol", { class: "live-diary", reversed: true });
    return {
      element: list,
      clear: () => list.replaceChildren(),
      add(step, written) {
        const when = live.dom("span", { class: "live-diary__step" }, `step ${step.toLocaleString("en")}`);
        list.prepend(live.dom("li", {}, when, live.dom("span", { dir: "auto" }, ...words(written))));
        while (list.children.length > LINES) list.lastChild.remove();
      },
    };
  };

  const share = (written, known) => {
    const count = written.filter((each) => each.known === known).length;
    return `${Math.round((100 * count) / written.length)} %`;
  };

  /* What the words that were kept for the end say. */
  const verdict = ({ step, nats, counting, order, names }, plain) => {
    const lead = counting === undefined ? "" : nats < counting ? ", below" : ", above";
    const who = plain ? "what counts best," : `counting (Kneser-Ney ${order})`;
    const rival = counting === undefined ? "" : `${lead} ${who} with ${number(counting)}`;
    return (
      `On the words kept for the end, the weights of step ${step.toLocaleString("en")} cost ${number(nats)} nats a symbol` +
      `${rival}. Of ${names.length} words that they write, ${share(names, "new")} are new, ${share(names, "read")} were ` +
      `read, ${share(names, "held out")} are real and were never read.`
    );
  };

  /* Hand the bytes of a checkpoint over as a file. */
  const FILE = "my-lstm.npz";
  const download = (bytes) => {
    const address = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
    live.dom("a", { href: address, download: FILE }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };

  /* What to do with that file, for later. */
  const saved = () =>
    live.dom(
      "p",
      { class: "live__note", hidden: true },
      `The best weights so far are saved as ${FILE}. In Python, `,
      live.dom("code", {}, `load_checkpoint("${FILE}")`),
      " of ",
      live.dom("code", {}, "lstm_lib.train"),
      " reads them: .params, and .vocabulary for its symbols.",
    );

  return { rungTable, diary, verdict, label, download, saved };
});
