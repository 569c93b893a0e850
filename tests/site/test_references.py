"""Numbers in the text lead to what they name, and each page holds what its links show: `references` and `about`."""

import gzip
import re
from pathlib import Path

from site_pages import SITE, pages
from test_extensions import build, small_book

LINK = re.compile(r'<a class="number about[^"]*" href="([^"]*)"[^>]*><span>([^<]*)</span></a>')
TEMPLATE = re.compile(r'<template id="about-([^"]+)" data-page="[^"]+">(.*?)</template>', re.DOTALL)
CHAPTER = """# 1. One, not (1.1)

$$x \\tag{1.1}$$

By (1.1), not (2.2), not `(1.1)`, see [not (1.1)](https://a.org), Figure 1.1 and exercise 1.2.

```{figure} ../book/_static/hero.svg
:name: fig-one
:alt: A picture of one cell, drawn four times.

Figure 1.1. A figure of (1.1), itself Figure 1.1, before exercise 1.2.
```

**1.2** (pencil, 5 minutes) Count aardvarks $x^2$ and exercise 1.2.

<details><summary>Solution 1.2</summary>

By (1.1).

</details>

## Exercises

1.2 stood in the text.
"""


def text_of(folder: Path, page: str) -> str:
    return (folder / "_build/html" / f"{page}.html").read_text(encoding="utf-8")


def test_numbers_that_exist_lead_there_and_what_they_show_on_other_pages_goes_with_the_page(tmp_path):
    result = build(small_book(tmp_path, "# Page\n\nBy (1.1),\nFigure 1.1, Exercise 1.2, exercise 1.9.\n", CHAPTER))
    assert result.returncode == 0, result.stderr
    chapter, other = text_of(tmp_path, "notebooks/one"), text_of(tmp_path, "book/index")
    equation, figure, exercise = (
        ("#equation-1-1", "(1.1)"),
        ("#fig-one", "Figure 1.1"),
        ("#exercise-1-2", "exercise 1.2"),
    )
    expected = [equation, figure, exercise, equation, exercise, equation, ("#exercise-1-2", "1.2")]
    assert LINK.findall(chapter) == expected
    assert not TEMPLATE.findall(chapter), "what stands on the page is not stored twice"
    away = [(f"../notebooks/one.html{anchor}", text) for anchor, text in (equation, figure, exercise)]
    assert LINK.findall(other) == [(address, text.replace("ex", "Ex")) for address, text in away]
    kept = dict(TEMPLATE.findall(other))
    assert list(kept) == ["equation-1-1", "fig-one", "exercise-1-2"]
    assert 'class="katex-display"' in kept["equation-1-1"]
    assert "A figure of (1.1), itself" in kept["fig-one"]
    assert 'Count aardvarks <span class="katex">' in kept["exercise-1-2"]
    assert 'data-sheet="katex"' in other, "formulas that wait for their card need their style"
    index = (tmp_path / "_build/html/searchindex.js").read_text(encoding="utf-8")
    assert '"aardvark": 1,' in index, "the search finds a word where it stands, not where it waits for a card"


def test_each_number_leads_to_the_thing_with_that_number():
    wrong, seen = [], 0
    for page in pages().values():
        for address, text in LINK.findall(page.path.read_text(encoding="utf-8")):
            name, anchor = address.split("#")
            target = (page.path.parent / name if name else page.path).read_text(encoding="utf-8")
            number = re.search(r"\d+\.\d+", text)[0]
            if "igure" in text:
                caption = rf'<figcaption>\s*<p><span class="caption-text"><span class="number">Figure {number}\.'
                right = re.search(rf'id="{anchor}".*?{caption}', target, re.DOTALL)
            else:
                right = anchor.endswith("-" + number.replace(".", "-"))
            wrong += [] if right else [(page.name, address, text)]
            seen += 1
    assert not wrong
    assert seen > 150


def test_each_card_has_its_text_on_the_page_and_adds_no_name_to_it():
    for page in pages().values():
        html = page.path.read_text(encoding="utf-8")
        kept = dict(TEMPLATE.findall(html))
        here = re.sub(TEMPLATE, "", html)
        for classes, address in re.findall(r'<a class="([^"]*)" href="([^"]*)"', here):
            if "about" in classes.split():
                anchor = address.split("#")[1]
                assert (anchor in kept) != (f'id="{anchor}"' in here), (page.name, anchor)
        assert not [name for name, text in kept.items() if re.search(r"\bid=|<a\b|<img\b", text)], page.name


def test_texts_for_cards_keep_the_pages_light():
    for path in (SITE / "notebooks").glob("*.html"):
        html = path.read_text(encoding="utf-8")
        added = len(gzip.compress(html.encode())) - len(gzip.compress(re.sub(TEMPLATE, "", html).encode()))
        assert 0 < added < 5_000, (path.name, added)
