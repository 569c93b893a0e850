"""Two small views: the two roads back through "ana", which may be cut, and the race of three optimizers in a valley."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
import pytest
from axe_tools import violations
from browser_tools import set_view, severe_messages
from keyboard_tools import focus, press
from live_tools import Ask
from play_tools import PACE, SLOW, choose, click, course, follow, go_to, plays_in_silence, pull, stops
from selenium import webdriver
from site_pages import ROOT, SITE, pages, require_site
from view_tools import Open, opening, places, until, write_page, write_scripts
from visit_tools import FAINT_TEXT

from lstm_lib.bptt import loss_and_grads
from lstm_lib.cell import gates_backward, gates_forward
from lstm_lib.data import make_batch
from lstm_lib.example import HAND_COMPUTED, HAND_COMPUTED_BACKWARD, NAME, VOCABULARY, example_params
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init, adam_update, sgd_update
from lstm_lib.tree import named_leaves

pytestmark = pytest.mark.browser
RIGHT, LEFT, TAB, ENTER, END = "\ue014", "\ue012", "\ue004", "\ue007", "\ue010"
IDS, TARGETS = [0, 1, 2, 1], [1, 2, 1, 0]
GATES, SUBSCRIPTS = "ifgo", "₁₂"
CUTS: tuple[tuple[str, ...], ...] = ((), ("c3",), ("c1", "c2", "c3"), ("h2",), ("h4", "c2"), ("h1", "h2", "h3", "h4"))

# ---- what is computed: the roads


class Walk(NamedTuple):
    """The way back through one name: a row for each step."""

    dh_output: np.ndarray
    dh_carry: np.ndarray
    through_h: np.ndarray
    along_c: np.ndarray
    dc: np.ndarray
    da: np.ndarray  # (T, 4H)


def walk_back(params: Params, ids: list[int], targets: list[int], cut: tuple[str, ...] = ()) -> Walk:
    """The backward pass step by step with the library's cell; a road that is cut carries nothing into c."""
    H, T = params.hidden_size, len(ids)
    h, c, caches, tops = np.zeros((1, H)), np.zeros((1, H)), [], []
    for k in ids:
        (h, c), cache = gates_forward(params.E[[k]] @ params.W_x + h @ params.W_h + params.b, c)
        logits = (h @ params.W_y + params.b_y)[0]
        caches.append(cache)
        tops.append(np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum())
    dz = (np.array(tops) - np.eye(len(tops[0]))[targets]) / T
    rows, dh_carry, along_c = [], np.zeros((1, H)), np.zeros((1, H))
    for t in reversed(range(T)):
        o, tanh_c = caches[t].o, caches[t].tanh_c
        dh_output = dz[[t]] @ params.W_y.T
        dh = dh_output + dh_carry
        sent_h, sent_c = dh * o * (1 - tanh_c**2), along_c
        arrived_h = 0 * sent_h if f"h{t + 1}" in cut else sent_h
        arrived_c = 0 * sent_c if f"c{t + 1}" in cut else sent_c
        dc = arrived_h + arrived_c
        da, next_c = gates_backward(caches[t], dh, dc - sent_h)  # which adds the road through h itself
        rows.append((dh_output, dh_carry, sent_h, sent_c, dc, da))
        dh_carry, along_c = da @ params.W_h.T, next_c
    return Walk(*(np.concatenate(column[::-1]) for column in zip(*rows, strict=True)))


def asked(ask: Ask, params: Params, ids: list[int], targets: list[int], cut: tuple[str, ...]) -> tuple[Any, Walk]:
    size = {"V": params.vocab_size, "D": params.E.shape[1], "H": params.hidden_size}
    lists = {name: leaf.ravel().tolist() for name, leaf in named_leaves(params)}
    steps, back = ask("roads", size, lists, ids, targets, cut)
    ways = [[each["dhOutput"] for each in back], [each["dhCarry"] for each in back]]
    ways += [[each["sent"][kind] for each in back] for kind in "hc"]
    ways += [[each["dc"] for each in back]]
    ways += [[[d for gate in GATES for d in each["da"][gate]] for each in back]]
    return steps, Walk(*map(np.array, ways))


