"""The built site, read as files: nothing broken, nothing fetched from elsewhere, nothing left unrendered."""

import json
import re
from importlib.metadata import version

import pytest
import site_pages
import yaml
from site_pages import CHAPTERS, NAMES, ROOT, SITE, is_external, pages, problem_of, require_site

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
NOTEBOOKS = [chapter for chapter in CHAPTERS if chapter.startswith("notebooks/")]


@pytest.fixture(autouse=True)
def _built():
    require_site()


def test_jupyter_book_is_the_first_generation():
    assert version("jupyter-book").startswith("1.0"), "Jupyter Book 2 is another program; see requirements.txt"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_of_the_contents_has_a_page(chapter):
    assert (SITE / f"{chapter}.html").is_file(), f"{chapter} stands in _toc.yml and was not built"


def test_every_page_belongs_to_the_contents():
    built = {page.name.removesuffix(".html") for page in pages().values()}
    assert built == {*NAMES}, "rebuild from an empty _build: pages of removed chapters lie there"


def test_every_internal_link_and_anchor_leads_somewhere():
    broken = [
        f"{page.name}: {tag} {address} {problem}"
        for page in pages().values()
        for tag, address in page.links + page.loads
        if not is_external(address) and (problem := problem_of(address, page.path))
    ]
    assert not broken, "\n".join(broken)


def test_links_are_found_at_all():
    """A crawler that reads nothing would find nothing broken."""
    index = pages()[SITE / "book" / "index.html"]
    assert ("a", "../notebooks/01-prepare-the-data.html") in index.links
    assert 'aria-label="' in (SITE / "book/index.html").read_text(encoding="utf-8").split('<svg class="drawn')[1]
    assert sum(len(page.links) for page in pages().values()) > 50 * len(CHAPTERS)


def test_no_page_fetches_anything_from_another_host():
    fetched = [
        f"{p.name}: {tag} {address}" for p in pages().values() for tag, address in p.loads if is_external(address)
    ]
    assert not fetched, "\n".join(fetched)


def test_every_page_brings_its_style_along():
    """Its fonts are among the addresses that are followed above."""
    for page in (page for page in pages().values() if page.name != "404.html"):  # which needs no other file
        fetched = [address for tag, address in page.loads if tag == "style"]
        assert any(address.endswith("_static/fonts/book-serif.woff2") for address in fetched), page.name
        assert not [address for _, address in page.loads if address.split("?")[0].endswith(".css")], page.name


def test_every_page_has_a_title_and_one_heading_of_the_first_rank():
    wrong = [(p.name, p.title, p.headings) for p in pages().values() if len(p.headings) != 1 or not p.title.strip()]
    assert not wrong


def test_titles_differ():
    titles = [page.title for page in pages().values()]
    assert len(set(titles)) == len(titles), titles


def test_every_picture_has_alternative_text():
    silent = [(page.name, page.images_without_alt) for page in pages().values() if page.images_without_alt]
    assert not silent


def test_no_markup_is_left_unrendered():
    """A misspelt role or an unclosed fence stays in the text as it was written."""
    leftover = re.compile(r"\{(term|ref|doc|cite|eq|numref|math)[:}]|```|:::|\$\$|\\tag\{[^}]*$")
    found = [(page.name, match.group()) for page in pages().values() if (match := leftover.search(page.text))]
    assert not found


def test_the_address_of_the_site_leads_to_the_first_page():
    text = (SITE / "index.html").read_text(encoding="utf-8")
    target = re.search(r"""url=([^"'\s]+)""", text)
    assert target is not None, f"index.html at the root redirects nowhere: {text!r}"
    assert target.group(1) == "book/index.html"


def test_search_knows_the_words_of_the_book():
    text = (SITE / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert set(index["docnames"]) == set(CHAPTERS)
    for word, chapter in [("latch", "book/glossary"), ("vermillion", "book/style-guide")]:
        found = index["terms"].get(word, [])
        documents = found if isinstance(found, list) else [found]
        assert chapter in {index["docnames"][number] for number in documents}, word


def test_a_chapter_leads_to_each_word_of_the_glossary():
    linked = {
        address.partition("#")[2]
        for chapter in NOTEBOOKS
        for tag, address in pages()[SITE / f"{chapter}.html"].links
        if tag == "a" and "book/glossary.html#term-" in address
    }
    explained = {anchor for anchor in pages()[SITE / "book" / "glossary.html"].ids if anchor.startswith("term-")}
    assert len(explained) > 200
    assert explained == linked


def test_formulas_need_no_other_host():
    sheet = SITE / "_static" / "katex" / "katex.css"
    fonts = re.findall(r"url\(([^)]*)\)", sheet.read_text(encoding="utf-8"))
    assert len(fonts) == 20
    assert all((sheet.parent / font).is_file() for font in fonts)
    with_style = {page.stem for page, read in pages().items() if "KaTeX_Main" in str(read.loads)}
    assert "notation" in with_style
    assert "contributing" not in with_style, "a page without formulas pays for them"


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_a_chapter_opens_in_colab(chapter):
    repository = CONFIG["repository"]["url"].removeprefix("https://github.com/")
    branch = CONFIG["repository"]["branch"]
    address = f"https://colab.research.google.com/github/{repository}/blob/{branch}/{chapter}.ipynb"
    assert ("a", address) in pages()[SITE / f"{chapter}.html"].links


def test_the_crawler_finds_planted_faults(tmp_path, monkeypatch):
    """Each kind of fault, planted in a small site, must be found."""
    monkeypatch.setattr(site_pages, "SITE", tmp_path)
    other = tmp_path / "book" / "other.html"
    other.parent.mkdir()
    other.write_text("<h1 id='here'>Other</h1>", encoding="utf-8")
    page = tmp_path / "book" / "page.html"
    page.write_text(
        "<title>Page</title><div class='onlyprint'><h1>Twice</h1></div><h1>Page<br/></h1></p>"
        "<img src='a.png'><img src='b.png' alt='b'>"
        "<link rel='stylesheet' href='https://example.org/a.css'><link rel='next' href='other.html'>"
        "<script src='//example.org/a.js'></script><style>@import 'https://example.org/b.css';</style>"
        "<p style='background: url(https://example.org/c.png)'><a href='other.html#here'>x</a></p>",
        encoding="utf-8",
    )
    read = site_pages.Page(page)
    monkeypatch.setattr(site_pages, "pages", lambda: {other: site_pages.Page(other), page: read})
    assert (read.title, read.headings, read.images_without_alt) == ("Page", ["Page"], ["a.png"])
    assert [tag for tag, address in read.loads if is_external(address)] == ["link", "script", "style", "style of p"]
    assert ("a", "other.html#here") in read.links
    assert ("link", "other.html") in read.links
    problems = ["/book/other.html", "missing.html", "../../outside.html", "other.html#nowhere", "other.html#here", "#x"]
    assert [problem_of(address, page) for address in problems] == [
        "begins with /, which breaks the book in a folder of a site",
        "names a missing file",
        "leaves the site",
        "names a missing anchor",
        None,
        "names a missing anchor",
    ]


def test_a_missing_site_is_an_error_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(site_pages, "SITE", tmp_path)
    with pytest.raises(AssertionError, match="make book"):
        require_site()
