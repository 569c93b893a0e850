"""One call for any list: it runs on every alphabet, reports its own bars, and says when the words are too few."""

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib.bring import FEWEST, RECIPE, SHIPPED, bring, compete, lead, learn, report, shipped_words
from lstm_lib.data import split_names
from lstm_lib.evaluate import nll, score
from lstm_lib.names.clean import clean_name, is_name
from lstm_lib.ngram import fit_kneser_ney, ngram_nll
from lstm_lib.vocabulary import Vocabulary

TINY = RECIPE | {"embedding_size": 3, "hidden_size": 5, "most_steps": 4, "batch_size": 16}
RIVALS = ["uniform", "unigram", "bigram", "trigram", "counting", "LSTM", "both"]


def flat(text: str) -> str:
    """A report as one line."""
    return " ".join(text.split())


@pytest.mark.parametrize("language", SHIPPED)
def test_the_shipped_lists_are_words_of_their_alphabet_in_the_books_spelling(language: str) -> None:
    words = shipped_words(language)
    assert len(words) > 1000
    assert [*words] == sorted(set(words))
    script = {"turkish": "LATIN", "greek": "GREEK", "georgian": "GEORGIAN"}[language]
    letters = {letter for word in words for letter in word if letter.isalpha()}
    assert {unicodedata.name(letter).split()[0] for letter in letters} == {script}
    assert all(clean_name(word) == word for word in words)


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="one of turkish, greek, georgian; got 'klingon'"):
        shipped_words("klingon")


def test_it_reports_every_rival_on_the_same_words() -> None:
    brought = bring(shipped_words("greek")[::8], rng=np.random.default_rng(0), recipe=TINY)
    assert [*brought.nats] == RIVALS
    assert {tuple(map(len, nats)) for nats in brought.nats.values()} == {
        tuple(len(word) + 1 for word in brought.split.test)
    }
    assert score(brought.nats["uniform"]).nll == pytest.approx(np.log(len(brought.vocabulary)))
    assert score(brought.nats["LSTM"]).nll == pytest.approx(nll(brought.params, brought.vocabulary, brought.split.test))
    by_order = {k: ngram_nll(fit_kneser_ney(brought.split.train, brought.vocabulary, k), brought.split.val)
                for k in range(1, 8)}  # fmt: skip
    assert brought.counting.order == min(by_order, key=by_order.__getitem__)
    interval = lead(brought, rng=np.random.default_rng(0))
    assert interval.value == pytest.approx(score(brought.nats["LSTM"]).nll - score(brought.nats["counting"]).nll)
    said = flat(report(brought, rng=np.random.default_rng(0)))
    assert max(map(len, report(brought, rng=np.random.default_rng(0)).splitlines())) <= 80
    assert f"{interval.value:+.3f} ({interval.low:+.3f} to {interval.high:+.3f}), counting is ahead" in said
    for name, nats in brought.nats.items():
        assert f"{name} {score(nats).nll:.3f}" in said


def test_the_verdict_goes_with_the_interval() -> None:
    brought = bring(shipped_words("greek")[::8], rng=np.random.default_rng(0), recipe=TINY)
    rng = np.random.default_rng
    turned = brought._replace(nats=brought.nats | {"LSTM": brought.nats["counting"], "counting": brought.nats["LSTM"]})
    assert "the LSTM is ahead" in flat(report(turned, rng=rng(0)))
    same = brought._replace(nats=brought.nats | {"LSTM": brought.nats["counting"]})
    assert "+0.000 (+0.000 to +0.000), too close to call" in flat(report(same, rng=rng(0)))


def test_a_report_warns_of_few_judges() -> None:
    brought = bring(shipped_words("greek")[:500], rng=np.random.default_rng(0), recipe=TINY | {"most_steps": 1})
    assert "50 words are few to judge by" in flat(report(brought, rng=np.random.default_rng(0)))
    enough = brought._replace(split=brought.split._replace(test=brought.split.test * 2))
    assert "few to judge by" not in flat(report(enough, rng=np.random.default_rng(0)))


