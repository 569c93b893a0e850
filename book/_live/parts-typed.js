/* What somebody typed, as a name that the machine can read, or a sentence that says why it cannot be one. A letter with a
   mark is read without it, which is told. */
live.part("typed", (live) => {
  "use strict";
  const LONGEST = 40; // letters; the longest name of the book's list has 15
  const LARGEST = 200; // characters that a field keeps

  /* The letters without their marks, if the machine knows those. */
  const plain = (name, { ids }) => {
    const bare = name.normalize("NFD").replace(/[\p{M}\s'-]/gu, "");
    return bare && [...bare].every((symbol) => ids.get(symbol)) ? bare : null;
  };

  const listed = (unknown) => {
    const shown = unknown.slice(0, 5).map(({ letter, code }) => `${live.clean.show(letter)} (${code})`);
    const more = unknown.length > 5 ? `, and ${unknown.length - 5} more` : "";
    return `${shown.join(", ")}${more}`;
  };

  /* { name, told }: a name, which may be empty, and, where it was spelt otherwise, a sentence; or { fault, instead }: a
     sentence, and what could be read in its place, or null. */
  const typed = (text, vocabulary) => {
    if (text.length > LARGEST) {
      return {
        fault: `That has ${text.length.toLocaleString("en")} characters. A name may have ${LONGEST}.`,
        instead: null,
      };
    }
    if (!text.trim()) return { name: "" };
    let name;
    try {
      name = live.clean(text);
    } catch (error) {
      const letters = plain(text.toLowerCase().replace(/[^\p{L}\p{M}]/gu, ""), vocabulary);
      return { fault: `${error.message}.`, instead: letters && letters.length <= LONGEST ? letters : null };
    }
    if ([...name].length > LONGEST)
      return { fault: `A name may have ${LONGEST} letters; this has more.`, instead: null };
    const unknown = live.words.unknown(name, vocabulary);
    if (!unknown.length) return { name };
    const bare = plain(name, vocabulary);
    if (bare) return { name: bare, told: `${live.clean.show(name)} is read as “${bare}”: the machine knows a to z.` };
    return {
      fault: `The machine has never met ${listed(unknown)}: it knows the letters a to z.`,
      instead: null,
    };
  };

  /* A field for a name, with its sentence below: { element, input, note, put, set, refuse }. `changed(text)` hears of
     each change; `refuse` takes what `typed` gave, or null: its sentence is shown. What is pasted and too long for any name is cut, which the sentence says. */
  const field = ({ label, value, changed }) => {
    const fault = live.dom("p", { class: "live__fault", hidden: true });
    const told = live.dom("p", { class: "live__told", hidden: true });
    const note = live.dom("div", {}, fault, told);
    const input = live.dom("input", {
      type: "text",
      value,
      autocomplete: "off",
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
      enterkeyhint: "done",
    });
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text.length <= LARGEST) return;
      event.preventDefault();
      changed(text);
    });
    input.addEventListener("input", () => {
      const text = input.value;
      if (text.length > LARGEST) input.value = text.slice(0, LONGEST);
      changed(text);
    });
    /* Put a text into the field, without and with a word to whoever listens. */
    const put = (text) => (input.value = text.slice(0, LARGEST));
    const set = (text) => {
      put(text);
      changed(text);
    };
    const refuse = (found) => {
      fault.hidden = !found?.fault;
      told.hidden = !found?.told;
      fault.replaceChildren(found?.fault ?? "");
      told.textContent = found?.told ?? "";
      if (!found?.instead) return;
      const take = () => {
        set(found.instead);
        input.focus();
      };
      fault.append(
        " ",
        live.dom("button", { type: "button", class: "live__button", onclick: take }, `Read “${found.instead}”`),
      );
    };
    return { element: live.dom("label", { class: "live__field" }, label, input), input, note, put, set, refuse };
  };

  /* Show and say what `typed` found in a field; what stands in `shown` is seen only while there is a name. */
  const tell = (found, { field, shown, say }) => {
    const { fault, told = "Type a name.", instead } = found.name ? { told: null, ...found } : found;
    field.refuse(fault ? { fault, instead } : { told });
    shown.hidden = !found.name;
    if (fault ?? told) say(fault ?? told);
  };

  /* The same, and read it where it is a name: what `read` yields. Reading that was begun before ends. */
  const heard = async (found, { field, shown, say, busy, read }) => {
    tell(found, { field, shown, say });
    busy("reading", true);
    const got = await live.slices(() => (found.name ? read(found.name) : [].values()), field);
    busy("reading", false);
    return got;
  };

  typed.field = field;
  typed.tell = tell;
  typed.heard = heard;
  return typed;
});
