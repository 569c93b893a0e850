"""The views in which a network trains, or is watched as it learned: by pointer, by keyboard, with lists of all kinds.

A page of its own, opened from the disk, with the scripts as `places` orders them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hostile
import numpy as np
import page_writes
import pytest
from axe_tools import violations
from browser_tools import set_view, severe_messages
from keyboard_tools import focus, press
from play_tools import PACE, SLOW, click, course, follow, go_to, plays_in_silence, pull, stops, type_in
from selenium import webdriver
from site_pages import ROOT
from view_tools import (
    TWO_FRAMES,
    Open,
    button,
    fault,
    opening,
    page_data,
    page_ladder,
    places,
    text,
    until,
    write_page,
    write_scripts,
)

from lstm_lib.bring import shipped_words
from lstm_lib.data import load_splits
from lstm_lib.evaluate import nll
from lstm_lib.sample import next_probabilities
from lstm_lib.train import Settings, learning_rate, load_checkpoint, load_stages, load_trained

browser_test = pytest.mark.browser
GREEK = sorted({word for word in shipped_words("greek") if word.isalpha() and word.islower()})[:160]
ARROW_RIGHT, ARROW_LEFT, TAB = "\ue014", "\ue012", "\ue004"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page for each view, as a built site has them."""
    folder = write_scripts(tmp_path_factory.mktemp("site"))
    write_page(folder, "train", "train")
    write_page(folder, "watch", "watch", {"pace": PACE})
    write_page(folder, "slow-watch", "watch", {"pace": SLOW})
    write_page(folder, "plain", *places.FIGURES["fig-00-machine"])
    return folder


@pytest.fixture
def opened(one_browser: webdriver.Chrome, site: Path) -> Iterator[Open]:
    """Open a view, perhaps with a state in the address; at the end nothing but missing fonts may be complained of."""
    yield from opening(one_browser, site)


def steps(driver: webdriver.Chrome) -> int:
    found = re.match(r"Step ([\d,]+)", text(driver, ".live-train__status"))
    return int(found[1].replace(",", "")) if found else 0


def bring(driver: webdriver.Chrome, words: str, *, paste: bool = False) -> None:
    """Choose a list of one's own, and take these words."""
    driver.execute_script(
        """const [words, paste] = arguments;
        const select = document.querySelector('.live select');
        select.value = 'own';
        select.dispatchEvent(new Event('change'));
        const field = document.querySelector('.live textarea');
        if (paste) {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', words);
          field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
        } else field.value = words;
        field.dispatchEvent(new Event(paste ? 'x' : 'input'));""",
        words,
        paste,
    )
    button(driver, "Take these words")


def rate(driver: webdriver.Chrome, place: int) -> None:
    driver.execute_script(
        "const dial = document.querySelector('.live input[type=range]'); dial.value = arguments[0];"
        "dial.dispatchEvent(new Event('input'))",
        place,
    )


# What a driver is asked.
STEP_IS = "return document.querySelector('.live-train__status').textContent.startsWith(`Step ${arguments[0]} of `)"
STEP_ABOVE = "return Number(document.querySelector('.live-train__status').textContent.match(/\\d+/)) > arguments[0]"
LOSS_BELOW = (
    "return document.querySelector('.live-train__status').textContent.match(/loss ([\\d.]+)/)?.[1] < arguments[0]"
)
STEP_BELOW = (
    "return Number(document.querySelector('.live-train__status').textContent.match(/Step (\\d+)/)?.[1]) < arguments[0]"
)
PHASE = "return document.querySelector('.live').dataset.phase === arguments[0]"
PASSED = "return document.querySelector('.live-rungs tbody tr')?.lastChild.textContent.match(/^[0-9]/)?.input"


