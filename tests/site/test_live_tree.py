"""The tree of beginnings: its parts against the library in double precision, its view by pointer, keyboard and link."""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import hostile
import numpy as np
import pytest
from axe_tools import violations
from browser_tools import set_view, severe_messages
from keyboard_tools import focus, press
from live_tools import NAMES, VOCABULARY, Ask, in_page
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from site_pages import ROOT
from view_tools import Open, button, fault, opening, places, text, too_wide, until, write_page, write_scripts

from lstm_lib.data import load_splits, make_batch
from lstm_lib.model import Params, forward
from lstm_lib.rule import pattern_rule
from lstm_lib.sample import next_probabilities, reshape_law
from lstm_lib.search import beam_search, best_first
from lstm_lib.train import load_small, load_trained
from lstm_lib.tree import FloatArray, named_leaves, tree_map

browser_test = pytest.mark.browser
SHAPES: dict[str, dict[str, Any]] = {
    "as learned": {},
    "cooled": {"temperature": 0.6},
    "cut": {"topP": 0.8},
    "heated and cut": {"temperature": 1.5, "topP": 0.9},
}


@pytest.fixture(scope="module")
def small() -> Params:
    """A small trained network in double precision."""
    return tree_map(lambda leaf: leaf.astype(np.float64), load_small()[1])


@pytest.fixture(scope="module")
def trained() -> Params:
    """The shipped weights as the page rounds them, in double precision."""
    return tree_map(lambda leaf: leaf.astype(np.float64), in_page("trained"))


def given(params: Params) -> tuple[dict[str, int], dict[str, Any]]:
    size = {"V": params.vocab_size, "D": params.E.shape[1], "H": params.hidden_size}
    return size, {name: leaf.ravel().tolist() for name, leaf in named_leaves(params)}


def law(params: Params, begun: str, shape: dict[str, Any]) -> FloatArray:
    """What may follow, reshaped."""
    how = {"temperature": shape.get("temperature", 1), "top_p": shape.get("topP")}
    return reshape_law(np.log(next_probabilities(params, VOCABULARY, begun))[None], **how)[0]


def chance(params: Params, begun: str, shape: dict[str, Any]) -> float:
    """The product (15.1)."""
    ids = [VOCABULARY.characters.index(symbol) for symbol in begun]
    return float(np.prod([law(params, begun[:k], shape)[id] for k, id in enumerate(ids)]))


def written(params: Params, names: Sequence[str], top_p: float) -> list[np.ndarray]:
    """For each name whether each of its symbols, end mark included, may still come."""
    batch = make_batch(names, VOCABULARY)
    logits = forward(params, batch.inputs)[0]
    cut = reshape_law(logits.reshape(-1, 27), top_p=top_p).reshape(logits.shape)
    can = np.take_along_axis(cut, batch.targets[..., None], axis=-1)[..., 0] > 0
    return [can[: len(name) + 1, k] for k, name in enumerate(names)]


# ---- the parts


@browser_test
@pytest.mark.parametrize("shape", SHAPES)
def test_a_beginning_is_as_probable_as_the_library_says(ask: Ask, small, shape):
    texts = ["", "m", "mar", "marlene.", ".", "qx", "zzz", "annabellalou"]
    theirs = ask("tree", *given(small), texts, "p", SHAPES[shape])
    ours = [chance(small, begun, SHAPES[shape]) for begun in texts]
    np.testing.assert_allclose(theirs, ours, rtol=1e-12)
    assert theirs[0] == 1
    assert (0 in theirs) == ("topP" in SHAPES[shape])


@browser_test
def test_the_branches_of_a_fork_are_together_what_they_grow_out_of(ask: Ask, small):
    for shape in SHAPES.values():
        opened = [["m", 4], ["ma", 27], ["mar", 0]]
        nodes, shares = ask("tree", *given(small), ["mar"], "branches", "m", opened, ["mark", "mar."], shape)
        for level in (0, 1, 2):  # each opened beginning stands before its branches, one below the other
            above = next(node for node in nodes if node["kind"] == "open" and node["level"] == level)
            forked = [node for node in nodes if node["level"] == level + 1]
            for of in ("p", "was"):
                assert abs(sum(node[of] for node in forked) - above[of]) < 1e-12  # (15.2)
            assert [node["place"] for node in forked] == [*range(1, len(forked) + 1)]
        ends = [node for node in nodes if node["kind"] != "open"]
        assert [node["row"] for node in ends] == [*range(len(ends))]
        named = [node["text"] for node in nodes if node["level"] == 3]
        assert sorted(named) == ["mar", "mar.", "mark"]
        others = nodes[-1] if nodes[-1]["kind"] == "others" else next(n for n in nodes if n["kind"] == "others")
        assert others["count"] > 1
        drawn = sum(node["p"] for node in ends if node["kind"] != "others") / nodes[0]["p"]
        assert shares["drawn"] == pytest.approx(drawn, rel=1e-12)


