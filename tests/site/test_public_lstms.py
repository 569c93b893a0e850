"""The lesson of the page on public LSTMs: which length shows which mistake, planted in a cell written here."""

import numpy as np
import pytest

T_MOST, H, D = 4, 3, 2
Arrays = dict[str, np.ndarray]


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def forward(weights, xs):
    """One sequence from a zero state; gate k has the weights Wk (H, H + D) and the bias bk (H,). Returns the steps."""
    h, c, steps = np.zeros(H), np.zeros(H), []
    for x in xs:
        z = np.concatenate([h, x])
        i, f, o = (sigmoid(weights[f"W{k}"] @ z + weights[f"b{k}"]) for k in "ifo")
        g = np.tanh(weights["Wg"] @ z + weights["bg"])
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        steps.append((z, i, f, g, o, before, c, h))
    return steps


def backward(weights, xs, mistake=""):
    """The gradient of sum(h) after the last step, healthy or with one of the two mistakes."""
    grads: Arrays = {name: np.zeros_like(w) for name, w in weights.items()}
    dh, carried = np.ones(H), np.zeros(H)
    for z, i, f, g, o, before, c, _ in reversed(forward(weights, xs)):
        t = np.tanh(c)
        dc = carried + dh * o * (1 - t**2)
        da = {
            "i": dc * g * i * (1 - i),
            "f": dc * before * f * (1 - f),
            "g": dc * i * (1 - g**2),
            "o": dh * t * o * (1 - o),
        }
        for k, row in da.items():
            grads[f"W{k}"] += np.outer(row, z)
            grads[f"b{k}"] += row
        earlier = sum(weights[f"W{k}"][:, :H].T @ row for k, row in da.items())
        late = earlier if mistake == "overwritten" else dh
        carried = 0 * dc if mistake == "no carry" else (carried + late * o * (1 - t**2)) * f
        dh = earlier
    return grads


def worst(steps, mistake="", columns=slice(None), only=None):
    """The largest relative error of a tensor after so many steps; `only` one of them, and only these columns."""
    rng = np.random.default_rng(3)
    weights: Arrays = {f"W{k}": rng.normal(size=(H, H + D)) for k in "ifgo"}
    weights |= {f"b{k}": rng.normal(size=H) for k in "ifgo"}
    xs = rng.normal(size=(T_MOST, D))[:steps]
    derived, found = backward(weights, xs, mistake), {}
    for name, w in weights.items():
        slopes = np.zeros_like(w)
        for place in np.ndindex(w.shape):
            kept = w[place]
            w[place] = kept + 1e-5
            above = forward(weights, xs)[-1][-1].sum()
            w[place] = kept - 1e-5
            below = forward(weights, xs)[-1][-1].sum()
            w[place] = kept
            slopes[place] = (above - below) / 2e-5
        a, n = derived[name][..., columns], slopes[..., columns]
        size = np.linalg.norm(a) + np.linalg.norm(n)
        found[name] = np.linalg.norm(a - n) / size if size > 1e-12 else 0.0
    return found[only] if only else max(found.values())


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_the_healthy_cell_passes_at_every_length(steps):
    assert worst(steps) < 1e-7


def test_one_step_hides_the_overwritten_dh():
    assert worst(1, "overwritten") < 1e-7
    assert worst(2, "overwritten") > 1e-3
    assert worst(4, "overwritten") > 1e-3


def test_two_steps_and_one_matrix_hide_the_missing_carry():
    recurrent = slice(0, H)
    assert worst(2, "no carry", recurrent, "Wf") < 1e-7
    assert worst(3, "no carry", recurrent, "Wf") > 1e-3
    assert worst(4, "no carry") > 1e-3
