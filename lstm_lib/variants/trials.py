"""What came of the trials of chapter 21, as `python scripts/variants.py` and `scripts/transformer.py` left it.

By trial ("names", "memory") and network: its size, the rates that were tried with seed 0, the one that was chosen, and
what seeds 1 to 5 found at that rate.
"""

import json
import re
from importlib.resources import files
from typing import Any, NamedTuple

RUN = re.compile(r"(?P<rate>[\d.]+)(?:, k (?P<k>\d+))?, seed (?P<seed>\d+)")


class Trials(NamedTuple):
    """The results; each mapping begins with the network's name."""

    recipe: dict[str, Any]
    sizes: dict[str, dict[str, dict[str, int]]]  # by trial and network: embedding, units, parameters
    tried: dict[str, dict[str, dict[float, Any]]]  # by trial, network and rate: what seed 0 found
    chosen: dict[str, dict[str, float]]  # by trial and network: the rate
    early: dict[str, list[float]]  # for each seed: nats of every eighth validation name after 300 steps
    nats: dict[str, list[float]]  # for each seed: nats of the test names after one pass
    steps: dict[str, dict[int, list[int | None]]]  # by the letters that pass, for each seed: steps until solved
    right: dict[str, dict[int, list[float]]]  # the same: the share right at the last look


def load_trials() -> Trials:
    """The stored results."""
    found = json.loads((files("lstm_lib.datasets") / "variants.json").read_text(encoding="utf-8"))
    tried: dict[str, Any] = {"names": {}, "memory": {}}
    trials = Trials(found["recipe"], found["sizes"], tried, {"names": {}, "memory": {}}, {}, {}, {}, {})
    for trial, networks in found["runs"].items():
        for network, runs in networks.items():
            for name in sorted(runs, key=lambda name: int(name.rpartition(" ")[2])):  # by their seeds
                _add(trials, trial, network, name, runs[name])
    return trials


def _add(trials: Trials, trial: str, network: str, name: str, result: list[Any]) -> None:
    """Put one run where it belongs."""
    run = RUN.fullmatch(name)
    if run is None:
        raise ValueError(f"a run must be called such as '0.01, k 20, seed 1'; got {name!r}")
    if run["seed"] == "0":
        trials.tried[trial].setdefault(network, {})[float(run["rate"])] = result[1] if trial == "names" else result
        return
    trials.chosen[trial][network] = float(run["rate"])
    if trial == "names":
        trials.early.setdefault(network, []).append(result[0])
        trials.nats.setdefault(network, []).append(result[1])
    else:
        k = int(run["k"])
        trials.steps.setdefault(network, {}).setdefault(k, []).append(result[0])
        trials.right.setdefault(network, {}).setdefault(k, []).append(result[1])
