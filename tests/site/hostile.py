"""What nobody's name is: markup, emoji, right-to-left, halves of pairs, every space of Unicode; typed into a view."""

import random
from typing import Any

from selenium import webdriver

SPACES = (
    *map(chr, range(0x09, 0x0E)), " ", "\x85", "\xa0", "\u1680", *map(chr, range(0x2000, 0x200B)), "\u2028", "\u2029",
    "\u202f", "\u205f", "\u3000", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff",
)  # fmt: skip
PIECES = (
    "<b>x</b>", "<img src=x onerror=alert(1)>", "</p><script>alert(1)</script>", "&lt;", '"><svg onload=alert(1)>',
    "${1}", "javascript:alert(1)", "]]>", "\0", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1eb\U0001f1f7",
    "e\u0301", "\u202e", "\u200f", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\ud800", "\udc00",
    "ß", "İ", "ﬁ", "Ω", "-", "'", ".", "1", "ana", "zoe", "q" * 50, *(f"a{space}b" for space in SPACES),
)  # fmt: skip
# Each text in turn goes into the field; nothing but plain elements may stand in the view, and a fault has a sentence.
TYPE_ALL = """
const [selector, inputs, done] = arguments;
const place = document.querySelector(selector), field = place.querySelector('input[type=text], textarea');
const tick = () => new Promise((resolve) => setTimeout(resolve));
const plain = new Set('A B BR BUTTON CAPTION DETAILS DIV I INPUT LABEL LI OL OUTPUT P SMALL SPAN SUMMARY'.split(' '));
'CANVAS CODE OPTION SELECT TABLE TBODY TD TEXTAREA TH THEAD TR'.split(' ').forEach((tag) => plain.add(tag));
const drawn = (e) => e.namespaceURI.endsWith('svg') && !e.matches('script, image, a, foreignObject');
const alarms = [];
window.alert = () => alarms.push('alert');
addEventListener('error', (event) => alarms.push(String(event.message)));
addEventListener('unhandledrejection', (event) => alarms.push(String(event.reason)));
(async () => {
  for (const units of inputs) {
    field.value = String.fromCharCode(...units);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    if (field.matches('textarea')) {
      [...place.querySelectorAll('button')].find((each) => each.textContent === 'Take these words').click();
      for (let k = 0; k < 2000 && place.dataset.phase !== 'idle'; k++) await tick();
      if (place.dataset.phase !== 'idle') alarms.push(`${units}: ${place.dataset.phase}`);
    }
    await tick();
    while (place.querySelector('[aria-busy=true]')) await tick();
    for (const each of place.querySelectorAll('*')) {
      const odd = !each.closest('.live__kept') && each.getAttributeNames().some((name) => /^(on|src|href)/.test(name));
      if (!(plain.has(each.tagName) || drawn(each)) || odd) alarms.push(`${units}: ${each.outerHTML.slice(0, 80)}`);
    }
    const faults = [...place.querySelectorAll('.live__fault:not([hidden])')];
    if (faults.some((each) => !each.textContent.trim())) alarms.push(`${units}: no sentence`);
    if (field.matches('textarea') && !faults.length) alarms.push(`${units}: taken`);
    const shown = place.querySelector('.live__letters')?.checkVisibility();
    const read = selector.includes('"read"') || selector.includes('"start"');
    if (read && faults.length > 0 === shown && field.value.trim()) alarms.push(`${units}: ${shown}`);
  }
  done(alarms);
})();
"""


def texts(count: int) -> list[str]:
    """So many of them: each piece alone, then several in a row, always the same."""
    rng = random.Random(17)
    return [*PIECES, *("".join(rng.choices(PIECES, k=rng.randint(1, 5))) for _ in range(count))][:count]


def type_all(driver: webdriver.Chrome, place: str, count: int) -> list[Any]:
    """Type so many of them into the view that a selector finds; what went wrong."""
    units = [list(memoryview(each.encode("utf-16-le", "surrogatepass")).cast("H")) for each in texts(count)]
    return [*driver.execute_async_script(TYPE_ALL, place, units)]
