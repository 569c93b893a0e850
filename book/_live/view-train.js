/* Train your own, here: a small network learns in the background, on the book's names or on a pasted list. */
live.view("train", {
  question:
    "A network that knows nothing starts to read names. How fast does it climb the rungs, and where does it stop?",
  move: "Guess at which step it passes the bigram, and whether it will catch up with Kneser-Ney. Then press Train.",

  get takeaway() {
    const { sizes, counting } = live.data("ladder");
    const ends = Object.entries(sizes).map(([units, nats]) => `${units} units ended at ${nats.toFixed(2)}`);
    return (
      "Most of the way is done in the first hundred steps, and each rung takes longer than those before it. Then its size " +
      `holds it: in the runs of chapter 16, all by one recipe made for 256, ${ends.join(", ")} nats on names that were never read; good ` +
      `counting has ${counting.toFixed(2)}. A learning rate of 0.3 is ahead of 0.02 for some thirty steps; by step 100 it is ` +
      "far behind, for its steps are too long."
    );
  },

  /* Options: `rate`, `steps` and `seed` to begin with, and those of the frame. */
  mount(place, options) {
    "use strict";
    const SILENT = 15_000; // milliseconds after which a worker that should train is given up
    const JUDGED = 500; // words that it writes for the verdict
    const { body, say } = live.frame(place, this, options);
    const bench = live.bench(say, { plain: options.plain });
    let [trainer, phase, list, heardAt, seed, restoring] = [null, "idle", null, 0, options.seed ?? 1, false];
    const number = (count) => count.toLocaleString("en");
    const button = (words, onclick, more = "") =>
      live.dom("button", { type: "button", class: `live__button ${more}`, onclick }, words);
    const note = live.dom("p", { class: "live__fault", hidden: true });
    const over = live.dom("p", { class: "live__note", hidden: true });
    const fault = (sentence) => {
      note.hidden = !sentence;
      note.textContent = sentence ?? "";
      if (sentence) say(sentence);
    };

    /* A phase is idle, going, paused or done. */
    const turn = (next) => {
      [phase, heardAt] = [next, performance.now()];
      place.dataset.phase = phase;
      go.textContent = { going: "Pause", idle: "Train" }[phase] ?? "Go on";
      once.disabled = phase === "going";
      again.disabled = phase === "idle";
      judge.disabled = save.disabled = phase === "idle" || phase === "going";
    };
    const begin = () => {
      bench.clear({ steps: dials.steps });
      bench.status(options.plain ? "The rivals count meanwhile." : "The rungs are counted meanwhile.");
      try {
        const settings = { lr: dials.rate, steps: dials.steps, seed };
        const mine = live.trainer({ list: list ?? live.data("names"), ...settings }, (told) => {
          if (mine === trainer) hear(told);
        });
        trainer = mine;
      } catch {
        heard.dead();
      }
    };
    const stop = () => {
      trainer?.end();
      trainer = null;
      bench.hide();
      over.hidden = true;
      turn("idle");
    };
    /* Give an order, to a new worker if there is none. */
    const order = (name, next) => {
      fault(null);
      bench.hide();
      if (!trainer) begin();
      trainer?.say(name);
      if (trainer) turn(next);
    };
    const toggle = () => (phase === "going" ? order("pause", "paused") : order("go", "going"));
    const restart = () => {
      stop();
      toggle();
    };
    const go = button("Train", toggle, "live__button--first");
    const once = button("One step", () => order("once", "paused"));
    const again = button("Start again", restart);
    const judge = button("Judge it", () => trainer.say("judge", { count: JUDGED }));
    const save = button("Save the weights", () => trainer.say("file"));

    const remember = () => {
      const { rate, steps } = dials;
      if (!restoring)
        live.link.write("train", { rate, steps, seed: seed === 1 ? null : seed, words: source.shipped() });
    };
    const dials = live.dials({
      rate: options.rate ?? 0.02,
      steps: options.steps ?? 3000,
      turned(lr) {
        trainer?.say("rate", { lr });
        remember();
      },
      planned() {
        if (phase !== "idle") bench.status("That is another plan: press Train to begin it.");
        stop();
        remember();
      },
    });
    const source = live.source({
      chosen(words, begin) {
        stop();
        list = words;
        [source.tell, source.refuse, bench.status].forEach((hide) => hide(null));
        remember();
        if (words && !begin) bench.status("That is another list: press Train to begin with it.");
        if (begin) toggle();
      },
    });

    const heard = {
      ...bench.heard,
      list(told) {
        source.tell(live.source.described(told));
        trainer.say("watch", { count: 6, word: told.word });
      },
      refused({ reason }) {
        stop();
        source.refuse(reason);
        bench.status(null);
        say(reason);
      },
      diverged({ step, loss, back }) {
        turn("paused");
        bench.lost(step);
        const height = Number.isFinite(loss) ? `${loss.toFixed(1)} nats` : "no number any more";
        fault(
          `Diverged at step ${number(step)}: the loss is ${height}, far above that of blind guessing. The steps are too ` +
            `long. The best weights so far, of step ${number(back)}, are back: lower the learning rate, and go on from them.`,
        );
      },
      done({ step }) {
        turn("done");
        over.hidden = false;
        const fallen = `to ${Math.round(100 * live.run.LAST)} %`;
        over.textContent =
          `The plan ends at step ${number(step)}. ` +
          (options.plain
            ? `On the way its steps have become shorter, ${fallen} of the longest; whoever goes on, takes such short ones.`
            : `The learning rate has fallen on the way, ${fallen} of the dial; whoever goes on, goes on at that.`);
        trainer.say("judge", { count: JUDGED });
      },
      failed({ reason }) {
        stop();
        fault(`The training stopped: ${reason}. Start again, or bring another list.`);
      },
      dead() {
        stop();
        bench.status(null);
        fault(
          "In this browser the page cannot work in the background, so it cannot train. The chapters train in NumPy.",
        );
      },
    };
    const hear = (told) => {
      heardAt = performance.now();
      heard[told.is]?.(told);
    };
    setInterval(() => {
      if (phase !== "going" || performance.now() - heardAt < SILENT) return;
      stop();
      fault("The worker has fallen silent; perhaps memory ran out. Start again, perhaps with a shorter list.");
    }, 1000);

    body.append(
      live.dom("div", { class: "live__row" }, source.label, ...dials.elements.slice(0, options.plain ? 1 : 2)),
      source.own,
      live.dom("div", { class: "live__row" }, go, once, again, judge, save),
      note,
      over,
      ...bench.elements,
    );
    bench.clear(dials);
    turn("idle");
    live.link.follow("train", (wanted) => {
      dials.set(wanted);
      if (Number.isSafeInteger(Number(wanted.seed)) && wanted.seed > 0) seed = Number(wanted.seed);
      restoring = true; // what a link says is not written back
      source.choose(wanted.words);
      restoring = false;
    });
  },
});
