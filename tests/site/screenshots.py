"""Twelve states of the book as pictures: `make screenshots` takes them anew, a test compares them with what is built.

A picture is compared as a coarse grid of mean colours: letters that are drawn a little differently on another machine
hardly change the mean of a field, a part that is missing, moved or of another colour does.
"""

import base64
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from browser_tools import open_browser, set_view
from PIL import Image
from selenium import webdriver
from site_pages import SITE, require_site

FOLDER = Path(__file__).parent / "screenshots"
DESK, PHONE = (1440, 900), (390, 844)
FIELD = 30  # pixels in the side of a field
FAR = 10  # steps of 255 by which a field may differ
COLOURS = 48  # of a stored picture: it stays under 60 KB
MATHS, FIGURES, CELL = "07-derive-every-gradient", "14-sample-with-care", "06-build-the-lstm-cell"

# A view of the live machine comes with scripts of its own, and is then busy for a moment.
READY = """
const done = arguments[arguments.length - 1];
const near = (place) => place.getBoundingClientRect().top < innerHeight && place.checkVisibility();
const ready = (place) => place.dataset.alive !== undefined && !place.querySelector('[aria-busy=true]');
const wait = (next) => [...document.querySelectorAll('.live')].every((place) => !near(place) || ready(place))
  ? next() : setTimeout(wait, 30, next);
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { transition: none !important; animation: none !important;
  caret-color: transparent !important; }`);
document.adoptedStyleSheets = [sheet];
wait(() => document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))));
"""
SHOW = """
const place = document.querySelector(arguments[0]);
place.scrollIntoView({ block: 'start', behavior: 'instant' });
document.activeElement.blur();
"""


class State(NamedTuple):
    """A page as a reader may find it: its address, the window, the theme, what is scrolled to, what is done first.

    `share` of the fields may differ more than FAR. A system's own letters, in the bar and the contents, move up to 7 %
    of them; the open contents are hardly anything else.
    """

    page: str
    size: tuple[int, int]
    dark: bool = False
    at: str = "h1"
    script: str = ""
    share: float = 0.08


def chapter(name: str) -> str:
    return f"notebooks/{name}.html"


PREDICTION = ".predict:has(+ .cell + .answer)"
STATES = {
    "start-desk": State("book/index.html", DESK, at="body"),
    "start-phone-dark": State("book/index.html", PHONE, dark=True, at="body"),
    "maths-desk": State(chapter(MATHS), DESK, at="#the-cell-state"),
    "maths-desk-dark": State(chapter(MATHS), DESK, dark=True, at="#the-cell-state"),
    "maths-phone": State(chapter(MATHS), PHONE, at="#the-hidden-state"),
    "figures-phone-dark": State(chapter(FIGURES), PHONE, dark=True, at="#from-a-law-to-a-letter figure"),
    "prediction-closed": State(chapter(CELL), DESK, at=PREDICTION),
    "prediction-open": State(
        chapter(CELL), DESK, at=PREDICTION,
        script="document.querySelector('.answer > summary').click()",
    ),
    "contents-phone": State(chapter(CELL), PHONE, at="body",
        script="document.querySelector('.bar__contents').click()", share=0.25,
    ),
    "search-results": State("search.html?q=forget+gate", DESK, at="body"),
    "glossary": State("book/glossary.html", DESK, at="body"),
    "exercise-phone": State(chapter(CELL), PHONE, at="#exercise-6-1"),
}  # fmt: skip


def take(driver: webdriver.Chrome, state: State, *, scale: int = 1) -> Image.Image:
    """The picture of a state: what stands in the window, on a screen with `scale` dots to a pixel."""
    width, height = state.size
    set_view(driver, width=width, dark=state.dark, height=height, scale=scale)
    driver.get(f"{SITE.as_uri()}/{state.page}")
    driver.execute_script(state.script)
    return look(driver, state)


def look(driver: webdriver.Chrome, state: State) -> Image.Image:
    """The picture of the page that is open in this state."""
    for _ in range(2):  # what comes near is laid out, and may move the place
        driver.execute_script(SHOW, state.at)
        driver.execute_async_script(READY)
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {})["data"]
    return Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB")


def stored(name: str) -> Image.Image:
    """The picture that was accepted last."""
    return Image.open(FOLDER / f"{name}.png").convert("RGB")


def grid(picture: Image.Image) -> np.ndarray:
    """The mean colour of each field."""
    small = picture.resize((picture.width // FIELD, picture.height // FIELD), Image.Resampling.BOX)
    return np.asarray(small, dtype=float)


def changed(old: Image.Image, new: Image.Image) -> float:
    """The share of fields whose colour differs by more than FAR; all of them when the sizes differ."""
    if old.size != new.size:
        return 1.0
    return float(np.mean(np.abs(grid(old) - grid(new)).max(axis=2) > FAR))


def main() -> None:
    """Take all pictures anew."""
    require_site()
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as profile, open_browser(Path(profile)) as driver:
        for name, state in STATES.items():
            picture = take(driver, state)
            path = FOLDER / f"{name}.png"
            before = changed(stored(name), picture) if path.exists() else 1.0
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
            print(f"{name:<20} {path.stat().st_size / 1024:4.0f} KB, {before:6.1%} of its fields differ from before")


if __name__ == "__main__":
    main()