@browser_test
def test_a_short_training_passes_the_uniform_rung_pauses_steps_and_goes_on(opened):
    driver = opened("train")
    bring(driver, "\n".join(GREEK))
    until(driver, PASSED)
    assert "160 different words" in text(driver, ".live__note")
    button(driver, "Pause")
    until(driver, PHASE, "paused")
    until(driver, "return document.querySelectorAll('.live-rungs tbody tr').length === 5")
    button(driver, "One step")
    until(driver, "return document.querySelector('.live-train__status').textContent.startsWith('Step')")
    at = still(driver)
    button(driver, "One step")
    until(driver, STEP_IS, at + 1)
    button(driver, "Go on")
    until(driver, STEP_ABOVE, at + 2)
    written = until(driver, "return document.querySelector('.live-diary li [data-known]')?.textContent")
    assert written
    assert "keeps" in text(driver, ".live-strips + .live__legend")
    button(driver, "Start again")
    until(driver, STEP_BELOW, at)


def still(driver: webdriver.Chrome) -> int:
    """The step at which a paused run stands, once the last of what was told has arrived."""
    before = -1
    while (now := steps(driver)) != before:
        before = now
        driver.execute_async_script("setTimeout(arguments[0], 400)")
    return now


@browser_test
def test_a_plan_ends_with_a_verdict_and_a_file_and_the_same_seed_passes_the_rungs_at_the_same_steps(opened, tmp_path):
    driver = opened("train", "steps=300&seed=4")
    driver.execute_script("live.report.download = (bytes) => (window.saved = Array.from(bytes))")
    bring(driver, ", ".join(GREEK))
    verdict = until(driver, "return document.querySelector('.live__result:not([hidden])')?.textContent")
    found = re.search(
        r"of step ([\d,]+) cost ([\d.]+) nats a symbol, (?:above|below) counting \(Kneser-Ney \d\) with", verdict
    )
    assert found, verdict
    over = driver.execute_script("return document.querySelector('.live').innerText")
    assert "The plan ends at step 300. The learning rate has fallen on the way, to 3 % of the dial" in over
    shares = [int(share) for share in re.findall(r"(\d+) %", verdict)]
    assert 98 <= sum(shares) <= 102
    button(driver, "Save the weights")
    place = tmp_path / "my-lstm.npz"
    place.write_bytes(bytes(until(driver, "return window.saved")))
    run = load_checkpoint(place)
    test = driver.execute_script("return live.words.split(arguments[0], live.rng(4)).test", GREEK)
    assert len(test) == 16
    assert (run.step, run.params.hidden_size) == (int(found[1].replace(",", "")), 32)
    assert nll(run.params, run.vocabulary, test) == pytest.approx(float(found[2]), abs=0.0051)
    assert "load_checkpoint" in driver.execute_script("return document.querySelector('.live').innerText")
    passed = rungs_of(driver)
    again = opened("train", "steps=300&seed=4")
    bring(again, "\n".join(GREEK))
    until(again, PHASE, "done")
    assert rungs_of(again) == passed, "however fast the computer is, what is scored are the same steps"


def rungs_of(driver: webdriver.Chrome) -> list[str]:
    """The rungs of a plan of 300 steps that has come to its end, with the steps at which they were passed."""
    rows = driver.execute_script(
        "return Array.from(document.querySelectorAll('.live-rungs tbody tr'), (row) => row.innerText)"
    )
    early = {"1", "2", "3", "5", "7", "10", "15", "20", "30", "50", "70", "100", "150", "200", "300", "not yet"}
    assert len(rows) == 5
    assert {row.split("\t")[-1] for row in rows} <= early
    listed = driver.execute_script(
        "return [...document.querySelectorAll('.live-diary__step')].map((e) => e.textContent)"
    )
    assert listed == [f"step {step}" for step in (300, 200, 150, 100, 70, 50)]
    return [*rows]


