"""One call for any list: it runs on every alphabet, reports its own bars, and says when the words are too few."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lib.bring import FEWEST, RECIPE, SHIPPED, bring, compete, lead, report, shipped_words
from lstm_lib.data import split_names
from lstm_lib.evaluate import nll, score
from lstm_lib.names.clean import clean_name, is_name
from lstm_lib.ngram import fit_kneser_ney, ngram_nll

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
    with pytest.raises(ValueError, match=f"{FEWEST - 1} distinct words are too few .*: bring {FEWEST}"):
        bring([*shipped_words("greek")[: FEWEST - 1]] * 3, rng=np.random.default_rng(0), recipe=TINY)
    brought = bring(shipped_words("greek")[:FEWEST], rng=np.random.default_rng(0), recipe=TINY)
    assert [*map(len, brought.split)] == [40, 5, 5]


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="contains a number"):
        bring(["mir", "r2"] * 50, rng=np.random.default_rng(0))
    with pytest.raises(TypeError, match="words"):
        bring(7, rng=np.random.default_rng(0))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="rng"):
        bring(shipped_words("greek"), rng=0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="split must be Split"):
        compete(list("abc"), rng=np.random.default_rng(0))  # type: ignore[arg-type]


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