@pytest.mark.parametrize("cut", CUTS, ids=".".join)
def test_the_way_back_is_the_librarys_cut_or_not(ask, cut):
    rng = np.random.default_rng(8)
    wide = init_params(5, 3, 6, rng=rng), [0, *rng.integers(0, 5, 6).tolist()], rng.integers(0, 5, 7).tolist()
    for params, ids, targets in ((example_params(), IDS, TARGETS), wide):
        ours, (_, theirs) = walk_back(params, ids, targets, cut), asked(ask, params, ids, targets, cut)
        for name, our, their in zip(Walk._fields, ours, theirs, strict=True):
            np.testing.assert_allclose(their, our, rtol=0, atol=1e-12, err_msg=name)


def test_without_a_cut_it_is_the_gradient_and_every_number_is_the_texts(ask):
    params = example_params()
    assert ask("ana") == {"V": 3, "D": 2, "H": 2, "Float": ask("ana")["Float"]} | {
        name: leaf.ravel().tolist() for name, leaf in named_leaves(params)
    }
    steps, back = asked(ask, params, IDS, TARGETS, ())
    loss, grads = loss_and_grads(params, make_batch([NAME], VOCABULARY))
    np.testing.assert_allclose(np.mean([step["nats"] for step in steps]), loss, rtol=0, atol=1e-12)
    np.testing.assert_allclose(back.da.sum(axis=0), grads.b, rtol=0, atol=1e-12)
    np.testing.assert_allclose(params.E[IDS].T @ back.da, grads.W_x, rtol=0, atol=1e-12)
    entered = np.array([[0, 0], *(step["h"] for step in steps[:-1])])
    np.testing.assert_allclose(entered.T @ back.da, grads.W_h, rtol=0, atol=1e-12)
    shown = {"p(target)": [step["p"][step["target"]] for step in steps]}
    told = {}
    for k, unit in enumerate(SUBSCRIPTS):
        shown |= {f"{part}{unit}": [step[part][k] for step in steps] for part in "ifgoch"}
        told |= {f"dh{unit} from the output": back.dh_output[:, k], f"dc{unit} through h": back.through_h[:, k]}
        told |= {f"dh{unit}": (back.dh_output + back.dh_carry)[:, k], f"dc{unit}": back.dc[:, k]}
        told |= {f"dc{unit} from the next c": back.along_c[:, k]}
        told |= {f"da^{gate}{unit}": back.da[:, 2 * block + k] for block, gate in enumerate(GATES)}
    for name, by_hand in HAND_COMPUTED.items():
        np.testing.assert_allclose(shown[name], by_hand, rtol=0, atol=5.1e-5, err_msg=name)
    assert told.keys() == HAND_COMPUTED_BACKWARD.keys()
    for name, by_hand in HAND_COMPUTED_BACKWARD.items():
        np.testing.assert_allclose(told[name], by_hand, rtol=0, atol=5.1e-5, err_msg=name)


def signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")


def takeaway(view: str) -> str:
    """The words of a view, as its file joins them."""
    text = (ROOT / "book" / "_live" / f"view-{view}.js").read_text(encoding="utf-8")
    return "".join(re.findall(r'"([^"]*)"', text.partition("takeaway:")[2].partition("/* Options")[0]))


def twin(view: str) -> tuple[list[list[float]], str]:
    """The numbers of the table that stands in a place of the playground, and its words."""
    text = (ROOT / "book" / "playground.md").read_text(encoding="utf-8").split(f'data-view="{view}">')[1]
    text = text.split("</div>")[0].replace("−", "-")
    rows = [line.strip("|").split("|")[1:] for line in text.splitlines() if line.startswith("|")]
    return [[float(cell) for cell in row] for row in rows[2:]], text


