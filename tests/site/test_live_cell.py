"""The views that step through the cell and that turn the latch: their numbers, and how a reader meets them."""

import numpy as np
import pytest
from live_tools import Ask
from numpy.testing import assert_allclose

from lstm_lib import example
from lstm_lib.inside.states import read_states
from lstm_lib.sample import next_probabilities

pytestmark = pytest.mark.browser


def test_ana_is_the_librarys_to_the_last_digits(ask: Ask) -> None:
    theirs, params = ask("states", "ana", "ana"), example.example_params()
    ours = read_states(params, example.VOCABULARY, [example.NAME])
    for part in ("i", "f", "g", "o", "c", "h"):
        assert_allclose(theirs[part], getattr(ours, part), rtol=0, atol=1e-12, err_msg=part)
    laws = [next_probabilities(params, example.VOCABULARY, example.NAME[:read]) for read in range(4)]
    assert_allclose(ask("laws", "ana", ["ana"])[0], laws, rtol=0, atol=1e-12)
    for name, by_hand in example.HAND_COMPUTED.items():
        if name[0] in "ifgoch":
            assert_allclose(np.array(theirs[name[0]])[:, "₁₂".index(name[1])], by_hand, rtol=0, atol=5e-5)
