"""Weights to PyTorch's names and back: the layout, exact round trips, and what is refused; without PyTorch."""

import sys

import numpy as np
import pytest
from core_cases import D, H, V, frozen, leaves, random_params
from numpy.testing import assert_array_equal

from lstm_lib.bridge.pytorch import from_torch, gradients_from_torch, to_torch
from lstm_lib.tree import named_leaves

BLOCKS = {"i": 0, "f": 1, "g": 2, "o": 3}


class Tensor:
    """What a tensor shows of itself; `fault` is what its `numpy()` raises, as PyTorch does for bfloat16."""

    dtype = "torch.bfloat16"

    def __init__(self, array, fault=None):
        self.array, self.fault, self.calls = array, fault, []

    def detach(self):
        self.calls.append("detach")
        return self

    def cpu(self):
        self.calls.append("cpu")
        return self

    def numpy(self):
        assert self.calls == ["detach", "cpu"]
        if self.fault:
            raise self.fault
        return self.array


def given(**changes):
    """Three good state dicts, of a model without a zero, with some of their arrays replaced: `lstm_bias_hh_l0=...`."""
    weights = to_torch(random_params())
    weights.lstm["bias_hh_l0"] = np.random.default_rng(5).standard_normal(4 * H)
    for place, array in changes.items():
        module, name = place.split("_", 1)
        weights._asdict()[module][name] = array
    return weights


def assert_same(left, right):
    for (name, one), (_, two) in zip(named_leaves(left), named_leaves(right), strict=True):
        assert_array_equal(one, two, err_msg=name)
        assert one.dtype == two.dtype


def test_the_layout_is_that_of_pytorch():
    params = random_params()
    embedding, lstm, output = to_torch(params)
    assert {name: array.shape for name, array in lstm.items()} == {
        "weight_ih_l0": (4 * H, D), "weight_hh_l0": (4 * H, H), "bias_ih_l0": (4 * H,), "bias_hh_l0": (4 * H,),
    }  # fmt: skip
    for block in BLOCKS.values():  # unit 2 of each gate
        row = block * H + 2
        assert_array_equal(lstm["weight_ih_l0"][row], params.W_x[:, row])
        assert_array_equal(lstm["weight_hh_l0"][row], params.W_h[:, row])
        assert lstm["bias_ih_l0"][row] == params.b[row]
    assert not lstm["bias_hh_l0"].any()
    assert_array_equal(embedding["weight"], params.E)
    assert_array_equal(output["weight"], params.W_y.T)
    assert_array_equal(output["bias"], params.b_y)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(V, D, H), (3, 1, 1), (1, 2, 3), (4, 4, 4)])
def test_there_and_back_changes_no_bit(dtype, sizes):
    params = random_params(dtype=dtype, sizes=sizes)
    assert_same(from_torch(*to_torch(params)), params)


def test_back_and_there_merges_the_two_biases():
    weights = given()
    again = to_torch(from_torch(*weights))
    assert_array_equal(again.lstm["bias_ih_l0"], weights.lstm["bias_ih_l0"] + weights.lstm["bias_hh_l0"])
    assert not again.lstm["bias_hh_l0"].any()
    for name in ("weight_ih_l0", "weight_hh_l0"):
        assert_array_equal(again.lstm[name], weights.lstm[name])


def test_arrays_are_new_and_in_the_order_that_both_sides_like():
    params, weights = frozen(random_params()), given()
    for made, source in ((to_torch(params), params), (from_torch(*weights), weights)):
        arrays = leaves(made) or [array for arrays in made for array in arrays.values()]
        sources = leaves(source) or [array for arrays in source for array in arrays.values()]
        assert len(arrays) >= 6
        assert all(array.flags.c_contiguous and array.flags.writeable for array in arrays)
        assert not any(np.shares_memory(one, two) for one in arrays for two in sources)


