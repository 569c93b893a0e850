"""A prediction's result, and all that is said about it, wait in one box, which opens in every way.

That each page has these boxes and gives nothing away is asked in test_browser.py, where each page is open.
"""

import importlib

import pytest
from browser_tools import serve_site, set_view
from docutils import nodes
from keyboard_tools import focus, press
from selenium.webdriver.common.keys import Keys
from site_pages import ROOT, SITE, pages

STATES = "return [...document.querySelectorAll('.answer')].map(box => box.open)"
BUTTON = ".predict__all"


@pytest.mark.browser
def test_a_box_opens_by_keyboard_and_all_of_them_for_good(browser):
    """On a server, because a browser may keep nothing for a page from the disk."""
    set_view(browser, width=1440, dark=False)
    with serve_site() as home:
        browser.get(home + "notebooks/09-batch-it.html")
        for key in (Keys.ENTER, Keys.SPACE):
            focus(browser, ".answer > summary")
            press(browser, key)
            assert browser.execute_script(STATES) == [key == Keys.ENTER] + 4 * [False]
        focus(browser, BUTTON)
        press(browser, Keys.ENTER)
        assert all(browser.execute_script(STATES))
        browser.get(home + "notebooks/08-run-one-name-backward.html")
        assert all(browser.execute_script(STATES)), "the choice holds on other pages"
        focus(browser, BUTTON)
        press(browser, Keys.ENTER)
        assert not any(browser.execute_script(STATES))


@pytest.mark.browser
def test_a_link_into_a_closed_box_and_the_printer_open_it(browser):
    address = (SITE / "notebooks" / "09-batch-it.html").as_uri()
    assert "equation-9-1" in pages()[SITE / "notebooks" / "09-batch-it.html"].ids
    browser.get("about:blank")
    browser.get(address + "#equation-9-1")
    assert browser.execute_script(STATES) == [True] + 4 * [False]
    assert browser.execute_script("return document.getElementById('equation-9-1').checkVisibility()")
    last = "return document.querySelectorAll('.answer')[4].querySelector('p').checkVisibility()"
    assert not browser.execute_script(last)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script(last)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def words(text: str) -> nodes.paragraph:
    return nodes.paragraph("", text)


def test_a_box_ends_at_the_next_prediction_and_at_the_next_heading(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    predictions = importlib.import_module("predictions")
    section, subsection = nodes.section(), nodes.section()
    for number in (1, 2):
        section += nodes.block_quote("", words(f"Predict {number}"), classes=["predict"])
        hidden = predictions.HideCodeCellNode("", words(f"output {number}"), prompt_show="Show", prompt_hide="Hide")
        section += nodes.container("", words(f"code {number}"), hidden)
        section += [words(f"because {number}"), words(f"therefore {number}")]
    subsection += words("new")
    section += subsection
    for question in list(section.findall(predictions.is_prediction)):
        predictions.gather(question)
    assert [" ".join(child.astext().split()) for child in section.children] == [
        *("Predict 1", "code 1", "output 1 because 1 therefore 1"),
        *("Predict 2", "code 2", "output 2 because 2 therefore 2", "new"),
    ]
    assert [box["prompt_show"] for box in section.findall(predictions.HideCodeCellNode)] == [predictions.TITLE] * 2
