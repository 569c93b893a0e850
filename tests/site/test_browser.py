"""The built site in a real browser: each page on a desk and on a phone, in light and dark, offline and on a server."""

import pytest
from axe_tools import OPEN_BOXES, lighten, violations
from browser_tools import PATIENCE, require_browser, serve_site, set_view
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import NAMES, SITE, Page, pages
from visit_tools import (
    DESK,
    PHONE,
    foreign_requests,
    forget,
    home_of_files,
    open_page,
    problems_of_boxes,
    problems_of_content,
    problems_of_view,
)

pytestmark = pytest.mark.browser
VIEWS = [(DESK, True), (DESK, False), (PHONE, False), (PHONE, True)]
KINDS = {  # pages unlike each other, on which axe also measures the colours
    *("book/index", "notebooks/00-meet-the-machine", "notebooks/01-prepare-the-data", "notebooks/03-set-the-bar"),
    *("notebooks/07-derive-every-gradient", "notebooks/13-start-well-watch-well", "book/notation", "book/glossary"),
    *("book/bibliography", "book/contributing", "book/playground", "genindex", "search"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_from_the_disk(browser, name):
    """One visit: on a desk, then on a phone, and at the end, with its boxes open, before axe."""
    page = pages()[SITE / f"{name}.html"]
    forget(browser)
    set_view(browser, width=DESK, dark=True)
    open_page(browser, page.path.as_uri())
    found = problems_of_boxes(browser, page)
    for width, dark in VIEWS:
        found += problems_of_view(browser, width=width, dark=dark)
    found += problems_of_content(browser, page) + foreign_requests(browser, home_of_files())
    browser.execute_script(OPEN_BOXES)
    lighten(browser, colours=name in KINDS)
    found += violations(browser, colours=name in KINDS)
    assert not found, "\n".join(found)


def test_the_kinds_of_pages_stand_in_the_book():
    assert set(NAMES) >= KINDS


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_page_from_a_folder_of_a_server(browser, home, name):
    """Of each kind one: that every address of every page is a relative one is asked in test_site.py."""
    page = pages()[SITE / f"{name}.html"]
    forget(browser)
    set_view(browser, width=DESK, dark=False)
    open_page(browser, home + page.name)
    found = problems_of_content(browser, page) + foreign_requests(browser, home)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def home():
    """The address of the site on a server."""
    with serve_site() as address:
        yield address


def search(driver: webdriver.Chrome, home: str, word: str) -> list[str]:
    """On the first page a slash leads to the search field; type `word` there, and return the results."""
    set_view(driver, width=DESK, dark=False)
    open_page(driver, home + "book/index.html")
    driver.find_element(By.TAG_NAME, "body").send_keys("/")
    driver.switch_to.active_element.send_keys(word, Keys.ENTER)
    links = WebDriverWait(driver, PATIENCE).until(lambda d: d.find_elements(By.CSS_SELECTOR, "#search-results li a"))
    return [link.get_attribute("href") for link in links]


def test_search_works_from_the_disk(browser):
    results = search(browser, home_of_files(), "latch")
    assert any(address.startswith(home_of_files() + "book/glossary.html") for address in results), results


def test_search_works_from_a_folder_of_a_server(browser, home):
    results = search(browser, home, "latch")
    assert any(address.startswith(home + "book/glossary.html") for address in results), results


PLANTED = """<!DOCTYPE html><html data-theme="light"><body style="margin: 0">
<div style="width: 3000px">wide</div><p>\\(x\\) and \\frac</p><code>\\tag</code>
<div class="math" style="margin-left: 50px"><p class="katex-html" style="margin-left: -40px">cut</p></div>
<article class="article"><p style="color: #aaaaaa">faint</p></article><img src="missing.png" alt="">
<p style="position: relative"><i class="base">x = 1</i>
<b class="katex-tag" style="position: absolute; left: 0">(9.9)</b></p>
<blockquote class="predict">What?</blockquote><p>@title Solution</p>
<script>console.error("planted");</script><script src="http://127.0.0.2:9/a.js"></script></body></html>"""


def test_the_checks_find_planted_faults(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PLANTED, encoding="utf-8")
    forget(browser)
    open_page(browser, page.as_uri())
    content = "\n".join(problems_of_content(browser, Page(page)))
    for sign in ("raw formula: \\(", "raw formula: \\frac", "planted", "missing.png"):
        assert sign in content
    assert "tag" not in content
    assert problems_of_boxes(browser, Page(page)) == [
        "no solution is named", "1 of 0 predictions", "no closed box: What?",
    ]  # fmt: skip
    assert foreign_requests(browser, tmp_path.as_uri()) == ["request to http://127.0.0.2:9/a.js"]
    view = "\n".join(problems_of_view(browser, width=PHONE, dark=True))
    for sign in (
        "wider than the window",
        "beginning cut off",
        "number over its formula: (9.9)",
        "faint text",
        "the theme is light",
    ):
        assert sign in view


def test_without_a_browser_a_developer_is_told_and_ci_fails(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no Chromium and chromedriver on PATH.*apt install"):
        require_browser()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must run the browser tests"):
        require_browser()
