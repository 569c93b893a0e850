"""A long page stays quick: far sections are laid out when they come near, and nothing jumps when the letters come."""

import re

import pytest
from browser_tools import PATIENCE, set_view
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE, pages

CHAPTER = SITE / "notebooks" / "07-derive-every-gradient.html"
SKIPPED = """
return [...document.querySelectorAll('.article > section > section > h2')]
  .filter(e => !e.checkVisibility({ contentVisibilityAuto: true })).length;
"""
TOP = "return document.getElementById(arguments[0]).getBoundingClientRect().top"
FIND = "return find(arguments[0]) && getSelection().getRangeAt(0).getBoundingClientRect().top"
UNREACHED = """
const near = (e) => e.checkVisibility({ contentVisibilityAuto: true });
const wide = (e) => e.scrollWidth > e.clientWidth + 1;
return [...document.querySelectorAll('.article :is(.math, pre)')].filter(e => near(e) && wide(e) && e.tabIndex < 0)
  .map(e => e.textContent.slice(0, 60));
"""
WIDTHS = """
const pen = document.createElement('canvas').getContext('2d');
const text = document.querySelector('.article').innerText.replace(/[^ -~]+/g, ' ').slice(0, 2000);
const width = (style, family) => ((pen.font = `${style} 20px ${family}`), pen.measureText(text).width);
return ['400', '700', 'italic 400'].flatMap(style => ['Times', 'DejaVu'].map(kind => [`${style} ${kind}`,
  width(style, `'${kind} until then', monospace`) / width(style, 'monospace') === 1 ? null
  : width(style, `'${kind} until then'`) / width(style, "'Book Serif'")]));
"""


@pytest.fixture(scope="module")
def browser(browser):
    """On a phone."""
    set_view(browser, width=390, dark=False)
    return browser


def test_every_section_says_about_how_tall_it_is():
    silent = []
    for page in pages().values():
        text = page.path.read_text(encoding="utf-8")
        sections = re.findall(r"<section [^>]*>(?=\s*<h2)", text)
        silent += [f"{page.name}: {tag}" for tag in sections if not re.search(r"--about: [1-9]\d*rem", tag)]
    assert not silent


@pytest.mark.browser
def test_far_sections_wait_and_can_still_be_reached(browser):
    browser.get(CHAPTER.as_uri())
    assert browser.execute_script(SKIPPED) > 10
    assert -5 < browser.execute_script(FIND, "Letters from the future") < 900
    for anchor in ("equation-7-10", "exercise-7-4", "where-you-meet-it-again"):
        browser.get("about:blank")
        browser.get(f"{CHAPTER.as_uri()}#{anchor}")
        WebDriverWait(browser, PATIENCE).until(lambda d, name=anchor: 0 < d.execute_script(TOP, name) < 300)
        WebDriverWait(browser, PATIENCE).until(lambda d: not d.execute_script(UNREACHED))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    WebDriverWait(browser, PATIENCE).until(lambda d: d.execute_script(SKIPPED) == 0)  # paper gets every section
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.browser
def test_letters_that_stand_in_for_a_moment_take_the_same_room(browser):
    browser.get(CHAPTER.as_uri())
    browser.execute_async_script("document.fonts.load('italic 20px \"Book Serif\"').then(arguments[0])")
    ratios = {name: ratio for name, ratio in browser.execute_script(WIDTHS) if ratio}
    assert all(abs(ratio - 1) < 0.04 for ratio in ratios.values()), ratios
