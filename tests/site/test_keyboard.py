"""All of the book without a mouse: every stop of Tab is seen, what opens closes again, and the focus comes back."""

import pytest
from browser_tools import PATIENCE, set_view
from keyboard_tools import faults, focus, focused, press, walk
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE

pytestmark = pytest.mark.browser
CHAPTER = (SITE / "notebooks" / "01-prepare-the-data.html").as_uri()
DESK, PHONE = 1440, 390
STATUS = "return document.querySelector('[role=status]').textContent"
OPEN = "return document.getElementById('contents').matches(':popover-open')"


def open_page(driver, address=CHAPTER, *, width):
    set_view(driver, width=width, dark=False)
    driver.get(address)
    driver.execute_script("localStorage.clear(); scrollTo(0, 0)")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_stop_of_tab_is_seen_and_has_a_ring(browser, width):
    open_page(browser, width=width)
    stops = walk(browser)
    assert not faults(stops), "\n".join(faults(stops))
    names = [stop["name"] for stop in stops]
    first = ["Skip to the text", "LSTM from Scratch", "Search the book", "Run on Colab", "Theme: as the system"]
    if width == PHONE:
        first.insert(1, "Contents")
    assert names[: len(first)] == first
    chapters = [name for name in names if name.startswith("12. Train it")]
    assert len(chapters) == (1 if width == DESK else 0), "contents that are closed are not on the way"
    assert sum(name == "The result, and what it means" for name in names) == 3
    assert not any(name.startswith("Solution") and "hint" in name for name in names)


def test_the_skip_link_leads_past_the_contents(browser):
    open_page(browser, width=DESK)
    press(browser, Keys.TAB, Keys.ENTER)
    press(browser, Keys.TAB)
    assert browser.execute_script("return document.getElementById('main').contains(document.activeElement)")


def test_the_contents_open_over_a_phone_s_page_and_give_the_focus_back(browser):
    open_page(browser, width=PHONE)
    focus(browser, ".bar__contents")
    press(browser, Keys.ENTER)
    assert browser.execute_script(OPEN)
    press(browser, Keys.TAB)
    assert focused(browser, ".contents a")
    press(browser, Keys.ESCAPE)
    assert not browser.execute_script(OPEN)
    assert focused(browser, ".bar__contents")
    press(browser, Keys.ENTER, Keys.TAB, Keys.ENTER)
    WebDriverWait(browser, PATIENCE).until(lambda driver: "/00-meet" in driver.current_url)


def test_the_theme_s_button_says_which_is_on(browser):
    open_page(browser, width=DESK)
    focus(browser, ".bar__theme")
    for name, theme in [("Theme: light", "light"), ("Theme: dark", "dark"), ("Theme: as the system", "light")]:
        press(browser, Keys.ENTER)
        assert browser.execute_script("return document.activeElement.textContent").strip() == name
        assert browser.execute_script("return document.documentElement.dataset.theme") == theme


def test_search_by_its_field_on_a_phone(browser):
    open_page(browser, width=PHONE)
    focus(browser, ".bar__search input")
    assert browser.execute_script("return document.activeElement.offsetWidth") > 200, "the field opens when it is used"
    press(browser, "latch", Keys.ENTER)
    WebDriverWait(browser, PATIENCE).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#search-results li a"))


def test_code_is_copied_and_a_screen_reader_hears_so(browser):
    open_page(browser, width=DESK)
    allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": allowed})
    copied = "navigator.clipboard.readText().then(arguments[0], error => arguments[0](String(error)))"
    button = "section section > .cell > .cell_input .copy"
    code = browser.execute_script(
        "return document.querySelector(arguments[0]).previousElementSibling.textContent", button
    )
    for works in (True, False):
        if not works:
            browser.execute_script("navigator.clipboard.writeText = () => Promise.reject(Error('no'))")
        focus(browser, button)
        press(browser, Keys.SPACE)
        said = "Copied" if works else "Press Ctrl+C"
        WebDriverWait(browser, PATIENCE).until(lambda driver, said=said: driver.execute_script(STATUS) == said)
    assert browser.execute_async_script(copied) == code
    assert browser.execute_script("return getSelection().toString()").strip() == code.strip()


PLANTED = """<!DOCTYPE html><html lang="en"><title>Page</title><body style="margin: 0; padding: 50px">
<header style="position: fixed; top: 0; left: 0; height: 40px; width: 100%; background: white">Bar</header>
<a href="#a" style="outline: none">Plain</a> <a href="#b" style="position: fixed; left: -900px">Drawer</a>
<a href="#c" style="position: absolute; top: 10px; z-index: -1">Covered</a> <a href="#d">Well</a></body></html>"""


def test_the_walk_finds_planted_faults(browser, tmp_path):
    (tmp_path / "page.html").write_text(PLANTED, encoding="utf-8")
    set_view(browser, width=DESK, dark=False)
    browser.get((tmp_path / "page.html").as_uri())
    found = [line.split(" <")[0] + ": " + line.split(": ")[-1] for line in faults(walk(browser))]
    assert found == ["no ring: Plain: Plain", "out of sight: Drawer: Drawer", "under: Covered"]
