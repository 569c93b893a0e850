/* The race: plain descent, momentum and Adam in the valley of chapter 11, which lies along the axes or is turned. */
live.view("race", {
  question: "Along the axes Adam is first. Is it still, when the same valley lies between the axes?",
  move:
    "Press Play: who is at the bottom, and when? Guess who will mind the turn. Then turn the valley, press “Start again”, " +
    "and play it.",
  takeaway:
    "The turn changes nothing for plain descent and momentum: 241 and 88 steps in both valleys. Adam has a scale for each " +
    "weight. Along the axes that makes up for the steepness: from this start it needs 78 to 86 steps at every rate here " +
    "from 0.02 to 1. Turned, both weights feel the same mix of steep and gentle: 732 steps at 0.05, 126 at 0.4, and no rate " +
    "here beats momentum’s 88.",

  /* Options: `turned` (1), `steps`, a rate for each of `plain`, `momentum`, `adam`; `pace` of the play; and those of
     the frame. */
  mount(place, options) {
    "use strict";
    const RATES = [0.001, 0.003, 0.005, 0.01, 0.015, 0.019, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1];
    const FIRST = { plain: 0.019, momentum: 0.1, adam: 0.05 };
    const NAMES = { plain: "plain descent", momentum: "momentum", adam: "Adam" };
    const LAST = 1500;
    const { body, say } = live.frame(place, this, options);
    let [steps, turned] = [0, false];

    /* ---- the racers: a line of the legend each, with a rate and how far it has come ---- */
    const racer = (rule) => {
      const shown = live.dom("output");
      const slider = live.dom("input", { type: "range", min: 0, max: RATES.length - 1, step: 1 });
      const label = live.dom(
        "label",
        { class: "live__field" },
        live.dom("span", {}, `${NAMES[rule]}, η = `, shown),
        slider,
      );
      const told = live.dom("span", { class: "live-race__told" });
      const made = { rule, path: [], arrival: null, element: null };
      made.element = live.dom("div", { class: "live-race__racer" }, live.course.sample(rule), label, told);
      made.rate = () => RATES[slider.value];
      made.set = (rate) => {
        slider.value = RATES.indexOf(RATES.includes(Number(rate)) ? Number(rate) : FIRST[rule]);
        made.run();
      };
      made.run = () => {
        shown.textContent = made.rate();
        slider.setAttribute("aria-valuetext", made.rate());
        made.path = live.race.run(rule, { lr: made.rate(), turned, steps: LAST });
        made.arrival = live.race.arrival(made.path, turned);
      };
      made.lost = () => made.path.length <= LAST; // far out: the run was given up
      made.say = (words) => (told.textContent = words);
      slider.addEventListener("input", () => {
        made.run();
        changed();
      });
      return made;
    };
    const racers = live.race.RULES.map(racer);

    const number = (loss) => {
      if (loss < 0.001) return "below 0.001";
      return loss < 1e4 ? loss.toPrecision(3).replace(/e\+(\d)/, "e$1") : "above 10,000";
    };
    const standing = ({ path, arrival, lost }) => {
      if (lost() && steps >= path.length - 1) return `flew apart, out of sight by step ${path.length - 1}`;
      if (arrival !== null && steps >= arrival) return `at the bottom after ${arrival} steps`;
      return `loss ${number(live.race.loss(path[Math.min(steps, path.length - 1)], turned))}`;
    };

    /* ---- what the page shows ---- */
    const course = live.course();
    const count = live.dom("span", { class: "live-race__step" });
    const slider = live.dom("input", { type: "range", min: 0, step: 1, oninput: () => go(Number(slider.value)) });
    const turn = live.dom("input", { type: "checkbox" });
    const switcher = live.dom("label", { class: "live-race__turn" }, turn, " Turn the valley by 45°");
    const button = (words, onclick) => live.dom("button", { type: "button", class: "live__button", onclick }, words);
    const buttons = [
      button("One step", () => go(steps + 1)),
      button("To the end", () => go(end())),
      button("Start again", () => go(0)),
    ];
    const play = live.play(place, {
      pace: options.pace ?? 40,
      at: () => steps,
      last: () => end(),
      go(k) {
        steps = k;
        show(false);
      },
      rested: () => changed(),
    });
    play.element.classList.add("live__button--first");

    const show = (speak = true) => {
      const words = racers.map((each) => {
        each.say(standing(each));
        return `${NAMES[each.rule]}: ${standing(each)}`;
      });
      const paths = racers.map(({ rule, path }) => [rule, path.slice(0, steps + 1)]);
      const said = `Step ${steps.toLocaleString("en")}, valley ${turned ? "turned" : "along the axes"}. ${words.join("; ")}.`;
      course.show({ paths: Object.fromEntries(paths), turned, words: said });
      count.textContent = `Step ${steps.toLocaleString("en")}`;
      slider.max = end();
      slider.value = steps;
      slider.setAttribute("aria-valuetext", count.textContent);
      for (const each of buttons.slice(0, 2)) each.disabled = steps === LAST;
      buttons[2].disabled = steps === 0;
      if (speak) say(said);
    };
    const keep = () => {
      play.pause();
      const rates = Object.fromEntries(racers.map(({ rule, rate }) => [rule, rate()]));
      live.link.write("race", { turned: turned ? 1 : null, steps, ...rates });
    };
    const changed = () => {
      show();
      keep();
    };

    /* ---- what the reader does ---- */
    /* The step by which each has arrived or is lost; the last one if somebody never does. */
    const end = () =>
      Math.max(...racers.map((each) => (each.lost() ? each.path.length - 1 : (each.arrival ?? LAST))), steps);
    const go = (wanted) => {
      steps = Math.min(wanted, LAST);
      changed();
    };
    turn.addEventListener("change", () => {
      turned = turn.checked;
      for (const each of racers) each.run();
      changed();
    });
    body.append(
      live.dom("div", { class: "live__row" }, play.element, ...buttons, switcher),
      live.dom(
        "div",
        { class: "live-race__pair" },
        course.element,
        live.dom(
          "div",
          {},
          live.dom("label", { class: "live__field" }, count, slider),
          ...racers.map(({ element }) => element),
        ),
      ),
      live.dom(
        "p",
        { class: "live__legend" },
        "η is the learning rate. Lines of equal loss, each a quarter of the one outside it; + is the bottom. Each dot is a step; very short ones share a dot. “At the bottom”: " +
          "both coordinates of the valley are, and stay, within 0.01, for as long as is computed here, 1,500 steps.",
      ),
    );
    const restore = (wanted) => {
      play.pause();
      const whole = Number(wanted.steps ?? 0);
      steps = Number.isInteger(whole) ? Math.min(Math.max(whole, 0), LAST) : 0;
      turned = turn.checked = String(wanted.turned) === "1";
      for (const each of racers) each.set(wanted[each.rule]);
      show(false);
    };
    if (!live.link.read("race")) restore(options);
    live.link.follow("race", restore);
  },
});
