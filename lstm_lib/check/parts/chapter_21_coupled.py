"""Feedback for exercise 21.2: what may be wrong with the way back of a cell whose input gate is 1 - f."""

import numpy as np

from lstm_lib.check.numbers import first_match
from lstm_lib.ops import sigmoid
from lstm_lib.tree import FloatArray

B, H = 2, 3
Kept = tuple[FloatArray, ...]


def random_step() -> tuple[Kept, FloatArray, FloatArray]:
    """What a step keeps (f, g, o, the old c, tanh of the new), and what comes back: dh and dc; each (B, H)."""
    rng = np.random.default_rng(212)
    a_f, a_g, a_o, c_prev, dh, dc = rng.normal(size=(6, B, H))
    f, g, o = sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    return (f, g, o, c_prev, np.tanh(f * c_prev + (1 - f) * g)), dh, dc


def coupled_hint(kept: Kept, dh: FloatArray, dc: FloatArray, da: FloatArray, carry: FloatArray) -> str | None:
    """None when both are right; else what is wrong, the gates first."""
    f, g, o, c_prev, tanh_c = kept
    whole = dh * o * (1 - tanh_c**2) + dc
    a_f, a_g, a_o = np.split(da, 3, axis=1)
    if not np.allclose(a_o, dh * tanh_c * o * (1 - o)):
        slips = {
            "do stands there; the slope of the sigmoid is missing": dh * tanh_c,
            "o touches h and not c, so dc has no part in it": whole * tanh_c * o * (1 - o),
        }
        return f"block o: {first_match(a_o, slips, 'nothing changed for o: dh * tanh(c), then its slope')}."
    if not np.allclose(a_g, whole * (1 - f) * (1 - g**2)):
        return f"block g: {first_match(a_g, _wrong_g(f, g, whole, dc), 'g is written with 1 - f, then its slope')}."
    if not np.allclose(a_f, whole * (c_prev - g) * f * (1 - f)):
        otherwise = "c = f c_prev + (1 - f) g: take the slope in f, with c_prev and g held fixed"
        return f"block f: {first_match(a_f, _wrong_f(f, g, c_prev, whole, dc), otherwise)}."
    if not np.allclose(carry, whole * f):
        slips = {
            "what goes on to the step before has passed f": whole,
            "carry the complete dc, what came through h included, times f": dc * f,
            "through h alone; what came along c goes on too": (whole - dc) * f,
            "the old c is multiplied by f alone; 1 - f is the way to g": whole * (1 - f),
            "g was not made from the old c: its arrow ends at g": whole * (f - (1 - f)),
        }
        return f"dc_prev: {first_match(carry, slips, 'the complete dc, times what the old c was multiplied by')}."
    return None


def _wrong_g(f: FloatArray, g: FloatArray, whole: FloatArray, dc: FloatArray) -> dict[str, FloatArray]:
    """Typical wrong blocks of g."""
    slope = 1 - g**2
    return {
        "g is multiplied by 1 - f, not by f": whole * f * slope,
        "the factor 1 - f is missing: that much of g was written": whole * slope,
        "dg stands there; the slope of tanh is missing": whole * (1 - f),
        "only what came along c; dc first gets what comes through h": dc * (1 - f) * slope,
        "g is a tanh: its slope is 1 - g**2": whole * (1 - f) * g * (1 - g),
    }


def _wrong_f(
    f: FloatArray, g: FloatArray, c_prev: FloatArray, whole: FloatArray, dc: FloatArray
) -> dict[str, FloatArray]:
    """Typical wrong blocks of f."""
    slope = f * (1 - f)
    return {
        "one arrow of two: f also decides how much of g is written": whole * c_prev * slope,
        "one arrow of two: f also decides how much of the old c is kept": -whole * g * slope,
        "both arrows, and the second with the wrong sign: more f, less g": whole * (c_prev + g) * slope,
        "the sign is turned: more f, more of the old c": whole * (g - c_prev) * slope,
        "df stands there; the slope of the sigmoid is missing": whole * (c_prev - g),
        "only what came along c; dc first gets what comes through h": dc * (c_prev - g) * slope,
        "f is a sigmoid: its slope is f (1 - f)": whole * (c_prev - g) * (1 - f**2),
    }
