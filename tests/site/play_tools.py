"""What is asked of a view that plays its steps: where it goes, what pauses it, what it says and writes meanwhile."""

from keyboard_tools import focus, press
from selenium import webdriver
from view_tools import until

PACE, SLOW = 5, 800  # milliseconds between two steps; SLOW is longer than a view waits before it speaks or writes

# `at()` is the step that is shown, as a number; in the end `done(...)`.
TOOLS = """
const at = () => Number(%s);
const done = arguments[arguments.length - 1];
const button = document.querySelector('.live__play');
const rest = (time) => new Promise((done) => setTimeout(done, time));
const moved = async (from = at()) => { while (at() === from) await rest(1); };
"""
COURSE = """
const seen = [];
const look = () => { if (seen.at(-1) !== at()) seen.push(at()); };
const told = { childList: true, characterData: true, attributes: true, subtree: true };
const watch = new MutationObserver(look);
watch.observe(document.querySelector('.live'), told);
(async () => {
  button.click();
  while (button.textContent === 'Pause') await rest(1);
  watch.disconnect();
  done(seen);
})();
"""
STOPPED = """
(async () => {
  const begin = at();
  button.click();
  if (at() === begin) await moved();
  await moved(); // by itself
  const words = [button.textContent];
  %s;
  const there = at();
  await rest(100);
  done([...words, button.textContent, at() - there]);
})();
"""
SET = """
const control = document.querySelectorAll('.live %s')[%d];
control.value = '%s';
control.dispatchEvent(new Event('%s'));
"""
FOLLOW = """await new Promise((followed) => {
  addEventListener('hashchange', followed, { once: true });
  location.hash = '#view=%s';
})"""
SPOKEN = "return document.querySelector('.live [aria-live]').textContent"


def click(words: str) -> str:
    """The JavaScript that presses the first button that says so."""
    return f"[...document.querySelectorAll('.live button')].find((each) => each.textContent === '{words}').click()"


def pull(slider: int, value: int) -> str:
    return SET % ("input[type=range]", slider, value, "input")


def choose(value: object) -> str:
    return SET % ("select", 0, value, "change")


def type_in(letters: str) -> str:
    return SET % ("input[type=text]", 0, letters, "input")


def follow(state: str) -> str:
    return FOLLOW % state


def go_to(driver: webdriver.Chrome, state: str) -> None:
    """Follow a link to a state, on the page that is open."""
    driver.execute_async_script(f"const done = arguments[0]; (async () => {{ {follow(state)}; done(true); }})()")


def course(driver: webdriver.Chrome, at: str) -> list[int]:
    """The steps that are shown from a press of Play until it stops; `at` is the JavaScript that says where it is."""
    return [*driver.execute_async_script(TOOLS % at + COURSE)]


def stops(driver: webdriver.Chrome, at: str, act: str) -> bool:
    """Whether it plays until somebody acts, in JavaScript, and then stands still with Play to press."""
    return bool(driver.execute_async_script(TOOLS % at + STOPPED % act) == ["Pause", "Play", 0])


def plays_in_silence(driver: webdriver.Chrome, at: str) -> str:
    """Play three steps by keyboard, in silence, the address untouched; pause; what is said then."""
    focus(driver, ".live__play")
    press(driver, " ")
    until(driver, f"return Number({at}) >= 3")
    assert driver.execute_script(SPOKEN) == ""
    assert driver.execute_script("return location.hash") == ""
    assert driver.execute_script("return document.activeElement.textContent") == "Pause"
    press(driver, " ")
    assert driver.execute_script("return document.activeElement.textContent") == "Play"
    until(driver, "return location.hash")
    return str(until(driver, SPOKEN))
