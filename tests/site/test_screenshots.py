"""The book looks as it did when its pictures were last accepted; `make screenshots` takes them anew."""

import pytest
from PIL import Image
from screenshots import FOLDER, STATES, changed, look, stored, take
from site_pages import ROOT

pytestmark = pytest.mark.browser
# Of a state: what is noticed once a style sheet makes it so, and what may be otherwise on another system.
FAULTS = {
    "start-desk": {"the contents are gone": ".contents { display: none !important }"},
    "glossary": {"the bar is gone": ".bar { display: none !important }"},
    "prediction-closed": {"lines are too long": ":root { --measure: 50rem !important }"},
    "maths-phone": {"letters are too large": ".article { font-size: 1.25rem !important }"},
    "figures-phone-dark": {"words are pale": ":root { --ink: #888888 !important }"},
    "exercise-phone": {"code has no card": "pre { background: none !important }"},
    "maths-desk-dark": {"the dark is light": ":root { --paper: #ffffff !important }"},
}
OTHER_LETTERS = {
    "maths-desk": {"narrow": ':root { --ui: "DejaVu Sans Condensed" !important }'},
    "contents-phone": {"wide": ':root { --ui: "DejaVu Serif" !important }'},
}
ADD = """
const sheet = Object.assign(document.createElement('style'), { textContent: arguments[0] });
document.documentElement.append(sheet);
return sheet;
"""


def with_style(driver, name, css):
    """How far from the accepted picture the page that is open is with a style sheet of its own."""
    sheet = driver.execute_script(ADD, css)
    share = changed(stored(name), look(driver, STATES[name]))
    driver.execute_script("arguments[0].remove()", sheet)
    return share


@pytest.mark.parametrize("name", STATES)
def test_the_page_looks_as_accepted_and_with_a_fault_it_does_not(browser, name):
    seen, most = take(browser, STATES[name]), STATES[name].share
    share = changed(stored(name), seen)
    if share > most:
        path = ROOT / "_build" / f"{name}.png"
        seen.save(path)
        pytest.fail(f"{share:.0%} of {name} differ from the accepted picture; see {path}; meant? `make screenshots`")
    for fault, css in FAULTS.get(name, {}).items():
        assert with_style(browser, name, css) > most, fault
    for letters, css in OTHER_LETTERS.get(name, {}).items():
        assert with_style(browser, name, css) <= most, letters


def test_every_fault_has_its_state():
    assert {*FAULTS, *OTHER_LETTERS} <= set(STATES)


def test_every_picture_is_small_and_has_its_state():
    assert {path.stem for path in FOLDER.iterdir()} == set(STATES)
    heavy = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.stat().st_size > 60 * 1024}
    assert not heavy


def test_the_finer_dots_of_another_screen_pass(browser):
    fine = take(browser, STATES["maths-desk"], scale=2)
    seen = fine.resize(STATES["maths-desk"].size, Image.Resampling.BOX)
    assert changed(stored("maths-desk"), seen) <= STATES["maths-desk"].share
