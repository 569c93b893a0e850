"""The bridge with PyTorch on its other side: weights in its modules give the library's numbers, and come back."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from torch import nn

from lstm_lib.bridge.pytorch import TorchWeights, from_torch, gradients_from_torch, to_torch
from lstm_lib.data import Batch
from lstm_lib.loss import cross_entropy
from lstm_lib.model import backward, forward, init_params
from lstm_lib.tree import named_leaves

V, D, H = 7, 4, 5
IDS = np.random.default_rng(3).integers(0, V, (6, 3))


def model(dtype: type = np.float64):
    """Parameters, and the three modules that hold them."""
    params = init_params(V, D, H, rng=np.random.default_rng(1), dtype=dtype)
    kind = getattr(torch, np.dtype(dtype).name)
    parts = nn.Embedding(V, D, dtype=kind), nn.LSTM(D, H, dtype=kind), nn.Linear(H, V, dtype=kind)
    for part, arrays in zip(parts, to_torch(params), strict=True):
        part.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    return params, parts


def logits_of(parts) -> torch.Tensor:
    embedding, lstm, output = parts
    return output(lstm(embedding(torch.from_numpy(IDS)))[0])


@pytest.mark.parametrize(("dtype", "limit"), [(np.float64, 1e-14), (np.float32, 1e-6)])
def test_the_modules_compute_what_the_library_does(dtype: type, limit: float) -> None:
    params, parts = model(dtype)
    np.testing.assert_allclose(logits_of(parts).detach().numpy(), forward(params, IDS)[0], rtol=0, atol=limit)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_weights_come_back_from_state_dicts_and_from_parameters(dtype: type) -> None:
    params, parts = model(dtype)
    for given in ([part.state_dict() for part in parts], [dict(part.named_parameters()) for part in parts]):
        for (name, one), (_, two) in zip(named_leaves(from_torch(*given)), named_leaves(params), strict=True):
            assert_array_equal(one, two, err_msg=name)
            assert one.dtype == two.dtype


def test_a_fresh_lstm_with_two_biases_is_taken_over() -> None:
    _, parts = model()
    torch.manual_seed(0)
    parts[1].reset_parameters()
    params = from_torch(*(part.state_dict() for part in parts))
    assert parts[1].bias_hh_l0.abs().min() > 0
    np.testing.assert_allclose(logits_of(parts).detach().numpy(), forward(params, IDS)[0], rtol=0, atol=1e-14)


def test_gradients_come_over() -> None:
    params, parts = model()
    targets = IDS[::-1].copy()
    batch = Batch(IDS, targets, np.ones(IDS.shape, bool))
    nn.functional.cross_entropy(logits_of(parts).flatten(0, 1), torch.from_numpy(targets).flatten()).backward()
    theirs = gradients_from_torch(*({name: leaf.grad for name, leaf in part.named_parameters()} for part in parts))
    logits, _, cache = forward(params, batch.inputs)
    ours, _ = backward(params, cache, cross_entropy(logits, batch.targets, batch.mask)[1])
    for (name, one), (_, two) in zip(named_leaves(ours), named_leaves(theirs), strict=True):
        np.testing.assert_allclose(one, two, rtol=0, atol=1e-14, err_msg=name)


def test_training_in_pytorch_leaves_our_parameters_alone() -> None:
    params, parts = model()
    before, after = params.W_h.copy(), from_torch(*(part.state_dict() for part in parts))
    with torch.no_grad():
        for part in parts:
            for leaf in part.parameters():
                leaf.add_(1)
    assert_array_equal(params.W_h, before)
    assert_array_equal(after.W_h, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_layers": 2}, "more than one layer"),
        ({"bidirectional": True}, "bidirectional"),
        ({"proj_size": 2}, "projects its hidden state"),
        ({"bias": False}, "this one was made with bias=False: zeros of shape"),
    ],
)
def test_other_lstms_are_refused(options: dict[str, int], message: str) -> None:
    _, (embedding, _, output) = model(np.float32)
    other = nn.LSTM(D, H, **options)
    with pytest.raises(ValueError, match=message):
        from_torch(embedding.state_dict(), other.state_dict(), output.state_dict())


@pytest.mark.parametrize("kind", [nn.GRU, nn.RNN])
def test_other_loops_are_refused(kind: type[nn.Module]) -> None:
    _, (embedding, _, output) = model(np.float32)
    with pytest.raises(ValueError, match=r"lstm.weight_ih_l0 must have shape \(20, 4\)"):
        from_torch(embedding.state_dict(), kind(D, H).state_dict(), output.state_dict())


def test_tensors_that_numpy_cannot_hold_are_refused() -> None:
    weights = TorchWeights(*(part.state_dict() for part in model(np.float32)[1]))
    sparse = weights.embedding["weight"].to_sparse()
    for tensor in (weights.embedding["weight"].bfloat16(), sparse, torch.empty(V, D, device="meta")):
        with pytest.raises(TypeError, match=r"embedding\.weight must be a tensor that NumPy can hold"):
            from_torch({"weight": tensor}, weights.lstm, weights.output)
    with pytest.raises(TypeError, match="embedding must be a state dict"):
        from_torch(model()[1][0], weights.lstm, weights.output)
