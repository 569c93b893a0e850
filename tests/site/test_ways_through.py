"""The pages for learners in a hurry, for teachers and for doubters: minutes, needs, places and lines of code hold."""

import importlib
import json
import math
import re
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from site_pages import ROOT
from test_extensions import EXTENSIONS
from test_pages import page_text as text_of_file
from test_pages import table_rows

from lstm_lib.data import load_splits, make_batch
from lstm_lib.evaluate import nll
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward, init_params
from lstm_lib.sample import name_log_probability, next_probabilities
from lstm_lib.vocabulary import Vocabulary

PAGES = ("short-path", "for-teachers", "before-you-believe", "history")
NUMBER = re.compile(r"(?P<kind>Figure|exercise|exercises) (?P<number>\d+\.\d+)|\((?P<equation>\d+\.\d+)\)")
SECTION = re.compile(r"\*([^*]+)\*")


def page_text(page: str) -> str:
    return text_of_file(f"{page}.md")


@pytest.fixture(scope="module")
def chapters() -> dict[int, SimpleNamespace]:
    """The chapters by number."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXTENSIONS)
        return {each.number: each for each in importlib.import_module("contents").chapters(ROOT).values()}


def rows(page: str, container: str) -> list[list[str]]:
    """The rows of the table within a container of a page, without its head."""
    text = page_text(page)
    return [
        row
        for part in text.split(f"{{container}} {container}\n")[1:]
        for row in table_rows(part.partition("::::")[0])[2:]
    ]


def minutes(chapters, exercises: list[str]) -> int:
    return sum(chapters[int(each.split(".")[0])].numbered["exercises"][each] for each in exercises)


# ---- what a page points at


@pytest.mark.parametrize("page", PAGES)
def test_every_number_that_is_named_exists(page, chapters):
    kinds = {"Figure": "figures", "exercise": "exercises", "exercises": "exercises", None: "equations"}
    named = list(NUMBER.finditer(page_text(page)))
    for found in named:
        number = found["number"] or found["equation"]
        assert number in chapters[int(number.split(".")[0])].numbered[kinds[found["kind"]]], found[0]
    assert named or page == "short-path"


def test_every_section_that_is_named_exists(chapters):
    named = re.findall(r"chapter (\d+)'s \*([^*]+)\*", page_text("for-teachers"))
    assert len(named) > 4
    for number, heading in named:
        assert heading in chapters[int(number)].headings, (number, heading)


# ---- one weekend


def test_the_short_path_has_the_minutes_of_its_chapters_and_they_add_up(chapters):
    read, do, exercises = [], [], []
    for row in rows("short-path", "path"):
        if row[0].isdigit():
            chapter = chapters[int(re.search(r"\[(\d+)\.", row[1])[1])]
            mine = re.findall(r"\d+\.\d+", row[4])
            assert chapter.title.startswith(re.search(r"\[(.*?)\]", row[1])[1].split(",")[0]), row
            assert f"../{chapter.page}.ipynb" in row[1]
            assert int(row[2]) == chapter.read
            assert int(row[5]) == minutes(chapters, mine)
            assert {each.split(".")[0] for each in mine} == {str(chapter.number)}
            for heading in SECTION.findall(row[3]):
                assert heading in chapter.headings, heading
            read, do, exercises = [*read, chapter.read], [*do, int(row[5])], [*exercises, *mine]
    total = rows("short-path", "path")[-1]
    assert (int(total[2]), int(total[5])) == (sum(read), sum(do))
    text = page_text("short-path")
    hours = {8: "Eight"}[(sum(read) + sum(do)) // 60]
    spoken = {20: "twenty"}[(sum(read) + sum(do)) % 60]
    assert f"{hours} hours and {spoken} minutes" in text
    assert (len(read), len(exercises)) == (10, 17)
    assert "Ten of the chapters, seventeen of the exercises" in text


def test_no_chapter_of_a_way_needs_one_that_comes_later_or_not_at_all(chapters):
    path = [int(re.search(r"\[(\d+)\.", row[1])[1]) for row in rows("short-path", "path") if row[0].isdigit()]
    for way in (path, *([int(number) for week in course for number in week] for course in courses())):
        for place, number in enumerate(way):
            assert set(chapters[number].needs) <= set(way[:place]), f"chapter {number} of {way}"


# ---- for teachers


def courses() -> Iterator[list[list[str]]]:
    """The chapters of each week, for each course."""
    for part in page_text("for-teachers").split("{container} course\n")[1:]:
        yield [row[1].split(", ") for row in table_rows(part.partition("::::")[0])[2:]]


def test_the_courses_have_the_minutes_of_their_chapters(chapters):
    assert [len(course) for course in courses()] == [6, 12]
    for week, named, read, do, homework in rows("for-teachers", "course"):
        taught = [chapters[int(number)] for number in named.split(", ")]
        assert (int(read), int(do)) == (sum(c.read for c in taught), sum(c.do for c in taught)), week
        for number in re.findall(r"\d+\.\d+", homework):
            assert any(number in chapter.numbered["exercises"] for chapter in taught), (week, number)


def test_what_is_run_live_exists_and_its_seconds_were_measured(chapters):
    measured = json.loads((ROOT / "book" / "live.json").read_text(encoding="utf-8"))["seconds"]
    shown = rows("for-teachers", "live")
    assert [int(row[0]) for row in shown] == sorted(int(row[0]) for row in shown)
    for number, heading, seconds, _ in shown:
        chapter = chapters[int(number)]
        assert heading in chapter.headings
        spent = measured[chapter.page.partition("/")[2]]
        until = list(spent).index(heading) + 1
        assert int(seconds) == math.ceil(sum(list(spent.values())[:until])), (number, heading)


def test_every_belief_is_killed_somewhere(chapters):
    beliefs = rows("for-teachers", "beliefs")
    assert len(beliefs) > 25
    assert [int(row[0]) for row in beliefs] == sorted(int(row[0]) for row in beliefs)
    for number, *_, place in beliefs:
        assert int(number) in chapters
        assert NUMBER.search(place) or re.search(r"chapter \d+'s \*", place), place


# ---- before you believe


def healthy() -> dict[str, object]:
    """What the lines of the checklist speak of, as it should be."""
    split, vocabulary = load_splits(), Vocabulary.from_names(load_splits().train)
    names = ["anna", "bo", "annika"]
    batch = make_batch(names, vocabulary)
    params = init_params(len(vocabulary), 3, 4, rng=np.random.default_rng(1))

    def run(params: Params, factor: float = 1.0, some=batch):
        logits, _, cache = forward(params, some.inputs, mask=some.mask)
        loss, dlogits = cross_entropy(logits, some.targets, some.mask)
        return factor * loss, backward(params, cache, factor * dlogits)[0]

    singles = [run(params, some=make_batch([name], vocabulary))[0] for name in names]
    return {
        "np": np, "train": split.train, "val": split.val, "test": split.test, "vocabulary": vocabulary,
        "names": names, "batch": batch, "params": params, "loss": run(params)[0], "first_loss": run(params)[0],
        "grads": run(params)[1], "grads_of": lambda factor: run(params, factor)[1], "loss_of": lambda p: run(p)[0],
        "numerical_gradient": numerical_gradient, "relative_errors": relative_errors, "nll": nll,
        "name_log_probability": name_log_probability, "alone": singles, "symbols": [len(name) + 1 for name in names],
        "law": lambda prefix: next_probabilities(params, vocabulary, prefix),
    }  # fmt: skip


def sick(well: dict[str, object]) -> dict[str, dict[str, object]]:
    """For a word of each line: what makes that line false."""
    grads, params = well["grads"], well["params"]
    twins = params.W_h.copy()
    twins[:, 1] = twins[:, 0]
    cut = {factor: well["grads_of"](factor).W_h.clip(-1, 1) for factor in (1, 1000)}
    return {
        "set(train)": {"test": well["train"][:1]},
        "sorted(": {"vocabulary": SimpleNamespace(characters=well["vocabulary"].characters[::-1])},
        "mask.sum": {"batch": SimpleNamespace(mask=np.ones_like(well["batch"].mask))},
        "relative_errors": {"grads": Params(grads.E, grads.W_x, -grads.W_h, grads.b, grads.W_y, grads.b_y)},
        "np.average": {"loss": np.mean(well["alone"])},
        "grads_of": {"grads_of": lambda factor: SimpleNamespace(W_h=cut[factor])},
        "first_loss": {"first_loss": 4.0},
        "np.unique": {"params": SimpleNamespace(W_h=twins)},
        "nll(": {"nll": lambda *given: nll(*given) * 4 / 3},
        "law(": {"law": lambda prefix: well["law"](prefix[-1])},
    }


def test_each_line_of_the_checklist_is_true_of_a_healthy_model_and_false_of_a_sick_one():
    lines = re.findall(r"`([^`]+)`", "\n".join(row[2] for row in rows("before-you-believe", "checklist")))
    tests = [line for line in lines if re.search(r"[(=<]", line)]
    well = healthy()
    planted = sick(well)
    assert len(tests) == len(planted)
    for line in tests:
        assert eval(line, dict(well)), line
        (sign,) = (sign for sign in planted if sign in line)
        assert not eval(line, {**well, **planted[sign]}), f"{line} does not see what is planted"


def test_other_names_of_the_checklist_are_the_librarys():
    lines = re.findall(r"`([^`]+)`", "\n".join(row[2] for row in rows("before-you-believe", "checklist")))
    homes = {
        "fit_kneser_ney": "ngram", "paired_bootstrap": "judge.bootstrap", "edit_distances": "judge.nearest",
        "novelty_report": "evaluate",
    }  # fmt: skip
    assert {line for line in lines if not re.search(r"[(=<]", line)} == set(homes)
    for name, module in homes.items():
        assert callable(getattr(importlib.import_module(f"lstm_lib.{module}"), name))


def test_the_checklist_numbers_its_looks_and_fits_one_sheet():
    numbered = [int(row[0]) for row in rows("before-you-believe", "checklist") if row[0].isdigit()]
    assert numbered == list(range(1, 21))
    assert "Twenty looks" in page_text("before-you-believe")
    words = len(page_text("before-you-believe").split())
    assert words < 700, "with so many it was one sheet, printed: look again"
