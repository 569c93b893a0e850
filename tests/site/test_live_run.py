"""The live machine trains, in a worker, and weights get into the page and out of it."""

import base64
import json
import math

import numpy as np
import page_data
import page_speed
import page_weights
import pytest
from live_tools import VOCABULARY, in_page

from lstm_lib.bring import shipped_words
from lstm_lib.data import load_splits
from lstm_lib.evaluate import nll
from lstm_lib.model import init_params
from lstm_lib.names.clean import clean_name
from lstm_lib.run.checkpoint import load_checkpoint, save_checkpoint
from lstm_lib.train import load_stages, load_trained
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

browser_test = pytest.mark.browser


@browser_test
def test_rounded_weights_arrive_bit_by_bit(ask):
    theirs = ask("weights", "small")
    for name, leaf in named_leaves(in_page("small")):
        np.testing.assert_array_equal(np.array(theirs[name], np.float32), leaf.ravel(), err_msg=name)


@browser_test
def test_a_file_of_the_page_is_a_checkpoint_of_the_library(ask, tmp_path):
    words = sorted({clean_name(word) for word in shipped_words("greek")})[:300]
    coded, loss = ask("file", words, 30)
    place = tmp_path / "mine.npz"
    place.write_bytes(base64.b64decode(coded))
    run = load_checkpoint(place)
    assert run.step == 30
    assert run.vocabulary == Vocabulary.from_names(words)
    assert (run.params.dtype, run.params.E.shape[1], run.params.hidden_size) == (np.float32, 5, 7)
    assert nll(run.params, run.vocabulary, words) == pytest.approx(loss, abs=1e-5)
    assert page_data.described(run.params, run.vocabulary)["H"] == 7  # and back into the page


@browser_test
def test_a_run_learns(ask):
    run = ask("learn", 60)
    assert abs(run["before"] - math.log(27)) < 0.3
    assert run["after"] < 2.7
    assert run["last"]["step"] == 60
    assert run["first"]["lr"] == pytest.approx(0.01 / 20)
    assert run["last"]["lr"] == 0.01


@browser_test
def test_a_run_says_when_it_diverges(ask):
    diverged, steps = ask("diverge", 50)
    assert diverged
    assert steps < 50


@browser_test
def test_a_worker_counts_trains_writes_and_obeys(ask):
    told = ask("work")
    last = {each["is"]: each for each in told}
    rungs = {each["name"]: each["nats"] for each in told if each["is"] == "rung"}
    assert rungs["uniform"] == pytest.approx(math.log(27))
    assert rungs["uniform"] > rungs["unigram"] > rungs["bigram"] > rungs["counting"]
    assert [each["step"] for each in told if each["is"] == "moved"][:2] == [1, 2]
    assert last["moved"]["loss"] < 3.4
    assert last["score"]["nats"] < 3.3
    assert len(last["names"]["names"]) == last["read"]["steps"] == 3
    assert last["judged"]["counting"] < last["judged"]["nats"] < 3.3
    assert "orders[order] is not a function" in last["failed"]["reason"]
    assert last["file"]["bytes"] > 4000


def test_what_rounding_costs_and_the_data_weigh_is_stored():
    stored = json.loads(page_weights.COST.read_text(encoding="utf-8"))
    for model in stored["nats"].values():
        assert model["page"] - model["shipped"] <= 0.005
    names = load_splits().test
    assert nll(in_page("small"), VOCABULARY, names) == pytest.approx(stored["nats"]["small"]["page"], abs=1e-4)
    some = names[::40]
    assert nll(in_page("trained"), VOCABULARY, some) - nll(load_trained()[0], VOCABULARY, some) <= 0.005
    weighed = {name: page_weights.kilobytes(text) for name, text in page_data.scripts().items()}
    assert weighed == pytest.approx(stored["kilobytes"], rel=0.02)  # compressors differ a little
    assert sum(size for name, size in weighed.items() if "stage" in name) <= 3072


def test_a_checkpoint_of_a_reader_gets_into_the_built_pages(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(page_weights, "BUILT", tmp_path)
    vocabulary = Vocabulary.from_names(["ana", "νίκη"])
    params = init_params(len(vocabulary), 3, 4, rng=np.random.default_rng(1))
    save_checkpoint(tmp_path / "mine.npz", params, vocabulary=vocabulary)
    page_weights.main([str(tmp_path / "mine.npz")])
    expected = page_data.script("trained", page_data.described(params, vocabulary))
    assert (tmp_path / "data-trained.js").read_text(encoding="utf-8") == expected
    assert capsys.readouterr().out.startswith("data-trained.js has 4 units now, 0.")
    monkeypatch.setattr(page_weights, "BUILT", tmp_path / "nowhere")
    with pytest.raises(SystemExit, match="the book is not built"):
        page_weights.main([str(tmp_path / "mine.npz")])


def test_rounding_keeps_each_weight_to_half_a_step_of_its_column():
    shipped = load_stages()[6000]
    for name, leaf in named_leaves(page_data.rounded(shipped)):
        exact = getattr(shipped, name)
        step = np.abs(exact).max(axis=0) / 127 if leaf.ndim == 2 else np.zeros(leaf.shape)
        assert (np.abs(leaf - exact) <= step * 0.5001).all(), name


def test_the_stored_measurement_keeps_what_is_promised():
    """What `scripts/page_speed.py` wrote; no time is measured here."""
    stored = json.loads(page_speed.STORED.read_text(encoding="utf-8"))
    times = stored["milliseconds"]
    assert times["one step, H = 256"] < 5
    assert 1000 / times["one training step, H = 32, 32 names"] > 60
    assert stored["steps_to_pass"]["bigram"] <= stored["steps_to_pass"]["trigram"] <= 1000
    assert stored["validation"]["kneser_ney_6"] < stored["after_3000"] < stored["validation"]["trigram"]