@browser_test
def test_a_list_of_chapter_23_is_learned_and_a_reader_without_gradients_hears_of_none(opened):
    driver = opened("plain")
    select = "const select = document.querySelector('.live select');"
    assert driver.execute_script("return document.querySelector('script[src*=data-list]')") is None
    driver.execute_script(f"{select} select.value = 'greek'; select.dispatchEvent(new Event('change'))")
    until(driver, "return document.querySelector('.live-train__status').textContent.startsWith('That is another list')")
    assert until(driver, "return location.hash.includes('words=greek')")
    assert driver.execute_script("return document.querySelector('.live').dataset.phase") == "idle"
    button(driver, "One step")
    said = until(driver, "return document.querySelector('.live-train__status').textContent.match(/^Step .*/)?.[0]")
    assert said.startswith("Step 1 of 3,000: ")
    assert "nats of surprise for each symbol of 32 names" in said
    until(driver, "return document.querySelector('.live__note:not([hidden])')?.textContent.includes('to learn from')")
    until(driver, "return document.querySelectorAll('.live-rungs tbody tr').length === 5")
    shown = driver.execute_script("return document.querySelector('.live').innerText")
    assert f"{len(set(shipped_words('greek'))):,} different words" in shown
    assert re.findall(r"\b(loss|gradient|clipped|batch|rate|gate|cell|rung|\w*gram|Kneser|uniform)", shown) == []
    drawn = driver.execute_script("return document.querySelector('.live-curve').textContent")
    assert re.findall("gram|Kneser|uniform", drawn) == []
    driver = opened("train", "words=turkish")
    until(driver, f"{select} return select.value === 'turkish' && document.querySelector('script[src*=turkish]')")
    driver = opened("train", "words=__proto__")
    assert driver.execute_script(f"{select} return select.value") == "book"


@browser_test
def test_a_rate_that_is_too_high_diverges_and_the_best_weights_come_back(opened):
    driver = opened("train")
    bring(driver, "\n".join(GREEK))
    until(driver, PASSED)
    rate(driver, 11)
    said = fault(driver)
    assert said.startswith("Diverged at step ")
    back = int(re.search(r"The best weights so far, of step ([\d,]+), are back", said)[1].replace(",", ""))
    assert back > 0
    until(driver, "return document.querySelector('.live-curve__lost') !== null")
    rate(driver, 2)
    button(driver, "Go on")
    until(driver, LOSS_BELOW, float(np.log(40)))  # the run that diverged may have come farther than step `back`
    until(driver, STEP_ABOVE, back + 3)
    assert driver.execute_script("return document.querySelector('.live__fault:not([hidden])')") is None


@browser_test
def test_a_curve_that_is_far_out_is_cut_off_above_the_rungs(opened):
    """Neither the axis nor the rungs move, and nothing is drawn above."""
    driver = opened("train")
    made = (
        "window.curve = live.curve(); document.querySelector('.live').replaceChildren(curve.element);"
        "curve.clear({ steps: 100 }); curve.rung('uniform', 3.3); curve.rung('bigram', 2.4);"
        "for (let step = 1; step < 30; step++) curve.loss(step, 3 - step / 100); curve.score(20, 2.8);"
    )
    rungs = (
        "return [...document.querySelectorAll('.live-curve__rung')].map((line) => Number(line.getAttribute('y1')))"
        ".concat(document.querySelectorAll('.live-curve__rung').length === 2 ? [] : [NaN])"
    )
    driver.execute_script(made)
    driver.execute_async_script(TWO_FRAMES)
    before = driver.execute_script(rungs)
    driver.execute_script("curve.loss(30, 40); curve.loss(31, NaN); curve.loss(32, Infinity); curve.score(30, 400)")
    driver.execute_async_script(TWO_FRAMES)
    assert driver.execute_script(rungs) == before
    path = "return document.querySelector('.live-curve__batch').getAttribute('d')"
    assert "NaN" not in driver.execute_script(path)
    edge = (
        "const box = document.querySelector('.live-curve svg'), line = box.querySelector('.live-curve__batch');"
        "return [line.getBBox().y < box.viewBox.baseVal.y - 5, getComputedStyle(box).overflow]"
    )
    assert driver.execute_script(edge) == [True, "hidden"]  # it goes on up, and is cut


