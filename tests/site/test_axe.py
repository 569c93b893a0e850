"""axe finds nothing on any page; `make audit` looks at every page in every state."""

import pytest
from axe_tools import CLOSE_BOXES, OPEN_BOXES, violations
from browser_tools import set_view
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE, Page, pages

pytestmark = pytest.mark.browser
DESK, PHONE = 1440, 390
KINDS = (
    *("book/index", "notebooks/00-meet-the-machine", "notebooks/01-prepare-the-data", "notebooks/03-set-the-bar"),
    *("notebooks/07-derive-every-gradient", "notebooks/13-start-well-watch-well", "book/notation", "book/glossary"),
    *("book/bibliography", "book/contributing", "genindex", "search"),
)
# How each state is reached, and what is then in sight on one page at least.
STATES = {
    "boxes closed": (CLOSE_BOXES, "details:not([open]) > summary"),
    "boxes open": (OPEN_BOXES, ".answer > p"),
    "a card": ("document.querySelector('.article a.about')?.focus({focusVisible: true})", ".card"),
    "contents over the page": ("document.getElementById('contents')?.showPopover()", "#contents:popover-open"),
    "the question before printing": (
        "document.querySelector('.exercise details') && document.querySelector('.foot__print').click()",
        "dialog",
    ),
}
IN_SIGHT = "return !!document.querySelector(arguments[0])?.checkVisibility()"


def where(page: Page, found: list[str], *state: object) -> list[str]:
    """What was found, with the page and its state before it."""
    return [f"{page.name} {state}: {problem}" for problem in found]


def test_every_page_with_its_boxes_open(browser):
    """Without the colours, which test_browser.py measures on every page in both themes."""
    found = []
    set_view(browser, width=DESK, dark=False)
    for page in pages().values():
        browser.get(page.path.as_uri())
        browser.execute_script(OPEN_BOXES)
        found += where(page, violations(browser, colours=False))
    assert not found, "\n".join(found)


def test_each_kind_of_page_dark_on_a_phone(browser):
    found = []
    set_view(browser, width=PHONE, dark=True)
    for page in (pages()[SITE / f"{name}.html"] for name in KINDS):
        browser.get(page.path.as_uri())
        found += where(page, violations(browser))
    assert not found, "\n".join(found)


@pytest.mark.audit
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_in_every_state(browser, width, dark):
    found, seen = [], set()
    set_view(browser, width=width, dark=dark)
    for page in pages().values():
        browser.get(page.path.as_uri())
        for state, (script, sign) in STATES.items():
            browser.execute_script(script)
            if browser.execute_script(IN_SIGHT, sign):
                seen.add(state)
                found += where(page, violations(browser), state)
    browser.get((SITE / "search.html").as_uri() + "?q=latch")
    WebDriverWait(browser, 20).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#search-results li a"))
    found += where(pages()[SITE / "search.html"], violations(browser), "results")
    assert not found, "\n".join(found)
    assert seen == set(STATES)


PLANTED = """<!DOCTYPE html><html lang="en"><title>Page</title><main><h1>Page</h1><h3>Too deep</h3>
<p style="color: #aaa">faint</p><button></button><table><tr><th></th><td>1</td></tr></table>
<details><summary>Box</summary><img src="x.png"></details></main><p>outside</p></html>"""


def test_axe_finds_planted_faults_also_in_a_box_once_it_is_open(browser, tmp_path):
    page = Page(tmp_path / "page.html")
    page.path.write_text(PLANTED, encoding="utf-8")
    browser.get(page.path.as_uri())
    set_view(browser, width=DESK, dark=False)
    found = {line.split(":")[0] for line in violations(browser)}
    assert {"heading-order", "color-contrast", "button-name", "empty-table-header", "region"} <= found
    assert "image-alt" not in found
    browser.execute_script(OPEN_BOXES)
    assert any(line.startswith("image-alt: <img") for line in violations(browser))
