"""A chapter on paper, as the browser would print it, and the choice that the foot of the page offers."""

import base64
import io

import pytest
from browser_tools import import_tool, set_view
from selenium import webdriver
from selenium.webdriver.common.by import By
from site_pages import SITE

pytestmark = pytest.mark.browser
CHAPTER = SITE / "notebooks" / "07-derive-every-gradient.html"
ARTICLE = "return document.querySelector('.article').outerHTML"
EVENT = "dispatchEvent(new Event(arguments[0]))"
ON_PAPER = """
const all = (selector) => [...document.querySelectorAll(selector)];
const shown = (element) => element.checkVisibility({contentVisibilityAuto: true});
const last = document.querySelector('.article').lastElementChild;
return {
  scheme: getComputedStyle(document.documentElement).colorScheme,
  theme: document.documentElement.dataset.theme,
  closed: all('.article details > :last-child').filter(e => !shown(e) && !e.closest('.cell:has(> .install)')).length,
  frame: all('.bar, .contents, .here, .neighbours, .foot, .predict__all, .install').filter(shown).map(e => e.className),
  solutions: [last.className, shown(last), last.querySelectorAll('details').length],
  left: all('.exercise details').length,
  targets: all('.solution-place a').map(a => Boolean(document.getElementById(a.hash.slice(1)))),
};
"""
EMPTY_SHEET = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('@media print { .main::after { break-before: page; content: ""; display: block; height: 1px; } }');
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""
STUB = """
window.printed = [];
window.print = () => {
  printed.push(document.documentElement.dataset.solutions);
  dispatchEvent(new Event('afterprint'));
};
"""


@pytest.fixture(scope="module")
def browser(browser: webdriver.Chrome) -> webdriver.Chrome:
    """With a chapter, in the dark."""
    set_view(browser, width=1440, dark=True)
    browser.get(CHAPTER.as_uri())
    return browser


def on_paper(driver: webdriver.Chrome) -> dict[str, object]:
    """What the page would show if it were printed now."""
    driver.execute_script(EVENT, "beforeprint")
    dark = {"name": "prefers-color-scheme", "value": "dark"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": [dark]})
    try:
        return driver.execute_script(ON_PAPER)
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": [dark]})


def test_a_chapter_on_paper_is_light_and_open_with_its_solutions_at_the_end(browser):
    before = browser.execute_script(ARTICLE)
    exercises = len(browser.find_elements(By.CSS_SELECTOR, ".exercise details"))
    assert exercises == 5
    assert on_paper(browser) == {
        "scheme": "light", "theme": "light", "closed": 0, "frame": [], "left": 0,
        "solutions": ["solutions", True, exercises], "targets": [True] * exercises,
    }  # fmt: skip
    browser.execute_script(EVENT, "afterprint")
    assert browser.execute_script(ARTICLE) == before, "the page is another after it was printed"
    assert browser.execute_script("return document.documentElement.dataset.theme") == "dark"


def test_without_scripts_the_boxes_stand_open_on_paper_too(browser):
    """The style sheet opens them: no box has been given the attribute `open`."""
    on_paper(browser)
    assert not browser.find_elements(By.CSS_SELECTOR, ".article details[open]")
    browser.execute_script(EVENT, "afterprint")


def test_the_foot_offers_to_leave_the_solutions_out(browser):
    browser.execute_script(STUB)
    answers = [("none", "print", ["none"]), ("end", "print", ["none", "end"]), ("none", "", ["none", "end"])]
    for choice, decision, printed in answers:
        browser.find_element(By.CSS_SELECTOR, ".foot__print").click()
        browser.find_element(By.CSS_SELECTOR, f".choice [value={choice}]").click()
        browser.find_element(By.CSS_SELECTOR, f".choice button[value='{decision}']").click()
        assert not browser.find_elements(By.CSS_SELECTOR, ".choice"), "the question stays"
        assert browser.execute_script("return printed") == printed
    browser.execute_script("document.documentElement.dataset.solutions = 'none'")
    assert on_paper(browser)["solutions"] == ["solutions", False, 5]
    browser.execute_script(EVENT, "afterprint")


def marks_on_sheets(driver: webdriver.Chrome) -> list[int]:
    """How much is drawn on each sheet of the page that is open: the operators of its content."""
    pikepdf = import_tool("pikepdf")
    answer = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    with pikepdf.open(io.BytesIO(base64.b64decode(answer["data"]))) as document:
        return [len(pikepdf.parse_content_stream(page)) for page in document.pages]


def test_no_sheet_of_a_chapter_is_empty(browser):
    marks = marks_on_sheets(browser)
    browser.execute_script(EMPTY_SHEET)
    *same, empty = marks_on_sheets(browser)
    assert same == marks, "a sheet more was planted at the end"
    assert 10 < len(marks) < 30, f"{len(marks)} sheets"
    assert min(marks) > empty, f"operators on each sheet: {marks}; on an empty one: {empty}"
