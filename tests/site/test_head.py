"""What others learn about a page, the page for a wrong address, and the contents on every width."""

import json
import re
import struct
from importlib import import_module
from types import SimpleNamespace

import pytest
import yaml
from browser_tools import PATIENCE, serve_site, set_view, severe_messages
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import ROOT, SITE, pages

META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"')
PICTURES = {"social-card.png": (1200, 630), "touch-icon.png": (180, 180)}


def read(page: str) -> str:
    return (SITE / page).read_text(encoding="utf-8")


@pytest.fixture
def address_of(monkeypatch):
    """The function of the extension that knows where the book is published."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    return import_module("head").address_of


def test_each_page_says_what_it_is_about_in_plain_words_of_its_own(address_of):
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    options = {"repository_url": settings["repository"]["url"]}
    own_address = settings["sphinx"]["config"].get("html_baseurl", "")
    home = address_of(SimpleNamespace(html_baseurl=own_address, html_theme_options=options))  # "": not adopted yet
    own = {page.name: dict(META.findall(read(page.name))) for page in pages().values() if "/" in page.name}
    texts = [tags["og:description"] for tags in own.values()]
    assert len(set(texts)) == len(texts)
    for name, tags in own.items():
        assert 40 <= len(tags["og:description"]) <= 220, (name, tags["og:description"])
        assert not re.search(r"[\\$]|&lt;", tags["og:description"]), (name, tags["og:description"])
        assert read(name).count('name="description"') == 1, name
        assert tags["twitter:card"] == "summary_large_image"
        assert re.findall(r'rel="canonical" href="([^"]*)"', read(name)) == ([home + name] if home else []), name
        assert tags["og:image"] == f"{home or '../'}_static/social-card.png"


def test_pictures_for_others_have_their_size_and_little_weight():
    for name, size in PICTURES.items():
        picture = (SITE / "_static" / name).read_bytes()
        assert struct.unpack(">II", picture[16:24]) == size
        assert len(picture) < 100_000


@pytest.mark.parametrize(
    ("repository", "own", "address"),
    [
        ("https://github.com/" + "YOUR_NAME/lstm-from-scratch", "", ""),
        ("https://github.com/Ada/lstm", "", "https://ada.github.io/lstm/"),
        ("https://github.com/ada/ada.github.io/", "", "https://ada.github.io/"),
        ("https://github.com/ada/lstm", "https://ada.org/book", "https://ada.org/book/"),
    ],
)
def test_the_address_of_the_book_follows_from_its_repository(address_of, repository, own, address):
    config = SimpleNamespace(html_baseurl=own, html_theme_options={"repository_url": repository})
    assert address_of(config) == address


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"c_t = f_t \odot c_{t-1} \tag{6.7}", "cₜ = fₜ ⊙ cₜ₋₁ (6.7)"),
        (r"\sigma(-2\ln 3) = \frac{1}{1+e^{-a}}", "σ(−2ln 3) = 1/(1 + e^(−a))"),
        (r"\hat m_s", "m̂ₛ"),
        (r"x < y", "x < y"),
    ],
)
def test_a_formula_can_be_said_in_plain_text(monkeypatch, tex, text):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    assert import_module("plain_math").to_text(tex) == text


def test_no_excerpt_holds_tex_or_marks_of_links():
    text = read("_static/excerpts.js").removeprefix("window.excerpts = ").removesuffix(";\n")
    excerpts = json.loads(text)
    for page, sections in excerpts["pages"].items():
        for _, title, words in sections:
            found = re.search(r"\\(?:frac|mathrm|odot|sum|ln|sigma|text)\b|\)#", title + words)
            assert not found, (page, title, found)
    assert excerpts["numbers"]["equation 6.7"] == "notebooks/06-build-the-lstm-cell.html#equation-6-7"


def test_the_contents_lead_to_the_sections_of_the_page_and_the_map_to_every_chapter():
    chapter = read("notebooks/06-build-the-lstm-cell.html")
    contents = chapter[chapter.index('<nav class="contents"') : chapter.index("</nav>")]
    assert re.search(r'aria-current="page"[^>]*>6\. Build.*?</a>\s*<div class="contents__here">\s*<ul', contents, re.S)
    assert 'href="#keep-the-forget-gate"' in contents
    index = read("book/index.html")
    map_of_book = index[index.index('<div class="map') : index.index('id="how-a-chapter-works"')]
    chapters = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(re.findall(r'href="\.\./notebooks/([^"]+)\.html"', map_of_book)) == chapters


@pytest.mark.browser
def test_search_shows_clean_words_and_a_wrong_address_leads_back(browser):
    with serve_site() as home:
        wait = WebDriverWait(browser, PATIENCE)
        set_view(browser, width=390, dark=False)

        def results(start: str, words: str) -> str:
            browser.get(start + "search.html")
            assert browser.switch_to.active_element.get_attribute("name") == "q"
            browser.switch_to.active_element.send_keys(words, Keys.ENTER)
            wait.until(lambda d: d.find_elements(By.CLASS_NAME, "found__count"))
            return browser.find_element(By.ID, "search-results").text

        for start in (home, SITE.as_uri() + "/"):
            text = results(start, "sigmoid")
            assert "1/(1 + e^(−a))" in text, "an excerpt holds its formula as plain text"
            assert not re.search(r"\\|\$|#|\bfrac\b", text)
            assert browser.find_element(By.TAG_NAME, "mark").text.lower() == "sigmoid"
        assert "Equation (6.7)" in results(home, "(6.7)")
        nothing = results(home, "gradiant<>")
        assert "Nothing found for “gradiant<>”\nDid you mean gradient" in nothing
        assert not severe_messages(browser)

        assert not re.search(r'(src|link)="', read("404.html")), "its depth is unknown"
        for path in ("404.html", "notebooks/a/b/gone.html"):
            browser.get(home + path)
            links = browser.execute_script("return [...document.links].map(a => a.href)")
            assert links[0] == home + "book/index.html"
            assert home + "notebooks/06-build-the-lstm-cell.html" in links
            assert browser.execute_script("return document.forms[0].action") == home + "search.html"