@browser_test
@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_a_beam_ends_where_the_librarys_ends(ask: Ask, small, width):
    for root in ("", "mar", "q"):
        rounds = ask("tree", *given(small), [root], "beam", root, width, {})
        rule = pattern_rule(f"{root}*", VOCABULARY)
        theirs = beam_search(small, VOCABULARY, width, rule=rule)
        names = {each["text"]: each["p"] for kept in rounds for each in kept if each["ended"]}
        best = max(names, key=names.__getitem__)
        assert best == f"{theirs[0].name}."
        assert names[best] == pytest.approx(np.exp(theirs[0].log_p), rel=1e-12)
        assert {name[:-1] for name in names} <= {each.name for each in theirs}
        assert [len(kept) for kept in rounds] == [width] * len(rounds)


@browser_test
def test_the_exact_search_hands_out_the_librarys_names_in_order(ask: Ask, small):
    for root, count in (("", 12), ("mar", 10)):
        found = ask("tree", *given(small), [root], "best", root, {}, {"count": count})
        rule = pattern_rule(f"{root}*", VOCABULARY)
        theirs = [*islice(best_first(small, VOCABULARY, rule=rule, at_once=32), count)]
        assert [each["text"][:-1] for each in found] == [each.name for each in theirs]
        np.testing.assert_allclose([each["p"] for each in found], np.exp([each.log_p for each in theirs]), rtol=1e-12)
        assert sorted(each["opened"] for each in found) == [each["opened"] for each in found]
    assert ask("tree", *given(small), [""], "best", "", {}, {"most": 3}) == []
    cut = ask("tree", *given(small), ["mar"], "best", "mar", {"topP": 0.05}, {"count": 9, "most": 40})
    assert len(cut) <= 1, "where only the likeliest may come there is one name"


# ---- what is said


def test_the_takeaways_are_true(trained):
    said = (ROOT / "book" / "_live" / "view-tree.js").read_text(encoding="utf-8")
    assert "half of the real names that the machine never read" in said
    assert "half of the real names" in places.FIGURES["fig-14-ways"][1]["takeaway"].replace('of " "the', "of the")
    names = load_splits().test[3::6]
    assert "carol" in names
    can = written(trained, names, 0.9)
    assert 0.45 < np.mean([not each.all() for each in can]) < 0.55
    carol = list(names).index("carol")
    assert can[carol].tolist() == [True] * 5 + [False], "carol’s is the end"
    assert chance(trained, "carol.", {"temperature": 0.5}) < chance(trained, "carol.", {}) / 3
    p = {name: chance(trained, name, {}) for name in ("mari", "marl", "marianna.", "marlene.")}
    assert 0.45 < p["marl"] / p["mari"] < 0.55
    assert 2.5 < p["marlene."] / p["marianna."] < 3
    rule = pattern_rule("mar*", VOCABULARY)
    assert beam_search(trained, VOCABULARY, 1, rule=rule)[0].name == "marianna"
    assert next(best_first(trained, VOCABULARY, rule=rule)).name == "marlene"


def test_the_twin_says_what_the_library_finds():
    twin = (
        (ROOT / "book" / "playground.md").read_text(encoding="utf-8").split('data-view="tree">')[1].split("</div>")[0]
    )
    rows = re.findall(r"\| (\w+) \| (\d+) \|$", twin, re.MULTILINE)
    params = tree_map(lambda leaf: leaf.astype(np.float64), load_trained()[0])
    rule = pattern_rule("mar*", VOCABULARY)
    found = [beam_search(params, VOCABULARY, width, rule=rule)[0] for width in (1, 3)]
    found.append(next(best_first(params, VOCABULARY, rule=rule)))
    assert rows == [(each.name, f"{1e6 * np.exp(each.log_p):.0f}") for each in found]


