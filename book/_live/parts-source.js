/* Which words to train on: the book's names, one of the lists of chapter 23, or a list that the reader pastes.

   const source = live.source({ chosen });   // chosen(list, begin): what a trainer takes, and whether it shall begin;
                                             // null for the book's names
   source.shipped() is the language of a list of chapter 23, or null; source.choose(language) chooses it;
   source.refuse(sentence) shows why a list was refused, source.tell(sentence) what was found in it; null hides them. */
live.part("source", (live) => {
  "use strict";
  const SHOWN = 4000; // characters of a long paste that the field shows: a megabyte in it would hold the page up

  const SHIPPED = { turkish: "Turkish", greek: "Greek", georgian: "Georgian" };

  const source = ({ chosen }) => {
    let kept = null; // a paste that is too long to show
    const note = live.dom("p", { class: "live__note", hidden: true });
    const fault = live.dom("p", { class: "live__fault", hidden: true });
    const set = (element) => (sentence) => {
      element.hidden = !sentence;
      element.textContent = sentence ?? "";
    };
    const [tell, refuse] = [set(note), set(fault)];

    const field = live.dom("textarea", {
      rows: 5,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      placeholder: "Words, one on a line, or with commas between: 50 to 50,000 of them, in any alphabet",
    });
    field.addEventListener("input", () => (kept = null));
    field.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text.length <= SHOWN) return;
      event.preventDefault();
      kept = text;
      field.value = text.slice(0, SHOWN);
      refuse(null);
      const [all, some] = [text.length, SHOWN].map((count) => count.toLocaleString("en"));
      tell(
        `All ${all} characters are kept; the field shows the first ${some}. Whatever you type in it takes their place.`,
      );
    });

    const use = () => chosen({ text: kept ?? field.value }, true);
    const button = live.dom("button", { type: "button", class: "live__button", onclick: use }, "Take these words");
    const own = live.dom(
      "div",
      { hidden: true },
      live.dom("label", { class: "live__field" }, "Your words; they stay on this page", field),
      live.dom("div", { class: "live__row" }, button),
    );
    const option = ([value, words]) => live.dom("option", { value }, words);
    const lists = Object.entries(SHIPPED).map(([value, words]) => [value, `places and languages, in ${words}`]);
    const choices = [["book", "the book's names"], ...lists, ["own", "a list of mine"]];
    const select = live.dom("select", {}, ...choices.map(option));
    const shipped = () => (Object.hasOwn(SHIPPED, select.value) ? select.value : null);

    /* A list of chapter 23 comes when somebody asks for it. */
    const fetch = async (language) => {
      try {
        await live.load([`data-list-${language}`]);
        if (select.value === language) chosen({ text: live.data(`list-${language}`) }, false);
      } catch {
        refuse("This list did not load. Reload the page, or choose another one.");
      }
    };
    const changed = () => {
      own.hidden = select.value !== "own";
      tell(null);
      refuse(null);
      if (shipped()) fetch(shipped());
      else if (own.hidden) chosen(null, false);
    };
    select.addEventListener("change", () => {
      changed();
      if (!own.hidden) field.focus();
    });
    const choose = (language) => {
      if (language === (shipped() ?? "book") || select.value === "own") return;
      select.value = Object.hasOwn(SHIPPED, language) ? language : "book";
      changed();
    };
    const label = live.dom("label", { class: "live__field" }, "Words to learn from", select);
    return { label, own: live.dom("div", {}, own, fault, note), tell, refuse, shipped, choose };
  };

  /* The book's list, as a trainer takes it. */
  source.book = () => live.data("names");

  /* What a list holds, in a sentence. */
  source.described = ({ sizes, symbols, given, left, faults }) => {
    const number = (count) => count.toLocaleString("en");
    const all = sizes.train + sizes.val + sizes.test;
    const repeats = given > all ? ` (${number(given)} with repeats)` : "";
    const out = left ? ` Left out: ${number(left)}; the first, in line ${faults[0].line}: ${faults[0].reason}.` : "";
    const few = sizes.test < 100 ? " So few judges can be wrong by chance: do not trust the last digits." : "";
    return (
      `${number(all)} different words${repeats}, ${number(symbols)} symbols with the end mark: ${number(sizes.train)} to ` +
      `learn from, ${number(sizes.val)} to watch by, ${number(sizes.test)} to judge by at the end.${few}${out}`
    );
  };

  return source;
});
