"""Feedback for chapter 20: weights ported back, the order of the walk, and a run on paper; rules stand in `parts`."""

from collections.abc import Callable, Hashable, Mapping
from graphlib import TopologicalSorter
from reprlib import repr as short_repr
from typing import Any

import numpy as np

from lstm_lib.check.asking import ask
from lstm_lib.check.feedback import Feedback, exercise, not_yet, right
from lstm_lib.check.numbers import Number, as_arrays, first_match, judge
from lstm_lib.check.parts.chapter_20_rules import log_softmax, matmul
from lstm_lib.tree import FloatArray

__all__ = ["log_softmax", "matmul", "on_paper", "order", "port"]

# ---- 20.3

V, D, H = 5, 3, 2
HELD = {  # by the names of the book's model, what PyTorch holds
    "E": "embedding.weight",
    "W_x": "lstm.weight_ih_l0",
    "W_h": "lstm.weight_hh_l0",
    "b": "lstm.bias_ih_l0",
    "W_y": "output.weight",
    "b_y": "output.bias",
}
SECOND = "lstm.bias_hh_l0"


@exercise
def port(function: Callable[..., Any]) -> Feedback:
    """Exercise 20.3: `function(held)` returns E, W_x, W_h, b, W_y, b_y from a dictionary of PyTorch's arrays."""
    rng = np.random.default_rng(201)
    sizes = [(V, D), (4 * H, D), (4 * H, H), (4 * H,), (V, H), (V,)]
    held = {name: rng.normal(size=size) for name, size in zip(HELD.values(), sizes, strict=True)}
    held[SECOND] = rng.normal(size=4 * H)
    answer, feedback = ask(function, held)
    if feedback is not None:
        return feedback
    wanted = {name: held[theirs].T if theirs.startswith(("lstm", "output")) else held[theirs]
              for name, theirs in HELD.items()}  # fmt: skip
    wanted["b"] = held[HELD["b"]] + held[SECOND]
    arrays, hint = as_arrays(answer, {name: array.shape for name, array in wanted.items()})
    if hint is not None:
        return not_yet(_turned_hint(answer, wanted) or hint)
    for (name, target), array in zip(wanted.items(), arrays, strict=True):
        if not np.allclose(array, target):
            slips = _slips_b(held) if name == "b" else _slips(held[HELD[name]], target)
            otherwise = f"it is {HELD[name]}, turned where it meets h or x in a product"
            return not_yet(f"{name}: {first_match(array, slips, otherwise)}.")
    return right("Three matrices turned, two biases added, and the gates left where they are.")


def _turned_hint(answer: Any, wanted: Mapping[str, FloatArray]) -> str | None:
    """The hint for an array that has the right sizes the other way round, or for two biases in a row."""
    shapes = [getattr(each, "shape", ()) for each in answer] if isinstance(answer, tuple | list) else []
    for (name, target), shape in zip(wanted.items(), shapes, strict=False):
        if name == "b" and shape == (8 * H,):
            return "b: that is one bias after the other; nn.LSTM adds both to the same pre-activation, so add them."
        if shape != target.shape and shape == target.shape[::-1]:
            said = "as it stands" if name == "E" else "turned: PyTorch multiplies x by the transpose of its weight"
            return f"{name} should have shape {target.shape}; yours has {shape}. Take it {said}."
    return None


def _slips(theirs: FloatArray, target: FloatArray) -> dict[str, FloatArray]:
    """Typical wrong matrices."""
    i, f, g, o = np.split(np.arange(4 * H), 4)
    wide = target.shape[-1] == 4 * H
    moved = {
        "the blocks of g and o have changed places; PyTorch has our order, i, f, g, o": [i, f, o, g],
        "the blocks of i and f have changed places; PyTorch has our order, i, f, g, o": [f, i, g, o],
    }
    return {
        "the shape is right, the places are not: reshape keeps the numbers in their row; turn with .T": np.reshape(
            theirs, target.shape
        ),
        **{said: target[..., np.concatenate(order)] for said, order in moved.items() if wide},
    }