def test_a_list_and_a_file_are_spelled_alike_and_dealt_alike(tmp_path: Path) -> None:
    words = [*shipped_words("turkish")[:90]]
    rows = [unicodedata.normalize("NFD", word) for word in reversed(words)] + words[:10]
    path = tmp_path / "liste.csv"
    path.write_text("\n".join(["Şehir;Sıra", *(f"{word};1" for word in rows)]), encoding="cp1254", errors="replace")
    with pytest.raises(ValueError, match="UTF-8"):
        bring(path, rng=np.random.default_rng(1), recipe=TINY)
    path.write_text("\n".join(["Şehir;Sıra", *(f"{word};1" for word in words)]), encoding="cp1254")
    one = bring(path, rng=np.random.default_rng(1), recipe=TINY, column="Şehir", encoding="cp1254")
    other = bring(rows, rng=np.random.default_rng(1), recipe=TINY)
    assert one.split == other.split == split_names(words, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(one.params.W_h, other.params.W_h)


def test_too_few_words_are_refused_with_their_number() -> None:
    with pytest.raises(ValueError, match=f"{FEWEST - 1} distinct words: too few .*; bring at least {FEWEST}"):
        bring([*shipped_words("greek")[: FEWEST - 1]] * 3, rng=np.random.default_rng(0), recipe=TINY)
    brought = bring(shipped_words("greek")[:FEWEST], rng=np.random.default_rng(0), recipe=TINY)
    assert [*map(len, brought.split)] == [40, 5, 5]


def test_bad_arguments_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"^words\[1\]: .*contains a number.*\(and 49 more of 100\)$"):
        bring(["mir", "r2"] * 50, rng=rng)
    with pytest.raises(ValueError, match=r"^words\[2\]: the name is blank[^(]*$"):
        bring(["mir", "tob", ""], rng=rng)
    with pytest.raises(ValueError, match=r"^1 distinct word: too few"):
        bring(["mir", "Mir"], rng=rng)
    with pytest.raises(TypeError, match="words"):
        bring(7, rng=rng)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="rng"):
        bring(["a"], rng=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="column, encoding: only a file is loaded with options; words is list"):
        bring(["a"], rng=rng, column="name", encoding="utf-8")
    with pytest.raises(TypeError, match="rng"):
        bring(shipped_words("greek"), rng=0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="split must be Split"):
        compete(list("abc"), rng=np.random.default_rng(0))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="brought must be Brought"):
        report(None, rng=rng)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="brought must be Brought"):
        lead(None, rng=rng)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", [pd.DataFrame({"name": ["mir"] * 60}), {"mir": 1}, np.array([["mir"], ["tob"]])])
def test_a_table_is_refused_and_told_of_its_columns(table: Any) -> None:
    with pytest.raises(TypeError, match=r"of a table take one column, as in table\['name'\]; got"):
        bring(table, rng=np.random.default_rng(0), recipe=TINY)


def test_a_column_a_set_or_an_array_will_do() -> None:
    words = [*shipped_words("greek")[:60]]
    splits = [bring(each, rng=np.random.default_rng(0), recipe=TINY | {"most_steps": 1}).split
              for each in (words, set(words), np.array(words), pd.Series(words), iter(words))]  # fmt: skip
    assert splits == splits[:1] * 5


@pytest.mark.parametrize("other", ["train", "val"])
def test_a_test_word_that_is_on_another_list_is_refused(other: str) -> None:
    split = split_names(shipped_words("greek")[:60], rng=np.random.default_rng(0))
    split = split._replace(**{other: (*getattr(split, other), split.test[0])})
    with pytest.raises(ValueError, match=f"on no other list; 1 are, the first is '{split.test[0]}'"):
        compete(split, rng=np.random.default_rng(0), recipe=TINY)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (None, "recipe must be RECIPE, perhaps with changes"),
        ({"most_steps": 3}, "this one lacks batch_size, beta2, dropout"),
        (TINY | {"steps": 3}, "it cannot say steps"),
        (TINY | {"val_names": ["mir"], "hidden": 3}, "it cannot say hidden, val_names"),
        (TINY | {"batch_size": 0}, "batch_size must be at least 1; got 0"),
        (TINY | {"most_steps": 0}, "most_steps must be at least 1; got 0"),
        (TINY | {"passes": 0}, "passes must be a finite number above 0; got 0"),
    ],
)
def test_a_recipe_is_read_before_anything_is_trained(recipe: Any, expected: str) -> None:
    split = split_names(shipped_words("greek")[:60], rng=np.random.default_rng(0))
    for call in (compete, lambda split, **how: learn(split, Vocabulary.from_names(split.train), **how)):
        with pytest.raises((TypeError, ValueError), match=expected):
            call(split, rng=np.random.default_rng(0), recipe=recipe)


def test_a_recipe_may_say_more_of_what_fit_takes() -> None:
    split = split_names(shipped_words("greek")[:60], rng=np.random.default_rng(0))
    brought = compete(split, rng=np.random.default_rng(0), recipe=TINY | {"eval_every": 2})
    assert brought.history.val_step == (2, 4)


def test_passes_and_most_steps_set_the_length() -> None:
    words = shipped_words("greek")[:100]
    for passes, most, steps in ((2, 100, 10), (2, 3, 3), (0.2, 100, 1)):
        recipe = TINY | {"passes": passes, "most_steps": most}
        assert len(bring(words, rng=np.random.default_rng(0), recipe=recipe).history.loss) == steps


@settings(max_examples=4, deadline=None)
@given(
    st.lists(st.text(min_size=1, max_size=6).filter(is_name), min_size=60, max_size=60, unique_by=clean_name),
    st.integers(0, 3),
)
def test_it_runs_on_any_letters(words: list[str], seed: int) -> None:
    brought = bring(words, rng=np.random.default_rng(seed), recipe=TINY | {"most_steps": 1})
    assert sum(map(len, brought.split)) == 60
    assert all(np.isfinite(np.concatenate(nats)).all() for nats in brought.nats.values())
