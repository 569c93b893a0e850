"""A browser that runs no script of the page: contents, boxes and colours are there, and search says what it needs."""

from collections.abc import Iterator

import pytest
from browser_tools import PATIENCE, set_view
from keyboard_tools import focus, focused, press
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE

pytestmark = pytest.mark.browser
CHAPTER = (SITE / "notebooks" / "01-prepare-the-data.html").as_uri()
COLOUR = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"


@pytest.fixture(scope="module")
def browser(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """Without scripts."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    yield browser
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize(("dark", "paper"), [(False, "rgb(255, 253, 248)"), (True, "rgb(20, 25, 29)")])
def test_the_theme_follows_the_system_and_code_has_its_colours(browser, dark, paper):
    set_view(browser, width=390, dark=dark)
    browser.get(CHAPTER)
    assert browser.execute_script("return document.documentElement.dataset.theme ?? 'none'") == "none", "a script ran"
    assert browser.execute_script(COLOUR, "html", "backgroundColor") == paper
    colours = {browser.execute_script(COLOUR, f".highlight .{kind}", "color") for kind in ("kn", "s2", "mi", "c1")}
    assert len(colours) == 4
    assert not browser.find_element(By.CSS_SELECTOR, ".bar__theme").is_displayed(), "a button that does nothing"


def test_the_contents_and_the_boxes_open_and_the_search_says_what_it_needs(browser):
    set_view(browser, width=390, dark=False)
    browser.get(CHAPTER)
    focus(browser, ".bar__contents")
    press(browser, Keys.ENTER, Keys.TAB)
    assert focused(browser, ".contents a")
    press(browser, Keys.ESCAPE)
    assert focused(browser, ".bar__contents")
    focus(browser, ".answer > summary")
    press(browser, Keys.ENTER)
    assert browser.find_element(By.CSS_SELECTOR, ".answer > p").is_displayed()
    focus(browser, ".bar__search input")
    press(browser, "latch", Keys.ENTER)
    leaving = WebDriverWait(browser, PATIENCE, ignored_exceptions=[StaleElementReferenceException])
    leaving.until(lambda driver: "Searching needs JavaScript" in driver.find_element(By.TAG_NAME, "main").text)
