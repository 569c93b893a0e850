"""The page for doubters: each line of code is true of a healthy model, and false of each of its illnesses."""

import base64
import importlib
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from site_pages import SITE
from test_pages import page_text as text_of_file
from test_pages import table_rows

from lstm_lib.data import load_splits, make_batch
from lstm_lib.evaluate import nll
from lstm_lib.gradcheck import numerical_gradient, relative_errors
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward, init_params
from lstm_lib.ops import log_softmax
from lstm_lib.sample import next_probabilities, sample_names
from lstm_lib.train import load_trained
from lstm_lib.tree import tree_map
from lstm_lib.vocabulary import Vocabulary

TEXT = text_of_file("before-you-believe.md")
ROWS = table_rows(TEXT.partition("{container} checklist\n")[2].partition("::::")[0])[2:]
LINES = re.findall(r"`([^`]+)`", "\n".join(row[2] for row in ROWS))
TESTS = [line for line in LINES if re.search(r"[(=<]", line)]
FOUR = load_splits().val[:4]


def costs(params: Params, vocabulary: Vocabulary, names: list[str]):
    """What each place of a batch of names costs (T, B), the entropy of its law, and the mask."""
    batch = make_batch(names, vocabulary)
    log_p = log_softmax(forward(params, batch.inputs)[0].astype(float))
    paid = -np.take_along_axis(log_p, batch.targets[..., None], axis=-1)[..., 0]
    return paid, -(np.exp(log_p) * log_p).sum(axis=-1), batch.mask


def excess(names: list[str]):
    """Of each symbol of names, by the trained model: its surprise, minus the one to expect."""
    paid, entropy, mask = costs(*load_trained(), names)
    return (paid - entropy)[mask]


def written(tau: float = 1.0, **lost: float) -> list[str]:
    """200 names by the trained model, whose sampler loses `h`, `c` or both after each letter; 60 letters at most."""
    params, vocabulary = load_trained()
    rng, symbol, state, ids = np.random.default_rng(18), np.zeros(200, int), None, []
    for _ in range(60):
        logits, state, _ = forward(params, symbol[None], state)
        state = state._replace(**{name: 0 * getattr(state, name) for name in lost})
        ends = np.exp(log_softmax(logits[0].astype(float) / tau)).cumsum(axis=-1)
        symbol = (ends <= rng.random((200, 1)) * ends[:, -1:]).sum(axis=-1)
        ids.append(symbol)
    return [name for row in np.array(ids).T if (name := vocabulary.decode(row))]


@pytest.fixture(scope="module")
def well() -> dict[str, object]:
    """What the lines speak of, as it should be."""
    return healthy(np.float64)


def healthy(dtype: type, seed: int = 1, hidden: int = 4) -> dict[str, object]:
    """The same, for weights of a dtype."""
    split, vocabulary = load_splits(), Vocabulary.from_names(load_splits().train)
    names = ["anna", "bo", "annika"]
    batch = make_batch(names, vocabulary)
    params = init_params(len(vocabulary), 3, hidden, rng=np.random.default_rng(seed), dtype=dtype)

    def run(params: Params, factor: float = 1.0, some=batch):
        logits, _, cache = forward(params, some.inputs, mask=some.mask)
        loss, dlogits = cross_entropy(logits, some.targets, some.mask)
        return factor * loss, backward(params, cache, factor * dlogits)[0]

    def law(prefix: str):
        return next_probabilities(params, vocabulary, prefix)

    alone = [run(params, some=make_batch([name], vocabulary))[0] for name in names]
    return {
        "np": np, "train": split.train, "val": split.val, "test": split.test, "vocabulary": vocabulary,
        "names": names, "batch": batch, "params": params, "first_loss": run(params)[0],
        "grads_of": lambda factor: run(params, factor)[1], "loss_of": lambda p: run(p)[0],
        "numerical_gradient": numerical_gradient, "relative_errors": relative_errors, "nll": nll,
        "alone": alone, "symbols": [len(name) + 1 for name in names],
        "by_hand": np.mean([-np.log(law(n[:k])[i]) for n in FOUR for k, i in enumerate([*vocabulary.encode(n), 0])]),
        "excess": excess(sample_names(*load_trained(), 200, rng=np.random.default_rng(18))),
    }  # fmt: skip


def mask_of(mask):
    return {"batch": SimpleNamespace(mask=mask)}


def weights(W_x, W_h):
    return {"params": SimpleNamespace(W_x=W_x, W_h=W_h)}


def scored(score):
    """A loss of names that is made of what each of their places costs."""
    return {"nll": lambda params, vocabulary, names: score(*costs(params, vocabulary, names)[::2])}


WRONG_SCORES = [
    scored(lambda paid, mask: np.where(mask, paid, 0).mean()),  # padding is counted, and free
    scored(lambda paid, mask: paid.mean()),  # or pays
    scored(lambda paid, mask: np.mean(paid.sum(axis=0, where=mask) / mask.sum(axis=0))),  # names vote
]


