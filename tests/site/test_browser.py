"""The built site in a real browser: each page on a desk and on a phone, in light and dark, offline and on a server."""

from collections.abc import Iterator

import pytest
from browser_tools import (
    open_browser,
    requested_addresses,
    require_browser,
    serve_site,
    set_view,
    severe_messages,
)
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE, Page, pages, require_site

pytestmark = pytest.mark.browser
DESK, PHONE = 1440, 390
INSIDE = ("data:", "blob:", "about:", "chrome:")  # what never leaves the browser
WAIT = 20  # seconds before a page counts as stuck

SETTLED = """
const done = arguments[arguments.length - 1];
document.fonts.ready.then(() => requestAnimationFrame(() => done(true)));
"""
STILL = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { transition: none !important; animation: none !important;
  content-visibility: visible !important; }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""
RAW_FORMULAS = r"""
const page = document.body.cloneNode(true);
page.querySelectorAll('pre, code, script, style, .katex').forEach(e => e.remove());
return page.textContent.match(/\\[([]|\$\$|\\[a-z]+\b/g) || [];
"""
TOO_WIDE = """
const width = document.documentElement.clientWidth;
return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > width + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 120));
"""
BEGIN_CUT_OFF = """
return [...document.querySelectorAll('div.math')].filter(box => box.querySelector('.katex-html')
  ?.getBoundingClientRect().left < box.getBoundingClientRect().left - 2).map(box => box.textContent.slice(0, 80));
"""
NUMBER_COVERS = """
const box = (e) => e.getBoundingClientRect();
const formula = (tag) => [...tag.parentElement.querySelectorAll(':scope > .base')];
return [...document.querySelectorAll('.katex-tag')]
  .filter(tag => tag.offsetParent && formula(tag).some(base => box(base).right > box(tag).left))
  .map(tag => tag.textContent);
"""
RESOURCES = "return performance.getEntriesByType('resource').map(e => e.name)"
THEME = "return document.documentElement.dataset.theme"
FAINT_TEXT = """
const parts = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const clear = (colour) => parts(colour).length === 4 && parts(colour)[3] < 0.5;
const light = (colour) => {
  const [r, g, b] = parts(colour).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const paper = (e) => { while (e && clear(getComputedStyle(e).backgroundColor)) e = e.parentElement;
  return e ? getComputedStyle(e).backgroundColor : 'rgb(255, 255, 255)'; };
const faint = (e) => { const [a, b] = [light(getComputedStyle(e).color), light(paper(e))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5; };
const speaks = (e) => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.offsetParent;
return [...document.querySelectorAll('.article *, .bar *, .contents *, .here *, .neighbours *, .foot *')]
  .filter(e => speaks(e) && !e.closest('.katex-html, .katex-mathml, .headerlink, .unseen, .copy, svg') && faint(e))
  .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    require_site()
    with open_browser(tmp_path_factory.mktemp("profile")) as driver:
        driver.set_script_timeout(WAIT)
        driver.set_page_load_timeout(WAIT)
        yield driver


def open_page(driver: webdriver.Chrome, address: str) -> None:
    driver.get(address)
    driver.execute_script(STILL)  # a colour that fades would be measured half-way, a far section not at all
    driver.execute_async_script(SETTLED)


def problems_of_view(driver: webdriver.Chrome, *, width: int, dark: bool) -> list[str]:
    """What is wrong with the page that is open when it is shown in this width and theme."""
    set_view(driver, width=width, dark=dark)
    driver.execute_async_script(SETTLED)
    found = [f"wider than the window: {element}" for element in driver.execute_script(TOO_WIDE)]
    found += [f"beginning cut off: {formula}" for formula in driver.execute_script(BEGIN_CUT_OFF)]
    found += [f"number over its formula: {number}" for number in driver.execute_script(NUMBER_COVERS)]
    found += [f"faint text: {element}" for element in driver.execute_script(FAINT_TEXT)]
    theme = driver.execute_script(THEME)
    if theme != ("dark" if dark else "light"):
        found.append(f"the theme is {theme}")
    return [f"{width} px, {'dark' if dark else 'light'}: {problem}" for problem in found]


def problems_of_content(driver: webdriver.Chrome, page: Page) -> list[str]:
    """Formulas and console messages of the page that is open."""
    found = [f"raw formula: {text}" for text in driver.execute_script(RAW_FORMULAS)]
    return found + [f"console: {message}" for message in severe_messages(driver)]


def foreign_requests(driver: webdriver.Chrome, home: str) -> list[str]:
    """Requests of the open page that left `home`, by the page's own account and by the browser's log."""
    addresses = requested_addresses(driver) | set(driver.execute_script(RESOURCES))
    return [f"request to {a}" for a in sorted(addresses) if not a.startswith((home, *INSIDE))]


def forget(driver: webdriver.Chrome) -> None:
    """Empty both logs of what earlier tests did."""
    driver.get("about:blank")
    severe_messages(driver)
    requested_addresses(driver)


def home_of_files() -> str:
    return SITE.as_uri() + "/"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_page_from_the_disk(browser, width):
    problems = []
    forget(browser)
    for page in pages().values():
        set_view(browser, width=width, dark=False)
        open_page(browser, page.path.as_uri())
        found = problems_of_content(browser, page) + foreign_requests(browser, home_of_files())
        for dark in (False, True):
            found += problems_of_view(browser, width=width, dark=dark)
        problems += [f"{page.name}: {problem}" for problem in found]
    assert not problems, "\n".join(problems)


def test_every_page_from_a_folder_of_a_server(browser):
    problems = []
    set_view(browser, width=DESK, dark=False)
    with serve_site() as home:
        for page in pages().values():
            open_page(browser, home + page.name)
            found = problems_of_content(browser, page) + foreign_requests(browser, home)
            problems += [f"{page.name}: {problem}" for problem in found]
    assert not problems, "\n".join(problems)


def search(driver: webdriver.Chrome, home: str, word: str) -> list[str]:
    """On the first page a slash leads to the search field; type `word` there, and return the results."""
    set_view(driver, width=DESK, dark=False)
    open_page(driver, home + "book/index.html")
    driver.find_element(By.TAG_NAME, "body").send_keys("/")
    driver.switch_to.active_element.send_keys(word, Keys.ENTER)
    links = WebDriverWait(driver, WAIT).until(lambda d: d.find_elements(By.CSS_SELECTOR, "#search-results li a"))
    return [link.get_attribute("href") for link in links]


def test_search_works_from_the_disk(browser):
    results = search(browser, home_of_files(), "latch")
    assert any(address.startswith(home_of_files() + "book/glossary.html") for address in results), results


def test_search_works_from_a_folder_of_a_server(browser):
    with serve_site() as home:
        results = search(browser, home, "latch")
        assert any(address.startswith(home + "book/glossary.html") for address in results), results


def test_hidden_cells_carry_the_titles_of_their_solutions(browser):
    """The build reads `# @title Solution 6.2` from a hidden cell and writes it on the closed box."""
    chapters = [path for path in pages() if "@title Solution" in path.read_text(encoding="utf-8")]
    assert chapters, "no chapter has a solution in code"
    for path in chapters:
        open_page(browser, path.as_uri())
        titles = [box.text for box in browser.find_elements(By.CSS_SELECTOR, "details.hide > summary")]
        assert any(title.startswith("Solution") for title in titles), path.name


PLANTED = """<!DOCTYPE html><html data-theme="light"><body style="margin: 0">
<div style="width: 3000px">wide</div><p>\\(x\\) and \\frac</p><code>\\tag</code>
<div class="math" style="margin-left: 50px"><p class="katex-html" style="margin-left: -40px">cut</p></div>
<article class="article"><p style="color: #aaaaaa">faint</p></article><img src="missing.png" alt="">
<p style="position: relative"><i class="base">x = 1</i>
<b class="katex-tag" style="position: absolute; left: 0">(9.9)</b></p>
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
