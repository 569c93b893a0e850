"""axe finds nothing on any page: test_browser.py asks each; `make audit` looks at every page in every state."""

import pytest
from axe_tools import CLOSE_BOXES, OPEN_BOXES, lighten, violations
from browser_tools import PATIENCE, set_view
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE, Page, pages

pytestmark = pytest.mark.browser
DESK, PHONE = 1440, 390
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
    WebDriverWait(browser, PATIENCE).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#search-results li a"))
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


HEAVY = """<!DOCTYPE html><html lang="en"><title>Page</title><main><h1>Page</h1>
<div style="width: 90px; height: 30px; overflow: auto; white-space: nowrap">
<b class="katex-html"><i style="letter-spacing: 99px">x = 1</i></b></div>
<pre><span class="k">if</span> <span class="n">x</span></pre><pre><a href="#"></a></pre>
<math><mi>x</mi></math><math><mi role="nothing">y</mi></math>
<svg role="img" aria-label="A drawing of one line" width="9" height="9"><g id="g"><path d="M 0 0 h 9"/></g></svg>
<svg role="img" aria-label="A drawing with a part" width="9" height="9"><g role="img"><path d="M 0 0 h 9"/></g></svg>
</main></html>"""


def test_a_page_that_was_made_lighter_keeps_its_faults(browser, tmp_path):
    (tmp_path / "page.html").write_text(HEAVY, encoding="utf-8")
    browser.get((tmp_path / "page.html").as_uri())
    set_view(browser, width=DESK, dark=False)
    found = {line.split(":")[0] for line in violations(browser, colours=False)}
    assert {"scrollable-region-focusable", "link-name", "svg-img-alt", "aria-roles"} <= found
    lighten(browser, colours=False)
    left = "return [...document.querySelectorAll('i, span, path, mi')].map(e => e.parentElement.outerHTML.slice(0, 20))"
    assert browser.execute_script(left) == ['<math><mi role="noth', '<g role="img"><path ']
    assert {line.split(":")[0] for line in violations(browser, colours=False)} == found


CODE = """<!DOCTYPE html><html lang="en"><title>Page</title><style>
.k { color: #00224e } .m { color: #aaaaaa } .n { background: #fee838; color: #fdfdfd }
</style><main><h1>Page</h1>
<pre><span class="k">if</span> <span class="k">not</span>
<span class="m">11</span><span class="m">12</span> <span>xs</span></pre>
<pre style="background: #203040; color: white"><span class="k">or</span>
<span class="n">ys</span> zs</pre></main></html>"""


def test_of_each_colour_of_a_code_one_place_is_left(browser, tmp_path):
    (tmp_path / "page.html").write_text(CODE, encoding="utf-8")
    browser.get((tmp_path / "page.html").as_uri())
    set_view(browser, width=DESK, dark=False)
    faint = {'<span class="m">11</span>', '<span class="k">or</span>', '<span class="n">ys</span>'}
    before = {line.partition(": ")[2] for line in violations(browser)}
    lighten(browser)
    after = {line.partition(": ")[2] for line in violations(browser)}
    assert (before, after) == (faint | {'<span class="m">12</span>'}, faint)
    left = "return [...document.querySelectorAll('pre span')].map(e => e.textContent).join(' ')"
    assert browser.execute_script(left) == "if 11 xs or ys"