LISTS = {
    "nothing": ("", "The list is empty. Paste words, one on a line."),
    "one word": ("ana", "1 different word "),
    "one word, often": ("ana\n" * 400, "1 different word "),
    "binary": ("PK\x03\x04\x00\x00ab", "This is no text: it holds zero bytes. Paste words, one on a line."),
    "markup": (
        "<img src=x onerror=alert(1)>\n<script>alert(2)</script>\n" * 40,
        "More than half of this cannot be read as words; the first fault, in line 1: “<img src=x onerror=alert(1)>” "
        "has “<” (U+003C) in it, which is no letter.",
    ),
    "numbers": (
        "1\n2\n3\n" * 30,
        "More than half of this cannot be read as words; the first fault, in line 1: “1” has a number",
    ),
}


@browser_test
def test_a_list_that_cannot_be_learned_is_refused_in_a_sentence(opened):
    driver = opened("train")
    before = driver.execute_script("return document.querySelectorAll('.live *').length")
    for words, sentence in LISTS.values():
        driver.execute_script("document.querySelectorAll('.live__fault').forEach((each) => (each.hidden = true))")
        bring(driver, words, paste=len(words) > 4000)
        assert fault(driver).startswith(sentence)
        assert driver.execute_script("return document.querySelector('.live').dataset.phase") == "idle"
    assert driver.execute_script("return document.querySelectorAll('.live img, .live script').length") == 0
    assert driver.execute_script("return document.querySelectorAll('.live *').length") <= before + 5


@browser_test
@pytest.mark.parametrize(("view", "count"), [("train", 100), ("watch", 100)])
def test_what_is_typed_stays_text_and_gets_a_sentence(opened, view, count):
    driver = opened(view)
    if view == "train":
        own = "const select = document.querySelector('.live select'); select.value = 'own';"
        driver.execute_script(f"{own} select.dispatchEvent(new Event('change'))")
    assert hostile.type_all(driver, ".live", count) == []


@browser_test
def test_a_megabyte_is_kept_but_not_shown_and_judged_by_its_words(opened):
    rng = np.random.default_rng(3)
    words = "\n".join("".join(word) for word in rng.choice([*"abcdefghijklmnopqrstuvwxyz"], (150_000, 6)).tolist())
    assert len(words) > 1_000_000
    driver = opened("train")
    bring(driver, words, paste=True)
    assert driver.execute_script("return document.querySelector('.live textarea').value.length") == 4000
    assert re.fullmatch(r"1[45]\d,\d{3} different words are too many for a page: bring 50,000 at most\.", fault(driver))


@browser_test
def test_by_keyboard_alone(opened):
    driver = opened("train")
    driver.execute_script(
        "live.data('names').names = arguments[0]; live.data('names').parts = arguments[1]", *few_names()
    )
    focus(driver, ".live input[type=range]")
    press(driver, ARROW_LEFT)
    assert driver.execute_script("return document.activeElement.getAttribute('aria-valuetext')") == "0.01"
    press(driver, TAB)
    assert driver.execute_script("return document.activeElement.textContent") == "Train"
    press(driver, " ")
    until(driver, PHASE, "going")
    until(driver, PASSED)
    press(driver, " ")
    until(driver, PHASE, "paused")
    press(driver, TAB + " ")  # one step
    until(driver, "return document.querySelector('.live-train__status').textContent.startsWith('Step')")
    assert until(driver, "return document.querySelector('.live [aria-live]').textContent")


def few_names() -> tuple[str, str]:
    """A short corpus, as the page has its own."""
    found = page_data.names()
    names = found["names"].split("|")[:400]
    return "|".join(names), ("t" * 8 + "ve") * 40


