"""The views that step through the cell and that turn the latch: their numbers, and how a reader meets them."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_tools import violations
from browser_tools import set_view, severe_messages
from keyboard_tools import focus, press
from live_tools import VOCABULARY, Ask, in_page
from numpy.testing import assert_allclose
from page_data import rounded
from play_tools import PACE, SLOW, choose, course, follow, go_to, plays_in_silence, stops, type_in
from play_tools import click as press_of
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from site_pages import ROOT
from view_tools import Open, fault, opening, places, text, until, write_page, write_scripts
from visit_tools import FAINT_TEXT

from lstm_lib.data import load_splits
from lstm_lib.example import HAND_COMPUTED, LN3, NAME, example_params
from lstm_lib.example import VOCABULARY as ANA
from lstm_lib.inside.states import States, read_states
from lstm_lib.model import Params
from lstm_lib.sample import next_probabilities
from lstm_lib.train import load_small

browser_test = pytest.mark.browser
BOOK = {"i": -2.0, "f": 2.0, "g": 0.0, "o": 2.0}  # the biases of unit 1, in multiples of ln 3


# ---- the numbers


@browser_test
def test_ana_is_the_librarys_to_the_last_digits(ask: Ask) -> None:
    theirs, params = ask("states", "ana", NAME), example_params()
    ours = read_states(params, ANA, [NAME])
    for part in ("i", "f", "g", "o", "c", "h"):
        assert_allclose(theirs[part], getattr(ours, part), rtol=0, atol=1e-12, err_msg=part)
    laws = [next_probabilities(params, ANA, NAME[:read]) for read in range(4)]
    assert_allclose(ask("laws", "ana", [NAME])[0], laws, rtol=0, atol=1e-12)
    for name, by_hand in HAND_COMPUTED.items():
        if name[0] in "ifgoch":
            assert_allclose(np.array(theirs[name[0]])[:, "₁₂".index(name[1])], by_hand, rtol=0, atol=5e-5)


def turned(biases: dict[str, float], *, wire: bool = True) -> Params:
    """ "ana" with other biases of unit 1, in multiples of ln 3."""
    params = example_params(wire=wire)
    b = params.b.copy()
    b[::2] = LN3 * np.array([biases[gate] for gate in "ifgo"])
    return replace(params, b=b)


def latch(biases: dict[str, float], *, wire: bool = True, letters: int = 1) -> tuple[States, list[np.ndarray]]:
    """What the library says: the states, and the laws after each symbol read."""
    params, word = turned(biases, wire=wire), "an" + "a" * letters
    laws = [next_probabilities(params, ANA, word[:read]) for read in range(len(word) + 1)]
    return read_states(params, ANA, [word]), laws


@browser_test
def test_the_latch_is_the_librarys_whatever_its_biases(ask: Ask) -> None:
    rng = np.random.default_rng(6)
    assert ask("latchBiases") == BOOK
    assert ask("latchKeeps") == [BOOK, pytest.approx(-LN3)]
    for letters in range(1, 10):
        biases, wire = dict(zip("ifgo", rng.uniform(-6, 6, 4).tolist(), strict=True)), letters % 2 == 0
        theirs, (states, laws) = ask("latch", biases, wire, letters), latch(biases, wire=wire, letters=letters)
        for part in ("i", "f", "g", "o", "c", "h"):
            assert_allclose(theirs[part], getattr(states, part), rtol=0, atol=1e-12, err_msg=part)
        assert theirs["guesses"] == [int(law.argmax()) for law in laws]
        assert_allclose(theirs["chances"], [law.max() for law in laws], rtol=0, atol=1e-12)
        assert_allclose(theirs["left"], states.f[3:, 0].prod(), rtol=0, atol=1e-12)


@browser_test
def test_who_keeps_most_over_a_name_is_what_the_library_says(ask: Ask) -> None:
    names = load_splits().test[::100]
    for name, theirs in zip(names, ask("keepers", names), strict=True):
        states = read_states(in_page("small"), VOCABULARY, [name])
        kept = states.f.mean(axis=0)
        assert (theirs["most"]["unit"], theirs["least"]["unit"]) == (kept.argmax(), kept.argmin())
        found = theirs["most"]["mean"], theirs["least"]["mean"], theirs["largest"]
        assert_allclose(found, (kept.max(), kept.min(), max(1, np.abs(states.c).max())), atol=1e-5)


# ---- what the takeaways claim


def smallest_f(letters: int) -> float:
    """The f, the same at each step, at which the last guess turns from n to the end, by halving."""
    low, high = 0.0, 1.0
    for _ in range(20):
        f = (low + high) / 2
        law = latch(BOOK | {"f": np.log(f / (1 - f)) / LN3}, wire=False, letters=letters)[1][-1]
        low, high = (low, f) if law.argmax() == 0 else (f, high)
    return high


def takeaway(view: str) -> str:
    """What a view says at the end, as its file has it, without the breaks of the code."""
    source = (ROOT / "book" / "_live" / f"view-{view}.js").read_text(encoding="utf-8")
    return re.sub(r'" \+\s+"', "", source.split("takeaway:")[1].split("/* Options")[0])


def test_how_small_f_may_get_is_what_takeaway_and_twin_say():
    needed = {letters: smallest_f(letters) for letters in (1, 2, 3, 5, 9)}
    rows = twin("latch")
    assert rows[0][1:] == [str(letters) for letters in needed]
    assert rows[1][1:] == [f"{f:.3f}" for f in needed.values()]
    assert rows[2][1:] == [f"{f**letters:.2f}" for letters, f in needed.items()]
    said = takeaway("latch")
    above, below = (latch(BOOK | {"f": bias}) for bias in (-0.75, -1.0))  # two neighbours on the slider
    assert (above[1][-1].argmax(), below[1][-1].argmax()) == (0, 2)
    border = f"takes it from {above[0].f[3, 0]:.3f} to {below[0].f[3, 0]:.3f}, and the border lies at {needed[1]:.3f}"
    assert border in said
    assert f"not fall below {needed[9]:.3f}, whose ninth power is {needed[9] ** 9:.2f}" in said
    book, never_written, not_shown = (latch(BOOK | more)[1] for more in ({}, {"i": -6.0}, {"o": -2.0}))
    assert [law.argmax() for law in book] == [1, 2, 1, 0]
    assert never_written[-1].argmax() == not_shown[-1].argmax() == 2


def test_learned_gates_are_half_open_and_forget_as_the_takeaway_says():
    names, between, left = load_splits().val[::3], [], []
    for params in load_small().values():
        states = read_states(rounded(params), VOCABULARY, names)
        between.append(((states.f >= 0.1) & (states.f <= 0.9)).mean())
        three = states.owner[3:] == states.owner[:-3]  # three more letters of the same name
        left.append((states.f[1:-2] * states.f[2:-1] * states.f[3:])[three].mean())
    assert 0.45 < min(between) < max(between) < 0.6
    assert f"{100 * min(left):.0f} to {100 * max(left):.0f} %" in takeaway("step")
    gates = read_states(example_params(), ANA, [NAME])
    near = np.concatenate([gates.i, gates.f, gates.o])
    assert (np.minimum(abs(near - 0.1), abs(near - 0.9)) < 0.071).all()


def test_one_name_was_too_few_to_tell_who_keeps_most():
    counts = {"most": np.zeros(16), "least": np.zeros(16)}
    states = read_states(in_page("small"), VOCABULARY, load_splits().val)
    for kept in np.split(states.f, np.flatnonzero(states.letters == 0)[1:]):
        counts["most"][kept.mean(axis=0).argmax()] += 1
        counts["least"][kept.mean(axis=0).argmin()] += 1
    shares = {key: (100 * count / count.sum()).round().astype(int).tolist() for key, count in counts.items()}
    said = places.FIGURES["fig-18-gates"][1]["takeaway"]
    assert f"Unit 6 keeps least on average in {shares['least'][6]} of 100 held-out names" in said
    assert f"Unit 8 keeps most in {shares['most'][8]}, and unit 10 in {shares['most'][10]}" in said
    gates = read_states(in_page("small"), VOCABULARY, [places.FIGURES["fig-18-gates"][1]["name"]])
    assert (gates.f.mean(axis=0).argmax(), gates.f.mean(axis=0).argmin()) == (8, 6)


def test_the_latch_writes_at_the_n_alone():
    states = read_states(example_params(), ANA, [NAME])
    written = (states.i * states.g)[:, 0]
    assert_allclose(written, [0, 0, 0.72, 0], atol=1e-12)
    said = places.FIGURES["fig-06-latch"][1]["takeaway"]
    assert f"keeps {100 * states.f[3, 0]:.0f} % of that" in said


# ---- the static twins


def twin(view: str) -> list[list[str]]:
    """The cells of the table that stands in a place while its view does not."""
    page = (ROOT / "book" / "playground.md").read_text(encoding="utf-8").split(f'data-view="{view}">')[1]
    lines = [line for line in page.split("</div>")[0].splitlines() if re.match(r"\|(?!--)", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_ana_is_the_one_worked_out_by_hand():
    states = read_states(example_params(), ANA, [NAME])
    for name, *cells in twin("step")[1:]:
        assert cells == [f"{value:.4f}" for value in getattr(states, name[0])[:, 0]], name


# ---- the views


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page for each view, as a built site has them; and as the chapters open them."""
    folder = write_scripts(tmp_path_factory.mktemp("site"))
    write_page(folder, "latch", "latch")
    write_page(folder, "step", "step", {"pace": PACE})
    write_page(folder, "slow-step", "step", {"pace": SLOW, "name": "george"})
    for figure in ("fig-06-latch", "fig-06-decay", "fig-18-gates"):
        view, options = places.FIGURES[figure]
        write_page(folder, figure, view, {key: value for key, value in options.items() if key != "door"})
    return folder


