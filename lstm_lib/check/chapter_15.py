"""Feedback for chapter 15, Find the most probable names."""

import math

from lstm_lib.check.feedback import Feedback, exercise
from lstm_lib.check.numbers import Number, judge
from lstm_lib.check.parts.chapter_15_beam import beam
from lstm_lib.check.parts.chapter_15_rule import containing
from lstm_lib.check.parts.chapter_15_search import most_probable

__all__ = ["beam", "containing", "mean_cost", "most_probable"]

# ---- 15.3

EMPTY, AA = -math.log(0.55), -math.log(0.45 * 0.9)  # what the two names of the exercise cost, end marks included


def _slips(cost: float, symbols: int) -> dict[float, str]:
    """Slips in the mean cost of a name, whichever it is."""
    return {
        -cost / symbols: "a cost is never below 0: it is -ln p",
        cost / symbols / math.log(2): "costs here are in nats: use the natural logarithm",
        cost / (symbols + 1): "the start is no symbol of the name: count its letters and its end mark",
    }


BEST: dict[float, str] = {
    0.405: "that is `aa`, which has the lowest mean cost: asked is the highest p, nothing divided",
    0.045: "that is `a`; the empty name is a name, too",
    EMPTY: "that is its cost, -ln p: asked is p itself",
    -EMPTY: "that is ln p: asked is p itself",
    0.45: "that is a beginning, `a`: more must come, be it only the end mark",
}
FIRST_OUT: dict[float, str] = {
    AA / 3: "that is the lowest of all, but does it come out first? When the empty name stands at the head, `aa` has "
    "not been made",
    -math.log(0.45): "that is the beginning `a`, which is no name; and the end mark costs less",
    -math.log(0.045) / 2: "that is `a`, with its end mark; something cheaper stands before it",
    0.55: "that is a probability; its cost is -ln p",
    **_slips(EMPTY, 1),
}
LOWEST: dict[float, str] = {
    AA: "that is what `aa` costs in all: divide by its symbols",
    AA / 2: "`aa` has three symbols: its end mark costs something and counts",
    -math.log(0.45): "that is the beginning `a`, which is no name",
    0.405 / 3: "divide the cost, -ln p, and not p",
    EMPTY: "that is the empty name's: `aa` costs more in all, and less per symbol",
    -math.log(0.045) / 2: "that is the mean cost of `a`",
    0.405: "that is p of `aa`, no cost",
    **_slips(AA, 3),
}


@exercise
def mean_cost(best: object, first_out: object, lowest: object) -> Feedback:
    """Exercise 15.3: the highest p of a name, the mean cost of the first one out of the queue, and the lowest."""
    return judge(
        "An `a` at 0.9 brings the mean down. Where a step may lower the cost, the head of the queue proves nothing.",
        Number("best", best, 0.55, BEST, "multiply along each road to an end mark: there are three names"),
        Number(
            "first_out",
            first_out,
            EMPTY,
            FIRST_OUT,
            "the queue holds `.` and `a`, by mean cost: the lower one comes out",
        ),
        Number("lowest", lowest, AA / 3, LOWEST, "add up -ln p along each name, and divide by its symbols"),
    )
