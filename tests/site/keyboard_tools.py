"""A reader without a mouse: presses Tab through a page, and says what each stop looks like."""

from typing import Any

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains

# What has the focus: its name, whether a ring is seen on it or on the box around it, and what lies on top of it.
STOP = """
const e = document.activeElement;
if (!e || e === document.body) return null;
const box = e.getBoundingClientRect();
const ring = (x) => getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) >= 1;
const within = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
const middle = (a, b, end) => (Math.max(a, 0) + Math.min(b, end)) / 2;
const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
const top = document.elementFromPoint(x, y);
const name = e.getAttribute('aria-label') || e.textContent.trim().replace(/\\s+/g, ' ') || e.placeholder || e.outerHTML;
return {name: name.slice(0, 60), ring: ring(e) || (e.matches('input') && ring(e.form)), within,
  covered: within && top && !e.contains(top) && !top.contains(e) ? top.outerHTML.slice(0, 60) : ''};
"""


def press(driver: webdriver.Chrome, *keys: str) -> None:
    """Keys go to whatever has the focus."""
    ActionChains(driver, duration=0).send_keys(*keys).perform()


def focus(driver: webdriver.Chrome, selector: str) -> None:
    """Put the focus there as a keyboard would: the ring shows."""
    driver.execute_script("document.querySelector(arguments[0]).focus({focusVisible: true})", selector)


def focused(driver: webdriver.Chrome, selector: str) -> bool:
    """Whether the focus is on such an element."""
    return bool(driver.execute_script("return document.activeElement.matches(arguments[0])", selector))


def walk(driver: webdriver.Chrome, at_most: int = 400) -> list[dict[str, Any]]:
    """Every stop of Tab from the top of the page to its end."""
    stops: list[dict[str, Any]] = []
    for _ in range(at_most):
        press(driver, "\ue004")
        stop = driver.execute_script(STOP)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError(f"Tab comes to no end: {stops[-3:]}")


def faults(stops: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the stops of a walk."""
    found = [f"no ring: {stop['name']}" for stop in stops if not stop["ring"]]
    found += [f"out of sight: {stop['name']}" for stop in stops if not stop["within"]]
    return found + [f"under {stop['covered']}: {stop['name']}" for stop in stops if stop["covered"]]
