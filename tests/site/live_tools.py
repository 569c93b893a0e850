"""A page with the engine of the live machine and its data, opened from the disk, and questions to it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import chi2
from selenium import webdriver
from site_pages import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))
import page_data

from lstm_lib.data import load_splits
from lstm_lib.model import Params
from lstm_lib.train import load_small, load_trained
from lstm_lib.tree import FloatArray

Ask = Callable[..., Any]
LIVE = ROOT / "book" / "_live"
PARTS = (
    "live", "rng", "rows", "lstm", "bptt", "adam", "law", "write", "ngram", "clean", "words", "npz", "weights", "run",
    "trainer", "corpus",
)  # fmt: skip
DATA = ("data-trained", "data-small", "data-names")
VOCABULARY = load_trained()[1]
NAMES = load_splits().test[::18][:200]


def open_engine(driver: webdriver.Chrome, folder: Path) -> Ask:
    """Open a page of the scripts; returns what asks it a question of `live_questions.js` by name."""
    scripts = page_data.scripts()
    for name in DATA:
        (folder / f"{name}.js").write_text(scripts[name], encoding="utf-8")
    places = [
        *(LIVE / f"{name}.js" for name in PARTS),
        *(folder / f"{name}.js" for name in DATA),
        Path(__file__).parent / "live_questions.js",
    ]
    tags = "".join(f'<script src="{place.as_uri()}"></script>' for place in places)
    page = folder / "page.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>live</title>{tags}", encoding="utf-8")
    driver.get(page.as_uri())

    def ask(question: str, *values: object) -> Any:
        return driver.execute_script("return questions[arguments[0]](...arguments[1])", question, values)

    return ask


def in_page(which: str) -> Params:
    """The shipped weights as the page has them."""
    return page_data.rounded(load_trained()[0] if which == "trained" else load_small()[page_data.SEED])


def fits(drawn: np.ndarray, law: FloatArray) -> bool:
    """Whether counts can come from a law: chi-squared (14.4), refused where chance does so once in a thousand."""
    expected = drawn.sum() * law
    kept = law > 0
    distance = ((drawn - expected)[kept] ** 2 / expected[kept]).sum()
    return not drawn[~kept].any() and float(distance) < float(chi2.ppf(0.999, kept.sum() - 1))