def test_what_the_roads_are_said_to_teach_is_true():
    whole, cut = (walk_back(example_params(), IDS, TARGETS, roads) for roads in ((), ("c3",)))
    everywhere = walk_back(example_params(), IDS, TARGETS, ("c1", "c2", "c3"))  # as chapter 8 cuts
    order, wrong = whole.da[2, 0], cut.da[2, 0]
    assert wrong == everywhere.da[2, 0]
    numbers = (whole.through_h[2, 0], whole.along_c[2, 0], order, wrong)
    assert re.findall(r"[+−]\d\.\d+", takeaway("roads")) == [signed(number) for number in numbers]
    nudged = example_params()
    nudged.W_x[1, 0] += 1e-3  # the input gate of the latch at step 3 alone, a little further open
    batch = make_batch([NAME], VOCABULARY)
    assert loss_and_grads(nudged, batch)[0] < loss_and_grads(example_params(), batch)[0]
    table, words = twin("roads")
    np.testing.assert_allclose(table, np.round([whole.through_h[:, 0], whole.along_c[:, 0], whole.dc[:, 0]], 4))
    assert f"told {order:.4f}: open more" in words
    assert f"told {wrong:+.4f}: open less" in words


# ---- what is computed: the race

CURVATURE, TURN = np.array([1.0, 100.0]), np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
RATES = [0.001, 0.003, 0.005, 0.01, 0.015, 0.019, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1]


class Weights(NamedTuple):
    theta: np.ndarray


def descend(rule: str, lr: float, *, turned: bool, steps: int) -> np.ndarray:
    """The weights before the first step and after each, by the library's rules; momentum is (11.2)."""
    turn = TURN if turned else np.eye(2)
    weights, m = Weights(np.array([1.0, 1]) @ turn), np.zeros(2)
    state, path = adam_init(weights), [weights.theta]
    for _ in range(steps):
        slope = Weights((CURVATURE * (weights.theta @ turn.T)) @ turn)
        if rule == "adam":
            weights, state = adam_update(weights, slope, state, lr=lr)
        elif rule == "momentum":
            m = 0.9 * m + 0.1 * slope.theta
            weights = Weights(weights.theta - lr * m)
        else:
            weights = sgd_update(weights, slope, lr=lr)
        path.append(weights.theta)
    return np.array(path)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("rule", "lr"), [("plain", 0.019), ("momentum", 0.1), ("adam", 0.05), ("adam", 0.6)])
def test_the_race_is_run_by_the_librarys_rules(ask, rule, lr, turned):
    ours = descend(rule, lr, turned=turned, steps=250)
    theirs = ask("race", rule, {"lr": lr, "turned": turned, "steps": 250})
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12)
    across = ours[7] @ (TURN.T if turned else np.eye(2))
    assert ask("lossAt", ours[7].tolist(), turned) == pytest.approx(float((CURVATURE * across**2).sum() / 2), rel=1e-12)


def arrivals(ask: Ask, rule: str, *, turned: bool) -> dict[float, int]:
    return dict(zip(RATES, ask("arrivals", rule, RATES, turned), strict=True))


