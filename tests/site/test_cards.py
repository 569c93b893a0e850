"""The cards of links in a real browser: by key, mouse and finger; they never cover their word and never trap."""

import pytest
from browser_tools import PATIENCE, severe_messages
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from site_pages import SITE

pytestmark = pytest.mark.browser
BACKWARD = (SITE / "notebooks" / "08-run-one-name-backward.html").as_uri()
EQUATION = 'a.number[href$="#equation-7-3"]'
WORD = "a.glossary-term"
COVERED = """
const [card, ...words] = [document.getElementById('card'), arguments[0]].flatMap(e => [...e.getClientRects()]);
return words.some(w => w.left < card.right && w.right > card.left && w.top < card.bottom && w.bottom > card.top)
  || card.left < 0 || card.right > innerWidth || card.top < 0 || card.bottom > innerHeight;
"""


def find(driver: webdriver.Chrome, selector: str) -> WebElement:
    """The first such link, in the middle of the window."""
    link = driver.find_element(By.CSS_SELECTOR, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", link)
    return link


def card(driver: webdriver.Chrome) -> str:
    """What the open card says; nothing when it is closed."""
    found = driver.find_elements(By.CSS_SELECTOR, "#card:popover-open")
    return found[0].text if found else ""


def wait_for(driver: webdriver.Chrome, condition: object) -> None:
    WebDriverWait(driver, PATIENCE, 0.05).until(condition)


def tap(driver: webdriver.Chrome, element: WebElement) -> None:
    """A finger on the middle of the first line of an element."""
    x, y = driver.execute_script(
        "const r = arguments[0].getClientRects()[0]; return [r.left + r.width / 2, r.top + r.height / 2]", element
    )
    tap_at(driver, x, y)


def tap_at(driver: webdriver.Chrome, x: float, y: float) -> None:
    points = [{"x": x, "y": y}]
    driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points})
    driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_by_key_and_mouse(browser):
    browser.get(BACKWARD)
    link = find(browser, EQUATION)
    browser.execute_script("arguments[0].focus({focusVisible: true})", link)
    assert "Go there: 7. Derive every gate’s gradient" in card(browser)
    assert not browser.execute_script(COVERED, link)
    assert link.get_attribute("aria-describedby") == "card"
    label = browser.find_element(By.CSS_SELECTOR, "main > #card").get_attribute("aria-label")
    assert label == "Equation (7.3). Go there: 7. Derive every gate’s gradient", "a formula alone has no name"
    link.send_keys(Keys.ESCAPE)
    assert (card(browser), link.get_attribute("aria-describedby")) == ("", None)
    assert browser.switch_to.active_element == link
    link.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.get_attribute("class") != "card__go", "the card is no stop of the Tab key"

    word = find(browser, WORD)
    ActionChains(browser).move_to_element(word).perform()
    wait_for(browser, lambda driver: "Go there: Glossary" in card(driver))
    assert not browser.execute_script(COVERED, word)
    ActionChains(browser).move_to_element(browser.find_element(By.ID, "card")).pause(0.4).perform()
    assert card(browser), "the mouse may go into the card"
    ActionChains(browser).move_to_element(browser.find_element(By.CLASS_NAME, "bar__title")).perform()
    wait_for(browser, lambda driver: not card(driver))
    assert not severe_messages(browser)


def test_figures_and_formulas_of_the_page_are_copied_without_their_names(browser):
    browser.get(BACKWARD)
    for selector, part in (('a.number[href="#equation-8-3"]', "#card .katex"), ('a.number[href="#fig-08-sum"]', "")):
        links = browser.find_elements(By.CSS_SELECTOR, selector)
        assert links, selector
        browser.execute_script("document.querySelectorAll('details').forEach(box => { box.open = true; })")
        target = browser.execute_script(
            "const t = document.getElementById(arguments[0].hash.slice(1)); t.style.marginTop = '3000px'; return t.id",
            links[0],
        )
        link = find(browser, selector)
        browser.execute_script("arguments[0].focus({focusVisible: true})", link)
        assert browser.find_elements(By.CSS_SELECTOR, part or "#card figcaption"), target
        assert (
            browser.execute_script("return document.querySelectorAll('[id=\"' + arguments[0] + '\"]').length", target)
            == 1
        )


def test_the_first_tap_shows_and_the_second_follows(browser):
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    browser.get(BACKWARD)
    link = find(browser, EQUATION)
    tap(browser, link)
    wait_for(browser, card)
    assert browser.current_url == BACKWARD
    assert not browser.execute_script(COVERED, link)
    tap_at(browser, 4, 800)  # beside the text
    wait_for(browser, lambda driver: not card(driver))
    tap(browser, find(browser, EQUATION))
    wait_for(browser, card)
    tap(browser, find(browser, EQUATION))
    wait_for(browser, lambda driver: driver.current_url.endswith("07-derive-every-gradient.html#equation-7-3"))