@browser_test
def test_a_link_restores_the_settings_and_ignores_what_is_none(opened):
    driver = opened("train", "rate=0.1&steps=10000&seed=7")
    state = (
        "const [rate, plan] = [document.querySelector('.live input'), document.querySelectorAll('.live select')[1]];"
        "return [rate.getAttribute('aria-valuetext'), plan.value]"
    )
    assert driver.execute_script(state) == ["0.1", "10000"]
    rate(driver, 5)
    until(driver, "return location.hash.includes('rate=0.02') && location.hash.includes('seed=7')")
    driver = opened("train", "rate=<b>&steps=-1&seed=1e99")
    assert driver.execute_script(state) == ["0.02", "3000"]


@browser_test
@pytest.mark.parametrize("broken", ["throw new Error('refused')", "setTimeout(() => this.onfail())"])
def test_a_worker_that_cannot_start_is_said(opened, broken):
    driver = opened("train")
    driver.execute_script(
        "window.Worker = class { constructor() { " + broken + "}"
        " addEventListener(kind, heard) { if (kind === 'error') this.onfail = heard; }"
        " postMessage() {} terminate() {} }"
    )
    button(driver, "Train")
    assert fault(driver).startswith("In this browser the page cannot work in the background")
    assert driver.execute_script("return document.querySelector('.live').dataset.phase") == "idle"


STAGE = "return document.querySelector('.live').dataset.stage === arguments[0]"
LOADED = "return [...document.scripts].map((s) => s.src.match(/data-(stage-\\d+|trained)/)?.[1]).filter(Boolean)"
LADDER = "return [...document.querySelectorAll('.live-ladder tbody th')].map((each) => each.textContent)"


@browser_test
def test_stages_come_on_demand_and_the_machine_climbs(opened):
    driver = opened("watch", "step=100&name=amelia")
    until(driver, STAGE, "100")
    assert driver.execute_script(LOADED) == ["stage-100"]
    assert driver.execute_script(LADDER).index("the machine") == 2
    focus(driver, ".live input[type=range]")
    press(driver, ARROW_RIGHT)
    until(driver, STAGE, "300")
    assert driver.execute_script(LOADED) == ["stage-100", "stage-300"]
    assert driver.execute_script(LADDER).index("the machine") == 1
    assert until(driver, "return location.hash.includes('step=300') && location.hash.includes('name=amelia')")
    until(driver, "return document.querySelector('.live__number--rival') !== null")
    letters = driver.execute_script(
        "return [...document.querySelectorAll('.live__tile')].map((each) => each.textContent)"
    )
    assert letters == [*"amelia", "."]
    shown = driver.execute_script(
        "const own = document.querySelectorAll('.live__number:not(.live__number--rival)');"
        "return Array.from(own, (each) => Number(each.textContent))"
    )
    stage = load_stages()[300]
    ours = [float(-np.log(p)) for p in chances(stage, "amelia")]
    assert np.abs(np.array(shown) - ours).max() < 0.1


def chances(params: Any, name: str) -> list[float]:
    """The probability of each symbol of a name, the end mark last."""
    vocabulary = load_trained()[1]
    ids = [*vocabulary.encode(name), 0]
    return [float(next_probabilities(params, vocabulary, name[:read])[k]) for read, k in enumerate(ids)]


@browser_test
def test_what_a_stage_writes_is_measured_beside_real_names(opened):
    driver = opened("watch", "step=0&name=ana")
    until(driver, STAGE, "0")
    writes = page_ladder.ladder()
    rows = "return Array.from(document.querySelectorAll('.live-alike tbody tr'), (row) => row.innerText.split('\\t'))"
    driver.execute_script("document.querySelector('.live__takeaway').open = true")
    for words, place in (("30 steps", 1), ("100", 2)):  # the takeaway sets the view
        button(driver, words)
        until(driver, STAGE, words.split()[0])
        stage = writes["stages"][place]
        shown = [[f"step {stage['step']}", stage["writes"]]]
        shown += [["real names, all letters shuffled", writes["writes"]["shuffled"]]]
        shown += [["real names, never read", writes["writes"]["real"]]]
        expected = [[words, *(f"{round(100 * share)}\u00a0%" for share in shares.values())] for words, shares in shown]
        assert driver.execute_script(rows) == expected
        until(driver, "return location.hash === `#view=watch&step=${arguments[0]}&name=ana`", str(stage["step"]))


