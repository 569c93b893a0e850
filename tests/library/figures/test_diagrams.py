"""What the hand-drawn diagrams promise: clean files in the house palette that work in a page, on Colab, in the dark."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest

from lstm_lib.figures import diagrams, recurring

NAMES = list(diagrams.names())
NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
GATE_COLOURS = {recurring.GATE_STYLE[key].colour for key in "ifgo"}
NEUTRAL = {"#000000", "#1A1A1A", "#555555", "#D4D4D0", "#F2F2EE", "#FCFCFA", "#FFFFFF", "#FFF1C9"}
TINTS = {"#0072B2": "#E6F1F8", "#D55E00": "#FBECE2", "#009E73": "#E3F4EE", "#CC79A7": "#F9EEF4"}
TAGS = {"svg", "title", "desc", "defs", "marker", "pattern", "g", "rect", "circle", "path", "text", "tspan"}
SVG = "{http://www.w3.org/2000/svg}"


def elements(name: str) -> list[tuple[ET.Element, dict[str, str]]]:
    """Every element of a diagram, each with the presentation attributes that it has or inherits."""
    found = []

    def walk(element: ET.Element, inherited: dict[str, str]) -> None:
        own = {**inherited, **element.attrib}
        found.append((element, own))
        passed_on = {key: value for key, value in own.items() if key not in ("x", "y", "id", "dy")}
        for child in element:
            walk(child, passed_on)

    walk(ET.fromstring(diagrams.load(name).svg), {})
    return found


def test_every_drawing_is_shown_in_a_chapter() -> None:
    """A drawing that nobody shows is left out."""
    shown = {
        name
        for path in NOTEBOOKS.glob("*.ipynb")
        for name in re.findall(r'diagram\(\\"([a-z0-9-]+)\\"\)', path.read_text(encoding="utf-8"))
    }
    assert len(shown) >= 9
    assert shown | {"machine"} == {name for name in NAMES if name in shown or not name.startswith("machine-")}


def test_a_diagram_shows_itself_and_prints_its_name() -> None:
    drawing = recurring.diagram("cell-4-output")
    assert repr(drawing) == "Diagram('cell-4-output')"
    assert drawing._repr_svg_() == drawing.svg
    assert drawing.svg.startswith("<svg ")
    assert drawing == diagrams.load("cell-4-output")


@pytest.mark.parametrize("name", ["cell-6", "machine-", "machine-loop", "", None])
def test_an_unknown_name_is_refused_with_all_names(name: str) -> None:
    with pytest.raises(ValueError, match="name must be one of") as caught:
        recurring.diagram(name)
    assert str(caught.value) == f"name must be one of {', '.join(NAMES)}; got {name!r}"


@pytest.mark.parametrize("name", NAMES)
def test_a_diagram_has_title_description_and_size(name: str) -> None:
    root = ET.fromstring(diagrams.load(name).svg)
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert all(child.text and len(child.text) > 20 for child in root[:2])
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert root.get("role") == "img"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert root.get("width") == "560"  # so that text of 18 units is 11 pixels high on a phone
    assert len(diagrams.load(name).svg.encode()) < 15_000


@pytest.mark.parametrize("name", NAMES)
def test_a_diagram_needs_nothing_from_outside(name: str) -> None:
    svg = diagrams.load(name).svg
    assert {element.tag.removeprefix(SVG) for element, _ in elements(name)} <= TAGS  # no script, style, image, link
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"\s(on\w+|href|xlink:href|style|class)=", svg)
    assert "<!DOCTYPE" not in svg
    ids = {element.get("id") for element, _ in elements(name) if element.get("id")}
    assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= ids
    assert svg.count("url(") == svg.count("url(#")


def test_no_two_diagrams_share_an_id() -> None:
    """Colab puts the drawings into one page, where a second marker of the same name would be ignored."""
    ids = {name: {element.get("id") for element, _ in elements(name)} - {None} for name in NAMES}
    for one, other in combinations(NAMES, 2):
        assert not ids[one] & ids[other], (one, other)


@pytest.mark.parametrize("name", NAMES)
def test_only_the_house_palette_is_used(name: str) -> None:
    colours = set(re.findall(r"#[0-9A-Fa-f]{6}\b", diagrams.load(name).svg))
    assert colours <= GATE_COLOURS | NEUTRAL | set(TINTS.values())
    paints = {own.get(key, "") for _, own in elements(name) for key in ("fill", "stroke")}
    assert all(re.fullmatch(r"|none|#[0-9A-F]{6}|url\(#[\w-]+\)", paint) for paint in paints)


@pytest.mark.parametrize("name", NAMES)
def test_each_drawing_lies_on_a_light_card_of_its_own(name: str) -> None:
    root = ET.fromstring(diagrams.load(name).svg)
    card = next(child for child in root if child.tag == f"{SVG}rect")
    assert card.get("fill") == "#FCFCFA"
    assert (card.get("x"), card.get("y")) == ("1", "1")
    assert float(card.get("width")) == float(root.get("width")) - 2
    assert float(card.get("height")) == float(root.get("height")) - 2
    assert float(card.get("rx")) > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_gates_colour_never_stands_alone(name: str) -> None:
    """Lines and boxes in a gate's colour carry the gate's dash; boxes have the gate's tint."""
    dashed = {"#0072B2": r"", "#D55E00": r"9 5|6 3.5", "#009E73": r"11 4 3 4|7 3 2 3", "#CC79A7": r"0.1 [57]"}
    for element, own in elements(name):
        if element.tag in (f"{SVG}rect", f"{SVG}path") and own.get("stroke") in GATE_COLOURS:
            assert re.fullmatch(dashed[own["stroke"]], own.get("stroke-dasharray", ""))
            if element.tag == f"{SVG}rect":
                assert own["fill"] == TINTS[own["stroke"]]


