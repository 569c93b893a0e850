"""The line s[t] = f[t] s[t-1] + w[t] for all t at once: a parallel prefix scan (Hillis and Steele 1986).

Two steps in a row are again one step of the same form: first (f, w), then (f', w') is (f f', f' w + w'). So after
each round a step stands for twice as many, and after ceil(log2 T) rounds each stands for all that came before it.
"""

import numpy as np

from lstm_lib.arguments import require_array
from lstm_lib.tree import FloatArray


def scan(f: FloatArray, w: FloatArray, start: FloatArray) -> FloatArray:
    """The states (T+1, ...), the first of them `start` (...), from `f` and `w`, each (T, ...).

    Raises TypeError unless all are arrays of floats, ValueError when there is no step or the shapes do not fit.
    """
    require_array("w", w, "floats", shape=_require_steps(f).shape)
    require_array("start", start, "floats", shape=f.shape[1:])
    f, s, reach = f.copy(), w.copy(), 1
    s[0] += f[0] * start
    while reach < len(f):
        s[reach:] += f[reach:] * s[:-reach]  # (21.8), two steps in one
        f[reach:] = f[reach:] * f[:-reach]
        reach *= 2
    return np.concatenate([start[None], s])


def scan_back(f: FloatArray, s: FloatArray, ds: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The gradients of `f`, `w` and `start` from `ds` (T, ...), what comes to s[1:] from outside: a scan as well.

    What comes to s[t] in all is what comes from outside and f[t+1] times what comes to s[t+1] in all.
    Raises what `scan` raises.
    """
    require_array("s", s, "floats", shape=(len(_require_steps(f)) + 1, *f.shape[1:]))
    later = np.concatenate([f[1:], np.zeros_like(f[:1])])  # nothing comes back from beyond the last step
    dw = scan(later[::-1], ds[::-1], np.zeros_like(f[0]))[:0:-1]  # (21.9)
    return dw * s[:-1], dw, f[0] * dw[0]


def _require_steps(f: FloatArray) -> FloatArray:
    if not len(require_array("f", f, "floats")):
        raise ValueError(f"f must have at least one step; got shape {f.shape}")
    return f
