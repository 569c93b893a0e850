"""What chapter 24's page reaches in its minute, and what each of its lines buys a smaller machine.

Usage: python scripts/whole_book.py. Ten minutes on one thread; runs that are in the file are not made again: delete
it when the page changes. Writes lstm_lib/datasets/whole_book.json:
  page     by seed: the validation losses of the page as it ships, its loss on names that it has never met, that of
           Kneser-Ney 6 on the same lists, in how many steps the gradient was clipped, the first names that it invents
  shown    by seed, one seed only: the same of the page without dropout
  small    by what was taken out, "nothing" among them, and seed: the same of a short run of a small machine
  chosen   by what was taken out, where several things can stand in its place: which did best on the watched names
  speed    processor time: seconds of the page's training, milliseconds of one of its steps, and of one of the
           library's `fit`, in turns
A seed deals the lists, draws the first weights and all that follows, so that a run without a line meets the same names
as the run with it.
"""

import json
import os
import statistics
import time
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from measures import DATASETS, write_json

from lstm_lib.check.parts.edited_page import edited
from lstm_lib.model import Params
from lstm_lib.ngram import fit_kneser_ney, ngram_nll
from lstm_lib.train import fit
from lstm_lib.vocabulary import Vocabulary

FILE = DATASETS / "whole_book.json"
NAMES = DATASETS / "names.csv"
SEEDS, CHOOSING = (24, 25, 26, 27, 28), 23
RATE = "LR, BETA1, BETA2, EPS = 0.004"
SMALL = {  # the settings of the chapter's own short run
    "D, H, B = 32, 256, 64": "D, H, B = 32, 48, 32",
    "STEPS, LOOK = 2000, 500": "STEPS, LOOK = 300, 300",
    RATE: "LR, BETA1, BETA2, EPS = 0.03",
}
FALLS = "rate = LR / 2 * float(1 + np.cos(np.pi * (s - 1) / STEPS))"
MOVES = "w = w - rate * m_hat / (np.sqrt(v_hat) + EPS)"
UNCORRECTED = {"m_hat = m / (1 - BETA1**s)": "m_hat = m", "v_hat = v / (1 - BETA2**s)": "v_hat = v"}
# What is taken out: the text of the page, and what stands there instead; of several, seed 23 chooses.
WITHOUT: dict[str, list[dict[str, str]]] = {
    "nothing": [{}],
    "Adam": [{MOVES: f"w = w - {factor} * rate * dw"} for factor in (100, 300, 1000)],
    "falling rate": [{FALLS: "rate = LR / 2"}],  # the mean of what falls
    "clipping": [{"dw = dw * min(1, RHO / length)": "dw = dw"}],
    "dropout": [{"keep = shown / np.float32(1 - P_DROP)": "keep = 1"}],
    "corrected means": [UNCORRECTED | {RATE: f"LR, BETA1, BETA2, EPS = {rate}"} for rate in (0.01, 0.02, 0.03)],
    "forget bias": [{"b[H : 2 * H] = 1": "b[H : 2 * H] = 0"}],
    "mixed lengths": [  # each batch of names of like length, the batches in any order
        {
            "order = rng.permutation(names).tolist()": "order = sorted(rng.permutation(names).tolist(), key=len)",
            "for k in range(0, len(order), B)": "for k in rng.permutation(range(0, len(order), B))",
        }
    ],
}


def run(changes: dict[str, str], seed: int) -> dict[str, Any]:
    """The page's `main` with other text and seed: what it learned, and what it took."""
    page, rng = edited(changes), np.random.default_rng(seed)
    vocab, names, watched, unseen = page.read(NAMES, rng=rng)
    looks, look, factors = [], page.nats, []
    page.nats = lambda *given: looks.append(look(*given)) or looks[-1]  # type: ignore[func-returns-value]
    page.min = lambda *given: factors.append(min(*given)) or factors[-1]  # type: ignore[func-returns-value]
    theta = page.train(page.start(len(vocab), rng=rng), names, watched, vocab, rng=rng)
    kept = page.LOOK * (int(np.argmin(looks)) + 1)
    drawn = [page.invent(theta, vocab, rng=rng) for _ in range(100)]
    known = {"", *names, *watched, *unseen}
    return {
        "watched": [round(float(nats), 4) for nats in looks],
        "unseen": round(float(look(theta, unseen, vocab)), 4),
        "kept": kept,
        "clipped": int(np.sum(np.array(factors) < 1)) // len(theta),
        "names": [name for name in drawn if name not in known][:10],
    }