@browser_test
def test_at_an_end_the_focus_stays_and_a_name_that_is_cleared_is_not_shown(opened):
    driver = opened("watch", "step=30&name=jacqueline&at=8")
    until(driver, STAGE, "30")
    assert text(driver, "caption") == "After “jacquel”, what comes next?"
    found = "return document.querySelector('.live').textContent.match(/“jacqueline”, nats.* Kneser-Ney 6\\. On/)?.[0]"
    machine, uniform = re.findall(r"\d\.\d\d", until(driver, found))[:2]
    ours = np.mean([-np.log(p) for p in chances(load_stages()[30], "jacqueline")])
    assert (float(machine), uniform) == (pytest.approx(ours, abs=0.02), "3.30")
    focus(driver, ".live-watch__pair button:nth-child(2)")
    press(driver, " ")
    until(driver, STAGE, "0")
    assert driver.execute_script("return document.activeElement.textContent") == "Earlier"
    assert driver.execute_script("return document.activeElement.getAttribute('aria-disabled')") == "true"
    press(driver, " ")
    assert driver.execute_script("return document.querySelector('.live').dataset.stage") == "0"
    seen = "return document.querySelector('.live__letters').checkVisibility()"
    typed = (
        "const field = document.querySelector('.live input[type=text]'); field.value = arguments[0];"
        "field.dispatchEvent(new Event('input'))"
    )
    assert driver.execute_script(seen)
    driver.execute_script(typed, "")
    assert not driver.execute_script(seen)
    assert text(driver, ".live__told") == "Type a name."
    button(driver, "Later")
    until(driver, STAGE, "30")  # without a name
    driver.execute_script(typed, "Zoé")
    until(driver, "return [...document.querySelectorAll('.live__tile')].map((e) => e.textContent).join('') === 'zoe.'")
    assert driver.execute_script(seen)
    driver.execute_script("document.querySelectorAll('.live__letter')[1].click()")
    until(driver, "return location.hash === '#view=watch&step=30&name=zoe&at=2'")


@browser_test
def test_a_stage_that_is_missing_and_a_name_that_is_none_are_said(opened, site):
    driver = opened("watch", "step=0&name=ana")
    until(driver, STAGE, "0")
    hidden = site / "data-stage-30.js"
    hidden.rename(site / "gone")
    try:
        button(driver, "Later")
        assert fault(driver).startswith("The weights of this stage did not load.")
    finally:
        (site / "gone").rename(hidden)
    severe_messages(driver)  # the file that was not there
    driver = opened("watch", "step=30&name=<b>x")
    until(driver, STAGE, "30")
    assert "<" in fault(driver)
    assert text(driver, ".live-watch__words")
    driver = opened("watch", "step=100&name=ana")
    until(driver, STAGE, "100")
    button(driver, "Earlier")
    until(driver, "return document.querySelector('.live__fault:not([hidden])') === null")
    driver.execute_script(
        "const field = document.querySelector('.live input[type=text]'); field.value = '<b>x';"
        "field.dispatchEvent(new Event('input'))"
    )
    assert "<" in fault(driver)
    assert driver.execute_script("return document.querySelector('.live b:not(.live__move b)')") is None


