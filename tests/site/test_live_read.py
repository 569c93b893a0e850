"""The views that read and write, as a reader meets them: from the disk, by keyboard, by pointer, whatever is typed."""

import base64
import json
import re
from collections.abc import Iterator
from io import BytesIO

import hostile
import numpy as np
import pytest
from axe_tools import violations
from browser_tools import PATIENCE, set_view, severe_messages
from keyboard_tools import focus, focused, press
from live_tools import VOCABULARY, in_page
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from site_pages import ROOT, SITE
from view_tools import VISITS, places, until
from visit_tools import FAINT_TEXT, TOO_WIDE

from lstm_lib.data import load_names, load_splits
from lstm_lib.evaluate import nll
from lstm_lib.ngram import NGram, fit_kneser_ney, ngram_surprises
from lstm_lib.sample import name_log_probability, next_probabilities, sample_names
from lstm_lib.train import load_trained

pytestmark = pytest.mark.browser
PLAYGROUND, START_PAGE = "book/playground.html", "book/index.html"
READ, WRITE, START = (f'.live[data-view="{view}"]' for view in ("read", "write", "start"))
COUNTED = "return !!document.querySelector(`${arguments[0]} .live__length--rival`)"
# Long tasks, and whatever is thrown, from before the page's first script.
WATCH = """
window.thrown = []; window.long = [];
addEventListener('error', (event) => thrown.push(String(event.message ?? event.target.src)), true);
addEventListener('unhandledrejection', (event) => thrown.push(String(event.reason)));
new PerformanceObserver((list) => list.getEntries().forEach((each) => long.push(Math.round(each.duration))))
  .observe({ type: 'longtask', buffered: true });
"""


@pytest.fixture(scope="module")
def browser(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """One that writes down what is thrown."""
    watch = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    yield browser
    browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watch)


@pytest.fixture(scope="module")
def kneser_ney() -> NGram:
    return fit_kneser_ney(load_splits().train, VOCABULARY, 6)


def at_rest(driver: webdriver.Chrome, place: str) -> None:
    """Wait until a view lives and is not busy."""
    rest = "const p = document.querySelector(arguments[0]);"
    until(driver, rest + "return p?.dataset.alive !== undefined && !p.querySelector('[aria-busy=true]')", place)


def visit(driver: webdriver.Chrome, page: str, place: str, *, width: int = 1440, dark: bool = False) -> None:
    """Open a page from the disk, with what follows a #, and wait for a view."""
    set_view(driver, width=width, dark=dark)
    severe_messages(driver)
    driver.get(SITE.as_uri() + "/" + page.replace(".html", f".html?visit={next(VISITS)}"))
    driver.execute_script("document.querySelector(arguments[0]).scrollIntoView()", place)
    at_rest(driver, place)


def text(driver: webdriver.Chrome, selector: str) -> str:
    return str(driver.execute_script("return document.querySelector(arguments[0]).innerText", selector)).strip()


def texts(driver: webdriver.Chrome, selector: str) -> list[str]:
    """What stands in each of the elements."""
    every = "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)"
    return list(driver.execute_script(every, selector))


def value(driver: webdriver.Chrome, selector: str) -> str:
    """What stands in a field."""
    return str(driver.execute_script("return document.querySelector(arguments[0]).value", selector))


def click(driver: webdriver.Chrome, words: str) -> None:
    """Press the button that says so."""
    driver.find_element("xpath", f"//button[.='{words}']").click()


def until_said(driver: webdriver.Chrome, selector: str, words: str) -> None:
    """Wait until an element has the words in it."""
    until(driver, "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])", selector, words)


def until_spelt(driver: webdriver.Chrome, place: str, name: str) -> None:
    """Wait until a view shows these letters."""
    WebDriverWait(driver, PATIENCE, 0.03).until(lambda _: spelt(driver, place) == name)


