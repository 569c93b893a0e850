"""Feedback for chapter 24: the page read aloud, lines taken out, a gradient check, a bug, a machine of one's own."""

import re
from collections.abc import Callable
from reprlib import repr as short_repr
from typing import Any

from lstm_lib.check.choice import each_letter, letter_feedback
from lstm_lib.check.feedback import Feedback, exercise, right
from lstm_lib.check.parts.edited_page import edited, page_text
from lstm_lib.check.parts.gradient_check import UNHIDDEN, slopes
from lstm_lib.check.parts.other_machine import machine

__all__ = ["aloud", "edited", "line", "machine", "page_text", "sick", "slopes", "taken_out"]

# ---- 24.1

LINES = {"A": "9.3", "B": "7.3", "C": "12.2", "D": "9.4", "E": "14.1"}
WHERE = {
    "A": "padding teaches through the gradient: which line makes its part of dz 0?",
    "B": "follow the memory's gradient from step to step: where does it meet no weight?",
    "C": "look between `loss_and_grads` and `adam`.",
    "D": "only one tensor has rows that a batch reads several times.",
    "E": "boldness is chosen when names are drawn, long after training.",
}
NEARLY = {  # lines that have to do with it, and what they do instead
    ("A", "9.1"): "that line counts the real symbols; by itself it stops no gradient.",
    ("A", "9.2"): "that line keeps padding out of the number that is printed; the gradient is not taken from it.",
    ("B", "8.2"): "that is the other road, and it goes through W_h.",
    ("B", "7.10"): "that is the output gate's gradient, which goes no step further.",
    ("B", "6.7"): "that is the road on the way forward; the sentence speaks of the way back.",
    ("B", "7.4"): "that is what the forget gate is taught; the road itself is one line above.",
    ("C", "11.6"): "Adam does bound its step; but which line cuts the gradient before it enters m and v?",
    ("C", "11.5"): "that line corrects a mean that the wild batch has already entered.",
    ("C", "12.3"): "that line knows the step, not the batch.",
    ("D", "8.8"): "that line makes the gradient of each symbol that was read; adding them up is its neighbour.",
    ("D", "6.1"): "that is where a letter's row is read; its gradients are added up on the way back.",
    ("D", "8.4"): "that line adds up too, for the weights that read the row, not for the row.",
    ("E", "6.11"): "that is the law at temperature 1.",
    ("E", "6.10"): "those are the scores; which line turns them into a law that you can make bolder?",
    ("E", "12.4"): "that chance is for training; all units are shown when a name is drawn.",
}


@exercise
def aloud(answers: object) -> Feedback:
    """Exercise 24.1: for each of five sentences, A to E, the number of the line that it speaks of, such as "6.7"."""

    def fault(sentence: str, said: object) -> str | None:
        if isinstance(said, int | float):
            return f"{sentence}: give the number as text, in quotes, such as '6.7'; got {said!r}."
        number = said.strip(" ()") if isinstance(said, str) else ""
        if number not in re.findall(r"\((\d+\.\d+)\)", page_text()):
            return f"{sentence}: give a number that stands in the page, such as '6.7'; got {short_repr(said)}."
        return None if number == LINES[sentence] else f"{sentence}: {NEARLY.get((sentence, number), WHERE[sentence])}"

    feedback = each_letter(answers, LINES, "A to E", fault)
    return feedback or right("Five sentences, five lines. You can read it aloud.")


# ---- 24.2

KINDS = ("gradient", "training", "use")
KIND = {"A": "gradient", "B": "gradient", "C": "training", "D": "training", "E": "use", "F": "gradient"}
WHY = {
    "A": "forward and backward no longer speak of the same h: (7.3) and (7.10) hold for tanh(c).",
    "B": "the steps stay, but the number that is printed counts padding, and the gradient is not of this number.",
    "C": "number and gradient change together, so the gradient is right; but b_y now learns padding.",
    "D": "it is a first weight; the gradient is right at every weight.",
    "E": "each step is the same to the last bit; only what `train` hands back differs.",
    "F": "where a symbol is read twice, one of its two gradients is lost.",
}


@exercise
def taken_out(answers: object) -> Feedback:
    """Exercise 24.2: for each of six changes, A to F, what it spoils first: "gradient", "training" or "use"."""

    def fault(change: str, said: object) -> str | None:
        kind = said.strip().lower() if isinstance(said, str) else ""
        if kind not in KINDS:
            return f"{change}: answer 'gradient', 'training' or 'use'; got {short_repr(said)}."
        return None if kind == KIND[change] else f"{change}: {WHY[change]}"

    feedback = each_letter(answers, KIND, "A to F", fault)
    return feedback or right("Three of six would pass every gradient check of this book; know which.")


# ---- 24.3

OTHER_LINES = {
    "A": "if the scores were wrong, the loss would be that of another machine, and W_y would be off as well.",
    "B": "then W_y and b_y would be off: both are made of dz, and they are right.",
    "D": "no keep stands in that line, so a slip there fails without dropout too; run it with keep = 1.",
    "E": "W_h alone would be off; but E, W_x and b are off as well.",
    "F": "W_y alone would be off; it is right.",
}


def sick() -> Callable[..., Any]:
    """The `loss_and_grads` of a page in which one line is wrong."""
    function: Callable[..., Any] = edited(UNHIDDEN).loss_and_grads
    return function


@exercise
def line(answer: object) -> Feedback:
    """Exercise 24.3: the letter of the line that is wrong in the sick page."""
    return letter_feedback(answer, "C", OTHER_LINES) or right(
        "A unit that was hidden from the scores gets nothing back from them. Without dropout this line looks healthy."
    )