@pytest.fixture
def opened(one_browser: webdriver.Chrome, site: Path) -> Iterator[Open]:
    """Open a page, perhaps with a state in the address; at the end nothing but missing fonts may be complained of."""
    yield from opening(one_browser, site, STYLED)


STYLED = """const bar = document.querySelector('.live[data-alive] .live-bar');
  return bar && getComputedStyle(bar).position === 'relative'"""
LANES = """return Object.fromEntries([...document.querySelectorAll('.live-lanes tbody tr')].map((row) =>
  [row.dataset.of, [...row.cells].slice(1).map((each) => each.textContent)]))"""
UNITS = "return [...document.querySelectorAll('.live-units tbody tr')].map((r) => [...r.cells].map((c) => c.innerText))"
WIRES = "return [...document.querySelectorAll('.live-cell__number')].map((each) => each.textContent)"
AT = """return ['lanes__step', 'units__unit'].map((kind) =>
  [...document.querySelectorAll(`.live-${kind}`)].findIndex((each) => each.ariaPressed === 'true'))"""
# What reaches beyond a phone, outside of the box whose own content may.
BEYOND = """return [...document.querySelectorAll('.live *')].filter((e) => !e.closest('.live-lanes')
  && e.getBoundingClientRect().right > 390.5).map((e) => e.outerHTML.slice(0, 80))"""
