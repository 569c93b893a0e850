"""The running example: a model of V = 3 characters and D = H = 2 that writes the name "ana".

Its weights, but for E of 0 and 1, are whole multiples of ln 3: the gates are school fractions, sigmoid(2 ln 3) = 9/10,
sigmoid(ln 3) = 3/4, tanh(ln 3) = 4/5. Unit 1 is a latch ("an n has passed"); unit 2 holds the current letter.
A second machine, of one unit, says at each end mark with which letter the name began: it must hide and wipe its memory.
"""

import numpy as np

from lstm_lib.model import Params
from lstm_lib.vocabulary import Vocabulary

NAME = "ana"
VOCABULARY = Vocabulary((".", "a", "n"))
LN3 = float(np.log(3.0))  # the unit of every weight but E's
ECHO_VOCABULARY = Vocabulary((".", "a", "n", "A", "N"))

# Worked out by hand, wire in place, and rounded to four decimals: a row for each quantity and unit, a column for each
# step t = 1..4 of reading ". a n a". i₂ is 9/10, f₂ is 1/10 and both o are 9/10 at every step.
HAND_COMPUTED = {
    "i₁": (0.1, 0.1, 0.9, 0.1),
    "f₁": (0.9, 0.9, 0.8302, 0.9405),
    "g₁": (0.0, 0.0, 0.8, 0.0),
    "g₂": (0.0, 0.8, -0.8, 0.8),
    "c₁": (0.0, 0.0, 0.72, 0.6772),
    "c₂": (0.0, 0.72, -0.648, 0.6552),
    "h₁": (0.0, 0.0, 0.5552, 0.5307),
    "h₂": (0.0, 0.5552, -0.5133, 0.5176),
    "p(target)": (0.8710, 0.8940, 0.9953, 0.8961),
}

# The way back, for the mean loss over the four predictions: the gradient of each quantity, rounded like the above.
HAND_COMPUTED_BACKWARD = {
    "dh₁ from the output": (-0.0709, 0.2131, 0.0051, -0.2009),
    "dh₁": (-0.0709, 0.2131, 0.0051, -0.2009),
    "dc₁ through h": (-0.0638, 0.1918, 0.0028, -0.1179),
    "dc₁ from the next c": (0.0919, -0.0897, -0.1109, 0.0),
    "dc₁": (0.0281, 0.1021, -0.1081, -0.1179),
    "da^i₁": (0.0, 0.0, -0.0078, 0.0),
    "da^f₁": (0.0, 0.0, 0.0, -0.0047),
    "da^g₁": (0.0028, 0.0102, -0.0350, -0.0118),
    "da^o₁": (0.0, 0.0, 0.0003, -0.0107),
    "dh₂ from the output": (0.3367, -0.0979, 0.0103, -0.0112),
    "dh₂": (0.3367, -0.0979, 0.0155, -0.0112),
    "dc₂ through h": (0.3030, -0.0546, 0.0094, -0.0067),
    "dc₂ from the next c": (-0.0054, 0.0009, -0.0007, 0.0),
    "dc₂": (0.2976, -0.0537, 0.0088, -0.0067),
    "da^i₂": (0.0, -0.0039, -0.0006, -0.0005),
    "da^f₂": (0.0, 0.0, 0.0006, 0.0004),
    "da^g₂": (0.2679, -0.0174, 0.0028, -0.0022),
    "da^o₂": (0.0, -0.0054, -0.0008, -0.0006),
}


def example_params(*, wire: bool = True) -> Params:
    """The hand-set float64 weights; with `wire=False`, unit 2 no longer talks to unit 1's forget gate.

    Without the wire every gate and cell value of "ana" is an exact decimal.
    """
    b = np.array([-2.0, 2, 2, -2, 0, 0, 2, 2])  # i_1 i_2 | f_1 f_2 | g_1 g_2 | o_1 o_2
    W_x = np.array([[0.0, 0, 0, 0, 0, 1, 0, 0], [4, 0, 0, 0, 1, -1, 0, 0]])  # row of a, row of n
    W_h = np.zeros((2, 8))
    W_h[1, 2] = -1 if wire else 0  # from unit 2 to the forget gate of unit 1
    W_y = np.array([[4.0, 0, -4], [2, -6, 4]])  # columns . a n
    b_y = np.array([-1.0, 2, 0])
    E = np.array([[0.0, 0], [1, 0], [0, 1]])  # rows . a n
    return Params(E, *(LN3 * leaf for leaf in (W_x, W_h, b, W_y, b_y)))


def echo_params() -> Params:
    """The hand-set float64 weights of a machine that says at `.` with which letter the name began: "a" or "n".

    Its names begin with a capital, as in "Ann.Nana."; V = 5, D = 3, H = 1. It writes at capitals, where it also wipes
    what it held, keeps elsewhere, and shows only at `.`: each gate is 81/82 or 1/82, the sigmoid of +-4 ln 3.
    """
    E = np.array([[0.0, 0, 1], [1, 0, 0], [-1, 0, 0], [1, 1, 0], [-1, 1, 0]])  # which letter | capital | end mark
    b = np.array([-4.0, 4, 0, -4])  # i f g o
    W_x = np.array([[0.0, 0, 1, 0], [8, -8, 0, 0], [0, 0, 0, 8]])  # which letter | capital | end mark
    W_y = np.array([[0.0, 4, -4, 0, 0]])  # columns . a n A N
    b_y = np.array([-20.0, 0, 0, -20, -20])  # it never says anything but a and n
    return Params(E, *(LN3 * leaf for leaf in (W_x, np.zeros((1, 4)), b, W_y, b_y)))
