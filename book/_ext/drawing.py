"""One SVG picture as a part of a page: its words are text in the page's font, its colours turn with the page.

Matplotlib draws letters as outlines, which is safe anywhere. The page has the same font, so words take their place.
"""

import re
import xml.etree.ElementTree as ET
from functools import cache
from html import unescape
from pathlib import Path

PALETTE = Path(__file__).parents[1] / "_css" / "60-figures.css"
XLINK = "{http://www.w3.org/1999/xlink}href"
PLACE = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)( rotate\([-\d.]+\))? scale\(([\d.]+) -[\d.]+\)")
LONG = re.compile(r"-?\d+\.\d{3,}")
DOT = re.compile(r"M (\S+ \S+) L \1 z")  # a line to where it begins, as `compare` draws its many dots
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
REFERENCE = re.compile(r"(?:url\(|^)#([\w.-]+)\)?")
PIXELS = {"pt": 4 / 3, "px": 1.0, "": 1.0}


@cache
def palette() -> frozenset[str]:
    """The colours that the style sheet knows, such as `35456c`: each has another half for the dark."""
    return frozenset(re.findall(r"--f-([0-9a-f]{6}):", PALETTE.read_text(encoding="utf-8")))


def for_page(svg: str, *, name: str, alt: str, classes: tuple[str, ...] = ()) -> str:
    """The picture as an element of a page; `name` keeps its ids apart from those of others, `alt` says what is seen."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))
    root = ET.fromstring(svg, parser=parser)
    tidy(root)
    outlines = {each.get("id", ""): each for defs in root.iter("defs") for each in defs}
    write_words(root)
    keep_outlines(root, outlines)
    describe(root, name, alt)
    root.set("class", " ".join(["drawn", *classes]))
    for element in root.iter():
        recolour(element)
        shorten(element)
    rename(root, name)
    return ET.tostring(root, encoding="unicode")


def tidy(root: ET.Element) -> None:
    """Take away what a page does not need: namespaces, the style for everything, the ground, empty space."""
    for parent in list(root.iter()):
        if isinstance(parent.tag, str):
            parent.tag = parent.tag.partition("}")[2] or parent.tag
        if XLINK in parent.attrib:
            parent.set("href", parent.attrib.pop(XLINK).replace("\n", ""))
        if parent.tag not in ("text", "tspan", "title", "desc"):
            parent.text = parent.text if parent.tag is ET.Comment else None
            for child in parent:
                child.tail = None
    for parent in list(root.iter()):
        for child in list(parent):
            ground = child.get("id") == "patch_1" and parent.get("id") == "figure_1"
            if ground or child.tag in ("metadata", "title") or child.find("style") is not None:
                parent.remove(child)


def write_words(root: ET.Element) -> None:
    """Put `<text>` in place of outlined letters, and drop the comments; formulas keep their outlines."""
    for parent in list(root.iter()):
        said = ""
        for place, child in enumerate(list(parent)):
            if child.tag is ET.Comment:
                said = unescape((child.text or "").strip()).replace("- -", "--")  # as Matplotlib wrote it
            elif said and "$" not in said and (found := PLACE.fullmatch(child.get("transform", ""))):
                parent[place] = word(said, child, found)
                said = ""
        for child in [each for each in parent if each.tag is ET.Comment]:
            parent.remove(child)


def word(said: str, outlined: ET.Element, found: re.Match[str]) -> ET.Element:
    """The text that stood here as outlines, of the same size at the same place."""
    across, down, turn, size = found.groups()
    text = ET.Element("text", {"font-size": f"{100 * float(size):.4g}"})
    if turn:
        text.set("transform", f"translate({across} {down}){turn}")
    else:
        text.set("x", across)
        text.set("y", down)
    if (style := outlined.get("style")) is not None:
        text.set("style", style)
    if any("-Bold-" in use.get("href", "") for use in outlined.iter("use")):
        text.set("font-weight", "700")
    text.text = said
    return text


def keep_outlines(root: ET.Element, outlines: dict[str, ET.Element]) -> None:
    """Put back what a formula or a mark still uses, if it went away with the letters of a word."""
    here = {each.get("id") for each in root.iter()}
    used = [use.get("href", "")[1:] for use in root.iter("use")]
    lost = [outlines[name] for name in dict.fromkeys(used) if name in outlines and name not in here]
    if lost:
        defs = ET.Element("defs")
        defs.extend(lost)
        root.insert(0, defs)


def describe(root: ET.Element, name: str, alt: str) -> None:
    """Say what the picture is, and how large it is before the page knows its own width."""
    *_, across, down = root.get("viewBox", "").split()
    sides = root.get("width", across), root.get("height", down)
    width, height = (f"{in_pixels(side):.4g}" for side in sides)
    described = next(iter(root.iter("desc")), None)
    root.attrib = {"class": "drawn", "viewBox": root.get("viewBox", ""), "width": width, "height": height}
    root.attrib |= {"role": "img", "aria-label": alt}
    if described is not None:
        described.set("id", "about")
        root.set("aria-describedby", f"{name}-about")


def in_pixels(length: str) -> float:
    """A length such as `374.4pt`, `560` or `560px`, in pixels of a page."""
    number, unit = re.fullmatch(r"([\d.]+)(pt|px|)", length).groups()  # type: ignore[union-attr]
    return float(number) * PIXELS[unit]


def recolour(element: ET.Element) -> None:
    """Say each colour of the palette by its name."""
    for key in ("style", "fill", "stroke"):
        if key in element.attrib:
            element.set(key, COLOUR.sub(named, element.attrib[key]))


def named(found: re.Match[str]) -> str:
    """The variable of a colour, or the colour itself where it is to stay."""
    key = found[0][1:].lower()
    return f"var(--f-{key})" if key in palette() else found[0]


def shorten(element: ET.Element) -> None:
    """Two decimals are a hundredth of a point."""
    for key in ("d", "x", "y"):
        if key in element.attrib:
            number = LONG.sub(lambda long: f"{float(long[0]):.2f}".rstrip("0").rstrip("."), element.attrib[key])
            # not `z`, which is shorter: a browser that prints loses dots that close on themselves
            element.set(key, DOT.sub(r"M \1h0", " ".join(number.split())))


def rename(root: ET.Element, name: str) -> None:
    """Give the ids that are used the picture's name before them, and take the others away."""
    used = {found for each in root.iter() for value in each.attrib.values() for found in REFERENCE.findall(value)}
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id" and value not in used | {"about"}:
                del element.attrib["id"]
            elif key == "id":
                element.set("id", f"{name}-{value}")
            elif key != "d" and "#" in value:
                element.set(key, REFERENCE.sub(lambda found: found[0].replace("#", f"#{name}-"), value))