HABITS = ".live-step__pair .live__legend"
SPOKEN = "return document.querySelector('.live [aria-live]').textContent"


def numbers(values: Any, digits: int) -> list[str]:
    """As the page writes them: rounded, with a real minus, none before a zero."""
    return [re.sub(r"^-(?=.*[1-9])", "−", f"{value:.{digits}f}").lstrip("-") for value in values]


@browser_test
def test_ana_shows_every_number_of_the_text(opened):
    driver = opened("fig-06-latch")
    lanes, states = driver.execute_script(LANES), read_states(example_params(), ANA, [NAME])
    for part in "ifgoch":
        assert lanes[part] == numbers(getattr(states, part)[:, 0], 4)
        if f"{part}₁" in HAND_COMPUTED:
            assert [float(cell) for cell in lanes[part]] == list(HAND_COMPUTED[f"{part}₁"])
    assert [float(cell) for cell in lanes["p"]] == list(HAND_COMPUTED["p(target)"])
    assert driver.execute_script(AT) == [0, 0]
    click(driver, driver.find_elements("css selector", ".live-lanes__step")[3])
    click(driver, driver.find_elements("css selector", ".live-units__unit")[1])
    f, i, g, o, c, h = (getattr(states, part)[3, 1] for part in "figoch")
    before = states.c[2, 1]
    wires = [before, f * before, c, i * g, np.tanh(c), states.h[2, 1], h, c]
    assert driver.execute_script(WIRES) == [*numbers(wires, 4), "reads a", *numbers([f, i, g, o], 4)]
    rows = driver.execute_script(UNITS)
    for unit, (label, *cells) in enumerate(rows):
        assert label.split() == ["unit", str(unit + 1)]
        values = [states.c[2], *(getattr(states, part)[3] for part in "figcoh")]
        assert cells == numbers([value[unit] for value in values], 2)
    said = text(driver, ".live__result")
    assert said.startswith("Step 4 reads a. Unit 2 keeps 10 % of −0.6480, writes 0.9000 × 0.8000, and so holds 0.6552.")
    likeliest = next_probabilities(example_params(), ANA, NAME).max()
    assert f"By what all units show, the end is likeliest to come next, with a chance of {likeliest:.4f}." in text(
        driver, HABITS
    )


