"""Train the weights that the library ships, and measure them: `make model`.

Writes lstm_lib/datasets/trained.npz and lstm_lib/datasets/metrics.json. An interrupted run continues where it
stopped when the command is given again.
"""

import json
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from lstm_lib.data import Split, load_splits
from lstm_lib.evaluate import nll
from lstm_lib.model import Params, init_params
from lstm_lib.ngram import NGram, fit_ngram, ngram_nll
from lstm_lib.train import fit, save_checkpoint
from lstm_lib.vocabulary import Vocabulary

DATASETS = Path(__file__).resolve().parent.parent / "lstm_lib" / "datasets"
UNFINISHED = DATASETS / "unfinished-run.npz"
SEED = 2026
SIZES = {"embedding_size": 32, "hidden_size": 256}
FIT = {
    "steps": 4000, "batch_size": 64, "lr": 0.003, "warmup": 100, "final_lr": 0.00006, "max_norm": 1.0,
    "dropout": 0.2, "beta2": 0.99, "eval_every": 500,
}  # fmt: skip
ORDERS = {"uniform": 0, "unigram": 1, "bigram": 2, "trigram": 3}
ADD_K = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


def counted(split: Split, vocabulary: Vocabulary, order: int) -> NGram:
    """The n-gram of that order with the smoothing that does best on the validation names."""
    models = [fit_ngram(split.train, vocabulary, order, add_k=k) for k in ADD_K]
    return min(models, key=lambda model: ngram_nll(model, split.val))


def metrics(params: Params, vocabulary: Vocabulary, split: Split) -> dict[str, object]:
    """Every number that the book shows of the shipped model and its baselines; nats per predicted symbol."""
    baselines = {name: counted(split, vocabulary, order) for name, order in ORDERS.items()}
    scores = {
        part: {name: round(ngram_nll(model, names), 4) for name, model in baselines.items()}
        | {"lstm_shipped": round(nll(params, vocabulary, names), 4)}
        for part, names in split._asdict().items()
    }
    sizes = {part: len(names) for part, names in split._asdict().items()}
    return {"corpus": scores, "names": sizes, "lstm_shipped": {"seed": SEED, **SIZES, **FIT}}


def main() -> None:
    """Train, or continue; then write the weights and what they are worth."""
    split = load_splits()
    vocabulary = Vocabulary.from_names(split.train)
    rng = np.random.default_rng(SEED)
    params = init_params(len(vocabulary), **SIZES, rng=rng, dtype=np.float32)
    params, _ = fit(params, split.train, vocabulary, rng=rng, val_names=split.val, checkpoint=UNFINISHED, **FIT)
    save_checkpoint(DATASETS / "trained.npz", params, vocabulary=vocabulary)
    found = metrics(params, vocabulary, split)
    text = json.dumps(found, indent=2) + "\n"
    (DATASETS / "metrics.json").write_text(text, encoding="utf-8", newline="\n")
    UNFINISHED.unlink()
    print(text)


if __name__ == "__main__":
    main()
