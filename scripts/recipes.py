"""Every training run that the book reports: its data, its seed, its settings. float32, Adam, one thread."""

from typing import Any, NamedTuple

# About a minute on one thread; what chapters 12 and 16 call the main model.
MAIN: dict[str, Any] = {
    "embedding_size": 32, "hidden_size": 256, "steps": 4000, "batch_size": 64, "lr": 0.004, "warmup": 100,
    "final_lr": 0.00008, "max_norm": 1.0, "dropout": 0.2, "weight_drop": None, "beta2": 0.99,
}  # fmt: skip
# More steps than that overfit, unless recurrent weights are dropped too; what the library ships.
SHIPPED = MAIN | {"steps": 12_000, "weight_drop": 0.3}
SHIPPED_SEED = 2026
STAGES = (0, 30, 100, 300, 1000, 3000, 6000)  # steps after which `make model` keeps a copy, for the site; then the best
# A list of 2,189 names is learned by heart in seconds: short, heavily thinned, stopped early.
SMALL = MAIN | {"steps": 1500, "batch_size": 32, "lr": 0.002, "final_lr": 0.00004, "dropout": 0.5, "patience": 5}
# Few enough units to look at each of them; so few cannot overfit, so that no unit needs to be hidden.
READABLE = MAIN | {
    "embedding_size": 16, "hidden_size": 16, "steps": 3000, "lr": 0.01, "final_lr": 0.0002, "dropout": 0.0,
}  # fmt: skip
READABLE_SEEDS = (1, 2, 3, 4, 5)


LISTS = 5  # other shuffles of all names into three lists
SHORT = MAIN | {"steps": 2000}  # long enough to lead, short enough to be made on each of them

FOLDS = 10  # of the short list: its test names are too few to judge by, so that each name is a test name once


class Run(NamedTuple):
    """One training run; `lists_of` in measures.py says what `data` may be."""

    group: str
    data: str
    seed: int
    settings: dict[str, Any]


def sweep() -> dict[str, Run]:
    """The runs of `make sweep`, by name."""
    runs = {f"main-{seed}": Run("main", "corpus", seed, MAIN) for seed in range(1, 6)}
    for hidden, seeds in {16: 3, 32: 3, 64: 3, 128: 3, 512: 1}.items():
        for seed in range(1, seeds + 1):
            runs[f"size-{hidden}-{seed}"] = Run("size", "corpus", seed, MAIN | {"hidden_size": hidden})
    for seed in (1, 2):
        runs[f"best-{seed}"] = Run("best", "corpus", seed, SHIPPED)
    for seed in range(LISTS):
        runs[f"list-{seed}"] = Run("list", f"corpus split {seed}", seed, SHORT)
    for seed in range(1, 6):
        runs[f"national-{seed}"] = Run("national", "national", seed, SMALL)
        runs[f"national-weight-drop-{seed}"] = Run(
            "national-weight-drop", "national", seed, SMALL | {"weight_drop": 0.5}
        )
    for fold in range(FOLDS):
        runs[f"national-fold-{fold}"] = Run("national-fold", f"national fold {fold}", 1, SMALL)
    for name, settings in {"corpus": MAIN, "national": SHORT, "national-thinned": SMALL}.items():
        whose = name.removesuffix("-thinned")
        runs[f"leak-{name}"] = Run("leak", f"{whose} rows", 1, settings)
        runs[f"fair-{name}"] = Run("leak", f"{whose} rows, fair", 1, settings)
    return runs