@browser_test
def test_by_keyboard_alone_a_name_is_stepped_through(opened):
    driver = opened("step", "of=small&name=george&step=2&unit=8")
    states = read_states(in_page("small"), VOCABULARY, ["george"])
    assert driver.execute_script(AT) == [1, 8]
    focus(driver, ".live-lanes__step[aria-pressed=true]")
    press(driver, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert driver.execute_script(AT) == [3, 8]
    assert driver.execute_script("return document.activeElement.innerText.split(/\\s+/).at(-1)") == "o"
    press(driver, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert driver.execute_script(AT) == [3, 10]
    for part, cells in driver.execute_script(LANES).items():
        if part != "p":
            assert cells == numbers(getattr(states, part)[:, 10], 2), part
    press(driver, Keys.TAB, Keys.TAB)  # past Play
    assert driver.execute_script("return document.activeElement.textContent") == "Step back"
    press(driver, Keys.ENTER, Keys.TAB, Keys.ENTER, Keys.ENTER, Keys.TAB)
    assert driver.execute_script(AT) == [4, 10]
    assert driver.execute_script("return document.activeElement.matches('.live-units__unit')")
    press(driver, *[Keys.ARROW_UP] * 20)
    assert driver.execute_script(AT) == [4, 0]
    until(driver, "return location.hash === '#view=step&of=small&name=george&step=5&unit=0'")
    until(driver, f"{SPOKEN}.startsWith('Step 5 reads r. Unit 0 keeps ')")
    focus(driver, ".live select")
    press(driver, Keys.ARROW_DOWN)
    until(driver, "return location.hash === '#view=step&of=ana&step=1&unit=1'")
    assert len(driver.execute_script(UNITS)) == 2


@browser_test
def test_a_name_is_typed_and_who_keeps_most_is_said(opened):
    driver = opened("fig-18-gates")
    assert driver.execute_script("return document.querySelector('.live input').value") == "george"
    kept = read_states(in_page("small"), VOCABULARY, ["george"]).f.mean(axis=0)
    assert f"Over this name unit 8 (its f is {kept[8]:.2f} on average) keeps most, unit 6 (" in text(driver, HABITS)
    retype(driver, "Mary")
    states = read_states(in_page("small"), VOCABULARY, ["mary"])
    assert driver.execute_script(LANES)["c"] == numbers(states.c[:, 8], 2)
    retype(driver, "José")
    assert text(driver, ".live__told") == "“josé” is read as “jose”: the machine knows a to z."
    assert len(driver.execute_script(LANES)["c"]) == 5
    retype(driver, "")
    assert driver.execute_script("return document.querySelector('.live-lanes').checkVisibility()") is False
    retype(driver, "<b>x</b>")
    assert "<" in fault(driver)
    assert driver.execute_script("return document.querySelector('.live-lanes').checkVisibility()") is False
    retype(driver, "a" * 17)
    assert fault(driver) == "To step through, a name may have 16 letters; this has more."
    retype(driver, "a" * 16)
    assert driver.execute_script("return document.querySelectorAll('.live-lanes__step').length") == 17
    assert driver.execute_script("return document.querySelector('.live b:not(.live__move b, th b)')") is None


def retype(driver: webdriver.Chrome, letters: str) -> None:
    """Put letters into the field as if they had been typed at once."""
    script = "const f = document.querySelector('.live input[type=text]'); f.value = arguments[0];"
    driver.execute_script(script + "f.dispatchEvent(new Event('input', { bubbles: true }))", letters)


STEPPED = "[...document.querySelectorAll('.live-lanes__step')].findIndex((each) => each.ariaPressed === 'true')"
ARROW = """document.querySelector('.live-lanes__step[aria-pressed=true]')
  .dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }))"""


@browser_test
def test_the_letters_of_a_name_play_to_its_end_and_begin_anew(opened):
    driver = opened("step", "of=small&name=george&step=3&unit=5")
    assert course(driver, STEPPED) == [3, 4, 5, 6]
    until(driver, "return location.hash === '#view=step&of=small&name=george&step=7&unit=5'")
    until(driver, f"{SPOKEN}.startsWith('Step 7 reads e. Unit 5 keeps ')")
    assert course(driver, STEPPED) == [*range(7)]


ACTS = (
    *(press_of(words) for words in ("Pause", "Step back", "Step on")), ARROW, choose("ana"), type_in("mary"),
    type_in("<b>"),
    *(f"document.querySelectorAll('.live-{each}')[2].click()" for each in ("lanes__step", "units__unit")),
    *(follow(f"step&{state}") for state in ("of=small&name=george&step=2", "of=ana")),
)  # fmt: skip


@browser_test
def test_whatever_else_the_reader_does_pauses_the_letters(opened):
    driver = opened("step")
    for number, act in enumerate(ACTS):
        go_to(driver, f"step&of=small&name={'a' * 16}&try={number}")
        assert stops(driver, STEPPED, act), act


@browser_test
def test_while_letters_play_nothing_is_said_and_no_address_written(opened):
    assert re.match(r"Step \d reads \w\. Unit 0 keeps", plays_in_silence(opened("slow-step"), STEPPED))


@browser_test
def test_by_keyboard_the_latch_forgets(opened):
    driver = opened("latch")
    knows = (
        "step 2 guesses n: it knows the last a from the first. Of the 0.72 that unit 1 held after the n, f has left "
    )
    assert text(driver, ".live__result") == f"Step 4 guesses the end (0.90), {knows}94 %: it holds 0.68."
    focus(driver, ".live input[type=range]")  # the bias of f
    press(driver, *[Keys.ARROW_LEFT] * 11)
    assert knows in text(driver, ".live__result")
    press(driver, Keys.ARROW_LEFT)
    assert driver.execute_script("return document.activeElement.getAttribute('aria-valuetext')") == "−1 × ln 3"
    said = text(driver, ".live__result")
    states, laws = latch(BOOK | {"f": -1.0})
    assert said == latch_says(states, laws)
    assert said.startswith(
        f"Step 4 guesses n ({laws[-1].max():.2f}), as step 2 does: it takes the last a for the first."
    )
    assert f"f has left {100 * states.f[3, 0]:.0f} %" in said
    lanes = driver.execute_script(LANES)
    assert lanes["?"] == [*"anan"]
    for part in "ifgoch":
        assert lanes[part] == numbers(getattr(states, part)[:, 0], 4)
    until(driver, "return location.hash === '#view=latch&f=-1&i=-2&g=0&o=2&letters=1'")
    until(driver, f"{SPOKEN} === arguments[0]", said)
    focus(driver, ".live-lanes__step[aria-pressed=true]")
    press(driver, Keys.ARROW_LEFT)
    assert text(driver, ".live__body > .live__legend").startswith("Step 3: c = 0.1533 × 0.0000 + 0.9000 × 0.8000")


def click(driver: webdriver.Chrome, element: Any) -> None:
    """A press with the mouse, where the element stands."""
    driver.execute_script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", element)
    element.click()


@browser_test
def test_by_pointer_the_wire_is_cut_more_letters_follow_and_all_is_undone(opened):
    driver = opened("latch", "f=0.5&letters=2&wire=cut")
    states, laws = latch(BOOK | {"f": 0.5}, wire=False, letters=2)
    assert laws[-1].argmax() == 2
    assert f"Step 5 guesses n ({laws[-1].max():.2f}), as step 2 does" in text(driver, ".live__result")
    assert driver.execute_script(LANES)["f"] == numbers(states.f[:, 0], 4)
    click(driver, driver.find_element("css selector", ".live input[type=checkbox]"))
    assert driver.execute_script(LANES)["f"] == numbers(latch(BOOK | {"f": 0.5}, letters=2)[0].f[:, 0], 4)
    click(driver, driver.find_element("xpath", "//button[.='As in the book']"))
    assert [float(cell) for cell in driver.execute_script(LANES)["c"]] == list(HAND_COMPUTED["c₁"])


def latch_says(states: States, laws: list[np.ndarray]) -> str:
    """What the library's numbers have to say of the last a, of the first, and of what unit 1 holds."""
    first, end = (["the end", "a", "n"][int(laws[k].argmax())] for k in (1, -1))
    told = (
        "it knows the last a from the first." if (first, end) == ("n", "the end") else "it should be n, then the end."
    )
    told = "as step 2 does: it takes the last a for the first." if first == end else f"step 2 guesses {first}: {told}"
    (held, holds), left = states.c[[2, -1], 0], states.f[3:, 0].prod()
    since = "" if abs(holds - left * held) < 0.005 else "; with what was written since, it holds"
    c = numbers([held, holds], 2)
    share = f"Of the {c[0]} that unit 1 held after the n, f has left {100 * left:.0f} %{since or ': it holds'} {c[1]}."
    return f"Step {len(laws)} guesses {end} ({laws[-1].max():.2f}), {told} {share}"


@browser_test
def test_what_the_latch_says_is_so_whatever_its_biases(opened):
    never_written, not_shown, early = {"i": -6.0}, {"o": -2.0}, {"i": 6.0, "g": 6.0}
    other, grows = {"i": -0.5, "f": -3.25, "g": 6.0, "o": 1.0}, {"i": -2.75, "f": 2.75, "g": 3.0, "o": 2.5}
    rng, kinds = np.random.default_rng(4), set()
    drawn = [(dict(zip("ifgo", (rng.integers(-24, 25, 4) / 4).tolist(), strict=True)), 1 + k % 3) for k in range(8)]
    driver = opened("latch")
    for biases, letters in [({}, 1), (never_written, 1), (not_shown, 1), (early, 1), (other, 2), (grows, 3), *drawn]:
        state = "&".join(f"{gate}={value:g}" for gate, value in {**BOOK, **biases}.items())
        driver.execute_script("location.hash = arguments[0]", f"view=latch&{state}&letters={letters}")
        expected = latch_says(*latch(BOOK | biases, letters=letters))
        until(driver, "return document.querySelector('.live__result').textContent === arguments[0]", expected)
        kinds.add((expected.split("step 2 ")[1].split(" Of the")[0], "since" in expected))
    assert len(kinds) == 5, kinds


@browser_test
def test_below_the_lanes_stands_what_a_bar_means_and_on_a_phone_what_the_lanes_are(one_browser, opened):
    set_view(one_browser, width=1440, dark=False)
    driver = opened("step", "of=small&name=george")
    c = read_states(in_page("small"), VOCABULARY, ["george"]).c
    legend = """return [...document.querySelectorAll('.live-lanes__box ~ p')]
      .filter((each) => each.checkVisibility()).map((each) => each.innerText)"""
    scale = "A bar reaches the edge of its box at 1"
    most = f"{scale}, that of c at {np.abs(c).max():.2f}, the largest c of any unit here."
    assert driver.execute_script(legend) == [most]
    set_view(one_browser, width=390, dark=False)
    words, again = driver.execute_script(legend)
    assert words.startswith("i how hard it writes, f how much it keeps, g what it writes")
    assert again == most
    set_view(one_browser, width=1440, dark=False)
    assert opened("step", "of=ana").execute_script(legend) == [f"{scale}."]


HOSTILE = (
    "-1",
    "0",
    "999",
    "1e99",
    "NaN",
    "<b>x</b>",
    "",
    "2.5",
    "ana",
    "__proto__",
    "constructor",
    "a" * 300,
    "‮",
    "٣",
    "-0.0001",
)


@browser_test
@pytest.mark.parametrize("view", ["step", "latch"])
def test_whatever_stands_in_the_address_the_view_stands(opened, view):
    rng, driver = random.Random(6), opened(view)
    keys = {"step": ("of", "name", "step", "unit"), "latch": ("i", "f", "g", "o", "letters", "wire")}[view]
    for _ in range(15):
        state = {key: rng.choice(HOSTILE) for key in keys}
        driver.execute_script(
            "location.hash = new URLSearchParams({ view: arguments[0], ...arguments[1] });"
            "dispatchEvent(new HashChangeEvent('hashchange'))",
            view,
            state,
        )
        steps, _ = driver.execute_script(AT)
        refused = driver.execute_script("return !!document.querySelector('.live__fault:not([hidden])')")
        assert refused or steps >= 0, state
        shown = driver.execute_script("return document.querySelector('.live__body').innerText")
        assert not re.search(r"NaN|undefined|Infinity", shown.replace(state.get("name", "") or "\0", "")), state
        assert (
            driver.execute_script("return document.querySelector('.live b:not(.live__move b, th b, label b)')") is None
        )


@browser_test
@pytest.mark.parametrize(
    ("page", "state"),
    [("step", "of=small&name=aaaaaaaaaaaaaaaa&step=17&unit=15"), ("step", "of=ana"), ("latch", "letters=9&g=-6")],
)
def test_a_phone_shows_all_in_light_and_dark_and_axe_finds_nothing(one_browser, opened, page, state):
    set_view(one_browser, width=390, dark=False)
    driver = opened(page, state)
    for dark in (False, True):
        set_view(driver, width=390, dark=dark)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
        beyond = driver.execute_script(BEYOND)
        assert beyond == []
        assert driver.execute_script(FAINT_TEXT) == []
    seen = """const box = document.querySelector('.live-lanes__box').getBoundingClientRect();
      const at = document.querySelector('.live-lanes__step[aria-pressed=true]').getBoundingClientRect();
      return at.left >= box.left && at.right <= box.right + 1"""
    assert until(driver, seen)
    page = ("region", "landmark", "page-has-heading", "skip-link")  # of a page that holds nothing but a view
    assert [found for found in violations(driver) if not found.startswith(page)] == []
    severe_messages(driver)  # axe asks for the styles, which a page from the disk may not
