"""Twelve silent bugs of the notebook in chapter 22, planted in our own library: a test of ours fails for each.

Of the fifteen in the chapter's matrix three have no place here: the two loops that end early, and the bare softmax.

A bug is planted by exchanging the code of a function for that of a mutant, so that everybody who imported it is hit.
Then the test that is named beside it is run, and must fail; without the bug it must pass.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
import test_bptt
import test_data
import test_evaluate
import test_loss
import test_optim
import test_sample
import test_vocabulary
from core_cases import mutant

from lstm_lib import data, evaluate, loss, optim, packed, sample, vocabulary
from lstm_lib.patient.defects import SILENT

LETTERS = ["the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog"]
LAST = "read[packed.steps[-1]].T @ dlogits[packed.steps[-1]]"
ONE_ROAD = (
    "da[:, 2 * len(params.W_h) : 3 * len(params.W_h)] @ params.W_h[:, 2 * len(params.W_h) : 3 * len(params.W_h)].T"
)
OTHERS = "np.log1p(-np.exp(log_p[row])).sum() - np.log1p(-np.exp(log_p[row, targets])).sum()"
TWO_SIDED = f"(total_nats(log_p, row, targets) - float({OTHERS})) / M"
ONE_EACH = "float(np.mean([each.mean() for each in surprises(params, vocabulary, sorted(require_names(names)))]))"


class Bug(NamedTuple):
    """What is exchanged, where, and the test that notices."""

    function: Callable[..., Any]
    right: str
    wrong: str
    test: Callable[[], None]


gradient_check = partial(test_bptt.test_all_six_tensors_equal_central_differences, 0, False, 0.0)
BUGS = {
    "last step only: of the gradient of W_y": Bug(
        packed.loss_and_grads, "read.T @ dlogits", LAST, gradient_check
    ),
    "candidate only: of four roads back to h": Bug(
        packed._backward, "(params.W_h @ da.T).T if len(da) <= FEW else da @ params.W_h.T", ONE_ROAD, gradient_check
    ),
    "another loss: the two-sided one is reported, the other is differentiated": Bug(
        packed.loss_and_grads, "total_nats(log_p, row, targets) / M", TWO_SIDED, gradient_check
    ),
    "uncorrected: Adam's means": Bug(
        optim.adam_update, "1 / (1 - beta1**step), 1 / (1 - beta2**step)", "1.0, 1.0",
        test_optim.test_twenty_steps_of_adam_equal_the_stored_trace,
    ),
    "embedding by descent: the others by Adam": Bug(
        optim.adam_update, "return p, AdamState(m, v, step)",
        "return type(p)(params.E - rate * grads.E, *(leaf for name, leaf in named_leaves(p) if name != 'E')), "
        "AdamState(m, v, step)",
        test_optim.test_twenty_steps_of_adam_equal_the_stored_trace,
    ),
    "rows for names: a split of rows": Bug(
        data.split_names, "sorted({str(name) for name in require_names(names)})",
        "sorted([str(name) for name in require_names(names)])",
        partial(
            test_data.test_a_split_keeps_every_distinct_name_once_and_ignores_order_and_repeats.hypothesis.inner_test,
            LETTERS * 2, 0, np.random.default_rng(0),
        ),
    ),
    "file order: of the batches": Bug(
        data.batches, "require_generator(rng).permutation(len(checked))", "np.arange(len(checked))",
        partial(
            test_data.test_an_epoch_is_one_permutation_cut_into_batches.hypothesis.inner_test,
            ["ana", "nu", "una", "a", "un"], 2, 0,
        ),
    ),
    "cut names: the longest has no end mark": Bug(
        data.make_batch, "[:, None] < symbols", "[:, None] < np.minimum(symbols, len(inputs) - 1)",
        partial(test_data.test_a_batch_holds_each_name_and_nothing_else.hypothesis.inner_test, ["ana", "nu"]),
    ),
    "set order: of the ids": Bug(
        vocabulary.Vocabulary.from_names.__func__, "*sorted(set(", "*iter(set(",  # type: ignore[attr-defined]
        partial(
            test_vocabulary.test_the_vocabulary_is_the_end_mark_then_the_sorted_characters.hypothesis.inner_test,
            LETTERS,
        ),
    ),
    "padding counts: in the loss": Bug(
        loss.cross_entropy, "count = int(mask.sum())", "mask = np.ones_like(mask); count = int(mask.sum())",
        partial(test_loss.test_the_loss_is_the_mean_surprise_of_the_real_cells, 0),
    ),
    "padding counts: in the mask": Bug(
        data.make_batch, "np.arange(len(inputs))[:, None] < symbols", "np.ones(inputs.shape, bool)",
        partial(test_data.test_a_batch_holds_each_name_and_nothing_else.hypothesis.inner_test, ["ana", "nu"]),
    ),
    "mean of perplexities: a mean over names, not over symbols": Bug(
        evaluate.nll, "float(np.concatenate(surprises(params, vocabulary, sorted(require_names(names)))).mean())",
        ONE_EACH,
        partial(test_evaluate.test_nll_is_the_mean_surprise_per_symbol.hypothesis.inner_test, ["bo", "amanda"], 5),
    ),
    "mean of perplexities: in the score": Bug(
        evaluate.score, "perplexity(mean)", "float(np.mean([math.exp(each.mean()) for each in nats]))",
        partial(
            test_evaluate.test_a_score_counts_symbols_not_names.hypothesis.inner_test,
            [np.array([1.0]), np.array([3.0, 3.0])],
        ),
    ),
    "no start mark: the first letter is drawn uniformly": Bug(
        sample._draw, "pick(law[row], rng=rng)",
        "pick(np.full_like(law[row], 1 / V) if len(columns) == 2 else law[row], rng=rng)",
        test_sample.test_the_first_letter_follows_its_law_where_that_is_far_from_uniform,
    ),
}  # fmt: skip
PASSED: list[Callable[[], None]] = []  # tests that were seen to pass without a bug
NO_PLACE = {"first step only", "one update", "bare softmax"}


def test_every_silent_bug_of_the_chapter_that_has_a_place_here_is_planted() -> None:
    assert {name.split(":")[0] for name in BUGS} == set(SILENT) - NO_PLACE


@pytest.mark.filterwarnings("ignore:Using `assume` outside")  # one of the tests is for examples that are drawn
@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_the_bug_is_caught_by_the_test_named_beside_it(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    if bug.test not in PASSED:
        bug.test()
        PASSED.append(bug.test)
    changed = mutant(bug.function, bug.right, bug.wrong)
    monkeypatch.setattr(bug.function, "__code__", getattr(changed, "__func__", changed).__code__)
    with pytest.raises(AssertionError):
        bug.test()