def chapter_table() -> dict[str, list[int]]:
    """The steps that chapter 11 prints, for Adam at five rates."""
    cells = json.loads((ROOT / "notebooks" / "11-understand-adam.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("text", []) for cell in cells for output in cell.get("outputs", [])]
    text = next("".join(each) for each in outputs if "along the axes" in "".join(each))
    return {place: [int(n) for n in re.findall(r"\d+", text.split(place)[1].splitlines()[0].lstrip("°"))]
            for place in ("along the axes", "turned by 45°")}  # fmt: skip


def test_what_the_race_is_said_to_teach_is_true(ask):
    plain, swing, adam = (
        [arrivals(ask, rule, turned=turned) for turned in (False, True)] for rule in ("plain", "momentum", "adam")
    )
    for (straight, turned), place in zip((plain, swing), ("plain", "momentum"), strict=True):
        assert straight == turned, place
    for way, steps in zip(adam, chapter_table().values(), strict=True):
        assert [way[lr] for lr in (0.05, 0.1, 0.2, 0.4, 0.6)] == steps
    fast = [adam[0][lr] for lr in RATES if lr >= 0.02]
    best = min(steps for steps in adam[1].values() if steps)
    assert best == swing[0][0.1] == min(steps for steps in swing[0].values() if steps)
    told = [plain[0][0.019], swing[0][0.1], min(fast), max(fast), 0.02, 1, adam[1][0.05], 0.05, adam[1][0.4], 0.4, best]
    assert [float(number) for number in re.findall(r"\d+(?:\.\d+)?", takeaway("race"))] == told
    assert twin("race")[0] == [
        [plain[k][0.019], swing[k][0.1], adam[k][0.05], adam[k][0.4]] for k in (0, 1)
    ]  # and who is first with the rates that the view begins with:
    assert adam[0][0.05] < swing[0][0.1] < plain[0][0.019] < adam[1][0.05]
    assert f"const RATES = {RATES};" in (ROOT / "book" / "_live" / "view-race.js").read_text(encoding="utf-8")


# ---- the views, on a page of their own


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page for each view, as a built site has them."""
    folder = write_scripts(tmp_path_factory.mktemp("site"))
    for view in ("roads", "race"):
        write_page(folder, view, view, {"pace": PACE})
        write_page(folder, f"slow-{view}", view, {"pace": SLOW})
    return folder


@pytest.fixture
def opened(one_browser: webdriver.Chrome, site: Path) -> Iterator[Open]:
    """Open a view, perhaps with a state in the address; at the end nothing but missing fonts may be complained of."""
    for go in opening(one_browser, site):
        set_view(one_browser, width=1440, dark=False)
        yield go


def text(driver: webdriver.Chrome, selector: str) -> str:
    return str(driver.execute_script("return document.querySelector(arguments[0]).innerText", selector))


def texts(driver: webdriver.Chrome, selector: str) -> list[str]:
    every = "return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText.trim())"
    return list(driver.execute_script(every, selector))


def button(driver: webdriver.Chrome, words: str, place: str = "") -> None:
    """Press a button as a finger does, by its words or its name."""
    found = f"//*[@class='live']{place}//button[.='{words}' or @aria-label='{words}']"
    driver.find_element("xpath", found).click()


def told_of(step: int, da: np.ndarray, unit: int) -> list[str]:
    """The gradients of the four gates of a step as they are shown."""
    return [signed(value) if value else "0" for value in da[step - 1, unit::2]]


SHOWN_DA = ".live-roads__gates tbody td:nth-child(3)"
CAPTION = ".live-roads__gates caption"
SUMS, ROADS = ".live-roads__sum", ".live-roads__number"


def test_by_pointer_the_name_is_walked_a_road_is_cut_and_gates_turn_round(opened):
    driver = opened("roads")
    assert text(driver, ".live-roads__told").startswith("Nothing is read yet.")
    assert driver.execute_script("return document.querySelectorAll('.live-walk__node[data-empty]').length") == 16
    whole, cut = (walk_back(example_params(), IDS, TARGETS, roads) for roads in ((), ("c3",)))
    for step in range(1, 5):
        button(driver, "Next")
        assert text(driver, ".live-roads__told").startswith(f"Step {step} reads")
        assert driver.execute_script("return document.querySelectorAll('.live-walk__node[data-empty]').length") == (
            16 - 4 * step
        )
    for _ in range(7):  # three arrows of step 4, four of step 3
        button(driver, "Next")
    assert text(driver, ".live-roads__told").startswith(
        "Step 3 has heard all: dc₁ is −0.1081: +0.0028 through h and −0.1109 along c. Below"
    )
    assert texts(driver, SHOWN_DA) == told_of(3, whole.da, 0)
    assert texts(driver, SUMS) == ["dc₁ −0.1179", "dc₁ −0.1081", "dc₁ …", "dc₁ …"]
    assert text(driver, CAPTION) == "What the gates of step 3 are told, unit 1, to lower the loss"
    button(driver, "Cut the road along c into step 3")
    assert texts(driver, SHOWN_DA) == told_of(3, cut.da, 0)
    assert text(driver, CAPTION) == "What the gates of step 3 are told, unit 1, now that a road is cut"
    turned = texts(driver, ".live-roads__gates [data-turned] th")
    assert turned == ["input, i", "candidate, g"]
    assert "turned round from −0.0078" in text(driver, ".live-roads__gates [data-turned]")
    assert driver.execute_script("return document.querySelectorAll('.live-walk__cross').length") == 1
    until(driver, "return document.querySelector('[aria-live]').textContent.includes('Turned round: i, g.')")
    button(driver, "Mend the road along c into step 3")
    assert texts(driver, SHOWN_DA) == told_of(3, whole.da, 0)
    button(driver, "Cut the road through h into step 4")  # where the walk has been: it goes there
    assert text(driver, ".live-roads__told").startswith("Step 4 has heard all: dc₁ is 0.")
    button(driver, "Mend all roads")
    assert texts(driver, SHOWN_DA) == told_of(4, whole.da, 0)
    assert driver.execute_script("return document.querySelectorAll('.live-walk__cross').length") == 0


def test_by_keyboard_too_and_the_address_keeps_it(opened):
    driver = opened("roads")
    focus(driver, ".live input[type=range]")
    press(driver, END, LEFT, RIGHT)
    assert driver.execute_script("return document.activeElement.getAttribute('aria-valuetext')") == "step 1, the gates"
    whole = walk_back(example_params(), IDS, TARGETS)
    for name, shown in (("through_h", 0), ("along_c", 1)):
        numbers = texts(driver, f".live-roads__road:nth-of-type({shown + 3}) {ROADS}")
        assert numbers == [signed(x) for x in getattr(whole, name)[::-1, 0]][shown:]
    focus(driver, ".live select")
    driver.execute_script("document.activeElement.value = '1'")
    driver.execute_script("document.activeElement.dispatchEvent(new Event('change'))")
    assert texts(driver, SUMS) == [f"dc₂ {signed(x)}" for x in whole.dc[::-1, 1]]
    focus(driver, "[aria-label='Cut the road along c into step 2']")
    press(driver, ENTER)
    cut = walk_back(example_params(), IDS, TARGETS, ("c2",))
    assert driver.execute_script("return document.activeElement.textContent") == "Mend"
    assert text(driver, ".live-roads__told").startswith("Step 2 has heard all")  # the walk went there
    assert texts(driver, SHOWN_DA) == told_of(2, cut.da, 1)
    until(driver, "return location.hash === '#view=roads&at=15&unit=2&cut=c2'")
    driver = opened("roads", "at=15&unit=2&cut=c2")
    assert texts(driver, SHOWN_DA) == told_of(2, cut.da, 1)
    assert text(driver, CAPTION) == "What the gates of step 2 are told, unit 2, now that a road is cut"


def test_why_no_gate_sends_anything_is_said_and_true(opened):
    params, whole = example_params(), walk_back(example_params(), IDS, TARGETS)
    assert not params.W_h[0].any()
    assert np.flatnonzero(params.W_h[1]).tolist() == [2], "from h₂ to f₁ alone"
    silent = [t for t in (1, 2, 3) if whole.da[t, 2] == 0]  # whose next step tells f₁ nothing
    assert silent == [1, 2]
    backs = {3: 8, 2: 12, 1: 16}  # where the walk is at h of a step
    driver = opened("roads")
    for t, at in backs.items():
        go_to(driver, f"roads&at={at}&unit=1")
        why = f"the gates of step {t + 1} send nothing, for no wire leads from h₁ to a gate."
        assert text(driver, ".live-roads__told").endswith(why)
        go_to(driver, f"roads&at={at}&unit=2")
        why = f"the gates of step {t + 1} send nothing, for the only gate that h₂ moves, f₁, is told nothing."
        assert text(driver, ".live-roads__told").endswith(why) == (t in silent)


STANDING = ".live-race__told"


def test_the_race_by_pointer(opened):
    driver = opened("race")
    assert texts(driver, STANDING) == ["loss 50.5"] * 3
    button(driver, "One step")
    assert text(driver, ".live-race__step") == "Step 1"
    pull = (
        "const s = document.querySelector('.live input[type=range]'); s.value = 11; s.dispatchEvent(new Event('input'))"
    )
    assert driver.execute_script(f"{pull}; return s.max") == "241"  # where the last of the three arrives
    assert text(driver, ".live-race__step") == "Step 11"
    for rule, shown, lr in zip(("plain", "momentum", "adam"), texts(driver, STANDING), (0.019, 0.1, 0.05), strict=True):
        loss = float((CURVATURE * descend(rule, lr, turned=False, steps=11)[-1] ** 2).sum() / 2)
        assert float(shown.removeprefix("loss ")) == pytest.approx(loss, rel=0.006), rule
    button(driver, "To the end")
    assert texts(driver, STANDING) == [f"at the bottom after {steps} steps" for steps in (241, 88, 78)]
    driver.find_element("css selector", ".live-race__turn").click()
    assert texts(driver, STANDING)[:2] == [f"at the bottom after {steps} steps" for steps in (241, 88)]
    assert texts(driver, STANDING)[2].startswith("loss 0.")
    assert driver.execute_script("return document.querySelector('.live input[type=range]').max") == "732"
    button(driver, "To the end")
    assert texts(driver, STANDING)[2] == "at the bottom after 732 steps"
    assert "rotate(-45)" in driver.execute_script(
        "return document.querySelector('.live-course__contours').getAttribute('transform')"
    )
    heads = "return [...document.querySelectorAll('.live-course__racer circle')].map((e) => +e.getAttribute('cx'))"
    assert np.abs(np.array(driver.execute_script(heads)) - 200)[:3].max() < 3
    until(driver, "return document.querySelector('[aria-live]').textContent.startsWith('Step 732, valley turned.')")
    button(driver, "Start again")
    assert texts(driver, STANDING) == ["loss 50.5"] * 3


def test_the_race_by_keyboard_and_a_rate_at_which_it_flies_apart(opened):
    driver = opened("race", "steps=100&turned=1&adam=0.6")
    assert texts(driver, STANDING)[1:] == ["at the bottom after 88 steps"] * 2
    focus(driver, ".live input[type=range]")
    press(driver, LEFT, RIGHT)
    assert driver.execute_script("return document.activeElement.getAttribute('aria-valuetext')") == "Step 100"
    press(driver, TAB, RIGHT)
    assert driver.execute_script("return document.activeElement.getAttribute('aria-valuetext')") == "0.02"
    press(driver, RIGHT)
    out = np.abs(descend("plain", 0.03, turned=True, steps=40)).max(axis=1) >= 1e6
    assert texts(driver, STANDING)[0] == f"flew apart, out of sight by step {int(out.argmax())}"
    until(driver, "return location.hash === '#view=race&turned=1&steps=100&plain=0.03&momentum=0.1&adam=0.6'")
    focus(driver, ".live input[type=checkbox]")
    press(driver, " ")
    assert texts(driver, STANDING)[2] == "at the bottom after 83 steps"
    until(driver, "return location.hash === '#view=race&steps=100&plain=0.03&momentum=0.1&adam=0.6'")


WALKED = "document.querySelector('.live input[type=range]').value"
RACED = (
    "(window.step ??= document.querySelector('.live-race__step')).textContent.slice(5)"  # even if it leaves the page
)


def test_the_walk_plays_to_its_end_and_begins_anew(opened):
    driver = opened("roads", "at=15&cut=c3")
    assert course(driver, WALKED) == [16, 17, 18, 19]
    assert texts(driver, SUMS) == [
        f"dc₁ {signed(x)}" for x in walk_back(example_params(), IDS, TARGETS, ("c3",)).dc[::-1, 0]
    ]
    assert course(driver, WALKED) == [*range(20)]
    until(driver, "return location.hash === '#view=roads&at=19&unit=1&cut=c3'")


def test_the_race_plays_to_its_end_in_few_moves_and_begins_anew(opened):
    driver = opened("race", "steps=200")
    assert course(driver, RACED) == [*range(201, 242)]
    assert texts(driver, STANDING) == [f"at the bottom after {steps} steps" for steps in (241, 88, 78)]
    until(driver, "return location.hash.includes('steps=241')")
    driver.find_element("css selector", ".live-race__turn").click()
    driver.execute_script(pull(0, 700))
    assert course(driver, RACED) == [*range(703, 732, 3), 732]
    assert course(driver, RACED) == [*range(0, 732, 3), 732]
    assert texts(driver, STANDING)[2] == "at the bottom after 732 steps"


ACTS = {
    "roads": (WALKED, (
        click("Pause"), click("Next"), click("Back"), click("Cut"), pull(0, 9), choose(1), follow("roads&at=5"),
    )),
    "race": (RACED, (
        click("Pause"), click("One step"), click("To the end"), click("Start again"), pull(0, 9), pull(3, 10),
        "document.querySelector('.live input[type=checkbox]').click()", follow("race&steps=5"),
    )),
}  # fmt: skip


@pytest.mark.parametrize("view", ACTS)
def test_whatever_else_moves_it_pauses_it(opened, view):
    driver, (at, acts) = opened(view), ACTS[view]
    for number, act in enumerate(acts):
        go_to(driver, f"{view}&try={number}")
        assert stops(driver, at, act), act


@pytest.mark.parametrize(
    "act",
    [
        "document.querySelector('main').style.marginTop = '5000px'",
        "document.querySelector('main').style.marginTop = '-5000px'",
        "document.querySelector('.live').remove()",
        "Object.defineProperty(document, 'hidden', { get: () => true })",
    ],
)
def test_out_of_sight_nothing_plays(opened, act):
    driver = opened("race")
    assert stops(driver, RACED, act)
    until(driver, "return location.hash.includes('view=race')")


@pytest.mark.parametrize(("view", "at"), [("roads", WALKED), ("race", RACED)])
def test_while_it_plays_nothing_is_said_and_no_address_written(opened, view, at):
    assert re.match(r"Step \d", plays_in_silence(opened(f"slow-{view}"), at))


PIECES = (
    "<b>x</b>", "</p><script>alert(1)</script>", "NaN", "-1", "1e999", "7.5", "c3", "h4.c9", "\u202e", "\0", "99", " ",
    "__proto__", "constructor", "0x10", "1", "c3.c3", "\U0001f469", "'\"><img src=x onerror=alert(1)>", "0.1", "15",
)  # fmt: skip
FOLLOW_ALL = """
const [states, done] = arguments;
const place = document.querySelector('.live'), odd = [];
const plain = new Set('A B BUTTON CAPTION DETAILS DIV INPUT LABEL LINK OPTION OUTPUT P SELECT SPAN SUMMARY'.split(' '));
'TABLE TBODY TD TH THEAD TR svg g path rect circle ellipse text'.split(' ').forEach((tag) => plain.add(tag));
addEventListener('error', (event) => odd.push(event.message));
window.alert = () => odd.push('alert');
(async () => {
  for (const state of states) {
    const heard = (done) => addEventListener('hashchange', () => setTimeout(done), { once: true });
    const followed = new Promise(heard);
    location.hash = state;
    await followed;
    if (/NaN|undefined|Infinity/.test(place.innerHTML)) odd.push(`${state}: no number`);
    if (!place.querySelector('.live-roads__told, .live-race__step').textContent.trim()) odd.push(`${state}: no words`);
    for (const each of place.querySelectorAll('*')) if (!plain.has(each.tagName)) odd.push(`${state}: ${each.tagName}`);
  }
  done(odd);
})();
"""


@pytest.mark.parametrize(
    ("view", "keys"),
    [("roads", ("at", "unit", "cut")), ("race", ("steps", "turned", "plain", "momentum", "adam"))],
)
def test_whatever_the_address_says_the_view_stands(opened, view, keys):
    dice = random.Random(11)
    drawn = [{key: "".join(dice.choices(PIECES, k=dice.randint(1, 2))) for key in keys} for _ in range(60)]
    states = [f"view={view}&{urlencode(each)}" for each in drawn]
    assert len(set(states)) == len(states)
    assert opened(view).execute_async_script(FOLLOW_ALL, states) == []


def test_an_address_that_says_nothing_of_use_leaves_the_view_as_it_begins(opened):
    driver = opened("roads", "at=99&unit=7&cut=zz.c4.h0.c33")
    assert text(driver, ".live-roads__told").startswith("Nothing is read yet.")
    assert driver.execute_script("return document.querySelector('.live select').value") == "0"
    assert driver.find_element("xpath", "//button[.='Mend all roads']").get_attribute("disabled")
    driver = opened("race", "steps=-5&turned=2&plain=7&momentum=<b>&adam=")
    assert text(driver, ".live-race__step") == "Step 0"
    assert texts(driver, ".live-race__racer output") == ["0.019", "0.1", "0.05"]
    assert not driver.execute_script("return document.querySelector('.live input[type=checkbox]').checked")


@pytest.mark.parametrize(("view", "state"), [("roads", "at=15&cut=c3.h2"), ("race", "steps=300&turned=1&plain=0.03")])
def test_a_phone_shows_all_in_light_and_dark(opened, view, state):
    driver = opened(view, state)
    wide = (
        "return [...document.querySelectorAll('.live *')].filter((e) => e.getBoundingClientRect().right > 390.5)"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    for dark in (False, True):
        set_view(driver, width=390, dark=dark)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
        assert [each for each in driver.execute_script(wide) if not each.startswith(("<path", "<ellipse", "<g"))] == []
        assert driver.execute_script(FAINT_TEXT) == []
    page = ("region", "landmark", "page-has-heading", "skip-link")  # of a page that holds nothing but a view
    assert [found for found in violations(driver) if not found.startswith(page)] == []
    severe_messages(driver)  # axe asks for the styles, which a page from the disk may not


# ---- in the book


def test_a_name_in_the_table_of_figures_stands_on_one_page():
    require_site()
    found = [name for page in pages().values() for name in places.FIGURE.findall(page.path.read_text(encoding="utf-8"))]
    assert {name: found.count(name) for name in places.FIGURES if found.count(name) != 1} == {}


@pytest.mark.parametrize(
    ("chapter", "before", "view"),
    [("08-run-one-name-backward", "cut-the-road", "roads"), ("11-understand-adam", "fig-11-adam", "race")],
)
def test_a_chapter_has_the_view_behind_a_door(browser, chapter, before, view):
    set_view(browser, width=1440, dark=False)
    browser.get(f"{SITE.as_uri()}/notebooks/{chapter}.html")
    door = f"#{before} + .live-door"
    focus(browser, f"{door} > summary")
    press(browser, ENTER)
    until(browser, "return document.querySelector(arguments[0])?.dataset.alive !== undefined", f"{door} .live")
    assert text(browser, f"{door} .live__question")
    if view == "race":
        assert browser.execute_script("return document.getElementById(arguments[0]).checkVisibility()", before)
    assert severe_messages(browser) == []
