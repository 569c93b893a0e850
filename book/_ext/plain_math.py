"""A formula as a line of plain text, for places that hold no markup: descriptions of pages, excerpts of the search.

KaTeX has made MathML of it, which says what is a subscript and what a fraction; Unicode has signs for most of that.
"""

import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree

from katex_math import to_html

MATH = re.compile(r"<math.*?</math>", re.DOTALL)
LOW = dict(zip("0123456789+−()=aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
HIGH = dict(zip("0123456789+−()=inT⊤fgoc∗", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾⁼ⁱⁿᵀᵀᶠᵍᵒᶜ*", strict=True))
ACCENTS = {"^": "\u0302", "ˉ": "\u0304", "~": "\u0303"}
SPACED = set("=≈≠<>≤≥←→⇒≪≫∼∈⊙⋅×+−/∣:")
SIGN = re.compile(r"((?:^|[,=])\s?|[(\[])\s?− ")  # a minus that takes nothing away
Parts = list[str]


@cache
def to_text(tex: str) -> str:
    """The formula in one line."""
    math = MATH.search(to_html(tex, True))
    text = line(ElementTree.fromstring(math[0])) if math else ""
    text = re.sub("\u2061(?=[^ (])", " ", text).replace("\u2061", "")  # ln 3, but σ(a)
    return SIGN.sub(r"\1−", re.sub(r"\s+", " ", text)).strip()


def line(node: ElementTree.Element) -> str:
    """A node of MathML with all that it holds."""
    name = node.tag.rsplit("}", 1)[-1]
    if name == "annotation":
        return ""
    if name == "mspace":
        return " "
    parts = [line(child) for child in node]
    if name in SHAPES:
        return SHAPES[name](parts)
    text = (node.text or "") + "".join(parts)
    return f" {text} " if name == "mo" and text in SPACED else text


def script(base: str, mark: str, signs: dict[str, str], sign: str) -> str:
    """A base with a mark below or above; what Unicode has no small sign for follows `_` or `^`."""
    mark = mark.replace(" ", "")
    if all(letter in signs for letter in mark):
        return base + "".join(signs[letter] for letter in mark)
    return f"{base}{sign}({mark})" if len(mark) > 1 else f"{base}{sign}{mark}"


def fraction(parts: Parts) -> str:
    """One line of a fraction; brackets where a part is more than a word."""
    above, below = (f"({part})" if re.search(r"[ +−⋅]", part.strip()) else part for part in parts)
    return f"{above}/{below}"


SHAPES: dict[str, Callable[[Parts], str]] = {
    "msub": lambda p: script(p[0], p[1], LOW, "_"),
    "munder": lambda p: script(p[0], p[1], LOW, "_"),
    "msup": lambda p: script(p[0], p[1], HIGH, "^"),
    "msubsup": lambda p: script(script(p[0], p[1], LOW, "_"), p[2], HIGH, "^"),
    "munderover": lambda p: script(script(p[0], p[1], LOW, "_"), p[2], HIGH, "^"),
    "mover": lambda p: p[0] + ACCENTS.get(p[1].strip(), ""),
    "mfrac": fraction,
    "msqrt": lambda p: f"√({''.join(p)})",
    "mtr": lambda p: " ".join(p),
    "mtable": lambda p: " ".join(p),
}
