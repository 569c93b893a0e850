"""The archive for reading without a network: unpacked where no program likes to live, and opened from the disk."""

import os
import shutil
from pathlib import Path
from zipfile import ZipFile

import make_zip
import pytest
from browser_tools import PATIENCE, severe_messages
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import ROOT, SITE, pages, require_site
from test_browser import search
from visit_tools import foreign_requests, forget

FEW = ("_toc.yml", "_config.yml", *(f"_build/html/{name}.html" for name in ("index", "book/index", "search", "404")))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require_site()
    folder = tmp_path_factory.mktemp("zip")
    make_zip.make(ROOT, folder / "book.zip")
    place = folder / "Bücher & Hefte – 100 % неттó #1"
    with ZipFile(folder / "book.zip") as archive:
        archive.extractall(place)
    return place


def test_one_folder_with_one_thing_to_open(unpacked):
    assert [path.name for path in unpacked.iterdir()] == ["lstm-from-scratch"]
    assert sorted(path.name for path in (unpacked / "lstm-from-scratch").iterdir()) == ["open-me.html", "pages"]


def test_every_file_that_a_page_leads_to_comes_along(unpacked):
    """The pages' own links are tried on the built site: here nothing but what no page asks for may be missing."""
    home = unpacked / "lstm-from-scratch" / "pages"
    packed = {path.relative_to(home) for path in home.rglob("*") if path.is_file()}
    missing = {path.relative_to(SITE) for path in SITE.rglob("*") if path.is_file()} - packed
    assert {path.name for path in missing} <= {"objects.inv", ".nojekyll", ".buildinfo"}
    assert {page.path.relative_to(SITE) for page in pages().values()} <= packed


def test_the_same_pages_give_the_same_bytes(tmp_path, monkeypatch):
    """Whenever they were built and packed, and in whichever order."""
    made = set()
    for day, names in enumerate((FEW, FEW[::-1])):
        root, now = tmp_path / str(day), 1e9 + day * 86400
        monkeypatch.setattr("time.time", lambda now=now: now)
        for name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, root / name)
            os.utime(root / name, (now, now))
        make_zip.make(root, root / "book.zip")
        made.add((root / "book.zip").read_bytes())
    assert len(made) == 1


@pytest.mark.browser
def test_it_opens_and_finds_without_a_network(unpacked, browser):
    home = (unpacked / "lstm-from-scratch").as_uri() + "/"
    forget(browser)
    browser.get(home + "open-me.html")
    WebDriverWait(browser, PATIENCE).until(lambda d: d.current_url == home + "pages/book/index.html")
    assert severe_messages(browser) == []
    results = search(browser, home + "pages/", "latch")
    assert any(address.startswith(home + "pages/book/glossary.html") for address in results), results
    assert severe_messages(browser) == []
    assert foreign_requests(browser, home) == []
