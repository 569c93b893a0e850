"""Figures in the page: legible on a phone, at home in the dark, named, light, and large at a tap or Enter."""

import importlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from browser_tools import set_view
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from site_pages import ROOT, pages, require_site

PHONE = 358  # pixels that a figure has in a window of 390
STAYS = {"#111111", "#fdfdfd", "#fee838", "#00224e"}  # on the colours of an image, and the ends of its scale
DRAWN = re.compile(r'<svg class="drawn\b.*?</svg>', re.S)
COLOURS = (ROOT / "book/_css/10-base.css").read_text() + (ROOT / "book/_css/60-figures.css").read_text()
# Grounds, bands and lines that are there to be faint; what they say is said in words beside them.
FAINT = {"f2f2ee", "d4d4d0", "c9c9c4", "e6e6e1", "e8d9d3", "e6f1f8", "fbece2", "e3f4ee", "f9eef4", "fff1c9",
         "fdf6df", "fcfcfa", "ffffff", "f2c230"}  # fmt: skip


@cache
def texts() -> dict[str, list[str]]:
    """The drawings of each page, by its name, as they stand there."""
    require_site()
    found = {page.name: DRAWN.findall(page.path.read_text(encoding="utf-8")) for page in pages().values()}
    return {name: svgs for name, svgs in found.items() if svgs}


@cache
def drawings() -> list[tuple[str, ET.Element]]:
    """Each drawing, read, with the name of its page."""
    return [(where, ET.fromstring(svg)) for where, svg in every_text()]


def every_text() -> Iterator[tuple[str, str]]:
    """Each drawing as it stands in its page, with the name of the page."""
    for name, svgs in texts().items():
        for number, svg in enumerate(svgs, start=1):
            yield f"{name}, drawing {number}", svg


def words(element: ET.Element, size: float = 16) -> Iterator[tuple[str, float]]:
    """Each text in an element with its size in the drawing's own units; small letters within a word are left out."""
    size = float(element.get("font-size", size))
    if element.tag == "text":
        yield "".join(element.itertext()), size
    for child in element:
        yield from words(child, size)


def test_every_figure_of_the_book_stands_in_its_page() -> None:
    assert sum(map(len, texts().values())) > 70
    for page in pages().values():
        assert not re.search(r"<img[^>]*\.svg", page.path.read_text(encoding="utf-8")), page.name


def test_words_are_eleven_pixels_high_on_a_phone() -> None:
    for where, svg in drawings():
        shown = min(1, PHONE / float(svg.get("width", "")))  # on the page; the unit of the drawing is another
        unit = float(svg.get("width", "")) / float(svg.get("viewBox", "").split()[2])
        small = [(text, round(size * unit * shown, 1)) for text, size in words(svg) if size * unit * shown < 10.99]
        assert not small, (where, small)


def test_no_letter_of_a_figure_is_an_outline() -> None:
    for where, svg in drawings():
        assert not [use for use in svg.iter("use") if re.search(r"(Sans|Serif|Mono)\w*-", use.get("href", ""))], where


def test_each_drawing_is_named_and_has_its_size() -> None:
    for where, svg in drawings():
        assert svg.get("role") == "img", where
        assert len(svg.get("aria-label", "")) >= 20, where
        _, _, wide, high = map(float, svg.get("viewBox", "").split())
        assert float(svg.get("width", "")) / float(svg.get("height", "")) == pytest.approx(wide / high, rel=0.01), where
        assert not svg.findall(".//title"), f"{where}: a title would cover the figure when the mouse rests on it"


def test_ids_are_unique_in_a_page_and_every_reference_leads_to_one() -> None:
    for name, svgs in texts().items():
        text = "".join(svgs)
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name
        assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', text)) <= set(ids), name


