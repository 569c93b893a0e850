"""The pages for learners in a hurry and for teachers: minutes, needs and places hold, and no cell is missed."""

import ast
import importlib
import json
import math
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from site_pages import ROOT
from test_extensions import EXTENSIONS
from test_pages import page_text as text_of_file
from test_pages import table_rows

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
    assert "ten of the chapters, seventeen of the exercises" in text


def test_no_chapter_of_a_way_needs_one_that_comes_later_or_not_at_all(chapters):
    path = [int(re.search(r"\[(\d+)\.", row[1])[1]) for row in rows("short-path", "path") if row[0].isdigit()]
    for way in (path, *([int(number) for week in course for number in week] for course in courses())):
        for place, number in enumerate(way):
            assert set(chapters[number].needs) <= set(way[:place]), f"chapter {number} of {way}"


def stored(code: str) -> set[str]:
    """The names that a cell gives to others; those of its functions' insides are not among them."""
    found, waiting = set(), [ast.parse(code.replace("%pip", "pass  #"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).partition(".")[0] for name in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)
    return found


def asked(code: str) -> set[str]:
    """The names that a cell wants from others."""
    nodes = list(ast.walk(ast.parse(code.replace("%pip", "pass  #"))))
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - own


def missed(chapter: SimpleNamespace, left: list[str]) -> set[str]:
    """What cells under other headings want, and only cells under the headings of `left` have given by then."""
    cells = json.loads((ROOT / f"{chapter.page}.ipynb").read_text(encoding="utf-8"))["cells"]
    heading, given, lost, wanted = "", set(), set(), set()
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            heading = (re.findall(r"(?m)^## (.+)$", source) or [heading])[-1]
        elif heading in left:
            lost |= stored(source)
        elif heading != "Exercises":
            wanted |= asked(source) & lost - given
            given |= stored(source)
    return wanted


def test_cells_that_the_short_path_needs_are_run_though_their_text_is_left_out(chapters):
    need = {}
    for row in rows("short-path", "path"):
        if row[0].isdigit():
            chapter = chapters[int(re.search(r"\[(\d+)\.", row[1])[1])]
            need[chapter.number] = missed(chapter, SECTION.findall(row[3]))
    assert {number for number, names in need.items() if names} == {4, 14}
    assert (need[4], need[14]) == ({"descend", "full_gradient"}, {"split", "unseen", "known", "heated"})
    text = " ".join(page_text("short-path").split())
    assert "Run every cell, under left-out headings (chapters 4 and 14 need them later)" in text


def leaned_on(chapter: SimpleNamespace) -> set[str]:
    """The exercises whose solutions gave what a later cell wants; not those whose name another cell gives first."""
    given, found = {}, set()
    for cell in json.loads((ROOT / f"{chapter.page}.ipynb").read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            solution = re.match(r"# @title Solution (\S+)", source)
            if not solution:
                found |= {given[name] for name in asked(source) & set(given)}
            given |= dict.fromkeys(stored(source), solution and solution[1])
    return {each for each in found if each}


def test_chapters_of_the_short_path_that_go_on_with_a_solution_are_named(chapters):
    path = [int(re.search(r"\[(\d+)\.", row[1])[1]) for row in rows("short-path", "path") if row[0].isdigit()]
    need = {number: found for number in path if (found := leaned_on(chapters[number]))}
    assert need == {1: {"1.3"}, 5: {"5.1"}, 6: {"6.1"}, 7: {"7.2", "7.3"}, 12: {"12.1"}}
    assert "in solutions (1, 5, 6, 7 and 12 go on with them)" in " ".join(page_text("short-path").split())


def test_no_solution_in_the_middle_of_a_text_is_passed_unread(chapters):
    passed = set()
    for row in rows("short-path", "path"):
        if row[0].isdigit():
            chapter = chapters[int(re.search(r"\[(\d+)\.", row[1])[1])]
            off = {"Exercises", *SECTION.findall(row[3])}
            passed |= {number for number, home in chapter.homes["exercises"].items() if home not in off}
            passed -= set(re.findall(r"\d+\.\d+", row[4]))
    assert passed == {"1.1", "8.1", "8.3"}
    assert "Of 1.1, 8.1 and 8.3, in the middle of the text, read" in " ".join(page_text("short-path").split())


# ---- for teachers


def courses() -> Iterator[list[list[str]]]:
    """The chapters of each week, for each course."""
    for part in page_text("for-teachers").split("{container} course\n")[1:]:
        yield [row[1].split(", ") for row in table_rows(part.partition("::::")[0])[2:]]


def test_the_courses_have_the_minutes_of_their_chapters(chapters):
    assert [len(course) for course in courses()] == [6, 12]
    left = []
    for week, named, read, do, before, homework in rows("for-teachers", "course"):
        taught = [chapters[int(number)] for number in named.split(", ")]
        assert (int(read), int(do)) == (sum(c.read for c in taught), sum(c.do for c in taught)), week
        homes = {number: home for chapter in taught for number, home in chapter.homes["exercises"].items()}
        first, last = (re.findall(r"\d+\.\d+", some) for some in (before, homework))
        assert all(homes[number] != "Exercises" for number in first), "the text does not wait for it"
        assert all(homes[number] == "Exercises" for number in last), "the class has run its solution"
        left.append(int(do) - minutes(chapters, first + last))
    assert f"{min(left[:6])} to {max(left[:6])} minutes" in page_text("for-teachers")


def test_what_is_run_live_exists_and_its_seconds_were_measured(chapters):
    measured = json.loads((ROOT / "book" / "live.json").read_text(encoding="utf-8"))["seconds"]
    shown = rows("for-teachers", "shown")
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
    assert any("624 of 625 deals" in row[2] for row in beliefs)
    assert math.isclose(1 - 0.2**4, 624 / 625)
    assert [int(row[0]) for row in beliefs] == sorted(int(row[0]) for row in beliefs)
    for number, *_, place in beliefs:
        assert int(number) in chapters
        assert NUMBER.search(place) or re.search(r"chapter \d+'s \*", place), place
