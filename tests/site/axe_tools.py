"""axe-core, run in the page that the browser shows. Its one file and its licence (MPL 2.0) stand in `axe/`."""

from pathlib import Path
from typing import Any

from selenium import webdriver

# The browser reads the file itself, and keeps what it has made of it: sent along, it would be made anew for each page.
LOAD = """
const [address, done] = arguments, script = document.createElement('script');
script.onload = () => done(true);
script.src = address;
document.head.append(script);
"""
AXE = (Path(__file__).parent / "axe" / "axe.min.js").as_uri()
# Every rule, best practice included. A formula is drawn twice: its MathML is for ears, its hundreds of spans are not.
RUN = """
const done = arguments[arguments.length - 1], colours = arguments[0];
const rules = {'label-content-name-mismatch': {enabled: true}, 'color-contrast': {enabled: colours}};
axe.run({exclude: ['.katex-html']}, {resultTypes: ['violations'], rules})
  .then(result => done(result.violations), error => done([{id: String(error), nodes: []}]));
"""
# A far section is left for later, and what is not laid out has no colour; `open_page` has seen to it already.
NEAR = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('* { content-visibility: visible !important }');
if (!document.adoptedStyleSheets.length) document.adoptedStyleSheets = [sheet];
"""
# Thousands of elements say nothing to axe: the spans of a drawn formula, which RUN leaves out; the signs of its MathML
# that are nothing but signs; the spans that colour code as another of the same code does, and, where colours are not
# asked for, all of those, and the shapes of a drawing with a name. Their room and a letter stay.
EMPTY = """
const colours = arguments[0], all = (selector) => [...document.querySelectorAll(selector)];
const within = (e, fits) => [...e.querySelectorAll('*')].every(part => fits(part, part.getAttributeNames()));
const spans = (e) => within(e, (part, names) => part.matches('span') && names.every(name => name === 'class'));
const shapes = (e) => within(e, (part, names) => !part.matches('a, foreignObject, title')
  && !names.some(name => /^(role|tabindex|lang|aria-|on)/.test(name)));
const signs = (e) => within(e, (part, names) => part.namespaceURI === e.namespaceURI
  && !names.some(name => /^(role|tabindex|lang|href|id|aria-|on)/.test(name)));
const wide = (e) => Math.max(e.scrollWidth, e.getBoundingClientRect().width);
for (const [e, width, height] of all('.katex-html').map(e => [e, wide(e), e.getBoundingClientRect().height])) {
  e.textContent = 'x'; // at the end, where a formula may lie beyond its box
  e.style.cssText = `display: inline-block; text-align: right; width: ${width}px; height: ${height}px`;
}
all('math').filter(signs).forEach(e => (e.textContent = e.textContent));
const looks = ({ color, backgroundColor, fontSize, fontWeight }) => `${[color, backgroundColor, fontSize, fontWeight]}`;
const again = (code, seen = new Set()) => [...code.querySelectorAll('span')]
  .filter(e => seen.size === seen.add(looks(getComputedStyle(e))).size);
if (colours) all('pre').filter(spans).flatMap(code => again(code)).forEach(e => e.replaceWith(...e.childNodes));
if (!colours) all('pre').filter(spans).forEach(e => (e.textContent = e.textContent));
if (!colours) all('svg[role=img][aria-label]').filter(shapes).forEach(e => e.replaceChildren());
"""
OPEN_BOXES = "document.querySelectorAll('details').forEach(box => (box.open = true))"
CLOSE_BOXES = "document.querySelectorAll('details').forEach(box => (box.open = false))"


def lighten(driver: webdriver.Chrome, *, colours: bool = True) -> None:
    """Empty what axe has nothing to say about in the page that is open; the page is then of no other use."""
    driver.execute_script(EMPTY, colours)


def violations(driver: webdriver.Chrome, *, colours: bool = True) -> list[str]:
    """What axe finds in the page that is open, one line for each element; half of the time goes into the colours."""
    if not driver.execute_script("return 'axe' in window"):
        driver.execute_script(NEAR)
        driver.execute_async_script(LOAD, AXE)
    found: list[dict[str, Any]] = driver.execute_async_script(RUN, colours)
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"] or [{"html": ""}]]
