"""The whole book on one page: an LSTM reads names, then invents new ones.

python whole_book.py names.csv   (a name a line; dots go, and what follows a comma)
Numbers such as (6.7) are equations of the book, "LSTM from Scratch".
"""

import sys

import numpy as np

D, H, B = 32, 256, 64  # entries of an embedding, units, names in a batch
STEPS, LOOK = 2000, 500  # training steps in all, and between two validations
LR, BETA1, BETA2, EPS = 0.004, 0.9, 0.99, 1e-8  # Adam
RHO, P_DROP = 1.0, 0.2  # longest gradient; share of units hidden in training


# Data
def read(path, *, rng):
    """The vocabulary of a file; names to learn from, to choose by, to judge by."""
    with open(path, encoding="utf-8-sig") as file:
        names = {row.split(",")[0].replace(".", "").strip().lower() for row in file}
    names = rng.permutation(sorted(names - {"", "name"})).tolist()
    vocab = "." + "".join(sorted(set("".join(names))))  # the end mark has id 0
    tenth = len(names) // 10 or sys.exit("at least ten names, please")
    return vocab, names[2 * tenth :], names[:tenth], names[tenth : 2 * tenth]


def table(names, vocab):
    """Inputs, targets, mask (T, B), longest first; the end mark begins and ends."""
    names = sorted(names, key=len, reverse=True)
    lengths = np.array([len(name) + 1 for name in names])
    symbols = np.zeros((lengths.max() + 1, len(names)), int)
    for n, name in enumerate(names):
        symbols[1 : lengths[n], n] = [vocab.index(letter) for letter in name]
    mask = np.arange(lengths.max())[:, None] < lengths  # False for padding
    return symbols[:-1], symbols[1:], mask


def tables(names, vocab, *, rng):
    """Batches without end; each epoch has a new order."""
    while True:
        order = rng.permutation(names).tolist()
        for k in range(0, len(order), B):
            yield table(order[k : k + B], vocab)


# Forward
def sigmoid(a):
    return (1 + np.tanh(a / 2)) / 2  # (6.3)


def cell(theta, ids, h, c_before):
    """Read one symbol of each name: new h, new c, and what the way back needs."""
    E, W_x, W_h, b, _, _ = theta
    x = E[ids]  # (6.1)
    a = x @ W_x + h @ W_h + b  # (6.2)
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
    f = sigmoid(a_f)  # (6.4) how much of the memory is kept
    i = sigmoid(a_i)  # (6.5) how much is written
    g = np.tanh(a_g)  # (6.6) what is written
    c = f * c_before + i * g  # (6.7)
    o = sigmoid(a_o)  # (6.8) how much is shown
    h = o * np.tanh(c)  # (6.9)
    return h, c, (i, f, g, o, c_before, c)


def forward(theta, inputs, mask, keep=1):
    """Scores (T, B, V), states, steps; h[t] enters step t, h[t + 1] leaves it."""
    _, _, W_h, _, W_y, b_y = theta
    h, steps = np.zeros((len(mask) + 1, len(mask[0]), len(W_h)), W_h.dtype), []
    c = h[0]  # zeros
    for t, n in enumerate(mask.sum(axis=1)):  # only the first n names go on
        h[t + 1, :n], c, step = cell(theta, inputs[t, :n], h[t, :n], c[:n])
        steps.append(step)
    z = (h[1:] * keep) @ W_y + b_y  # (6.10)
    return z, h, steps


# Backward
def loss_and_dz(z, targets, mask):
    """The loss, in nats per predicted symbol, and the gradient of the scores z."""
    log_p = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)  # ln of (6.11)
    y = np.eye(z.shape[-1], dtype=z.dtype)[targets]
    N = int(mask.sum())  # (9.1)
    loss = -(mask * (y * log_p).sum(axis=-1)).sum() / N  # (9.2)
    dz = mask[..., None] * (np.exp(log_p) - y) / N  # (9.3)
    return loss, dz


def cell_backward(dh, dc, step):
    """One step back, from all of dh and what came along c: da, dc of c_before."""
    i, f, g, o, c_before, c = step
    do = dh * np.tanh(c)  # (7.10)
    dc = dh * o * (1 - np.tanh(c) ** 2) + dc  # (7.3)
    di, df, dg = dc * g, dc * c_before, dc * i  # (7.6), (7.4), (7.8)
    da_f = df * f * (1 - f)  # (7.5)
    da_i = di * i * (1 - i)  # (7.7)
    da_g = dg * (1 - g**2)  # (7.9)
    da_o = do * o * (1 - o)  # (7.11)
    return np.hstack([da_i, da_f, da_g, da_o]), dc * f  # (7.3), a step earlier


