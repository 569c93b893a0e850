/* One word as the book spells it, or an Error with a sentence that says what is wrong: `clean_name` of the library. */
live.part("clean", () => {
  "use strict";
  const UNSEEN = "\\u00ad\\u034f\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069";
  const INVISIBLE = new RegExp(`[${UNSEEN}\\ufe00-\\ufe0f\\ufeff\\u{e0100}-\\u{e01ef}]`, "gu");
  const WIDE = /[\u3000\uff01-\uffef]+/g; // letters as wide, or as narrow, as East Asian type needs them
  const SPACES = /[ \u00a0\u1680\u2000-\u200a\u202f\u205f]+/g;
  const SPACE = "\\s\\x1c-\\x1f\\x85";
  const EDGES = new RegExp(
    `^(?:[${SPACE}\\u200c\\u200d]|(?:[-•*·]|[0-9]{1,6}[.)])[${SPACE}])+|[${SPACE}\\u200c\\u200d]+$`,
    "gu",
  ); // and the bullets of a list
  const QUOTED = /^(?:'+(.*[^'])'+|["“”„«»](.*[^"“”„«»])["“”„«»])$/su;
  const BROKEN = /[ÂÃÄÅÐÑ][\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf]|[ÃÅ]\u00a0/; // UTF-8, once read as something else
  const GERSHAYIM = /(?<=[\u05d0-\u05ea])["“”„](?=[\u05d0-\u05ea])/gu; // between Hebrew letters
  const ONE_SPELLING = new Map([
    ...[..."’‘‛ʻʼ`´′׳"].map((mark) => [mark, "'"]),
    ...[..."‐‑‒–−־֊﹘﹣"].map((mark) => [mark, "-"]),
    ...[..."—―"].map((mark) => [mark, " - "]),
  ]);
  const LETTER = /\p{L}/u;
  const INSIDE = /[\p{L}\p{M}\p{Zs}\p{Pd}'·‧・״\u200c\u200d]/u; // what a word may hold

  /* A text for a message, in quotes: cut after 40 symbols; what has no form of its own by its number. */
  const show = (text) => {
    const symbols = [...text];
    const seen = symbols.slice(0, 40).map((symbol) => (/[\p{C}\p{Zl}\p{Zp}]/u.test(symbol) ? code(symbol) : symbol));
    return `“${seen.join("")}${symbols.length > 40 ? "…" : ""}”`;
  };

  /* The number of a symbol: U+00E9. */
  const code = (symbol) => `U+${symbol.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

  const refuse = (name) => {
    if (!name) throw new Error("the line is blank");
    for (const symbol of name) {
      if (symbol === ".") throw new Error(`${show(name)} has a full stop, which is the end mark here`);
      if (/\p{N}/u.test(symbol)) throw new Error(`${show(name)} has a number in it, ${show(symbol)}`);
      if (!INSIDE.test(symbol)) {
        throw new Error(`${show(name)} has ${show(symbol)} (${code(symbol)}) in it, which is no letter`);
      }
    }
    if (!LETTER.test(name)) throw new Error(`${show(name)} has no letter`);
    if (name.startsWith("-") || name.endsWith("-")) throw new Error(`${show(name)} begins or ends with a hyphen`);
  };

  /* Lower case, Unicode's form NFC, one kind of space, hyphen and apostrophe, nothing invisible, no quotes around. */
  const clean = (text) => {
    let name = text.replace(EDGES, "");
    if (!/^[A-Za-z]+$/.test(name)) {
      if (BROKEN.test(text)) throw new Error(`${show(text)} was once read in a wrong encoding; take the original`);
      name = name.replace(INVISIBLE, "").replace(WIDE, (wide) => wide.normalize("NFKC"));
      name = [...name].map((symbol) => ONE_SPELLING.get(symbol) ?? symbol).join("");
      name = name.replace(SPACES, " ").replace(EDGES, "").replace(GERSHAYIM, "״");
      const quoted = QUOTED.exec(name);
      if (quoted) return clean(quoted[1] ?? quoted[2]);
    }
    name = name.toLowerCase().normalize("NFC");
    refuse(name);
    return name;
  };

  clean.show = show;
  clean.code = code;
  return clean;
});
