"""What `make model` and `make sweep` share: the lists of names, the models that count, and the file of results."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from recipes import FOLDS

from lstm_lib.data import Split, load_names, load_splits, split_names
from lstm_lib.evaluate import Interval, bootstrap, paired_bootstrap, score
from lstm_lib.ngram import NGram, fit_kneser_ney, fit_ngram, fit_witten_bell, ngram_nll, ngram_surprises
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import Vocabulary

DATASETS = Path(__file__).resolve().parent.parent / "lstm_lib" / "datasets"
METRICS = DATASETS / "metrics.json"
NATIONAL = DATASETS / "national_names_1880.csv"
ADD_K = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
Surprises = list[FloatArray]


def lists_of(data: str) -> Split:
    """The names to train, choose and judge with.

    "corpus", "corpus split k", "national", "national fold k": by distinct name. "... rows": dealt row by row, repeats
    and all.
    "... rows, fair": the same rows to judge by, but none of their names in the other two lists.
    """
    whose, _, how = data.partition(" ")
    if whose not in ("corpus", "national") or how.split(" ")[0] not in ("", "split", "fold", "rows", "rows,"):
        raise ValueError(f"data must be such as 'corpus', 'national fold 3' or 'corpus rows, fair'; got {data!r}")
    if data == "corpus":
        return load_splits()
    table = load_names() if whose == "corpus" else load_names(NATIONAL)
    if data == "national":
        return split_names(table["name"], rng=np.random.default_rng(1880))
    if how.startswith("split"):
        return split_names(table["name"], rng=np.random.default_rng(int(how.removeprefix("split "))))
    if how.startswith("fold"):
        return fold_of(sorted(set(table["name"])), int(how.removeprefix("fold ")))
    rows = list(table["name"])
    if whose == "corpus":  # a list of girls' names and one of boys' names, put together
        rows = [name for column in ("count_f", "count_m") for name in table.loc[table[column] > 0, "name"]]
    return split_rows(rows, fair=how == "rows, fair")


def split_rows(rows: list[str], *, fair: bool) -> Split:
    """80, 10 and 10 % of the shuffled rows; when fair, each row leaves a list if its name stands in a later one."""
    order = np.random.default_rng(1880).permutation(len(rows))
    shuffled = [rows[place] for place in order]
    first, second = int(0.8 * len(rows)), int(0.9 * len(rows))
    train, val, test = shuffled[:first], shuffled[first:second], shuffled[second:]
    if fair:
        judged = set(test)
        val = [name for name in val if name not in judged]
        judged |= set(val)
        train = [name for name in train if name not in judged]
    return Split(tuple(train), tuple(val), tuple(test))


def vocabulary_of(split: Split) -> Vocabulary:
    """The symbols of all three lists: a short list may lack a rare letter."""
    return Vocabulary.from_names([*split.train, *split.val, *split.test])


def fold_of(names: list[str], fold: int) -> Split:
    """A tenth of the shuffled names to judge by, the next tenth to choose with, the others to train on."""
    shuffled = [names[place] for place in np.random.default_rng(1880).permutation(len(names))]
    tenths = [tuple(shuffled[k::FOLDS]) for k in range(FOLDS)]
    test, val = fold, (fold + 1) % FOLDS
    train = tuple(name for k, tenth in enumerate(tenths) if k not in (test, val) for name in tenth)
    return Split(train, tenths[val], tenths[test])


def counting_models(split: Split, vocabulary: Vocabulary) -> tuple[dict[str, NGram], dict[str, float]]:
    """The rungs of the ladder that count, and the k that does best on the validation names for each that needs one."""
    models = {name: fit_ngram(split.train, vocabulary, order) for name, order in (("uniform", 0), ("unigram", 1))}
    chosen = {}
    for name, order in (("bigram", 2), ("trigram", 3)):
        by_k = {k: fit_ngram(split.train, vocabulary, order, add_k=k) for k in ADD_K}
        chosen[name] = min(by_k, key=lambda k: ngram_nll(by_k[k], split.val))
        models[name] = by_k[chosen[name]]
    models |= {f"witten_bell_{n}": fit_witten_bell(split.train, vocabulary, n) for n in (4, 5, 6)}
    models |= {f"kneser_ney_{n}": fit_kneser_ney(split.train, vocabulary, n) for n in (3, 4, 5, 6, 7, 8)}
    return models, chosen


def ladder(split: Split, vocabulary: Vocabulary) -> dict[str, Any]:
    """For each part the mean surprise under each model that counts; for the test names also its interval."""
    models, add_k = counting_models(split, vocabulary)
    nats = {
        part: {name: ngram_surprises(model, names) for name, model in models.items()}
        for part, names in split._asdict().items()
    }
    scores = {part: {name: mean_nats(each) for name, each in rungs.items()} for part, rungs in nats.items()}
    intervals = {name: rounded(bootstrap(each, rng=np.random.default_rng(0))) for name, each in nats["test"].items()}
    return {"scores": scores, "intervals": intervals, "add_k": add_k}


def difference(one: Surprises, other: Surprises) -> dict[str, float]:
    """How much less surprised `one` is than `other`, with the interval of the paired bootstrap."""
    return rounded(paired_bootstrap(one, other, rng=np.random.default_rng(0)))


def rounded(interval: Interval) -> dict[str, float]:
    """For the file: four decimals."""
    return {key: round(value, 4) for key, value in interval._asdict().items()}


def mean_nats(nats: Surprises) -> float:
    """Nats per predicted symbol, four decimals."""
    return round(score(nats).nll, 4)


def data_version() -> dict[str, str]:
    """Which lists the numbers belong to: the first 16 digits of each file's SHA-256."""
    files = {"names": DATASETS / "names.csv", "national_names_1880": NATIONAL}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for name, path in files.items()}


def read_metrics() -> dict[str, Any]:
    """The file of results as it is; empty when there is none."""
    found: dict[str, Any] = json.loads(METRICS.read_text(encoding="utf-8")) if METRICS.exists() else {}
    return found


def write_metrics(found: dict[str, Any]) -> None:
    """Replace the file of results, in one piece."""
    write_json(METRICS, found)


def write_json(path: Path, found: object) -> None:
    """Write a file beside `path`, then rename it."""
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8", newline="\n")
    aside.replace(path)
