"""What is asked of a page while it is open in the browser, and how it is opened."""

from browser_tools import requested_addresses, set_view, severe_messages
from selenium import webdriver
from site_pages import ROOT, SITE, Page

DESK, PHONE = 1440, 390
INSIDE = ("data:", "blob:", "about:", "chrome:")  # what never leaves the browser

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
# The text of the page and its frame, but for formulas, drawings and what is written for machines.
FAINT_TEXT = """
const once = (make, known = new Map()) => (key) => known.get(key) ?? known.set(key, make(key)).get(key);
const parts = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const clear = once((colour) => parts(colour).length === 4 && parts(colour)[3] < 0.5);
const light = once((colour) => {
  const [r, g, b] = parts(colour).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
});
const paper = once((e) => {
  const own = e ? getComputedStyle(e).backgroundColor : 'rgb(255, 255, 255)';
  return clear(own) ? paper(e.parentElement) : own;
});
const faint = (e) => { const [a, b] = [light(getComputedStyle(e).color), light(paper(e))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5; };
const speaks = (e) => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.offsetParent;
const { FILTER_REJECT, FILTER_SKIP, FILTER_ACCEPT, SHOW_ELEMENT } = NodeFilter, found = new Set();
const told = (e) => e.matches('.katex-html, .katex-mathml, .headerlink, .unseen, .copy, svg') ? FILTER_REJECT
  : speaks(e) && faint(e) ? FILTER_ACCEPT : FILTER_SKIP;
for (const part of document.querySelectorAll('.article, .bar, .contents, .here, .neighbours, .foot')) {
  const elements = document.createTreeWalker(part, SHOW_ELEMENT, told);
  while (elements.nextNode()) found.add(elements.currentNode);
}
return [...found].slice(0, 5).map(e => e.outerHTML.slice(0, 120));
"""
VIEW = {
    "wider than the window": TOO_WIDE,
    "beginning cut off": BEGIN_CUT_OFF,
    "number over its formula": NUMBER_COVERS,
    "faint text": FAINT_TEXT,
}
LOOK = f"return [{', '.join(f'(() => {{{code}}})()' for code in (*VIEW.values(), THEME))}];"

# The titles of hidden cells, as a reader sees them.
TITLES = "return [...document.querySelectorAll('details.hide > summary')].map(e => e.innerText)"
# What is wrong with each prediction of a page: its box is missing, or open, or something but a heading follows it.
GIVEN_AWAY = """
return [...document.querySelectorAll('.predict')].map(question => {
  const box = question.nextElementSibling?.nextElementSibling;
  if (!box?.matches('details.answer:not([open])')) return 'no closed box: ' + question.textContent.slice(0, 60);
  const next = box.nextElementSibling;
  return !next || next.matches('section, .predict') ? '' : 'told by: ' + next.textContent.slice(0, 60);
});
"""


def open_page(driver: webdriver.Chrome, address: str) -> None:
    """Open a page on which a colour that fades is not measured half-way, nor a far section left out."""
    still = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STILL})
    driver.get(address)
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", still)
    driver.execute_async_script(SETTLED)


def problems_of_view(driver: webdriver.Chrome, *, width: int, dark: bool) -> list[str]:
    """What is wrong with the page that is open when it is shown in this width and theme."""
    set_view(driver, width=width, dark=dark)
    driver.execute_async_script(SETTLED)
    *problems, theme = driver.execute_script(LOOK)
    found = [f"{kind}: {each}" for kind, some in zip(VIEW, problems, strict=True) for each in some]
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
    severe_messages(driver)
    requested_addresses(driver)


def home_of_files() -> str:
    return SITE.as_uri() + "/"


def problems_of_boxes(driver: webdriver.Chrome, page: Page) -> list[str]:
    """Whether hidden solutions carry their titles, and nothing is said about a result outside of its closed box."""
    found = []
    if "@title Solution" in page.path.read_text(encoding="utf-8"):
        titles = driver.execute_script(TITLES)
        found += [] if any(title.startswith("Solution") for title in titles) else ["no solution is named"]
    verdicts = driver.execute_script(GIVEN_AWAY)
    chapter = ROOT / "notebooks" / f"{page.path.stem}.ipynb"
    asked = chapter.read_text(encoding="utf-8").count("> **Predict.**") if chapter.exists() else 0
    found += [] if len(verdicts) == asked else [f"{len(verdicts)} of {asked} predictions"]
    return found + [verdict for verdict in verdicts if verdict]