@browser_test
@pytest.mark.parametrize("view", ["train", "watch"])
def test_a_phone_shows_all_without_a_sideways_scroll(opened, view):
    driver = opened(view)
    set_view(driver, width=390, dark=True)
    if view == "train":
        driver.execute_script(
            "live.data('names').names = arguments[0]; live.data('names').parts = arguments[1]", *few_names()
        )
        button(driver, "Train")
        until(driver, "return document.querySelector('.live-strips + .live__legend').textContent")
    else:
        until(driver, STAGE, "0")
    wide = (
        "return [...document.querySelectorAll('.live *')].filter((e) => e.getBoundingClientRect().right > 390.5)"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    # nobody has changed a thing
    assert driver.execute_async_script("setTimeout(() => arguments[0](location.hash), 450)") == ""
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
    assert driver.execute_script(wide) == []
    page = ("region", "landmark", "page-has-heading", "skip-link")  # of a page that holds nothing but a view
    assert [found for found in violations(driver) if not found.startswith(page)] == []
    severe_messages(driver)  # axe asks for the styles, which a page from the disk may not


WATCHED = "document.querySelector('.live input[type=range]').value"
LETTER = "document.querySelectorAll('.live__letter')[1].click()"


@browser_test
def test_the_stages_play_to_the_shipped_one_and_begin_anew(opened):
    driver = opened("watch", "step=300&name=ana")
    until(driver, STAGE, "300")
    assert course(driver, WATCHED) == [4, 5, 6, 7]
    assert text(driver, ".live__field output").endswith(", as it is shipped")
    assert until(driver, "return location.hash === '#view=watch&step=11000&name=ana'")
    assert course(driver, WATCHED) == [*range(8)]
    until(driver, STAGE, "11000")


ACTS = (
    click("Pause"), click("Earlier"), click("Later"), click("100"), pull(0, 6), type_in("mary"), type_in(""),
    LETTER, follow("watch&step=30&name=ana"),
)  # fmt: skip


@browser_test
def test_whatever_else_the_reader_does_pauses_the_stages(opened):
    driver = opened("watch")
    for number, act in enumerate(ACTS):
        go_to(driver, f"watch&step=0&name=ana&try={number}")
        until(driver, STAGE, "0")
        assert stops(driver, WATCHED, act), act


@browser_test
def test_while_stages_play_nothing_is_said_and_no_address_written(opened):
    driver = opened("slow-watch")
    until(driver, STAGE, "0")
    until(driver, "return document.querySelector('.live [aria-live]').textContent")
    driver.execute_script("document.querySelector('.live [aria-live]').textContent = ''")
    assert re.match(r"step \d+: \d.\d\d nats on held-out names", plays_in_silence(driver, WATCHED))


@browser_test
def test_a_stage_that_is_missing_stops_the_play(opened, site):
    driver = opened("watch", "step=0&name=ana")
    until(driver, STAGE, "0")
    hidden = site / "data-stage-100.js"
    hidden.rename(site / "gone")
    try:
        assert course(driver, WATCHED) == [1, 2]
        assert fault(driver).startswith("The weights of this stage did not load.")
    finally:
        (site / "gone").rename(hidden)
    severe_messages(driver)  # the file that was not there


# The score of one run at some steps.
RUN = """
const [lr, seed, stops] = arguments;
const { of } = live.corpus(), known = live.words.known([...'.abcdefghijklmnopqrstuvwxyz']);
const [names, some] = ['train', 'val'].map((part) => of(part).map((word) => live.words.encode(known, word)));
const run = live.run.start({ names, V: 27, seed, lr, steps: 3000 });
return stops.map((stop) => {
  while (run.moments.step < stop) live.run.next(run);
  return live.bptt.score(run.params, some.slice(0, 300), run.work);
});
"""


@browser_test
def test_a_rate_of_a_third_is_ahead_for_some_steps_only(opened):
    """What the view says to take away; and that most of the way to 2.1 nats is done by step 100."""
    driver = opened("train")
    for seed in (1, 2, 3):
        low, high = (driver.execute_script(RUN, rate, seed, [15, 100]) for rate in (0.02, 0.3))
        assert high[0] < low[0] - 0.05
        assert high[1] > low[1] + 0.1
        assert np.log(27) - low[1] > 0.75 * (np.log(27) - 2.1)


@browser_test
def test_the_rate_of_a_plan_is_the_librarys(opened):
    driver = opened("train")
    theirs = driver.execute_script(
        "const plan = { lr: 0.02, warmup: 20, steps: 50, last: 0.03 };"
        "return Array.from({ length: 60 }, (_, step) => live.run.rate({ ...plan, moments: { step } }))"
    )
    settings = Settings(steps=50, batch_size=1, lr=0.02, warmup=20, final_lr=0.0006)
    ours = [learning_rate(step, settings) for step in range(50)]
    np.testing.assert_allclose(theirs[:50], ours, rtol=1e-12)
    assert theirs[50:] == [pytest.approx(0.0006)] * 10


def test_the_twins_say_what_the_runs_stored():
    """The tables that stand where scripts are off."""
    page = (ROOT / "book" / "playground.md").read_text(encoding="utf-8")
    ladder = page_ladder.ladder()
    stages = ladder["stages"]
    rows = [
        ["step", *(f"{stage['step']:,}" for stage in stages)],
        ["nats a symbol", *(f"{stage['val']:.2f}" for stage in stages)],
        [f"{nats:.2f}" for nats in ladder["rungs"].values()],
        ["nats a symbol", *(f"{nats:.2f}" for nats in [*ladder["sizes"].values(), ladder["counting"]])],
    ]
    for values in rows:
        assert f"| {' | '.join(values)} |" in page


def test_what_the_views_tell_to_take_away_is_so():
    """Numbers come from the ladder; the words around them are claims of their own."""
    ladder = page_ladder.ladder()
    sizes, rungs = ladder["sizes"], ladder["rungs"]
    assert sizes[32] > sizes[64] > ladder["counting"] > sizes[128]
    by = {
        name: next(stage["step"] for stage in ladder["stages"] if stage["val"] < nats) for name, nats in rungs.items()
    }
    assert by["unigram"] < by["bigram"] < by["trigram"] < by["kneser_ney_6"]
    assert (
        ladder["stages"][-1]["val"] > next(s["val"] for s in ladder["stages"] if s["step"] == by["kneser_ney_6"]) - 0.05
    )
    first, thirty, hundred, *later = [stage["writes"] for stage in ladder["stages"]]
    assert [stage["step"] for stage in ladder["stages"]][1:3] == [30, 100]
    assert first["letters"] < 0.7
    assert thirty["letters"] > 0.9
    assert thirty["lengths"] < 0.7  # though not their lengths
    assert thirty["pairs"] < ladder["writes"]["shuffled"]["pairs"] < hundred["pairs"]
    assert hundred["lengths"] > 0.9
    assert hundred["pairs"] + 0.03 < later[0]["pairs"] < later[1]["pairs"] < later[2]["pairs"]


def test_what_a_stage_writes_is_what_was_stored():
    """One of them measured anew, and the table that stands where scripts are off."""
    ladder = page_ladder.ladder()
    names = load_splits().train
    assert page_writes.alike(page_writes.written(load_stages()[30]), names) == pytest.approx(
        ladder["stages"][1]["writes"], abs=0.002
    )
    rng = np.random.default_rng(2)
    again = page_writes.alike(page_writes.shuffled(names[:2000], rng), names)
    assert again["pairs"] == pytest.approx(ladder["writes"]["shuffled"]["pairs"], abs=0.02)
    assert page_writes.alike(["ab", "abc"], ["ab", "cab"]) == pytest.approx(
        {"lengths": 1, "letters": 1, "pairs": 0.6667}, abs=1e-3
    )
    page = (ROOT / "book" / "playground.md").read_text(encoding="utf-8")
    for kind, words in {"lengths": "lengths", "letters": "letters", "pairs": "neighbours"}.items():
        shares = [f"{round(100 * stage['writes'][kind])} %" for stage in ladder["stages"]]
        assert f"| {words} alike | {' | '.join(shares)} |" in page
    real, shuffled = ladder["writes"]["real"], ladder["writes"]["shuffled"]
    lengths, letters, pairs = (round(100 * share) for share in real.values())
    said = f"share {lengths}, {letters} and {pairs} %; shuffle all their letters, and the last falls to"
    assert f"{said} {round(100 * shuffled['pairs'])} %." in page
