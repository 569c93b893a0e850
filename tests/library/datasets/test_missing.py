"""missing.json, who is not in the corpus, agrees with the data card, the corpus and the shipped weights."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import missing

from lstm_lib.data import load_names
from lstm_lib.evaluate import nll
from lstm_lib.train import load_trained

STORED = json.loads(missing.MISSING.read_text(encoding="utf-8"))


def test_the_decades_add_up_to_the_source_and_to_the_corpus() -> None:
    rows = [row for decade in STORED["decades"].values() for row in decade.values()]
    assert sum(row["in_source"] for row in rows) == 348_120_517  # as on the data card
    assert all(row["in_corpus"] < row["in_source"] < row["holders"] for row in rows)
    table = load_names()
    for sex, column in (("F", "count_f"), ("M", "count_m")):
        assert sum(decade[sex]["in_corpus"] for decade in STORED["decades"].values()) == table[column].sum()
    people = sum(row["in_source"] - row["in_corpus"] for row in rows)
    assert STORED["names"]["people_below"] == people
    assert (STORED["names"]["source"], STORED["names"]["below"]) == (97_310, 60_591)


def test_more_girls_than_boys_are_left_out_since_the_1910s() -> None:
    for decade, by_sex in STORED["decades"].items():
        if int(decade) >= 1910:
            source, corpus = (
                {sex: 1 - row["in_source"] / row["holders"] for sex, row in by_sex.items()},
                {sex: 1 - row["in_corpus"] / row["in_source"] for sex, row in by_sex.items()},
            )
            assert source["F"] > source["M"]
            assert corpus["F"] > corpus["M"]


def test_the_rarer_the_dearer_by_each_measure() -> None:
    bands = STORED["bands"]
    assert [band["least"] for band in bands] == list(missing.BOUNDS[:-1])
    assert sum(band["names"] for band in bands) == 60_591 + 7_344
    for key in ("six_letters", "one_edit"):
        assert (np.diff([band[key] for band in bands]) < 0).all()
    assert (np.diff([band["nats"]["value"] for band in bands]) < 0).all()


def test_a_band_of_the_corpus_costs_what_the_file_says() -> None:
    table, (params, vocabulary) = load_names(), load_trained()
    bearers = table["count_f"] + table["count_m"]
    names = table.loc[(table["split"] != "train") & (bearers >= 2000), "name"].tolist()
    assert len(names) == STORED["bands"][-1]["names"]
    assert nll(params, vocabulary, names) == pytest.approx(STORED["bands"][-1]["nats"]["value"], abs=2e-4)
