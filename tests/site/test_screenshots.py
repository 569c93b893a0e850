"""The book looks as it did when its pictures were last accepted; `make screenshots` takes them anew."""

import json

import pytest
from PIL import Image
from screenshots import FOLDER, STATES, changed, stored, take
from site_pages import ROOT

pytestmark = pytest.mark.browser
FAULTS = {
    "the contents are gone": ("start-desk", ".contents { display: none !important }"),
    "the bar is gone": ("glossary", ".bar { display: none !important }"),
    "lines are too long": ("prediction-closed", ":root { --measure: 50rem !important }"),
    "letters are too large": ("maths-phone", ".article { font-size: 1.25rem !important }"),
    "words are pale": ("figures-phone-dark", ":root { --ink: #888888 !important }"),
    "code has no card": ("exercise-phone", "pre { background: none !important }"),
    "the dark is light": ("maths-desk-dark", ":root { --paper: #ffffff !important }"),
}
OTHER_LETTERS = {
    "narrow": ("maths-desk", ':root { --ui: "DejaVu Sans Condensed" !important }'),
    "wide": ("contents-phone", ':root { --ui: "DejaVu Serif" !important }'),
}


def with_style(name, css):
    """The state with a style sheet of its own."""
    add = "document.documentElement.append(Object.assign(document.createElement('style'), { textContent: %s }));"
    return STATES[name]._replace(script=add % json.dumps(css) + STATES[name].script)


@pytest.mark.parametrize("name", STATES)
def test_the_page_looks_as_accepted(browser, name):
    seen = take(browser, STATES[name])
    share = changed(stored(name), seen)
    if share > STATES[name].share:
        path = ROOT / "_build" / f"{name}.png"
        seen.save(path)
        pytest.fail(f"{share:.0%} of {name} differ from the accepted picture; see {path}; meant? `make screenshots`")


def test_every_picture_is_small_and_has_its_state():
    assert {path.stem for path in FOLDER.iterdir()} == set(STATES)
    heavy = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.stat().st_size > 60 * 1024}
    assert not heavy


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed(browser, fault):
    name, css = FAULTS[fault]
    assert changed(stored(name), take(browser, with_style(name, css))) > STATES[name].share


@pytest.mark.parametrize("letters", OTHER_LETTERS)
def test_the_letters_of_another_system_pass(browser, letters):
    name, css = OTHER_LETTERS[letters]
    assert changed(stored(name), take(browser, with_style(name, css))) <= STATES[name].share


def test_the_finer_dots_of_another_screen_pass(browser):
    fine = take(browser, STATES["maths-desk"], scale=2)
    seen = fine.resize(STATES["maths-desk"].size, Image.Resampling.BOX)
    assert changed(stored("maths-desk"), seen) <= STATES["maths-desk"].share