def test_every_colour_has_another_half_for_the_dark() -> None:
    known = set(re.findall(r"--f-([0-9a-f]{6}):", COLOURS))
    for where, text in every_text():
        assert set(re.findall(r"var\(--f-([0-9a-f]{6})\)", text)) <= known, where
        said = {colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", text)}
        assert said <= STAYS, f"{where}: {said - STAYS} must stand in book/_css/60-figures.css"
        assert "<style" not in text, f"{where}: it would hold for the whole page"


def halves(name: str) -> tuple[str, str]:
    """What a colour of the style sheets is in the light and in the dark."""
    value = re.search(rf"--{name}: (.+);", COLOURS)[1]
    if found := re.match(r"light-dark\((#\w{6}), (#\w{6})\)", value):
        return found[1], found[2]
    return halves(re.fullmatch(r"var\(--([\w-]+)\)", value)[1])


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", ["paper", "f-fcfcfa"])
def test_lines_and_words_stand_out_in_the_light_and_in_the_dark(ground: str) -> None:
    written, lines = set(), set()
    for _, svg in drawings():
        for element in svg.iter():
            for paint in re.findall(r"--f-(\w{6})", element.get("style", "") + element.get("fill", "")):
                (written if element.tag == "text" else lines).add(paint)
            lines |= set(re.findall(r"--f-(\w{6})", element.get("stroke", "")))
    for least, names in ((4.5, written - {"ffffff"}), (3, lines - FAINT)):
        assert len(names) > 2
        for name in names:
            for half, under in zip(halves(f"f-{name}"), halves(ground), strict=True):
                assert contrast(half, under) >= least, f"#{name} as {half} on {under}: {contrast(half, under):.2f}"


def test_a_dot_is_a_line_without_length() -> None:
    """A dot that closes on itself shows on a screen, and is lost on its way into a PDF."""
    paths = [(page, part.get("d", "")) for page, svg in drawings() for part in svg.iter() if part.get("d")]
    assert any(re.search(r"M [\d.]+ [\d.]+h0", path) for _, path in paths)
    assert [page for page, path in paths if re.search(r"M [\d.]+ [\d.]+ ?[zZ]", path)] == []


def test_no_drawing_is_heavy() -> None:
    for where, text in every_text():
        assert len(text) < 120_000, where


# ---- what the extension does to one picture


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    return importlib.import_module("drawing")


def test_a_figure_of_matplotlib_becomes_a_part_of_the_page(drawing: ModuleType) -> None:
    import io

    import matplotlib.pyplot as plt

    from lstm_lib.figures.style import SAVED_WITH, use_book_style

    with plt.rc_context():
        use_book_style()
        fig, ax = plt.subplots()
        ax.plot([1, 2], "s--", color="#35456C")
        ax.set(ylabel="a < b -- c", xlabel=r"$x^2$")
        file = io.StringIO()
        fig.savefig(file, format="svg", **SAVED_WITH)
        plt.close(fig)
    page = drawing.for_page(file.getvalue(), name="drawing-3", alt='two "dots"')
    assert page == drawing.for_page(file.getvalue(), name="drawing-3", alt='two "dots"')
    svg = ET.fromstring(page)
    assert (svg.get("aria-label"), svg.get("width")) == ('two "dots"', "499.2")
    (text,) = [each for each in svg.iter("text") if each.text == "a < b -- c"]
    assert text.get("font-size") == "12"
    assert "rotate(-90)" in text.get("transform")
    assert "var(--f-35456c)" in page
    assert "ffffff" not in page  # the ground is the page's
    assert len(file.getvalue()) > 2 * len(page)
    ids = {each.get("id") for each in svg.iter()} - {None}
    assert ids
    assert all(name.startswith("drawing-3-") for name in ids)
    assert {use.get("href")[1:] for use in svg.iter("use")} <= ids  # the formula keeps its outlines


# ---- in a browser


def computed(driver: webdriver.Chrome, selector: str, what: str) -> str:
    return driver.execute_script(f"return getComputedStyle(document.querySelector({selector!r})).{what}")


@pytest.mark.browser
def test_a_figure_follows_the_theme_has_its_font_and_opens_large(browser: webdriver.Chrome) -> None:
    set_view(browser, width=390, dark=True)
    path: Path = next(page.path for page in pages().values() if page.name.startswith("notebooks/12-"))
    browser.get(path.as_uri())
    bar = '.drawn [style*="--f-35456c"]'
    assert computed(browser, bar, "stroke") == "rgb(147, 171, 224)"
    browser.execute_script("document.documentElement.dataset.theme = 'light'")
    assert computed(browser, bar, "stroke") == "rgb(53, 69, 108)"
    button = browser.find_elements(By.CSS_SELECTOR, ".enlarge")[3]
    browser.execute_script("arguments[0].closest('details')?.setAttribute('open', '')", button)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    browser.execute_async_script("document.fonts.ready.then(arguments[0])")
    loaded = "return [...document.fonts].filter(font => font.status == 'loaded').map(font => font.family).join()"
    assert "Book Sans" in browser.execute_script(loaded)
    button.send_keys(Keys.ENTER)
    dialog = browser.find_element(By.CSS_SELECTOR, "dialog.large[open]")
    assert re.fullmatch(r"Figure 12\.\d+, enlarged", dialog.get_attribute("aria-label"))
    drawing = dialog.find_element(By.CSS_SELECTOR, ".drawn")
    assert drawing.size["width"] > 700
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not browser.find_elements(By.CSS_SELECTOR, "dialog.large[open]")
    assert browser.switch_to.active_element == button
    tap = "arguments[0].parentElement.querySelector('.drawn').dispatchEvent(new MouseEvent('click'))"
    browser.execute_script(tap, button)
    assert browser.find_elements(By.CSS_SELECTOR, "dialog.large[open]")
    browser.find_element(By.CSS_SELECTOR, ".large-shut").click()
    assert browser.switch_to.active_element == button
    set_view(browser, width=1440, dark=False)
    assert computed(browser, ".enlarge", "display") == "none"