def test_tensors_are_taken_from_where_they_lie():
    weights = given()
    tensors = [{name: Tensor(array) for name, array in arrays.items()} for arrays in weights]
    assert_same(from_torch(*tensors), from_torch(*weights))


def test_of_two_equal_gradients_one_is_taken():
    weights = given()
    weights.lstm["bias_hh_l0"] = weights.lstm["bias_ih_l0"] * (1 + 1e-12)  # PyTorch's sums may differ in a last digit
    assert_array_equal(gradients_from_torch(*weights).b, weights.lstm["bias_ih_l0"])
    assert_same(gradients_from_torch(*weights), random_params())
    with pytest.raises(ValueError, match="must have one gradient; these differ, as weights do"):
        gradients_from_torch(*given())
    weights.lstm["bias_hh_l0"] = np.full_like(weights.lstm["bias_ih_l0"], np.nan)
    with pytest.raises(ValueError, match="must have one gradient; these differ"):
        gradients_from_torch(*weights)


@pytest.mark.parametrize(("frozen", "other"), [("bias_hh_l0", "bias_ih_l0"), ("bias_ih_l0", "bias_hh_l0")])
def test_of_a_frozen_bias_the_other_has_the_gradient(frozen, other):
    weights = given()
    expected = weights.lstm[other].copy()
    weights.lstm[frozen] = None
    assert_array_equal(gradients_from_torch(*weights).b, expected)
    assert weights.lstm[frozen] is None  # what was given stays as it was
    with pytest.raises(TypeError, match=f"lstm.{frozen} must be a NumPy array of floats; got None"):
        from_torch(*weights)
    weights.lstm[other] = None
    with pytest.raises(TypeError, match=r"lstm\.bias_ih_l0 must be a NumPy array of floats; got None"):
        gradients_from_torch(*weights)


@pytest.mark.parametrize("function", [from_torch, gradients_from_torch])
def test_an_lstm_without_biases_is_told_what_it_lacks(function):
    weights = given()
    weights.lstm.pop("bias_ih_l0")
    weights.lstm.pop("bias_hh_l0")
    with pytest.raises(ValueError, match=r"made with bias=False: zeros of shape \(4H,\)"):
        function(*weights)


def test_the_order_of_a_state_dict_does_not_matter():
    weights = given()
    assert_same(from_torch(*(dict(reversed(arrays.items())) for arrays in weights)), from_torch(*weights))


ZERO = np.zeros((4 * H, H))
OTHER_KINDS = [  # what else an nn.LSTM may hold
    ({"lstm_weight_ih_l1": ZERO}, "nn.LSTM.*holds 'weight_ih_l1': it has more than one layer"),
    ({"lstm_weight_ih_l0_reverse": ZERO}, "holds 'weight_ih_l0_reverse': it is bidirectional"),
    ({"lstm_weight_hr_l0": ZERO}, r"holds 'weight_hr_l0': it projects its hidden state \(proj_size\)"),
    ({"lstm_peephole": ZERO}, "lstm must hold weight_ih_l0, .*bias_hh_l0, and nothing else; got .*'peephole'"),
    ({"embedding_bias": ZERO}, r"embedding must hold weight, and nothing else; got \['weight', 'bias'\]"),
]
SHAPES = [
    ({"lstm_weight_ih_l0": np.zeros((D, 4 * H))}, r"lstm.weight_ih_l0 must have shape \(20, 4\), by V=7.*\(4, 20\)"),
    ({"lstm_weight_ih_l0": np.zeros((3 * H, D)), "lstm_weight_hh_l0": np.zeros((3 * H, H))},
     r"lstm.weight_ih_l0 must have shape \(20, 4\).* H=5, the columns of lstm.weight_hh_l0; got \(15, 4\)"),
    ({"lstm_weight_hh_l0": np.zeros((H, H))}, r"lstm.weight_hh_l0 must have shape \(20, 5\).*got \(5, 5\)"),
    ({"lstm_weight_hh_l0": np.zeros((4 * H, 0))}, r"lstm.weight_hh_l0 must be a matrix.*got shape \(20, 0\)"),
    ({"lstm_weight_hh_l0": np.zeros(4 * H)}, r"lstm.weight_hh_l0 must be a matrix.*got shape \(20,\)"),
    ({"lstm_bias_hh_l0": np.zeros((4 * H, 1))}, r"lstm.bias_hh_l0 must have shape \(20,\).*got \(20, 1\)"),
    ({"embedding_weight": np.zeros((V - 1, D))}, r"output.weight must have shape \(6, 5\), by V=6.*got \(7, 5\)"),
    ({"embedding_weight": np.zeros((V, D, 1))}, r"embedding.weight must be a matrix.*got shape \(7, 4, 1\)"),
    ({"output_weight": np.zeros((H, V))}, r"output.weight must have shape \(7, 5\).*got \(5, 7\)"),
    ({"output_bias": np.array(1.0)}, r"output.bias must have shape \(7,\).*got \(\)"),
]  # fmt: skip


