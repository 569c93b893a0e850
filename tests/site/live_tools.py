"""A page with the engine of the live machine and its data, opened from the disk, and questions to it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import chdtri
from selenium import webdriver
from site_pages import ROOT

sys.path.append(str(ROOT / "scripts"))
from engine_page import write_page  # which makes page_data known
from page_data import SEED, rounded

from lstm_lib.data import load_splits
from lstm_lib.model import Params
from lstm_lib.train import load_small, load_trained
from lstm_lib.tree import FloatArray

Ask = Callable[..., Any]
VOCABULARY = load_trained()[1]
NAMES = load_splits().test[::18][:200]


def open_engine(driver: webdriver.Chrome, folder: Path) -> Ask:
    """Open a page of the scripts; returns what asks it a question of `live_questions*.js` by name."""
    driver.get(write_page(folder, *sorted(Path(__file__).parent.glob("live_questions*.js"))))

    def ask(question: str, *values: object) -> Any:
        return driver.execute_script("return questions[arguments[0]](...arguments[1])", question, values)

    return ask


def in_page(which: str) -> Params:
    """The shipped weights as the page has them."""
    return rounded(load_trained()[0] if which == "trained" else load_small()[SEED])


def fits(drawn: np.ndarray, law: FloatArray) -> bool:
    """Whether counts can come from a law: chi-squared (14.4), refused where chance does so once in a thousand."""
    expected = drawn.sum() * law
    kept = law > 0
    distance = ((drawn - expected)[kept] ** 2 / expected[kept]).sum()
    return not drawn[~kept].any() and float(distance) < float(chdtri(kept.sum() - 1, 0.001))