def bar(seed: int) -> float:
    """What Kneser-Ney 6 pays for the names that the page of this seed has never met."""
    _, names, _, unseen = edited({}).read(NAMES, rng=np.random.default_rng(seed))
    return round(ngram_nll(fit_kneser_ney(names, Vocabulary.from_names(names), 6), unseen), 4)


def seconds() -> float:
    """Processor seconds of the page's training, as it ships."""
    page, rng = edited({}), np.random.default_rng(24)
    vocab, names, watched, _ = page.read(NAMES, rng=rng)
    theta, began = page.start(len(vocab), rng=rng), time.process_time()
    page.train(theta, names, watched, vocab, rng=rng)
    return round(time.process_time() - began, 1)


def speed(rounds: int = 7, steps: int = 30) -> dict[str, Any]:
    """Processor time: milliseconds of a step, the page's and the library's in turns; seconds of the whole training."""
    page, rng = edited({"STEPS, LOOK = 2000, 500": f"STEPS, LOOK = {steps}, {steps + 1}"}), np.random.default_rng(24)
    vocab, names, watched, _ = page.read(NAMES, rng=rng)
    theta, vocabulary = page.start(len(vocab), rng=rng), Vocabulary.from_names(names)
    settings = {"lr": page.LR, "final_lr": 0.0, "max_norm": page.RHO, "dropout": page.P_DROP, "beta2": page.BETA2}
    times: dict[str, list[float]] = {"page": [], "library": []}
    for _ in range(rounds):
        began = time.process_time()
        page.train(theta, names, watched, vocab, rng=rng)
        between = time.process_time()
        fit(Params(*theta), names, vocabulary, rng=rng, steps=steps, batch_size=page.B, progress=False, **settings)
        times["page"].append((between - began) / steps * 1e3)
        times["library"].append((time.process_time() - between) / steps * 1e3)
    return {name: round(statistics.median(each), 1) for name, each in times.items()} | {"seconds": seconds()}


def chosen_changes(what: str, found: dict[str, Any]) -> dict[str, str]:
    """What stands in the place of what is taken out; of several, what did best on the watched names of one seed."""
    choices = WITHOUT[what]
    if len(choices) > 1 and what not in found["chosen"]:
        looks = [run(SMALL | changes, CHOOSING)["watched"][-1] for changes in choices]
        found["chosen"][what] = {"watched": looks, "change": choices[int(np.argmin(looks))]}
    changes: dict[str, str] = found["chosen"][what]["change"] if len(choices) > 1 else choices[0]
    return changes


def main() -> None:
    """All runs that are not there yet, seed after seed."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    for part in ("page", "shown", "small", "chosen"):
        found.setdefault(part, {})
    for seed in SEEDS:
        for what in WITHOUT:
            done = found["small"].setdefault(what, {})
            if str(seed) not in done:
                done[str(seed)] = run(SMALL | chosen_changes(what, found), seed)
                write_json(FILE, found)
                print(what, seed, done[str(seed)]["unseen"], flush=True)
    for seed in SEEDS:
        if str(seed) not in found["page"]:
            found["page"][str(seed)] = run({}, seed) | {"kneser_ney_6": bar(seed)}
            write_json(FILE, found)
            print("page", seed, found["page"][str(seed)]["unseen"], flush=True)
    for seed in SEEDS[:1]:
        if str(seed) not in found["shown"]:
            found["shown"][str(seed)] = run(WITHOUT["dropout"][0], seed)
            write_json(FILE, found)
            print("shown", seed, found["shown"][str(seed)]["unseen"], flush=True)
    if "speed" not in found:
        found["speed"] = speed()
        write_json(FILE, found)


if __name__ == "__main__":
    main()