def _slips_b(held: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Typical wrong biases."""
    one, other = held[HELD["b"]], held[SECOND]
    return {
        "that is bias_ih alone; nn.LSTM adds bias_hh as well, and training moves both": one,
        "that is bias_hh alone; nn.LSTM adds both": other,
        "that is their mean; nn.LSTM adds them": (one + other) / 2,
    }


# ---- 20.2

A_CHAIN = {"loss": ["z"], "z": ["h"], "h": ["a"], "a": []}
TWO_STEPS = {  # two steps of a cell, each with a guess; W and v are used by both, `idle` leads to no loss
    "loss": ["nats 1", "nats 2"],
    "nats 1": ["h 1", "v"],
    "nats 2": ["h 2", "v"],
    "h 1": ["c 1"],
    "h 2": ["c 2"],
    "c 2": ["kept", "a 2"],
    "kept": ["c 1", "a 2"],
    "a 2": ["h 1", "W"],
    "c 1": ["a 1"],
    "a 1": ["W"],
    "W": [],
    "v": [],
    "idle": ["W"],
}


@exercise
def order(function: Callable[..., Any]) -> Feedback:
    """Exercise 20.2: `function(made_from, last)` lists what `last` is made from, each after what it is made from."""
    for graph in (A_CHAIN, TWO_STEPS):
        answer, feedback = ask(function, graph, "loss")
        if feedback is not None:
            return feedback
        hint = _order_hint(answer, graph)
        if hint is not None:
            return not_yet(hint)
    return right("Walked from its end, this list lets a node hand on when all its readers have spoken.")


def _order_hint(answer: Any, graph: Mapping[str, list[str]]) -> str | None:
    """What is wrong with an order; None when nothing is."""
    if not isinstance(answer, list | tuple):
        return f"return a list of the nodes; got {short_repr(answer)}."
    strange = [each for each in answer if not isinstance(each, Hashable) or each not in graph]
    if strange:
        return f"{short_repr(strange[0])} is no node of the graph; the list holds the keys of made_from."
    twice = [each for each in answer if list(answer).count(each) > 1]
    if twice:
        return f"{twice[0]} stands there {list(answer).count(twice[0])} times: once, after all that it is made from."
    needed = [*TopologicalSorter({name: parents for name, parents in graph.items() if name != "idle"}).static_order()]
    missing = [each for each in needed if each not in answer]
    if missing:
        return f"{missing[0]} is missing: loss is made from it, be it by way of others."
    if len(answer) > len(needed):
        return "idle does not lead to the loss: begin at the loss and follow made_from."
    place = {name: k for k, name in enumerate(answer)}
    wrong = [(name, parent) for name in answer for parent in graph[name] if place[parent] > place[name]]
    if wrong and answer[0] == "loss" and all(place[parent] > place[name] for name in needed for parent in graph[name]):
        return "the order is right, and turned round: the loss is the last."
    if wrong:
        name, parent = wrong[0]
        said = f"{name} is made from {parent} and stands before it"
        return f"{said}. On the way back {parent} would hand on before {name} has spoken."
    return None


# ---- 20.5

OPERATIONS = {
    1e17: "that is the way forward, 2 for each weight and symbol; the way back costs twice as much again",
    2e17: "that is the way back alone; the way forward is another 2 for each weight and symbol",
    1.5e17: "those are the multiplications; each comes with an addition",
    5e16: "that is one operation for each weight and symbol; it is six",
    4e17: "forward there is one product, backward there are two of the same size: three in all, 2 operations each",
}
GIGABYTES = {
    0.2: "those are the weights; the gradient and Adam's m and v have the same size each",
    0.4: "those are weights and gradient; Adam keeps m and v, too",
    0.6: "there are four: weights, gradient, m and v",
    1.6: "that is float64; float32 takes 4 bytes",
    0.05: "those are the weights, in billions; each has 4 bytes, and there are four arrays",
}
HOURS = {
    3000.0: "those are seconds; an hour has 3,600",
    50.0: "those are minutes",
    1.2: "turned round: seconds divided by 3,600",
    1 / 3.6: "that is the way forward alone; six operations, not two",
}


@exercise
def on_paper(operations: object, gigabytes: object, hours: object) -> Feedback:
    """Exercise 20.5: 50 million weights, a billion symbols, float32 with Adam, 1e14 useful operations a second."""
    return judge(
        "They leave most of a GPU to the tape, and it ends within the hour: no second one is needed.",
        Number(
            "operations", operations, 3e17, OPERATIONS, "six for each weight and symbol, (20.3)", 0.01, relative=True
        ),
        Number("gigabytes", gigabytes, 0.8, GIGABYTES, "four arrays, four bytes a number", 0.01, relative=True),
        Number("hours", hours, 3000 / 3600, HOURS, "operations / 1e14, then / 3,600", 0.01, relative=True),
    )
