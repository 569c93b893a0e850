"""Every public function of the rooms that train refuses every value of a wrong kind, in words that name it."""

import inspect
import math
import re
from functools import cache

import numpy as np
import pytest
from training_cases import NAMES, UNSEEN, VOCABULARY, generator, small_params

from lstm_lib import bptt, data, gradcheck, model, optim, train
from lstm_lib.bridge import pytorch
from lstm_lib.data import make_batch
from lstm_lib.model import forward
from lstm_lib.panel import instruments, record
from lstm_lib.run import steps

VALUES = {
    "None": None, "True": True, "0": 0, "1": 1, "-1": -1, "2.5": 2.5, "0.5": 0.5, "nan": math.nan, "-inf": -math.inf,
    "10**400": 10**400, "10**5000": 10**5000, "1j": 1j, "''": "", "'x'": "x", "'1'": "1", "b''": b"",
    "[]": [], "()": (), "{}": {}, "[1]": [1], "['ana',3]": ["ana", 3], "{'a':1}": {"a": 1}, "object": object(),
    "function": lambda *_: None, "floats": np.zeros(3), "ids": np.zeros((2, 2), int),
    "0-d array": np.array(1.0), "texts": np.array(["ana"]), "empty array": np.zeros((0, 2)),
    "byte order": np.ones(2, np.dtype(float).newbyteorder("S")), "datetime64": np.datetime64("2020-01-01"),
    "RandomState": np.random.RandomState(0), "model": small_params(H=3),
}  # fmt: skip
BATCH = make_batch(NAMES, VOCABULARY)
FUNCTIONS = [
    model.Params, model.init_params, model.initial_state, model.forward, model.backward,
    optim.AdamState, optim.sgd_update, optim.adam_init, optim.adam_update, optim.clip_by_global_norm, optim.global_norm,
    gradcheck.numerical_gradient, gradcheck.relative_errors, bptt.loss_and_grads,
    data.split_names, data.make_batch, data.batches, data.check_batch,
    steps.Settings, steps.learning_rate, steps.train_step, steps.training_steps,
    train.fit, train.save_checkpoint, train.load_checkpoint,
    instruments.gate_values, instruments.gate_saturation, instruments.gradient_by_step, instruments.reach,
    instruments.update_ratios, instruments.dead_units, instruments.twin_units, instruments.equal_gates,
    record.take_panel, record.findings, record.columns,
    pytorch.to_torch, pytorch.from_torch, pytorch.gradients_from_torch,
]  # fmt: skip
REQUIRED = inspect.Parameter.empty
ARGUMENTS = [(function, name) for function in FUNCTIONS for name in inspect.signature(function).parameters]

POSITIVE, SHARE = "1 2.5 0.5", "0 0.5"
ACCEPTED = {  # which of the values above are good ones, by the name of the argument
    **dict.fromkeys(["vocab_size", "embedding_size", "hidden_size", "batch_size", "steps"], "1"),
    **dict.fromkeys(["step", "taken", "warmup"], "0 1"), "forget_bias": "0 1 -1 2.5 0.5",
    **dict.fromkeys(["numerical_gradient.step", "eps"], POSITIVE), "lr": f"0 {POSITIVE}", "Settings.lr": POSITIVE,
    "fit.lr": POSITIVE, "eval_every": "1", "patience": "1", "final_lr": f"0 {POSITIVE}", "max_norm": POSITIVE,
    "weight_drop": SHARE,
    **dict.fromkeys(["dropout", "beta1", "beta2"], SHARE), **dict.fromkeys(["last_only", "progress"], "True"),
    **dict.fromkeys(["path", "checkpoint"], "'x' '1'"), "fit.keep": "{}", "forward.inputs": "ids",
    "save_checkpoint.settings": "{} {'a':1}", "init_params.dtype": "model",
    **dict.fromkeys(["names", "train_names", "val_names", "train", "val"], "{'a':1} texts"), "split_names.names": "",
    **dict.fromkeys(["params", "m", "v", "global_norm.grads", "clip_by_global_norm.grads"], "model"),
    **{f"{name}.params": "" for name in ("backward", "sgd_update", "adam_update", "train_step", "dead_units")},
}  # fmt: skip
CALLED = {  # what a message calls an argument that it does not call by its name
    "checkpoint": "path", "train_step.optimizer": "state", "params": "cache|params|expected a record",
    "a": "records|shapes", "n": "records|shapes", "path": "path|folder", "fit.checkpoint": "path|folder",
}  # fmt: skip


@cache
def good_values():
    """A good value for every argument that has no default, by its name."""
    params, after = small_params(), small_params(seed=1)
    logits, _, cached = forward(params, BATCH.inputs)
    lengths = instruments.gradient_by_step(params, BATCH, last_only=True).c
    panel = record.take_panel(params, after, after, BATCH, step=0, vocabulary=VOCABULARY, train=NAMES, val=UNSEEN)
    adam = optim.adam_init(params)
    return {
        "steps": 2, "batch_size": 4, "lr": 0.1, "max_norm": 1.0, "taken": 1, "last_only": True, "step": 1,
        "params": params, "grads": after, "before": params, "after": after, "a": params, "n": after, "m": after,
        "v": after, "optimizer": adam, "state": adam, "settings": steps.Settings(2, 4, 0.1), "f": lambda record: 0.0,
        "names": NAMES, "train_names": NAMES, "train": NAMES, "val": UNSEEN, "vocabulary": VOCABULARY, "batch": BATCH,
        "inputs": BATCH.inputs, "mask": BATCH.mask, "cache": cached, "dlogits": logits, "lengths": lengths,
        "vocab_size": 9, "embedding_size": 3, "hidden_size": 4, "gates": instruments.gate_values(params, BATCH),
        "panel": panel, "panels": [panel], "path": "run.npz", **vars(params), **pytorch.to_torch(params)._asdict(),
    }  # fmt: skip


def outcome(function, name, value):
    """What a call with this value for this argument, and good ones for the rest, raises."""
    parameters = inspect.signature(function).parameters
    right = {each: good_values().get(each) for each, parameter in parameters.items() if parameter.default is REQUIRED}
    if "rng" in right or (name in ("dropout", "weight_drop") and "rng" in parameters):
        right["rng"] = generator()
    right |= {"val_names": UNSEEN} if name in ("eval_every", "patience") else {}
    try:
        function(**(right | {name: value}))
    except Exception as error:
        return error


@pytest.mark.parametrize(("function", "name"), ARGUMENTS, ids=lambda each: getattr(each, "__name__", each))
def test_every_value_of_a_wrong_kind_is_refused_in_words(function, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train.save_checkpoint("run.npz", small_params(), vocabulary=VOCABULARY)
    for place in ("x", "1") if function is train.load_checkpoint else ():
        train.save_checkpoint(place, small_params(), vocabulary=VOCABULARY)
    mine = f"{function.__name__}.{name}"
    accepted = set(ACCEPTED.get(mine, ACCEPTED.get(name, "")).split())
    if inspect.signature(function).parameters[name].default is None:
        accepted.add("None")
    words = CALLED.get(mine, CALLED.get(name, name))
    for label, value in VALUES.items():
        error = outcome(function, name, value)
        if label in accepted:
            assert error is None, label
        else:
            assert isinstance(error, TypeError | ValueError | IsADirectoryError), f"{label}: {error!r}"
            assert re.search(rf"\b({name}|{words})\b", str(error)), f"{label}: {error!r}"
            assert re.search("must|need|expected|is a folder|too few", str(error)), f"{label}: {error!r}"
            assert len(str(error)) < 500
