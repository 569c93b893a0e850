"""Measure how fast the engine of the live machine is, in Chromium; rewrites `book/_live/speed.json`.

Usage: python scripts/page_speed.py     (a minute)
Milliseconds are those of the processor, so that other programs hardly count; they depend on the machine, and nothing
compares them with a new run. The steps that a network of a page needs to get below each model that counts do not.
"""

import json
import tempfile
from pathlib import Path

import headless
from engine_page import LIVE, write_page
from live import processor
from selenium import webdriver

STORED = LIVE / "speed.json"
STEPS = 3000  # a plan of the page, as its view has it at first
SETTING = """
window.latin = live.words.known([...".abcdefghijklmnopqrstuvwxyz"]);
window.corpus = live.corpus();
window.ids = (part) => corpus.of(part).map((name) => live.words.encode(latin, name));
window.train = ids("train");
window.trained = live.weights.decode(live.data("trained"));
window.state = live.lstm.start(trained);
window.run = live.run.start({ names: train, V: 27, seed: 1 });
"""
# What is measured, and how often in a row; each once before, so that the browser has made it fast.
CALLS = {
    "decode the weights, H = 256": ("live.weights.decode(live.data('trained'))", 5),
    "one step, H = 256": ("live.lstm.step(trained, k % 27, state)", 300),
    "one training step, H = 32, 32 names": ("live.run.next(run)", 200),
    "read the corpus": ("live.corpus()", 5),
    "count it to order 6": ("window.counts = live.counts.count(train, 27, 6)", 2),
    "Kneser-Ney 6 of the counts": ("window.counting = live.ngram.kneserNey(counts, 6)", 3),
    "one law of Kneser-Ney 6": ("live.ngram.law(counting, [1, 14, 14])", 2000),
}
PASSING = """
const val = ids("val");
const { counted, kneserNey, score } = live.ngram;
const models = { unigram: counted(counts, 1), bigram: counted(counts, 2, 0.1), trigram: counted(counts, 3, 0.1),
  kneser_ney_6: kneserNey(counts, 6) };
const rungs = Object.fromEntries(Object.entries(models).map(([name, model]) => [name, score(model, val)]));
const run = live.run.start({ names: train, V: 27, seed: 1, lr: 0.02, steps: arguments[0] });
const passed = {};
let loss = Infinity;
for (let k = 1; k <= arguments[0]; k++) {
  live.run.next(run);
  if (k % 50) continue;
  loss = live.bptt.score(run.params, val);
  for (const name in rungs) if (loss < rungs[name]) passed[name] ??= k;
}
return [rungs, passed, loss];"""


def processor_time(driver: webdriver.Chrome, code: str, calls: int) -> float:
    """Milliseconds of the page's thread for each of so many calls in a row."""

    def seconds() -> float:
        found = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(metric["value"] for metric in found if metric["name"] == "TaskDuration")

    before = seconds()
    driver.execute_script(f"for (let k = 0; k < {calls}; k++) {code}")
    return (seconds() - before) / calls * 1000


def main() -> None:
    """Measure, store, print."""
    with tempfile.TemporaryDirectory() as folder:
        driver = headless.start()
        try:
            driver.set_script_timeout(900)
            driver.get(write_page(Path(folder)))
            driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
            driver.execute_script(SETTING)
            times = {}
            for name, (code, calls) in CALLS.items():
                processor_time(driver, code, calls)
                times[name] = round(processor_time(driver, code, calls), 3)
            rungs, passed, loss = driver.execute_script(PASSING, STEPS)
        finally:
            driver.quit()
    found = {
        "processor": processor(),
        "milliseconds": times,
        "validation": {name: round(nats, 4) for name, nats in rungs.items()},
        "steps_to_pass": passed,
        f"after_{STEPS}": round(loss, 4),
    }
    STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(STORED.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
