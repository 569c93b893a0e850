"""The live machine comes to a page that has a place for it, when the place comes near, and to no other page."""

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_tools import PATIENCE, as_new, severe_messages
from selenium import webdriver
from selenium.webdriver.support.wait import WebDriverWait
from site_pages import ROOT, SITE, pages, require_site

sys.path.append(str(ROOT / "book" / "_ext"))
import page_data
import places

LIVE = ROOT / "book" / "_live"
LIMIT = 600  # kilobytes, compressed, of all that the first view loads beside the page


@pytest.fixture
def one_view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "VIEWS", {"echo": ("rng", "view-echo")})
    monkeypatch.setattr(places, "FIGURES", {"fig-06-latch": ("echo", {"unit": 1})})


def test_a_page_without_a_place_loads_nothing(one_view):
    body = '<p class="live" data-view="echo">a <div class="alive" data-view="echo">'
    assert places.table_of("book/index", body) is None
    context = {"body": "<p>text</p>"}
    places.add_table(None, "book/index", "page.html", context, None)
    assert context == {"body": "<p>text</p>"}


def test_a_page_says_what_its_places_need(one_view):
    context = {"body": '<div data-view="echo" class="live wide"><p>twin</p></div>'}
    places.add_table(None, "book/playground", "page.html", context, None)
    table = json.loads(context["body"].partition('id="live-table">')[2].removesuffix("</script>"))
    assert table == {"root": "../_static/live/", "scripts": {"echo": ["rng", "view-echo"]}, "figures": []}
    found = places.table_of("notebooks/06-x", '<figure class="align-default" id="fig-06-latch"><figure id="fig-1">')
    assert found["figures"] == [{"name": "fig-06-latch", "view": "echo", "options": {"unit": 1}}]


def test_a_place_for_an_unknown_view_fails_the_build(one_view):
    with pytest.raises(ValueError, match="book/index has a place for the view 'ehco', which VIEWS"):
        places.table_of("book/index", '<div class="live" data-view="ehco">')


def test_a_view_needs_scripts_that_exist_in_an_order_that_works():
    data = {f"{name}" for name in page_data.scripts()}
    for needs in (places.READER, places.TRAINER, *places.VIEWS.values()):
        assert len(set(needs)) == len(needs)
        for name in needs:
            assert name in data or (LIVE / f"{name}.js").is_file(), name


def test_every_sheet_is_in_the_one_of_the_page():
    assert sorted(places.STYLES) == sorted(path.stem for path in LIVE.glob("*.css"))


def test_the_first_view_weighs_at_most_its_limit():
    made = page_data.scripts()
    names = ("live", *places.VIEWS["read"])
    texts = [made.get(name) or (LIVE / f"{name}.js").read_text(encoding="utf-8") for name in names]
    texts.append(places.style(LIVE))
    assert sum(len(gzip.compress(text.encode(), mtime=0)) for text in texts) / 1024 < LIMIT


def test_the_built_site_has_the_scripts_and_data_of_today():
    require_site()
    expected = {path.stem: path.read_text(encoding="utf-8") for path in LIVE.glob("*.js")} | page_data.scripts()
    built = {path.stem: path.read_text(encoding="utf-8") for path in (SITE / "_static" / "live").glob("*.js")}
    assert built.keys() == expected.keys()
    assert [name for name in expected if built[name] != expected[name]] == []
    assert (SITE / "_static" / "live" / "live.css").read_text(encoding="utf-8") == places.style(LIVE)


def test_only_pages_with_places_name_the_scripts():
    for page in pages().values():
        text = page.path.read_text(encoding="utf-8")
        assert ('id="live-table"' in text) == bool(places.table_of(page.name, text)), page.name
        assert 'src="../_static/live' not in text, page.name


PAGE = """<!DOCTYPE html><meta charset=utf-8><title>places</title>
<div class="live" data-view="echo" data-options='{"say": "<b>near</b>"}'>twin</div>
<div class="live" data-view="lost">twin of the lost</div>
<div style="height: 9000px"></div>
<figure id="fig-far">drawing</figure>
<script type="application/json" id="live-table">{"root": "", "scripts": {"echo": ["rng", "view-echo"],
"lost": ["view-lost"]}, "figures": [{"name": "fig-far", "view": "echo", "options": {"say": "far"}}]}</script>
<script src="80-live.js"></script>"""
# What is ahead of the view: one piece fails, the next waits for whatever the others have promised.
ECHO = """live.made = ["first"];
const promise = async () => { for (let k = 0; k < 99; k++) await null; live.made.push("promised"); };
live.ahead(promise, () => { throw new Error("no data") }, () => live.made.push("last"));
live.view("echo", { question: "?", move: "!", takeaway: ".", mount(place, { say, figure }) {
  live.made.push(say, getComputedStyle(place).order);
  place.textContent = `${say} ${live.rng(1).integer(1)} ${figure?.id ?? ""}`.trim(); } });"""


@pytest.fixture
def opened(one_browser: webdriver.Chrome, tmp_path: Path) -> Callable[[str], Any]:
    """A page from the disk with two places near and one far; returns what runs a script on it."""
    for source in (LIVE / "live.js", LIVE / "rng.js", ROOT / "book" / "_js" / "80-live.js"):
        (tmp_path / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "live.css").write_text(".live { order: 7 }", encoding="utf-8")
    (tmp_path / "view-echo.js").write_text(ECHO, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    as_new(one_browser)
    one_browser.get((tmp_path / "page.html").as_uri())
    return one_browser.execute_script


@pytest.mark.browser
def test_a_place_lives_when_it_is_near(opened, one_browser):
    alive = "return [...document.querySelectorAll('[data-alive]')].map((place) => place.textContent)"
    WebDriverWait(one_browser, PATIENCE, 0.05).until(lambda _: opened(alive))
    assert opened(alive) == ["<b>near</b> 0"]
    assert opened("return live.made") == ["first", "promised", "last", "<b>near</b>", "7"]  # its style is there already
    assert opened("return document.querySelectorAll('script[src*=rng]').length") == 1
    assert opened("return document.querySelector('[data-view=lost]').textContent") == "twin of the lost"
    opened("document.getElementById('fig-far').scrollIntoView()")
    WebDriverWait(one_browser, PATIENCE, 0.05).until(lambda _: len(opened(alive)) == 2)
    assert opened(alive)[1] == "far 0 fig-far"
    assert opened("return document.querySelectorAll('script[src*=rng]').length") == 1
    assert opened("return live.made.length") == 7  # nothing is made again
    assert all("view-lost.js" in message for message in severe_messages(one_browser))


@pytest.mark.browser
def test_a_script_that_did_not_come_may_come_the_next_time(opened, one_browser, tmp_path):
    WebDriverWait(one_browser, PATIENCE, 0.05).until(lambda _: opened("return !!window.live"))
    load = "return live.load(['late']).then(() => window.late, (error) => error.message)"
    assert opened(load) == "late.js did not load"
    (tmp_path / "late.js").write_text("window.late = (window.late ?? 0) + 1;", encoding="utf-8")
    assert [opened(load), opened(load)] == [1, 1]
    severe_messages(one_browser)