# ---- the view


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the view as the playground has it, and as chapters 14 and 15 have it."""
    folder = write_scripts(tmp_path_factory.mktemp("site"))
    write_page(folder, "tree", "tree")
    write_page(folder, "cut", "tree", places.FIGURES["fig-14-ways"][1])
    write_page(folder, "search", "tree", places.FIGURES["fig-15-tree"][1])
    return folder


REST = (
    "const live = document.querySelector('.live');"
    "return 'alive' in live.dataset && live.querySelector('[role=treeitem]') && !live.querySelector('[aria-busy=true]')"
)


@pytest.fixture
def opened(one_browser: webdriver.Chrome, site: Path) -> Iterator[Open]:
    """Open a page at a state; at the end nothing but missing fonts may be complained of."""
    for go in opening(one_browser, site, REST, view="tree"):
        set_view(one_browser, width=1440, dark=False)  # and keep still: a page that scrolls is clicked on its way
        yield lambda page="tree", state="", go=go: go(page, state)


LISTED = "return [...document.querySelectorAll('.live-tree__names button')].map((e) => e.textContent)"


def at_rest(driver: webdriver.Chrome) -> None:
    until(driver, REST)


def items(driver: webdriver.Chrome) -> list[str]:
    """The keys of all branches that are drawn."""
    return [
        *driver.execute_script("return [...document.querySelectorAll('[role=treeitem]')].map((e) => e.dataset.key)")
    ]


def chosen(driver: webdriver.Chrome) -> str:
    return str(
        driver.execute_script("return document.querySelector('[role=treeitem][aria-selected=true]').dataset.key")
    )


def click(driver: webdriver.Chrome, key: str) -> None:
    branch = driver.find_element("css selector", f'[role=treeitem][data-key="{key}"] b')
    driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", branch)
    branch.click()
    at_rest(driver)


def slide(driver: webdriver.Chrome, place: int, value: float) -> None:
    driver.execute_script(
        "const dial = document.querySelectorAll('.live input[type=range]')[arguments[0]];"
        "dial.value = arguments[1]; dial.dispatchEvent(new Event('input'))",
        place,
        value,
    )


@browser_test
def test_by_pointer_the_widest_branches_lead_elsewhere_than_the_exact_search(opened, trained):
    driver = opened()
    assert items(driver)[0] == "mar"
    assert text(driver, ".live__result + .live__note").endswith("of what begins with “mar”; no whole name.")
    begun = "mar"
    while not begun.endswith("."):
        widest = VOCABULARY.characters[int(law(trained, begun, {}).argmax())]
        forked = [key for key in items(driver) if key[:-1] == begun and not key.endswith("+")]
        assert forked[0] == begun + widest
        begun += widest
        click(driver, begun)
    assert begun == "marianna."
    said = re.search(r"“marianna”, a whole name: (\d+) in a million; (.+)\.", text(driver, ".live__result"))
    assert int(said[1]) == round(1e6 * chance(trained, begun, {}))
    assert (said[2] == "it read this name in training") == ("marianna" in load_splits().train)
    click(driver, "mari")  # chosen
    click(driver, "mari")  # closed
    assert [key for key in items(driver) if key.startswith("mari")] == ["mari"]
    button(driver, "The most probable names")
    until(driver, "return document.querySelectorAll('.live-tree__names button').length")
    names = driver.execute_script(LISTED)
    exact = islice(best_first(trained, VOCABULARY, rule=pattern_rule("mar*", VOCABULARY)), 5)
    assert names == [f"{name} {1e6 * np.exp(log_p):.0f}" for name, log_p in exact]
    button(driver, names[0])
    until(driver, "return document.querySelector('[aria-selected=true]').dataset.key === 'marlene.'")
    others = items(driver)
    click(driver, "marl+")
    assert (
        len([key for key in items(driver) if key[:-1] == "marl"]) == 27 > len([k for k in others if k[:-1] == "marl"])
    )


@browser_test
def test_by_keyboard_the_tree_opens_and_closes(opened):
    driver = opened()
    focus(driver, "[role=treeitem][tabindex='0']")
    press(driver, Keys.ARROW_RIGHT)
    assert chosen(driver) == "mari"
    press(driver, Keys.ARROW_RIGHT)
    until(driver, "return document.querySelector('[data-key=mari]').ariaExpanded === 'true'")
    at_rest(driver)
    press(driver, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert chosen(driver)[:4] == "mari"
    assert driver.execute_script("return document.activeElement.dataset.key") == chosen(driver)
    press(driver, Keys.ARROW_LEFT)
    assert chosen(driver) == "mari"
    press(driver, Keys.ARROW_LEFT)
    until(driver, "return document.querySelector('[data-key=mari]').ariaExpanded === 'false'")
    press(driver, Keys.END)
    assert chosen(driver) == "mar+"
    press(driver, Keys.ENTER)
    until(driver, "return document.querySelectorAll('[role=treeitem]').length === 28")
    press(driver, Keys.HOME)
    assert chosen(driver) == "mar"
    until(driver, "return document.querySelector('.live [aria-live]').textContent.startsWith('“mar”')")
    until(driver, "return location.hash.includes('all=mar')")
    states = (
        "return [...document.querySelectorAll('[role=treeitem]')]"
        ".map((e) => ['level', 'posinset', 'setsize'].map((name) => Number(e.getAttribute(`aria-${name}`))))"
    )
    assert driver.execute_script(states) == [[1, 1, 1], *([2, place, 27] for place in range(1, 28))]


@browser_test
def test_a_beam_goes_on_letter_by_letter_and_marks_what_it_keeps(opened, trained):
    driver = opened(state="beam=3&letters=2")
    kept = "return [...document.querySelectorAll('[data-kept]')].map((e) => e.dataset.key).sort()"
    assert driver.execute_script(kept) == ["marce", "maria", "marle"]
    button(driver, "One letter further")
    at_rest(driver)
    until(driver, "return document.body.innerText.includes('Letter 3: it follows')")
    assert len(driver.execute_script(kept)) == 3
    button(driver, "To its end")
    until(driver, "return document.body.innerText.includes('It ends with')")
    best = beam_search(trained, VOCABULARY, 3, rule=pattern_rule("mar*", VOCABULARY))[0]
    said = f"It ends with “{best.name}”, {1e6 * np.exp(best.log_p):.0f} in a million"
    assert said in driver.execute_script("return document.body.innerText")
    assert f"{best.name}." in driver.execute_script(kept)
    until(driver, "return /beam=3&letters=\\d/.test(location.hash)")
    names = [key for key in opened("search", "beam=5&letters=40").execute_script(kept) if key.endswith(".")]
    found = [f"{each.name}." for each in beam_search(trained, VOCABULARY, 5, rule=pattern_rule("mar*", VOCABULARY))]
    assert 1 < len(names) == len({*names} & {*found})


@browser_test
def test_a_cut_takes_names_away_and_a_temperature_none(opened, trained):
    driver = opened("cut", "p=0.9")
    assert chosen(driver) == "carol."
    assert "“carol” is cut. As it was learned" in text(driver, ".live__result")
    gone = [name for name, can in zip(NAMES, written(trained, NAMES, 0.9), strict=True) if not can.all()]
    until(driver, "return document.body.innerText.includes('can no longer be written')")
    assert f"Of 200 real names that it never read, {len(gone)} can no longer" in driver.execute_script(
        "return document.body.innerText"
    )
    listed = driver.execute_script(
        "return [...document.querySelectorAll('.live-tree__names button')].map((e) => e.textContent)"
    )
    assert listed == gone[:8]
    slide(driver, 1, 1)
    slide(driver, 0, 0.5)
    until(driver, "return document.body.innerText.includes('all can still be written')")
    assert driver.execute_script("return document.querySelectorAll('[data-cut]').length") == 0
    said = text(driver, ".live__result")
    assert f"{1e6 * chance(trained, 'carol.', {'temperature': 0.5}):.0f} in a million" in said
    assert f"{1e6 * chance(trained, 'carol.', {}):.0f} in a million" in said.split("As it was learned")[1]
    until(driver, "return location.hash.includes('t=0.5&p=1')")


@browser_test
def test_where_the_beginning_is_cut_no_search_says_more(opened):
    driver = opened("tree", "from=mar&p=0.05&beam=3")
    assert "“mar” itself is cut" in text(driver, ".live__result")
    button(driver, "The most probable names")
    until(driver, "return document.body.innerText.includes('None: the beginning itself is cut.')")
    assert "The beginning itself is cut: there is nothing to follow." in text(driver, ".live")


@browser_test
def test_what_is_too_rare_for_a_number_is_not_called_cut(opened):
    strange = "xqzjxqzjxqzjxqzj"
    driver = opened("search", f"from=&name={strange}&t=0.1")
    assert text(driver, ".live__result").startswith(f"“{strange}”, a whole name: <\u00a01 in a million; on no list.")
    assert driver.execute_script("return document.querySelectorAll('[data-cut]').length") == 0


@browser_test
def test_a_link_restores_the_tree(opened):
    driver = opened("search", "from=ka&open=kat.kath&t=0.7&p=0.95&at=kath")
    click(driver, "kath+")
    click(driver, "kathe")
    before = items(driver)
    kept = until(driver, "return location.hash.includes('at=kathe') && location.hash")
    assert all(part in kept for part in ("from=ka", "t=0.7", "p=0.95", "all=kath"))
    driver = opened("search", kept.removeprefix("#view=tree&"))
    assert items(driver) == before
    assert chosen(driver) == "kathe"
    button(driver, "Begin at the chosen branch")
    until(driver, "return document.querySelector('[role=treeitem]').dataset.key === 'kathe'")
    button(driver, "Begin at the start")
    until(driver, "return document.querySelector('[role=treeitem]').dataset.key === ''")
    until(driver, "return location.hash.includes('from=&')")


PIECES = ("<b>", "..", "*", "-1", "1e9", "NaN", "é", "\u202e", "a" * 60, "mar", "qqq", "<img src=x>", "", "%", "+", "0")


@browser_test
def test_whatever_a_link_holds_the_tree_stands(opened):
    driver = opened()
    rng = random.Random(15)
    keys = ("from", "name", "open", "all", "t", "p", "beam", "letters", "at")
    states = [{key: "".join(rng.choices(PIECES, k=rng.randint(1, 3))) for key in keys} for _ in range(60)]
    strange = driver.execute_async_script(
        """const [states, done] = arguments;
        window.thrown = [];
        for (const kind of ['error', 'unhandledrejection']) {
          addEventListener(kind, (event) => thrown.push(String(event.reason ?? event.message)));
        }
        const rest = () => new Promise((resolve) => setTimeout(resolve, 5));
        const found = [];
        (async () => {
          for (const state of states) {
            location.hash = new URLSearchParams([['view', 'tree'], ...Object.entries(state)]);
            await rest();
            while (document.querySelector('.live [aria-busy=true]')) await rest();
            const count = document.querySelectorAll('[role=treeitem]').length;
            if (!count || count > 900) found.push([count, state]);
            if (document.querySelector('.live__body :is(img, script)')) found.push(state);
          }
          done([...found, ...thrown]);
        })();""",
        states,
    )
    assert strange == []


@browser_test
def test_a_name_that_cannot_be_is_refused_in_a_sentence(opened):
    driver = opened()
    type_in = (
        "const field = document.querySelector('.live input[type=text]'); field.value = arguments[0];"
        "field.dispatchEvent(new Event('input'))"
    )
    driver.execute_script(type_in, "zoé")
    until(driver, "return document.querySelector('[aria-selected=true]').dataset.key === 'zoe.'")
    assert text(driver, ".live__told") == "“zoé” is read as “zoe”: the machine knows a to z."
    driver.execute_script(type_in, "zoë2")
    assert fault(driver) == "“zoë2” has a number in it, “2”. Read “zoe”"
    button(driver, "Read “zoe”")
    until(driver, "return document.querySelector('[aria-selected=true]').dataset.key === 'zoe.'")
    driver.execute_script(type_in, "")
    until(driver, "return document.querySelectorAll('[role=treeitem]').length === 6")
    assert driver.execute_script("return document.querySelector('.live__fault').hidden") is True


@browser_test
def test_what_is_typed_stays_text_and_gets_a_sentence(opened):
    assert hostile.type_all(opened(), ".live", 100) == []


# How far to the right each branch leads, and how high each part of the tree is that may be pressed.
LENGTHS = """return [...document.querySelectorAll('.live-tree__branch')]
  .map((path) => path.getPointAtLength(1e6).x - path.getPointAtLength(0).x)"""
HIGH = "return [...document.querySelectorAll('[role=treeitem]')].map((each) => each.getBoundingClientRect().height)"


@browser_test
def test_a_phone_shows_all_in_both_themes_and_axe_finds_nothing(opened):
    driver = opened(state="from=&name=marianna&beam=3&letters=3&p=0.9")
    for dark in (False, True):
        set_view(driver, width=390, dark=dark)
        until(driver, "return document.querySelector('.live-tree').clientWidth < 390")
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
        assert too_wide(driver, 390) == []
        assert min(driver.execute_script(LENGTHS)) >= 4, "of a branch, so that its height is seen"
        assert min(driver.execute_script(HIGH)) >= 44, "for a thumb"
        page = ("region", "landmark", "page-has-heading", "skip-link")  # of a page that holds nothing but a view
        assert [found for found in violations(driver) if not found.startswith(page)] == []
    severe_messages(driver)  # axe asks for the styles, which a page from the disk may not