@pytest.mark.parametrize("name", NAMES)
def test_text_is_large_enough_for_a_phone_and_in_a_system_font(name: str) -> None:
    texts = [(element, own) for element, own in elements(name) if element.tag in (f"{SVG}text", f"{SVG}tspan")]
    assert texts
    for element, own in texts:
        least = 16 if element.tag == f"{SVG}tspan" else 18  # subscripts may be smaller
        assert float(own["font-size"]) >= least, "".join(element.itertext())
        assert own["font-family"] == "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
        assert own["fill"] in ("#1A1A1A", "#FFFFFF")  # gate colours are too pale for words


@pytest.mark.parametrize("name", NAMES)
def test_every_text_begins_on_the_card(name: str) -> None:
    root = ET.fromstring(diagrams.load(name).svg)
    for text in root.iter(f"{SVG}text"):
        assert 10 < float(text.get("x")) < float(root.get("width")) - 10
        assert 10 < float(text.get("y")) < float(root.get("height")) - 10


def written(name: str) -> list[str]:
    """The words of a diagram, one string a text element."""
    return ["".join(element.itertext()) for element, _ in elements(name) if element.tag == f"{SVG}text"]


@pytest.mark.parametrize(
    ("name", "equations"),
    [
        ("cell-2-memory", ["c_t = f ⊙ c_{t−1}", "h_t = tanh(c_t)"]),
        ("cell-3-write", ["c_t = f ⊙ c_{t−1} + i ⊙ g", "h_t = tanh(c_t)"]),
        ("cell-4-output", ["c_t = f ⊙ c_{t−1} + i ⊙ g", "h_t = o ⊙ tanh(c_t)"]),
    ],
)
def test_the_equations_grow_with_the_cell_in_the_drawing_and_in_its_description(
    name: str, equations: list[str]
) -> None:
    drawn = {"a = xt Wx + ht−1 Wh + b", *(re.sub(r"[_{}]", "", equation) for equation in equations)}
    assert {text for text in written(name) if " = " in text} == drawn
    described = ET.fromstring(diagrams.load(name).svg).findtext(f"{SVG}desc") or ""
    assert all(re.search(re.escape(equation) + r"[.;]", described) for equation in equations)


def test_the_one_product_adds_up_its_shapes() -> None:
    assert "(B, D)(D, 4H) + (B, H)(H, 4H) + (4H,) = (B, 4H)" in written("cell-5-one-product")


def test_subscripts_return_to_the_line() -> None:
    """A subscript moves down by dy; what follows it in the same equation must move up by as much."""
    for name in NAMES:
        for element, _ in elements(name):
            if element.tag == f"{SVG}text":
                moves = [float(child.get("dy", "0")) for child in element]
                if moves and element[-1].tail is None and moves[-1] > 0:
                    moves = moves[:-1]  # the equation ends in a subscript
                assert sum(moves) == 0, (name, "".join(element.itertext()))


def test_gates_stand_in_the_house_order_where_they_are_one_array() -> None:
    words = [word for word in written("cell-5-one-product") if word in ("i", "f", "g", "o")]
    assert words == ["i", "f", "g", "o"] * 4


def test_the_letter_of_a_block_is_raised_as_in_the_equations() -> None:
    texts = [e for e, _ in elements("cell-5-one-product") if e.tag == f"{SVG}text" and e.text == "a" and len(e)]
    assert [(e[0].text, float(e[0].get("dy", "0")) < 0) for e in texts] == [(gate, True) for gate in "ifgo"]


def test_the_pipeline_shows_inputs_above_targets() -> None:
    letters = [word for word in written("pipeline") if word in (".", "a", "n")]
    assert letters == [".", "a", "n", ".", "a", "n", "a", "a", "n", "a", ".", ".", "a", "n", "a", "n", "."]


@pytest.mark.parametrize("part", diagrams.MACHINE_PARTS)
def test_the_machine_lights_one_part(part: str) -> None:
    svg = diagrams.load(f"machine-{part}").svg
    plates = dict(re.findall(r'data-part="(\w+)" visibility="(\w+)"', svg))
    assert plates == dict.fromkeys(diagrams.MACHINE_PARTS, "hidden") | {part: "visible"}
    assert f"Lit: {diagrams.MACHINE_PARTS[part]}." in svg
    assert "Nothing is lit." not in svg


def test_the_machine_alone_is_dark() -> None:
    svg = diagrams.load("machine").svg
    assert set(re.findall(r'data-part="\w+" visibility="(\w+)"', svg)) == {"hidden"}
    assert "Nothing is lit." in svg
