"""How the text stands on the page: the length of a line, one left edge, what may be wrapped and what may not."""

import re
import statistics

import pytest
from browser_tools import PATIENCE, set_view
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE

CHAPTERS = ("06-build-the-lstm-cell", "13-start-well-watch-well", "14-sample-with-care")
LINES = """
document.head.insertAdjacentHTML('beforeend', '<style>* { content-visibility: visible !important }</style>');
const counts = [];
for (const p of document.querySelectorAll('.article section > p')) {
  if (p.querySelector('.katex') || !p.checkVisibility()) continue;
  const words = document.createTreeWalker(p, NodeFilter.SHOW_TEXT), lines = new Map(), place = document.createRange();
  for (let node; (node = words.nextNode()); ) for (let k = 0; k < node.length; k++) {
    place.setStart(node, k); place.setEnd(node, k + 1);
    const { bottom } = place.getBoundingClientRect();
    const line = [...lines.keys()].find(y => Math.abs(y - bottom) < 12) ?? bottom;
    lines.set(line, (lines.get(line) || 0) + 1);
  }
  counts.push(...[...lines.values()].slice(0, -1));
}
return counts;
"""
EDGES = """
const article = document.querySelector('.article'), edge = document.querySelector('h1').getBoundingClientRect().left;
const parts = article.querySelectorAll('section > :is(h1, h2, h3, p, blockquote, .math, .brief, .exercise, .cell)'
  + ', .cell_input pre, .cell_output > figure, .cell_output > figure > figcaption, section > .cell details');
return [...parts].filter(e => e.checkVisibility() && !e.closest('.again') && !e.parentElement.closest('details'))
  .filter(e => Math.abs(e.getBoundingClientRect().left - edge) > 1).map(e => e.outerHTML.slice(0, 90));
"""
TABLES = """
const code = document.querySelector('.cell_input pre span + span').getBoundingClientRect().left;
return [...document.querySelectorAll('.cell_output table')].filter(e => e.checkVisibility() && !e.closest('details'))
  .map(e => Math.round(e.getBoundingClientRect().left - code));
"""
WRAPPED = """
return [...document.querySelectorAll('.cell pre')].filter(e => getComputedStyle(e).whiteSpace.includes('wrap')
  && !e.closest('.exercise .sentence')).map(e => e.textContent.slice(0, 60));
"""
LOOSE = """
const formulas = [...document.querySelectorAll('.article .katex')].filter(e => !e.closest('.math'));
const loose = formulas.filter(e => !e.closest('.glued') && /^[,.;:)]/.test(e.nextSibling?.data || ''));
const broken = [...document.querySelectorAll('.glued, code.short')]
  .filter(e => getComputedStyle(e).whiteSpace !== 'nowrap');
return [formulas.length, [...loose, ...broken].map(e => e.textContent.slice(0, 60))];
"""
HIDDEN_EDGE = """
return [...document.querySelectorAll('.article :is(.output.text_html, pre)')].filter(e => e.checkVisibility()
  && e.scrollWidth > e.clientWidth + 1 && !getComputedStyle(e).backgroundImage.includes('gradient')).length;
"""


@pytest.mark.browser
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_text_on_a_desk(browser, chapter):
    set_view(browser, width=1440, dark=False)
    browser.get((SITE / "notebooks" / f"{chapter}.html").as_uri())
    lines = browser.execute_script(LINES)
    assert len(lines) > 10
    assert 66 <= statistics.median(lines) <= 72
    assert statistics.quantiles(lines, n=20, method="inclusive")[-1] <= 78
    assert not browser.execute_script(EDGES), "one left edge for text, captions, code and figures"
    assert set(browser.execute_script(TABLES)) <= {-1, 0, 1}, "a table begins where code begins"
    formulas, loose = browser.execute_script(LOOSE)
    assert formulas > 20
    assert browser.execute_script("return document.querySelectorAll('code.short').length") > 5
    assert not loose


@pytest.mark.browser
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_code_and_tables_on_a_phone(browser, chapter):
    set_view(browser, width=390, dark=True)
    browser.get((SITE / "notebooks" / f"{chapter}.html").as_uri())
    assert not browser.execute_script(WRAPPED), "what was lined up stays lined up"
    assert browser.execute_script(HIDDEN_EDGE) == 0, "a shade says that a box goes on"


@pytest.mark.browser
def test_the_list_of_sections_shows_the_steps_of_the_one_that_is_read(browser):
    set_view(browser, width=1440, dark=False)
    browser.get((SITE / "notebooks" / "07-derive-every-gradient.html").as_uri())
    shown = "return [...document.querySelectorAll('.here a')].filter(e => e.checkVisibility()).map(e => e.hash)"
    assert 10 < len(browser.execute_script(shown)) < 20
    browser.execute_script("document.getElementById('the-arrows').scrollIntoView({ behavior: 'instant' })")
    WebDriverWait(browser, PATIENCE).until(lambda d: "#the-arrows" in d.execute_script(shown))
    assert len(browser.execute_script(shown)) < 25


def test_each_exercise_and_caption_has_its_title_and_each_chapter_its_head():
    for path in sorted((SITE / "notebooks").glob("*.html")):
        text = re.sub(r"<template.*?</template>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        exercises = re.findall(r'<div class="exercise (?:quick|pencil|code)[^>]* id="exercise-(\d+)-(\d+)"', text)
        titles = re.findall(r'<p class="exercise__title">Exercise (\d+)\.(\d+) ', text)
        assert titles == exercises, path.name
        captions = re.findall(r"<figcaption>.*?</figcaption>", text, flags=re.DOTALL)
        assert all(re.search(r'"number">Figure \d+\.\d+\.</span>', caption) for caption in captions), path.name
        assert text.count('<div class="brief') == 1, path.name
        assert not re.search(r"<p><strong>\d+\.\d+</strong> \((quick|pencil|code)", text), path.name