@pytest.mark.parametrize("function", [from_torch, gradients_from_torch])
@pytest.mark.parametrize(("changes", "message"), [*OTHER_KINDS, *SHAPES])
def test_what_the_model_is_not_is_refused_by_name(function, changes, message):
    with pytest.raises(ValueError, match=message):
        function(*given(**changes))


def test_what_is_missing_is_refused_by_name():
    weights = given()
    for module, arrays in zip(weights._fields, weights, strict=True):
        for name in arrays:
            kept = {each: array for each, array in arrays.items() if each != name}
            with pytest.raises(ValueError, match=rf"{module} must hold .*\b{name}\b.*and nothing else; got \["):
                from_torch(*weights._replace(**{module: kept}))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(4 * H, int), "must be a NumPy array of floats; got an array of int64"),
        (np.zeros(4 * H, complex), "must be a NumPy array of floats; got an array of complex128"),
        (np.zeros(4 * H, np.float32), "must be float64 like embedding.weight; got float32"),
        (np.zeros(4 * H, np.dtype(float).newbyteorder("S")), "must be in the byte order of this machine"),
        (None, "must be a NumPy array of floats; got None"),
        ([0.0] * 4 * H, "must be a NumPy array of floats; got"),
        (Tensor(None), "must be a NumPy array of floats; got None"),
        (
            Tensor(None, TypeError("Got unsupported ScalarType BFloat16")),
            "must be a tensor that NumPy can hold; got one of torch.bfloat16: Got unsupported",
        ),
        (Tensor(None, NotImplementedError("meta tensor")), "must be a tensor that NumPy can hold; got"),
    ],
)
def test_values_of_another_kind_are_refused_by_name(value, message):
    with pytest.raises(TypeError, match=f"lstm.bias_hh_l0 {message}"):
        from_torch(*given(lstm_bias_hh_l0=value))


@pytest.mark.skipif(np.finfo(np.longdouble).bits == 64, reason="a long float is a float64 here")
def test_a_dtype_that_pytorch_lacks_is_refused():
    long = random_params(dtype=np.longdouble)
    with pytest.raises(
        TypeError, match=r"params must be of float16 or .*the dtypes that PyTorch has; got (long|float)"
    ):
        to_torch(long)
    with pytest.raises(TypeError, match=r"embedding\.weight must be of float16 or float32 or float64; got"):
        from_torch(*given(embedding_weight=long.E))


def test_a_module_in_place_of_its_state_dict_is_refused():
    weights = given()
    for module in weights._fields:
        with pytest.raises(TypeError, match=rf"{module} must be a state dict, such as state_dict\(\) returns; got"):
            from_torch(*weights._replace(**{module: Tensor(None)}))
    with pytest.raises(TypeError, match="params must be Params"):
        to_torch(weights)


def test_it_needs_no_pytorch():
    from lstm_lib.bridge import pytorch

    assert "torch" not in vars(pytorch)
    assert sys.modules[to_torch.__module__] is pytorch
