"""Pages with one view of the live machine each, with the scripts as `places` orders them, and what is asked of them."""

import json
import sys
from collections.abc import Callable, Iterator
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from browser_tools import PATIENCE, severe_messages, show_as_new
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))
import page_data
import page_ladder  # noqa: F401  (for those who test what it says)
import places

LIVE = ROOT / "book" / "_live"
LOADER = ROOT / "book" / "_js" / "80-live.js"


def write_scripts(folder: Path) -> Path:
    """The scripts, styles and data of all views in a folder, as a built site has them; returns the folder."""
    for path in LIVE.glob("*.js"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "live.css").write_text(places.style(LIVE), encoding="utf-8")
    for name, text in page_data.scripts().items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def write_page(folder: Path, name: str, view: str, options: dict[str, Any] | None = None) -> None:
    """A page with nothing on it but one view, beside its scripts."""
    sheets = sorted((ROOT / "book" / "_css").glob("*.css"))
    styles = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    table = {"root": f"{folder.as_uri()}/", "scripts": {view: places.VIEWS[view]}, "figures": []}
    said = escape(json.dumps(options or {}))
    (folder / f"{name}.html").write_text(
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{name}</title><style>{styles}</style><main class="article">'
        f'<div class="live" data-view="{view}" data-options="{said}">twin</div></main>'
        f'<script type="application/json" id="live-table">{json.dumps(table)}</script>'
        f'<script src="{LOADER.as_uri()}"></script>',
        encoding="utf-8",
    )


def until(driver: webdriver.Chrome, code: str, *values: object) -> Any:
    """What a piece of JavaScript returns, as soon as that is something."""
    return WebDriverWait(driver, PATIENCE, 0.05).until(lambda d: d.execute_script(code, *values), f"never came: {code}")


Open = Callable[..., webdriver.Chrome]
ALIVE = "return 'alive' in document.querySelector('.live').dataset"
TWO_FRAMES = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0](true)))"


VISITS = count()


def opening(driver: webdriver.Chrome, site: Path, ready: str = ALIVE, *, view: str = "") -> Iterator[Open]:
    """What opens a page of the folder, perhaps with a state of its view in the address, and waits until it is drawn.

    Pages have the names of their views, unless `view` is given. At the end nothing but missing fonts may have been
    complained of. For a fixture: `yield from opening(...)`.
    """
    show_as_new(driver)
    severe_messages(driver)

    def go(page: str, state: str = "") -> webdriver.Chrome:
        address = f"{(site / f'{page}.html').as_uri()}?visit={next(VISITS)}"  # or else a new state opens no new page
        driver.get(address + (state and f"#view={view or page}&{state}"))
        until(driver, ready)
        driver.execute_async_script(TWO_FRAMES)  # a curve is drawn in the frame after
        return driver

    yield go
    driver.get("about:blank")
    assert [message for message in severe_messages(driver) if "woff2" not in message] == []


def button(driver: webdriver.Chrome, words: str) -> None:
    """Press the button that says so."""
    driver.execute_script(
        "[...document.querySelectorAll('.live button')].find((b) => b.textContent === arguments[0]).click()", words
    )


def text(driver: webdriver.Chrome, selector: str) -> str:
    return str(driver.execute_script("return document.querySelector(arguments[0]).textContent", selector))


def fault(driver: webdriver.Chrome) -> str:
    """The sentence that says what is wrong, once there is one."""
    return str(until(driver, "return document.querySelector('.live__fault:not([hidden])')?.textContent"))


def too_wide(driver: webdriver.Chrome, width: int) -> list[str]:
    """What reaches beyond the window."""
    wide = (
        "return [...document.querySelectorAll('.live *')].filter((e) => e.getBoundingClientRect().right > arguments[0])"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    return [*driver.execute_script(wide, width + 0.5)]