def clean(driver: webdriver.Chrome) -> list[str]:
    """What was thrown, and what the console says."""
    return [*driver.execute_script("return thrown.splice(0)"), *severe_messages(driver)]


def set_field(driver: webdriver.Chrome, selector: str, value: str) -> None:
    """Put a value into a field as if it had been typed at once."""
    script = "const f = document.querySelector(arguments[0]); f.value = arguments[1];"
    driver.execute_script(script + "f.dispatchEvent(new Event('input', { bubbles: true }))", selector, value)


def spelt(driver: webdriver.Chrome, place: str) -> str:
    """The letters that a view shows."""
    tiles = (
        "return [...document.querySelectorAll(`${arguments[0]} .live__tile`)].map((tile) => tile.textContent).join('')"
    )
    return str(driver.execute_script(tiles, place))


def names_of(driver: webdriver.Chrome, place: str = WRITE) -> list[str]:
    """The names that a view lists, without their marks."""
    at_rest(driver, place)
    return [name.split(" ")[0] for name in texts(driver, f"{place} .live__names li")]


# ---- the static twins


def twin_rows(page: str, view: str) -> list[list[str]]:
    """The cells of the table that stands in a place while its view does not."""
    twin = (ROOT / "book" / page).read_text(encoding="utf-8").split(f'data-view="{view}">')[1].split("</div>")[0]
    lines = [line for line in twin.splitlines() if line.startswith("|") and not line.startswith("|--")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_name_in_the_text_costs_what_the_library_says(kneser_ney):
    head, machine, counting = twin_rows("playground.md", "read")
    name = "".join(head[1:-1])
    params = in_page("trained")
    laws = [next_probabilities(params, VOCABULARY, name[:k]) for k in range(len(name) + 1)]
    costs = [-np.log(law[symbol]) for law, symbol in zip(laws, [*VOCABULARY.encode(name), 0], strict=True)]
    assert machine[1:] == [f"{cost:.1f}" for cost in costs]
    counted = ngram_surprises(kneser_ney, [name])[0]
    assert counting[1:] == [f"{cost:.1f}" for cost in counted]


def test_the_names_in_the_text_are_drawn_by_the_shipped_model():
    rows = twin_rows("playground.md", "write")
    params, _ = load_trained()
    for column, head in enumerate(rows[0]):
        temperature = float(head.split()[-1])
        drawn = sample_names(params, VOCABULARY, 10, rng=np.random.default_rng(1), temperature=temperature)
        assert [row[column] for row in rows[1:]] == drawn
    start = (ROOT / "book" / "index.md").read_text(encoding="utf-8").split("</div>")[0]
    ten, three = (re.split(r",\s+", names) for names in re.findall(r": ([a-z,\s]+)\.", start)[-2:])
    assert ten == [row[1] for row in rows[1:]]
    assert [name for name in three if name in set(load_names()["name"])] == ["weslynn"]
    assert "weslynn" in load_splits().test


@pytest.mark.parametrize("media", ["screen without scripts", "print"])
def test_the_twin_is_what_is_seen_without_scripts_and_on_paper(browser, media):
    seen = (
        "return [...document.querySelectorAll('.live table')].filter((e) => !e.closest('.live__frame'))"
        ".map((e) => e.checkVisibility())"
    )
    tables = len(
        re.findall(r"^\|[-:|]+\|$", (ROOT / "book" / "playground.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    if media == "print":
        visit(browser, PLAYGROUND, WRITE)
        at_rest(browser, READ)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert browser.execute_script("return document.querySelector('.live__frame').checkVisibility()") is False
        assert browser.execute_script(seen) == [True] * tables
        return
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{SITE.as_uri()}/{PLAYGROUND}")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert browser.execute_script(seen) == [True] * tables


# ---- read


def test_a_name_is_read_as_the_library_reads_it(browser, kneser_ney):
    visit(browser, PLAYGROUND, READ)
    params, split = in_page("trained"), load_splits()
    until(browser, COUNTED, READ)
    for name in ("ana", split.test[5], "zzyzx"):
        set_field(browser, f"{READ} input", name)
        until_said(browser, f"{READ} .live__result", f"“{name}”")
        machine, counted = re.findall(r"(?:machine|pays) (\d+\.\d)", text(browser, f"{READ} .live__result"))
        assert abs(float(machine) + name_log_probability(params, VOCABULARY, name)) < 0.06, name
        assert abs(float(counted) - ngram_surprises(kneser_ney, [name])[0].sum()) < 0.06, name
        assert spelt(browser, READ) == f"{name}."
    assert "stands on no list" in text(browser, f"{READ} .live__result")
    for name in (split.train[0], split.val[0]):
        set_field(browser, f"{READ} input", name)
        until_said(browser, f"{READ} .live__result", f"“{name}”")
        rank = 1 + list(load_names()["name"]).index(name)
        said = text(browser, f"{READ} .live__result")
        assert f"number {rank:,} of {len(load_names()):,}" in said
        assert ("read it in training" in said) == (name in split.train)
    assert clean(browser) == []


def test_by_keyboard_a_name_is_typed_and_its_letters_are_gone_along(browser, record_property):
    visit(browser, PLAYGROUND, READ)
    until(browser, COUNTED, READ)
    focus(browser, f"{READ} input")
    browser.execute_script("document.activeElement.select(); long.splice(0)")
    for typed in range(1, 12):
        press(browser, "maximiliana"[typed - 1])
        until_spelt(browser, READ, "maximiliana"[:typed] + ".")
    record_property("tasks over 50 ms in typing a name", json.dumps(browser.execute_script("return long.splice(0)")))
    press(browser, Keys.TAB, Keys.TAB, Keys.TAB)  # past two buttons that bring a name
    assert focused(browser, f"{READ} .live__letter[aria-pressed=true]")
    press(browser, Keys.HOME)
    assert text(browser, f"{READ} caption") == "At the start, what comes first?"
    press(browser, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert focused(browser, f"{READ} .live__letter:nth-child(3)")
    assert text(browser, f"{READ} caption") == "After “ma”, what comes next?"
    assert "x" in text(browser, f"{READ} .live__came th")
    press(browser, Keys.END)
    assert text(browser, f"{READ} .live__came th").split() == ["the", "end", "came"]
    rows = "return document.querySelectorAll(`${arguments[0]} .live__law tbody tr`).length"
    assert browser.execute_script(rows, READ) in (6, 7)
    press(browser, Keys.TAB, Keys.ENTER)
    assert browser.execute_script(rows, READ) == 27
    until(
        browser, "return /at the start|after/i.test(document.querySelector('[data-view=read] [aria-live]').textContent)"
    )
    assert clean(browser) == []


def test_by_pointer_a_letter_shows_its_law_and_a_picture_is_made(browser):
    visit(browser, PLAYGROUND, READ)
    until(browser, COUNTED, READ)
    browser.find_elements("css selector", f"{READ} .live__letter")[3].click()
    assert text(browser, f"{READ} caption") == "After “jac”, what comes next?"
    shares = re.findall(r"q came\s+(\d+)\s%", text(browser, f"{READ} .live__came"))
    assert shares == [
        f"{100 * next_probabilities(in_page('trained'), VOCABULARY, 'jac')[VOCABULARY.encode('q')[0]]:.0f}"
    ]
    address = browser.execute_script(
        "return live.card.draw({ name: 'ana', symbols: [...'ana.'], costs: [2, 1, 0, 9] }).toDataURL('image/png')"
    )
    picture = Image.open(BytesIO(base64.b64decode(address.partition(",")[2]))).convert("L")
    assert picture.size == (1200, 630)
    assert np.mean(np.asarray(picture)[312] < 250) > 0.45  # a short name fills it as well
    browser.execute_script(
        "window.saved = []; HTMLAnchorElement.prototype.click = function () { saved.push(this.download) }"
    )
    click(browser, "Save as a picture")
    until(browser, "return saved[0] === 'surprise-jacqueline.png'")
    assert clean(browser) == []


def test_a_link_restores_what_it_was_copied_from(browser):
    visit(browser, f"{PLAYGROUND}#view=read&name=mary", READ)
    until(
        browser,
        "return [...document.querySelectorAll(`${arguments[0]} .live__tile`)].map((e) => e.textContent).join('')"
        " === 'mary.'",
        READ,
    )
    browser.execute_script("location.hash = 'view=read&name=Zo%C3%A9'")
    until_spelt(browser, READ, "zoe.")
    assert text(browser, f"{READ} .live__told") == "“zoé” is read as “zoe”: the machine knows a to z."
    set_field(browser, f"{READ} input", "Zoé2")
    click(browser, "Read “zoe”")
    until(browser, "return location.hash === '#view=read&name=zoe'")
    assert spelt(browser, READ) == "zoe."
    assert clean(browser) == []


CAPTION = f"{READ} caption"


def test_the_pressed_letter_is_in_the_address_and_comes_back(browser):
    visit(browser, f"{PLAYGROUND}#view=read&name=jacqueline&at=8", READ)
    until_said(browser, CAPTION, "After “jacquel”, what comes next?")
    browser.find_elements("css selector", f"{READ} .live__letter")[3].click()
    until(browser, "return location.hash === '#view=read&name=jacqueline&at=4'")
    browser.execute_script("navigator.clipboard.writeText = async (link) => { window.copied = link }")
    click(browser, "Copy the link")
    until(browser, "return window.copied?.endsWith('#view=read&name=jacqueline&at=4')")
    set_field(browser, f"{READ} input", "mary")
    until_spelt(browser, READ, "mary.")
    until(browser, "return location.hash === '#view=read&name=mary'")
    dearest = text(browser, CAPTION)
    for at in ("6", "0", "-1", "1.5", "x", ""):  # no letter of mary
        browser.execute_script("location.hash = `view=read&name=mary&at=${arguments[0]}`", at)
        at_rest(browser, READ)
        assert text(browser, CAPTION) == dearest
    browser.execute_script("document.querySelector(`${arguments[0]} .live__takeaway`).open = true", READ)
    click(browser, "the i of jacqueline")
    until_said(browser, CAPTION, "After “jacquel”, what comes next?")
    until(browser, "return location.hash === '#view=read&name=jacqueline&at=8'")
    assert clean(browser) == []


def test_a_comparison_says_whether_it_is_fair(browser):
    visit(browser, PLAYGROUND, READ)
    split = load_splits()
    for name, words in {
        split.train[0]: "Counting keeps more of what it read: who guesses better shows on names that neither has read.",
        split.test[0]: "held out: neither of the two has read it, so the comparison is fair.",
        "zzyzx": "no list here: neither of the two has read it, so the comparison is fair.",
    }.items():
        set_field(browser, f"{READ} input", name)
        until_said(browser, f"{READ} .live__result", f"“{name}”")
        assert text(browser, f"{READ} .live__result").endswith(words)
    unread = {*split.val, *split.test}
    for _ in range(5):
        click(browser, "One that neither read")
        at_rest(browser, READ)
        assert value(browser, f"{READ} input") in unread
        until_spelt(browser, READ, value(browser, f"{READ} input") + ".")
    assert clean(browser) == []


def test_counting_keeps_more_of_what_it_read(kneser_ney):
    """It is ahead on names that both have read, and behind on others."""
    params, vocabulary = load_trained()
    split = load_splits()
    for names, counting_ahead in ((split.train[::60], True), (split.test[::8], False)):
        counted = np.concatenate(ngram_surprises(kneser_ney, names)).mean()
        assert (counted < nll(params, vocabulary, names)) == counting_ahead


def test_rows_without_a_rival_say_once_that_it_counts(browser):
    visit(browser, PLAYGROUND, READ)
    made = (
        "const table = live.lawTable({ rivalName: 'counting' }), law = [...Array(27)].map((_, k) => (k + 1) / 378);"
        "table.show({ prefix: '', law, rival: null, came: 3, characters: [...'.abcdefghijklmnopqrstuvwxyz'] });"
        "return table.element.textContent.split('counting …').length - 1"
    )
    assert browser.execute_script(made) == 1


def test_after_q_it_is_the_place_that_decides():
    """What chapter 2's view says to take away."""
    params = in_page("trained")
    u = VOCABULARY.encode("u")[0]
    assert next_probabilities(params, VOCABULARY, "jacq")[u] > 0.99
    assert next_probabilities(params, VOCABULARY, "tariq")[0] > 0.3


def test_a_link_to_a_door_opens_the_boxes_around_it(browser):
    set_view(browser, width=1440, dark=False)
    browser.get("about:blank")
    page = f"{SITE.as_uri()}/notebooks/23-bring-your-own-words.html"
    browser.get(f"{page}#view=train&rate=0.01")
    seen = "return !!document.querySelector('.live[data-view=train][data-alive] .live__frame')?.checkVisibility()"
    until(browser, seen)
    top = "return document.querySelector('.live[data-view=train]').getBoundingClientRect().top"
    until(browser, f"{top} < innerHeight".replace("return ", "return scrollY > 0 && "))
    browser.execute_script("document.querySelectorAll('details').forEach((box) => (box.open = false))")
    assert not browser.execute_script(seen)
    browser.execute_script("location.hash = 'view=train&rate=0.1'")
    until(browser, seen)
    assert clean(browser) == []


# ---- whatever is typed


@pytest.mark.parametrize(("place", "count"), [(READ, 400), (WRITE, 150), (START, 150)])
def test_what_is_typed_stays_text_and_gets_a_sentence(browser, place, count):
    visit(browser, START_PAGE if place == START else PLAYGROUND, place)
    assert hostile.type_all(browser, place, count) == []
    assert clean(browser) == []


def test_unknown_letters_are_named_and_what_is_too_long_is_refused(browser):
    visit(browser, PLAYGROUND, READ)
    sentences = {
        "Joß": "The machine has never met “ß” (U+00DF): it knows the letters a to z.",
        "anna2": "“anna2” has a number in it, “2”. Read “anna”",
        "Ω": "The machine has never met “ω” (U+03C9): it knows the letters a to z.",
        "x" * 41: "A name may have 40 letters; this has more.",
    }
    for typed, sentence in sentences.items():
        set_field(browser, f"{READ} input", typed)
        assert text(browser, f"{READ} .live__fault") == sentence
    paste = (
        "const data = new DataTransfer(); data.setData('text/plain', 'ab'.repeat(2 ** 19));"
        "document.querySelector(arguments[0]).dispatchEvent(new ClipboardEvent('paste',"
        "{ clipboardData: data, bubbles: true, cancelable: true }))"
    )
    browser.execute_script(paste, f"{READ} input")
    assert text(browser, f"{READ} .live__fault") == "That has 1,048,576 characters. A name may have 40."
    set_field(browser, f"{READ} input", "ab" * 2**19)
    assert text(browser, f"{READ} .live__fault") == "That has 1,048,576 characters. A name may have 40."
    assert browser.execute_script("return document.querySelector(arguments[0]).value.length", f"{READ} input") == 40
    set_field(browser, f"{READ} input", " ")
    assert not browser.execute_script("return document.querySelector('.live__letters').checkVisibility()")
    assert text(browser, f"{READ} .live__told") == "Type a name."
    assert clean(browser) == []


def test_a_name_is_read_without_its_marks_and_that_is_said(browser):
    visit(browser, PLAYGROUND, READ)
    hidden = "return !document.querySelector(`${arguments[0]} .live__told`).checkVisibility()"
    spellings = {"José": "josé", "Jose\u0301": "josé", "Jo-sé": "jo-sé", "jo'se": "jo'se", "jo se": "jo se"}
    for typed, spelling in spellings.items():
        set_field(browser, f"{READ} input", typed)
        until_spelt(browser, READ, "jose.")
        assert text(browser, f"{READ} .live__told") == f"“{spelling}” is read as “jose”: the machine knows a to z."
        until(browser, "return location.hash === '#view=read&name=jose'")
        set_field(browser, f"{READ} input", "mary")
        until_spelt(browser, READ, "mary.")
        assert browser.execute_script(hidden, READ)
        until(browser, "return location.hash === '#view=read&name=mary'")
    browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", WRITE)
    at_rest(browser, WRITE)
    for typed, spelling in spellings.items():  # and any view with such a field
        set_field(browser, f"{WRITE} [type=text]", typed)
        until_said(browser, f"{WRITE} .live__told", f"“{spelling}” is read as “jose”")
        set_field(browser, f"{WRITE} [type=text]", "mary")
        until(browser, hidden, WRITE)
    assert clean(browser) == []


# ---- write


def test_a_link_writes_the_same_names_letter_by_letter_too(browser):
    address = f"{PLAYGROUND}#view=write&seed=7&t=0.5&k=5&names=1"
    visit(browser, address, WRITE)
    names = until(browser, "return document.querySelectorAll('.live__names li').length === 20") and names_of(browser)
    visit(browser, address, WRITE)
    until(browser, "return document.querySelectorAll('.live__names li').length === 20")
    assert names_of(browser) == names
    for _ in names[0]:
        before = value(browser, f"{WRITE} [type=text]")
        click(browser, "Draw one letter")
        until(
            browser,
            "return document.querySelector(arguments[0]).value !== arguments[1]",
            f"{WRITE} [type=text]",
            before,
        )
    click(browser, "Draw one letter")
    until(browser, "return document.querySelector('.live__note').textContent.startsWith('The end was drawn')")
    assert (
        browser.execute_script("return document.querySelector(arguments[0]).value", f"{WRITE} [type=text]") == names[0]
    )
    assert clean(browser) == []


GONE = "return document.querySelector('.live__names + p + p').textContent"


def test_letters_that_were_drawn_begin_the_list_and_other_dice_leave_what_was_typed(browser):
    visit(browser, f"{PLAYGROUND}#view=write&seed=2&prefix=ma&names=1", WRITE)
    listed = "return document.querySelector('.live__names li').textContent !== arguments[0] &&"
    first = until(browser, "return document.querySelector('.live__names li')?.textContent")
    click(browser, "Draw one letter")
    drawn = first[:3]
    until_said(browser, f"{WRITE} .live__names + p", f"All begin with “{drawn}”")
    names = names_of(browser)
    assert names[0] == first.split(" ")[0]
    assert all(name.startswith(drawn) for name in names)
    known = set(load_names()["name"])
    assert [" ★" in each for each in texts(browser, ".live__names li")] == [name not in known for name in names]
    click(browser, "Other dice")
    until(browser, f"{listed} location.hash.includes('seed=3&') && location.hash.includes('prefix=ma&')", first)
    until_said(browser, f"{WRITE} .live__names + p", "All begin with “ma”")
    assert value(browser, f"{WRITE} [type=text]") == "ma"
    second = browser.execute_script("return document.querySelector('.live__names li').textContent")
    click(browser, "Other dice")
    until(browser, f"{listed} location.hash.includes('seed=4&') && location.hash.includes('prefix=ma&')", second)
    at_rest(browser, WRITE)
    assert browser.execute_script(GONE) == "", "no dial has moved"
    assert clean(browser) == []


def test_a_dial_changes_only_some_names_and_those_that_it_took_are_named(browser):
    visit(browser, f"{PLAYGROUND}#view=write&seed=7&names=1", WRITE)
    until(browser, "return document.querySelectorAll('.live__names li').length === 20")
    names = names_of(browser)
    assert browser.execute_script(GONE) == ""
    for temperature, fewest, most in (("0.9", 1, 10), ("0.3", 15, 20)):
        set_field(browser, f"{WRITE} [type=range]", temperature)
        until(browser, f"{GONE} !== ''")
        until(browser, "return location.hash.includes(`t=${arguments[0]}&`)", temperature)
        at_rest(browser, WRITE)
        gone = [old for old, new in zip(names, names_of(browser), strict=True) if old != new]
        assert fewest <= len(gone) <= most
        said = browser.execute_script(GONE)
        assert said.startswith("Gone since temperature 1, without cuts: ")
        assert [each.split(" ")[0] for each in said.partition(": ")[2].rstrip(".").split(", ")] == gone
    assert clean(browser) == []


# Of names that the page writes with the same dice at temperature 1 and below: [on no list, gone].
COOLED = """
const whole = (steps) => { for (;;) { const step = steps.next(); if (step.done) return step.value; } };
return Array.from({ length: 240 }, (_, name) => {
  const [was, is] = [1, 0.8].map((temperature) =>
    whole(live.machine.writes('', (place) => live.rng.of(name % 30, name, place), { temperature })));
  return [live.machine.known(was) === 'new', was !== is];
});
"""


def test_names_on_no_list_go_sooner(browser):
    """What the view says to take away."""
    visit(browser, PLAYGROUND, WRITE)
    new, gone = np.array(browser.execute_script(COOLED)).T
    assert gone[new].mean() > gone[~new].mean() + 0.1
    assert gone[~new].mean() > 0.1  # chance has a part in it


def test_by_keyboard_the_law_is_reshaped_and_cut(browser):
    visit(browser, PLAYGROUND, WRITE)
    focus(browser, f"{WRITE} [type=range]")
    press(browser, Keys.HOME)
    assert browser.execute_script("return document.activeElement.getAttribute('aria-valuetext')") == "0.10"
    press(browser, Keys.TAB, Keys.HOME)
    columns = f"{WRITE} .live__columns"
    assert browser.execute_script(
        "return document.querySelector(arguments[0]).getAttribute('aria-label')", columns
    ) == ("Likeliest: a 100\u00a0%. 1 of 27 symbols can come.")
    assert browser.execute_script("return document.querySelectorAll('.live__place[data-cut]').length") == 26
    until(browser, "return location.hash.includes('k=1&')")
    focus(browser, f"{WRITE} .live__button--first")
    press(browser, Keys.ENTER)
    until(browser, "return document.querySelectorAll('.live__names li').length === 20")
    names = names_of(browser)
    assert len(set(names)) == 1
    assert names[0].startswith("a")
    assert "1 are different" in browser.execute_script("return document.querySelector(arguments[0]).innerText", WRITE)
    assert clean(browser) == []


# ---- the first page, and the chapters


def test_the_first_page_reads_invents_and_asks(browser):
    visit(browser, START_PAGE, START)
    assert spelt(browser, START) == "ana."
    names = names_of(browser, START)
    assert len(set(names)) == 10
    three = texts(browser, ".live__game button")
    known = set(load_names()["name"])
    (real,) = (name for name in three if name in known)
    assert real in load_splits().test
    focus(browser, f".live__game button:nth-child({1 + three.index(real)})")
    press(browser, Keys.ENTER)
    assert text(browser, f"{START} .live__pair .live__result").startswith(f"Right: “{real}” is real")
    click(browser, "Ten more")
    until(browser, "return document.querySelector('.live__names li').textContent !== arguments[0]", names[0])
    for target in ("../notebooks/00-meet-the-machine.html", "playground.html"):
        assert browser.execute_script("return !!document.querySelector(`.ways-in a[href='${arguments[0]}']`)", target)
    assert clean(browser) == []


@pytest.mark.parametrize(
    ("chapter", "figure", "name"),
    [("00-meet-the-machine", "fig-00-your-name", "ana"), ("02-measure-surprise", "fig-02-strip", "jacqueline")],
)
def test_in_a_chapter_the_figure_stays_below_a_button(browser, chapter, figure, name):
    set_view(browser, width=1440, dark=False)
    browser.get(f"{SITE.as_uri()}/notebooks/{chapter}.html")
    place = f".live:has(+ .live__kept #{figure})"
    browser.execute_script("document.querySelectorAll('details.answer').forEach((box) => (box.open = true))")
    nearer = "document.getElementById(arguments[0]).scrollIntoView(); return !!document.querySelector(arguments[1])"
    until(browser, nearer, figure, place)  # what is laid out on the way moves it
    at_rest(browser, place)
    assert spelt(browser, place) == f"{name}."
    rival = {"ana": "counting", "jacqueline": "the unigram"}[name]
    assert text(browser, f"{place} thead th:last-child") == rival
    if name == "jacqueline":  # its takeaway sets the view, and leaves the chapter's address alone
        browser.execute_script(
            "const box = document.querySelector(arguments[0]); box.open = true;"
            "[...box.querySelectorAll('button')].find((each) => each.textContent === 'tariq').click()",
            f"{place} .live__takeaway",
        )
        until_spelt(browser, place, "tariq.")
        assert text(browser, f"{place} caption") == "After “tariq”, what comes next?"
        assert browser.execute_async_script("setTimeout(() => arguments[0](location.hash), 450)") == ""
    visible = "return document.getElementById(arguments[0]).checkVisibility()"
    assert browser.execute_script(visible, figure) is False
    focus(browser, f"{place} .live__frame > button")
    press(browser, Keys.ENTER)
    assert browser.execute_script(visible, figure) is True
    press(browser, Keys.ENTER)
    browser.execute_script("location.hash = arguments[0]", figure)
    assert browser.execute_script(visible, figure) is True, "a link to the figure shows it"
    assert clean(browser) == []


# ---- widths, colours, ears


LOW = """
const controls = document.querySelectorAll('.live :is(button, input, select, textarea, summary)');
const small = '.live__go, [type=checkbox], [type=radio]';
return [...controls].filter((each) => each.checkVisibility() && !each.matches(small))
  .filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML.slice(0, 80));
"""


@pytest.mark.parametrize("page", [START_PAGE, PLAYGROUND])
def test_a_thumb_finds_what_is_to_be_pressed(browser, page):
    views = [view for view in places.VIEWS if (view == "start") == (page == START_PAGE)]
    assert views
    visit(browser, page, f'.live[data-view="{views[0]}"]', width=390)
    for view in views:
        place = f'.live[data-view="{view}"]'
        browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", place)
        at_rest(browser, place)
        assert browser.execute_script(LOW.replace(".live ", f"{place} ")) == []


@pytest.mark.parametrize(("page", "place"), [(PLAYGROUND, READ), (PLAYGROUND, WRITE), (START_PAGE, START)])
def test_a_view_fits_a_phone_in_light_and_dark_and_axe_finds_nothing(browser, page, place):
    visit(browser, page, place, width=390)
    set_field(browser, f"{place} input[type=text]", "a" * 39)
    if place == WRITE:
        browser.execute_script("document.querySelector('.live__button--first').click()")
        until(browser, "return document.querySelectorAll('.live__names li').length === 20")
    at_rest(browser, place)
    for dark in (False, True):
        set_view(browser, width=390, dark=dark)
        assert browser.execute_script(TOO_WIDE) == []
        assert browser.execute_script(FAINT_TEXT) == []
    browser.execute_script("document.querySelectorAll('.article > * > :not(.live, h1)').forEach((e) => e.remove())")
    assert violations(browser) == []
