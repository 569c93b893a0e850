"""axe-core, run in the page that the browser shows. Its one file and its licence (MPL 2.0) stand in `axe/`."""

from pathlib import Path
from typing import Any

from selenium import webdriver

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
# Every rule, best practice included. A formula is drawn twice: its MathML is for ears, its hundreds of spans are not.
RUN = """
const done = arguments[arguments.length - 1], colours = arguments[0];
const rules = {'label-content-name-mismatch': {enabled: true}, 'color-contrast': {enabled: colours}};
axe.run({exclude: ['.katex-html']}, {resultTypes: ['violations'], rules})
  .then(result => done(result.violations), error => done([{id: String(error), nodes: []}]));
"""
# A far section is left for later, and what is not laid out has no colour.
NEAR = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('* { content-visibility: visible !important }');
document.adoptedStyleSheets = [sheet];
"""
OPEN_BOXES = "document.querySelectorAll('details').forEach(box => (box.open = true))"
CLOSE_BOXES = "document.querySelectorAll('details').forEach(box => (box.open = false))"


def violations(driver: webdriver.Chrome, *, colours: bool = True) -> list[str]:
    """What axe finds in the page that is open, one line for each element; half of the time goes into the colours."""
    if not driver.execute_script("return 'axe' in window"):
        driver.execute_script(AXE + NEAR)
    found: list[dict[str, Any]] = driver.execute_async_script(RUN, colours)
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"] or [{"html": ""}]]
