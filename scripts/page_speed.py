"""Measure how fast the engine of the live machine is on this machine, in Chromium; rewrites `book/_live/speed.json`.

Usage: python scripts/page_speed.py     (three minutes; leave the machine alone meanwhile)
The times depend on the machine, so nothing compares them with a new run. The last part trains, in a worker, what a
reader trains: the seconds until its loss on some validation names is below that of each model that counts.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import headless
from engine_page import LIVE, write_page
from live import processor

STORED = LIVE / "speed.json"
MINUTES = 2.5
TIMES = """
const often = (count, call) => {
  const times = [];
  for (let k = 0; k < count; k++) { const begun = performance.now(); call(k); times.push(performance.now() - begun); }
  return times.sort((a, b) => a - b)[count >> 1];
};
const latin = live.words.known([...".abcdefghijklmnopqrstuvwxyz"]);
const corpus = live.corpus();
const train = corpus.of("train").map((name) => live.words.encode(latin, name));
const trained = live.weights.decode(live.data("trained"));
const state = live.lstm.start(trained);
const run = live.run.start({ names: train, V: 27 });
for (let k = 0; k < 300; k++) live.run.next(run);
let counts = null;
return {
  decode: often(5, () => live.weights.decode(live.data("trained"))),
  step: often(300, (k) => live.lstm.step(trained, k % 27, state)),
  name: often(30, () => live.lstm.read(trained, [5, 12, 9, 26, 1, 2, 5, 20, 8])),
  write: often(10, (k) => live.write(trained, { rng: live.rng(k) })),
  train: often(300, () => live.run.next(run)),
  names: often(3, () => live.corpus()),
  count: often(3, () => { counts = live.counts.count(train, 27, 6); }),
  kneserNey: often(3, () => live.ngram.kneserNey(counts, 6)),
  law: often(300, () => live.ngram.law(live.kept ??= live.ngram.kneserNey(counts, 6), [1, 14, 14])),
};"""
RUN = """
const latin = live.words.known([...".abcdefghijklmnopqrstuvwxyz"]);
const corpus = live.corpus();
const ids = (part) => corpus.of(part).map((name) => live.words.encode(latin, name));
return new Promise((done) => {
  const told = { rungs: {}, scores: [] };
  let begun = null;
  const settings = { train: ids("train"), val: ids("val"), test: ids("test"), V: 27, seed: 1 };
  const trainer = live.trainer(settings, (each) => {
    if (each.is === "rung") {
      told.rungs[each.name] = each.nats;
      if (Object.keys(told.rungs).length < 5) return;
      begun = performance.now();
      trainer.say("go");
    }
    if (each.is === "score") {
      told.scores.push([(performance.now() - begun) / 1000, each.step, each.nats]);
      if (performance.now() - begun > arguments[0]) trainer.say("judge");
    }
    if (each.is === "judged") { trainer.end(); done({ ...told, judged: each.nats, counting: each.counting }); }
  });
});"""


def passed(told: dict[str, Any]) -> dict[str, float | None]:
    """Seconds of training until the loss is below each rung; None where it stays above."""
    below = {
        rung: next((seconds for seconds, _, loss in told["scores"] if loss < nats), None)
        for rung, nats in told["rungs"].items()
    }
    return {rung: None if seconds is None else round(seconds, 1) for rung, seconds in below.items()}


def main() -> None:
    """Measure, print, store."""
    with tempfile.TemporaryDirectory() as folder:
        driver = headless.start()
        try:
            driver.set_script_timeout(60 * (MINUTES + 3))
            driver.get(write_page(Path(folder)))
            times = {name: round(milliseconds, 3) for name, milliseconds in driver.execute_script(TIMES).items()}
            print(times, flush=True)
            told = driver.execute_script(RUN, MINUTES * 60_000)
        finally:
            driver.quit()
    seconds, steps, loss = told["scores"][-1]
    training = {
        "rungs": {name: round(nats, 4) for name, nats in told["rungs"].items()}, "seconds_to_pass": passed(told),
        "seconds": round(seconds), "steps": steps, "val": round(loss, 4), "test": round(told["judged"], 4),
    }  # fmt: skip
    found = {"processor": processor(), "milliseconds": times, "training": training}
    STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(STORED.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