def sick(well) -> dict[str, list[dict[str, object]]]:
    """For a word of each line: what makes that line false."""
    params, grads_of, mask = well["params"], well["grads_of"], well["batch"].mask
    grads, H = grads_of(1), len(params.W_h)
    twins = params.W_h.copy()
    twins[:, 1] = twins[:, 0]
    cut = {factor: SimpleNamespace(W_h=grads_of(factor).W_h.clip(-1, 1)) for factor in (1, 1024)}
    train, val, test = (well[part] for part in ("train", "val", "test"))
    return {
        "*train": [{"test": train[:1]}, {"test": [*test, val[0]]}, {"train": [*train, train[0]]}],
        "sorted(": [{"vocabulary": SimpleNamespace(characters=well["vocabulary"].characters[::-1])}],
        "batch.mask": [*map(mask_of, (np.ones_like(mask), np.roll(mask, 1, axis=0), np.roll(mask, 1, axis=1)))],
        "relative_errors(": [{"grads_of": lambda factor: replace(grads, W_h=-grads.W_h)}],
        "np.average": [{"loss_of": lambda p: np.mean(well["alone"])}],
        "grads_of(1024)": [{"grads_of": lambda factor: cut[factor]}],
        "first_loss": [{"first_loss": 4.0}],
        "np.unique": [
            weights(params.W_x, twins),
            weights(np.tile(params.W_x[:, :H], 4), params.W_h),  # the gates of exercise 6.5
            weights(params.W_x[:, ::H].repeat(H, axis=1), np.tile(np.eye(H), 4)),  # four units that never part
        ],
        "nll(": [
            *WRONG_SCORES,
            {"nll": lambda p, *given: nll(replace(p, b=0 * p.b), *given)},  # another forward pass
        ],
        "excess": [{"excess": excess(names)} for names in (
            written(h=0, c=0), written(h=0), written(c=0), written(tau=0.8),
        )],
    }  # fmt: skip


def test_each_line_is_true_of_a_healthy_model_and_false_of_each_illness(well):
    planted = sick(well)
    assert len(TESTS) == len(planted) == 10
    for line in TESTS:
        assert eval(line, dict(well)), line
        (sign,) = (sign for sign in planted if sign in line)
        for number, ill in enumerate(planted[sign]):
            assert not eval(line, {**well, **ill}), f"{line} does not see illness {number}"


@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_model_in_single_precision_passes_where_double_is_not_asked_for(seed):
    single = healthy(np.float32, seed, hidden=32)
    (double,) = (row[1] + row[2] for row in ROWS if "`float64`" in row[1])
    for line in TESTS:
        assert line in double or eval(line, dict(single)), line


def test_units_come_apart_unless_all_they_read_and_all_that_reads_them_is_alike(well):
    start, batch, H = well["params"], well["batch"], len(well["params"].W_h)

    def apart(*readers: str) -> float:
        """How far units 0 and 1 come apart, who read alike, and whose rows of `readers` are alike."""
        tensors = {name: getattr(start, name).copy() for name in ("W_x", "W_h", "b", "W_y")}
        for name in ("W_x", "W_h", "b"):
            tensors[name][..., 1::H] = tensors[name][..., 0::H]
        for name in readers:
            tensors[name][1] = tensors[name][0]
        params = replace(start, **tensors)
        for _ in range(20):
            logits, _, cache = forward(params, batch.inputs, mask=batch.mask)
            grads, _ = backward(params, cache, cross_entropy(logits, batch.targets, batch.mask)[1])
            params = tree_map(lambda weight, slope: weight - slope, params, grads)
        return float(np.abs(params.W_x[:, 0::H] - params.W_x[:, 1::H]).max())

    assert apart("W_h", "W_y") < 1e-9
    assert min(apart(), apart("W_h"), apart("W_y")) > 1e-3


def test_four_names_have_padding_and_one_has_none(well):
    """On a single name three wrong scores are right: so the page asks for four."""
    one = FOUR[:1]
    right = nll(well["params"], well["vocabulary"], one)
    for ill in WRONG_SCORES:
        assert np.isclose(ill["nll"](well["params"], well["vocabulary"], one), right)


def test_a_sampler_that_is_right_passes_in_other_runs_too(well):
    (line,) = (line for line in TESTS if "excess" in line)
    for seed in range(5):
        names = sample_names(*load_trained(), 200, rng=np.random.default_rng(seed))
        assert eval(line, {**well, "excess": excess(names)}), seed


def test_other_names_are_the_librarys():
    homes = {
        "fit_kneser_ney": "ngram", "paired_bootstrap": "judge.bootstrap", "edit_distances": "judge.nearest",
        "novelty_report": "evaluate", "numerical_gradient": "gradcheck", "relative_errors": "gradcheck",
        "nll": "evaluate",
    }  # fmt: skip
    called = {name for line in LINES for name in re.findall(r"\w+", line)} & set(homes)
    assert called == set(homes)
    for name, module in homes.items():
        assert callable(getattr(importlib.import_module(f"lstm_lib.{module}"), name))
        assert f"`{module.split('.')[0]}`" in TEXT.replace("lstm_lib.", "")


def test_what_is_the_readers_own_is_said(well):
    head = TEXT.partition("::::")[0]
    library = {"np", "params", "vocabulary", "numerical_gradient", "relative_errors", "nll"}
    for name in set(well) - library:
        assert re.search(rf"`{name}\b", head), name


def test_the_looks_are_numbered():
    assert [int(row[0]) for row in ROWS if row[0].isdigit()] == list(range(1, 21))
    assert "Twenty looks" in TEXT


@pytest.mark.browser
def test_the_page_is_one_sheet_of_paper(browser):
    browser.get((SITE / "book" / "before-you-believe.html").as_uri())
    a4 = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", a4)["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