def loss_and_grads(theta, inputs, targets, mask, keep=1):
    """The loss of a batch, and the gradients of the six tensors."""
    E, W_x, W_h, b, W_y, _ = theta
    z, h, steps = forward(theta, inputs, mask, keep)
    loss, dz = loss_and_dz(z, targets, mask)
    dh_z, dc = (dz @ W_y.T) * keep, np.zeros_like(h[0])
    da = np.zeros((*h.shape[:2], len(b)), b.dtype)  # beyond the last step it is 0
    for t, n in reversed([*enumerate(mask.sum(axis=1))]):
        dh = dh_z[t, :n] + da[t + 1, :n] @ W_h.T  # (8.2)
        da[t, :n], dc[:n] = cell_backward(dh, dc[:n], steps[t])
    da, both = da[:-1], ([0, 1], [0, 1])  # to sum over steps and names
    dE, dx = np.zeros_like(E), da @ W_x.T  # (8.8)
    np.add.at(dE, inputs, dx)  # (9.4)
    dW_h = np.tensordot(h[:-1], da, both)  # (8.3)
    dW_x = np.tensordot(E[inputs], da, both)  # (8.4)
    db = da.sum(axis=(0, 1))  # (8.5)
    dW_y = np.tensordot(h[1:] * keep, dz, both)  # (8.6)
    db_y = dz.sum(axis=(0, 1))  # (8.7)
    return loss, [dE, dW_x, dW_h, db, dW_y, db_y]


# Training
def start(V, *, rng):
    """The first weights, theta: E, W_x, W_h, b, W_y, b_y."""
    shapes = (D, 4 * H), (H, 4 * H), (H, V)
    W_x, W_h, W_y = (rng.uniform(-1, 1, shape) / np.sqrt(H) for shape in shapes)
    E, b, b_y = rng.normal(size=(V, D)), np.zeros(4 * H), np.zeros(V)
    b[H : 2 * H] = 1  # at first the forget gate is open
    return [w.astype(np.float32) for w in (E, W_x, W_h, b, W_y, b_y)]


def adam(w, dw, m, v, s, rate):
    m = BETA1 * m + (1 - BETA1) * dw  # (11.2)
    v = BETA2 * v + (1 - BETA2) * dw**2  # (11.3)
    m_hat = m / (1 - BETA1**s)  # (11.4)
    v_hat = v / (1 - BETA2**s)  # (11.5)
    w = w - rate * m_hat / (np.sqrt(v_hat) + EPS)  # (11.6)
    return w, m, v


def nats(theta, names, vocab):
    """The loss of a whole list, 500 names at a time."""
    pieces = [table(names[k : k + 500], vocab) for k in range(0, len(names), 500)]
    losses = [loss_and_dz(forward(theta, x, m)[0], y, m)[0] for x, y, m in pieces]
    return np.average(losses, weights=[m.sum() for _, _, m in pieces])


def train(theta, names, watched, vocab, *, rng):
    """The weights that did best on the watched names, at the end or at Ctrl-C."""
    theta, best, lowest = [*theta], theta, np.inf
    m, v = [0 * w for w in theta], [0 * w for w in theta]
    supply = tables(names, vocab, rng=rng)
    try:
        for s in range(1, STEPS + 1):
            batch = next(supply)
            shown = rng.random((*batch[0].shape, H)) >= P_DROP
            keep = shown / np.float32(1 - P_DROP)  # (12.4)
            loss, dtheta = loss_and_grads(theta, *batch, keep)
            length = np.sqrt(sum((dw**2).sum() for dw in dtheta))
            rate = LR / 2 * float(1 + np.cos(np.pi * (s - 1) / STEPS))  # (12.3)
            for k, dw in enumerate(dtheta):
                dw = dw * min(1, RHO / length)  # (12.2)
                theta[k], m[k], v[k] = adam(theta[k], dw, m[k], v[k], s, rate)
            if s % LOOK == 0:
                now = nats(theta, watched, vocab)
                if now < lowest:
                    best, lowest = [*theta], now
                print(f"step {s}: batch {loss:.3f}, watched {now:.3f}", flush=True)
    except KeyboardInterrupt:
        print(f"stopped; the best so far: {lowest:.3f}")
    return best


# Use
def invent(theta, vocab, *, rng, tau=1.0):
    """One name, letter by letter, until the end mark is drawn."""
    _, _, W_h, _, W_y, b_y = theta
    name, h, c = ".", np.zeros((1, len(W_h))), np.zeros((1, len(W_h)))
    while name == "." or name[-1] != ".":
        h, c, _ = cell(theta, [vocab.index(name[-1])], h, c)
        z = h[0] @ W_y + b_y  # (6.10)
        p = np.exp(z / tau - np.logaddexp.reduce(z / tau))  # (14.1)
        name += vocab[rng.choice(len(vocab), p=p)]
    return name[1:-1]


def main(path):
    rng = np.random.default_rng(24)
    vocab, names, watched, unseen = read(path, rng=rng)
    theta = train(start(len(vocab), rng=rng), names, watched, vocab, rng=rng)
    print(f"names it has never met: {nats(theta, unseen, vocab):.3f} nats a symbol")
    drawn = [invent(theta, vocab, rng=rng) for _ in range(100)]
    known = {"", *names, *watched, *unseen}
    print(*[name for name in drawn if name not in known][:10], sep=", ")


if __name__ == "__main__":
    main(sys.argv[1])
