/* The tree of beginnings, drawn: each branch as high as its share of what begins with the root, faint as it was
   learned, in colour as it has become; beside each end how many names in a million begin so.

   const picture = live.treePicture({ label, choose, turn });
   picture.show(nodes, { chosen, kept })   // nodes of `live.branches`; the text that is chosen; texts that a beam keeps

   `choose(node)` is called when a branch is pressed or reached, `turn(node, open)` when it is to be opened or closed. Keys
   as in any tree: up and down, right opens and goes in, left closes and goes out, Home, End. */
live.part("treePicture", (live) => {
  "use strict";
  const [ROW, THUMB, THIN] = [28, 44, 1]; // pixels: of a row, of one that a thumb presses, of the thinnest branch
  const NARROW = 480; // pixels: a picture that is narrower stands on a phone
  const [STEP, LEAST, LETTER] = [72, 15, 7.6]; // from letter to letter, at most and at least; of what stands at an end
  const START = "start"; // what stands at the root of all
  const key = ({ text, kind }) => (kind === "others" ? `${text}+` : text);

  const million = (p) => (p >= 5e-7 ? Math.round(1e6 * p).toLocaleString("en") : p > 0 ? "<\u00a01" : "none");

  /* What a branch is called; the empty beginning has no letters. */
  const called = (text) => (text === "." ? "the empty name" : text ? `“${text.replace(".", "")}”` : "the start");

  /* What only ears need: before the letter, and after what stands beside it. */
  const spoken = ({ text, kind, p, count, cut }, kept, narrow) => {
    if (kind === "others") {
      const some = cut && cut < count ? `, ${cut} of them cut` : "";
      return [`${narrow ? `${count} others ` : ""}after ${called(text)} `, some];
    }
    const before = kind === "name" ? "a name " : text.slice(0, -1);
    return [before, `${p > 0 && kind !== "open" ? " in a million" : ""}${kept ? ", kept by the beam" : ""}`];
  };

  const drawn = (kind, from, to, width) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const bend = from[0] + 0.5 * (to[0] - from[0]); // then straight, so that its height is seen
    const middle = (from[0] + bend) / 2;
    path.setAttribute("class", `live-tree__branch live-tree__branch--${kind}`);
    path.setAttribute("d", `M${from} C${middle},${from[1]} ${middle},${to[1]} ${bend},${to[1]} H${to[0]}`);
    path.setAttribute("stroke-width", Math.max(width, THIN));
    return path;
  };

  const treePicture = ({ label, choose, turn }) => {
    const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    lines.setAttribute("aria-hidden", "true");
    const items = live.dom("div", { role: "tree", "aria-label": label });
    const element = live.dom("div", { class: "live-tree" }, lines, items);
    const made = new Map(); // elements by key
    let [nodes, chosen, kept] = [[], "", new Set()];
    const node = (of) => nodes.find((each) => key(each) === of);

    /* ---- what is seen ---- */

    /* Where letters stand: as far apart as the width allows. */
    const places = () => {
      const narrow = element.clientWidth < NARROW;
      const root = 14 + 11 * (nodes[0].text || START).length;
      const wide = (each) => LETTER * note(each, narrow).length;
      const room = (each) => (element.clientWidth - root - 28 - wide(each)) / Math.max(each.level, 1);
      const high = narrow ? THUMB : ROW;
      const step = Math.max(Math.min(STEP, ...nodes.slice(1).map(room)), LEAST);
      const x = (level) => (level ? root + (level - 1 / 3) * step : root / 2);
      return {
        narrow,
        root,
        step,
        high,
        x,
        y: (row) => (row + 0.5) * high,
        width: Math.max(...nodes.map((each) => x(each.level) + 20 + wide(each))),
      };
    };
    const draw = () => {
      const at = places();
      const height = at.high * (1 + Math.max(...nodes.map(({ row }) => row)));
      lines.setAttribute("viewBox", `0 0 ${at.width} ${height}`);
      Object.assign(lines.style, { width: `${at.width}px`, height: `${height}px` });
      const above = [];
      const paths = nodes.flatMap((each) => {
        above[each.level] = each;
        set(each, at);
        if (!each.level) return [];
        const before = above[each.level - 1];
        const half = (level) => (level ? Math.min(at.step / 3, 10) : at.root / 2);
        const from = [at.x(before.level) + half(before.level), at.y(before.row)];
        const to = [at.x(each.level) - half(each.level), at.y(each.row)];
        const share = (value, all) => (all > 0 ? ((at.high - 2) * value) / all : 0);
        const is = drawn(
          each.p > 0 ? (each.kind === "others" ? "others" : "is") : "cut",
          from,
          to,
          share(each.p, nodes[0].p),
        );
        return [drawn("was", from, to, share(each.was, nodes[0].was)), is];
      });
      const order = ["was", "others", "cut", "is"]; // the last on top
      const depth = (path) => order.findIndex((kind) => path.classList.contains(`live-tree__branch--${kind}`));
      lines.replaceChildren(...paths.sort((one, other) => depth(one) - depth(other)));
    };
    const note = ({ kind, text, p, was, count }, narrow) => {
      if (kind === "open") return "";
      const number = p > 0 || !(was > 0) ? million(p) : "cut";
      if (kind === "name") return `${text.length > 1 ? text.slice(0, -1) : "(empty)"}  ${number}`;
      return kind === "others" && !narrow ? `${count} others  ${number}` : number;
    };
    /* An element with the values of a node. */
    const set = (each, at) => {
      const item = made.get(key(each));
      const [before, letter, beside, after] = item.children;
      const wide = each.level ? Math.min(at.step, 20) : at.root;
      letter.textContent = each.kind === "others" ? "…" : each.level ? each.text.at(-1) : each.text || START;
      letter.style.width = `${wide}px`;
      beside.textContent = note(each, at.narrow);
      item.dataset.kind = each.kind;
      item.toggleAttribute("data-cut", !(each.p > 0));
      item.toggleAttribute("data-kept", kept.has(each.text) && each.kind !== "others");
      item.style.left = `${at.x(each.level) - wide / 2}px`;
      item.style.top = `${at.y(each.row) - at.high / 2}px`;
      item.style.height = `${at.high}px`;
      const states = { level: each.level + 1, posinset: each.place, setsize: each.of, selected: key(each) === chosen };
      for (const [name, value] of Object.entries(states)) item.setAttribute(`aria-${name}`, value);
      if (each.kind === "name" || each.kind === "others") item.removeAttribute("aria-expanded");
      else item.setAttribute("aria-expanded", each.kind === "open");
      [before.textContent, after.textContent] = spoken(each, kept.has(each.text), at.narrow);
      item.tabIndex = key(each) === chosen ? 0 : -1;
    };

    /* ---- what is done ---- */

    const go = (of) => {
      if (!of) return;
      choose(of);
      made.get(key(of))?.focus();
    };
    const parent = (of) => nodes.slice(0, nodes.indexOf(of)).findLast(({ level }) => level === of.level - 1);
    const inward = (of) => (of.kind === "open" ? go(nodes[nodes.indexOf(of) + 1]) : turn(of, true));
    const outward = (of) => (of.kind === "open" && of.level ? turn(of, false) : go(parent(of)));
    const KEYS = {
      ArrowUp: (of) => go(nodes[nodes.indexOf(of) - 1]),
      ArrowDown: (of) => go(nodes[nodes.indexOf(of) + 1]),
      ArrowRight: inward,
      ArrowLeft: outward,
      Home: () => go(nodes[0]),
      End: () => go(nodes.at(-1)),
    };
    items.addEventListener("keydown", (event) => {
      const act = KEYS[event.key];
      if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      act(node(chosen));
    });
    items.addEventListener("click", ({ target }) => {
      const item = target.closest("[role=treeitem]");
      const of = item && node(item.dataset.key);
      if (!of) return;
      const was = key(of) === chosen;
      choose(of);
      if (of.kind === "closed" || of.kind === "others") turn(of, true);
      else if (of.kind === "open" && was && of.level) turn(of, false);
    });

    const item = (of) =>
      live.dom(
        "button",
        { type: "button", role: "treeitem", class: "live-tree__item", "data-key": key(of) },
        live.dom("i", { class: "unseen" }),
        live.dom("b", {}),
        live.dom("span", {}),
        live.dom("i", { class: "unseen" }),
      );
    const show = (grown, { chosen: wanted, kept: keeping = new Set() }) => {
      [nodes, kept] = [grown, keeping];
      chosen = node(wanted) ? wanted : key(nodes[0]);
      const wantedKeys = nodes.map(key);
      const had = items.contains(document.activeElement);
      if (wantedKeys.join(" ") !== [...made.keys()].join(" ")) {
        const fresh = nodes.map((each) => [key(each), made.get(key(each)) ?? item(each)]);
        made.clear();
        for (const [name, each] of fresh) made.set(name, each);
        items.replaceChildren(...made.values());
      }
      draw();
      if (had) made.get(chosen).focus();
    };
    new ResizeObserver(() => nodes.length && draw()).observe(element);
    return { element, show };
  };

  treePicture.million = million;
  treePicture.called = called;
  treePicture.key = key;
  return treePicture;
});
