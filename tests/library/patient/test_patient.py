"""The patient of chapter 22: whole, it is the library; with one defect, the check that is made for it fails."""

import math

import numpy as np
import pytest

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import Batch, make_batch
from lstm_lib.evaluate import surprises
from lstm_lib.model import Params, init_params
from lstm_lib.optim import adam_init
from lstm_lib.patient import lists, passes, report, steps, truth
from lstm_lib.patient.checks import CHECKS, TRAINED, examine
from lstm_lib.patient.defects import DEFECTS, FLAWS, SILENT, SWITCHES, require_switches
from lstm_lib.patient.hunt import Patient, make_patient, rest_of_the_patient, supply, train
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

NAMES = ["ana", "nan", "anna", "a"]
VOCABULARY = Vocabulary.from_names(NAMES)
HEALTHY = make_patient()
IDS = HEALTHY.number(NAMES)
QUICK = [name for name in CHECKS if name not in TRAINED]


def random_params(seed: int = 0) -> Params:
    return init_params(3, 2, 5, rng=np.random.default_rng(seed))


def table(*sick: str, names: list[str] = NAMES) -> Batch:
    return make_patient(sick).tabulate(names, IDS, max(map(len, names)))


# ---- whole, it is the library


def test_the_healthy_network_is_the_library() -> None:
    batch = make_batch(NAMES, VOCABULARY)
    for mine, theirs in zip(table(), batch, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    loss, grads = HEALTHY.loss_and_grads(random_params(), batch)
    wanted, slopes = loss_and_grads(random_params(), batch)
    assert loss == pytest.approx(wanted, rel=1e-12)
    for name, leaf in named_leaves(grads):
        np.testing.assert_allclose(leaf, getattr(slopes, name), rtol=1e-9, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("name", CHECKS)
def test_the_healthy_patient_passes_every_check(name: str) -> None:
    finding = examine(HEALTHY, name)
    assert finding.passed, finding.saw


def test_float32_stays_float32() -> None:
    half = Params(*(leaf.astype(np.float32) for _, leaf in named_leaves(random_params())))
    for sick in ((), ("another loss",), ("candidate only", "last step only")):
        loss, grads = make_patient(sick).loss_and_grads(half, table())
        assert (type(loss), grads.dtype) == (float, np.float32)


def test_what_the_notebook_does_not_show_is_as_it_was_found() -> None:
    found, whole = rest_of_the_patient(), make_patient()
    assert found.begin(3, 20, 30, rng=np.random.default_rng(0)).W_x.std() == pytest.approx(0.01, rel=0.1)
    assert not found.begin(3, 2, 5, rng=np.random.default_rng(0)).b.any()
    assert not examine(found, "samples follow the law").passed
    rows = lists.read_rows()
    lists_of = [each.divide(rows, rng=np.random.default_rng(0)) for each in (found, whole)]
    assert lists_of[0] == lists_of[1]


def test_no_check_that_is_quick_sees_the_tiny_start() -> None:
    assert all(examine(make_patient(["tiny start"]), name).passed for name in QUICK)


# ---- a defect, and the check that is made for it


@pytest.mark.parametrize("switch", SILENT)
def test_the_check_that_is_named_beside_a_defect_catches_it(switch: str) -> None:
    check = next(defect.check for defect in DEFECTS if defect.switch == switch)
    assert not examine(make_patient([switch]), check).passed


CAUGHT = {  # by which of the quick checks, besides the one that is named
    "first step only": {"scored by hand"},
    "candidate only": {"gradient, one step"},
    "another loss": {"extremes stay finite", "gradient, one step", "gradient, all steps", "scored by hand"},
    "cut names": {"scored by hand"},
    "no start mark": {"scored by hand", "targets spell the names"},
    "padding counts": {"targets spell the names"},
}


@pytest.mark.parametrize("switch", SILENT)
def test_no_other_quick_check_catches_it(switch: str) -> None:
    patient = make_patient([switch])
    named = next(defect.check for defect in DEFECTS if defect.switch == switch)
    failed = {name for name in QUICK if not examine(patient, name).passed}
    assert failed == {named} | CAUGHT.get(switch, set())


def test_what_raises_fails_and_says_how() -> None:
    broken = HEALTHY._replace(number=lambda names: 1 // 0)
    finding = examine(broken, "scored by hand")
    assert not finding.passed
    assert finding.saw.startswith("raises ZeroDivisionError")


def test_every_defect_has_a_family_and_a_check_that_exists() -> None:
    assert len(set(SWITCHES)) == len(DEFECTS)
    assert {defect.check for defect in DEFECTS} - {""} <= set(CHECKS)
    assert {defect.switch for defect in DEFECTS if not defect.check} <= set(FLAWS)
    assert set(SILENT) | set(FLAWS) == set(SWITCHES)


@pytest.mark.parametrize(
    ("sick", "error", "message"),
    [
        ("one update", TypeError, "got the string 'one update'"),
        (["one updat"], ValueError, "unknown switches 'one updat'"),
    ],
)
def test_unknown_switches_are_refused(sick: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make_patient(sick)
    with pytest.raises(error, match=message):
        require_switches(sick)


# ---- the parts


def test_the_rows_are_those_of_the_table_and_the_callers_own() -> None:
    rows = lists.read_rows()
    assert (len(rows), len(set(rows)), rows[:3]) == (10_000, 2737, ["mary", "anna", "emma"])
    rows.clear()
    assert len(lists.read_rows()) == 10_000


def spelt(batch: Batch) -> list[str]:
    symbols = sorted(IDS, key=IDS.__getitem__)
    columns = zip(batch.targets.T, batch.mask.T, strict=True)
    return ["".join(symbols[k] for k in targets[counted]) for targets, counted in columns]


def test_what_a_table_asks_for() -> None:
    assert spelt(table()) == ["ana.", "nan.", "anna.", "a."]
    assert spelt(table("cut names")) == ["ana.", "nan.", "anna", "a."]
    assert spelt(table("no start mark")) == ["na.", "an.", "nna.", "."]
    assert spelt(table("padding counts")) == ["ana..", "nan..", "anna.", "a...."]
    assert (table().inputs[0] == IDS["."]).all()
    assert table("no start mark").inputs[0].tolist() == [IDS[name[0]] for name in NAMES]


def test_an_epoch_in_file_order_leaves_the_last_names_out() -> None:
    names, rng = [f"name {k}" for k in range(10)], np.random.default_rng(0)
    in_order = make_patient(["file order"]).epoch(names, 4, rng=rng)
    assert [name for part in in_order for name in part] == names[:8]
    assert sorted(name for part in HEALTHY.epoch(names, 4, rng=rng) for name in part) == sorted(names)


def test_tables_come_without_end() -> None:
    tables = supply(HEALTHY, NAMES, IDS, 3, rng=np.random.default_rng(0))
    shapes = [next(tables).inputs.shape for _ in range(4)]
    assert shapes == [(5, 3), (5, 1)] * 2


def test_first_weights() -> None:
    tiny = steps.begin(27, 20, 30, rng=np.random.default_rng(0), sick=require_switches(["tiny start"]))
    for name in ("E", "W_x", "W_h", "W_y"):
        assert getattr(tiny, name).std() == pytest.approx(0.01, rel=0.1), name
    assert tiny.b[30:60].tolist() == [1.0] * 30
    assert not make_patient(["no biases"]).begin(27, 20, 30, rng=np.random.default_rng(0)).b.any()


def test_what_an_update_leaves_out() -> None:
    params, grads = random_params(), random_params(1)
    whole, _ = HEALTHY.update(params, grads, adam_init(params), lr=0.1)
    still, _ = make_patient(["no biases"]).update(params, grads, adam_init(params), lr=0.1)
    plain, _ = make_patient(["embedding by descent"]).update(params, grads, adam_init(params), lr=0.1)
    np.testing.assert_array_equal(still.b, params.b)
    np.testing.assert_array_equal(still.W_h, whole.W_h)
    np.testing.assert_allclose(plain.E, params.E - 0.1 * grads.E)
    np.testing.assert_array_equal(plain.W_y, whole.W_y)


def test_training_that_returns_too_early_takes_one_step() -> None:
    assert len(train(HEALTHY, random_params(), [table()] * 3, lr=0.01)[1]) == 3
    assert len(train(make_patient(["one update"]), random_params(), [table()] * 3, lr=0.01)[1]) == 1


def test_a_sum_over_time_is_the_mean_times_the_symbols_of_a_name() -> None:
    loss, grads = HEALTHY.loss_and_grads(random_params(), table())
    total, sums = make_patient(["sum over time"]).loss_and_grads(random_params(), table())
    per_name = int(table().mask.sum()) / len(NAMES)
    assert total == pytest.approx(loss * per_name)
    np.testing.assert_allclose(sums.W_h, grads.W_h * per_name)


def test_another_loss_is_that_of_27_coins() -> None:
    p = np.exp(passes.forward(random_params(), table().inputs).log_p)
    y = np.eye(3)[table().targets]
    coins = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=-1)
    loss, grads = make_patient(["another loss"]).loss_and_grads(random_params(), table())
    assert loss == pytest.approx(coins[table().mask].mean())
    np.testing.assert_array_equal(grads.W_y, HEALTHY.loss_and_grads(random_params(), table())[1].W_y)


def test_two_perplexities() -> None:
    nats, counted = np.array([[1.0, 3.0], [9.0, 3.0]]), np.array([[True, True], [False, True]])
    assert report.perplexity(nats, counted) == pytest.approx(math.exp(7 / 3))
    mean = make_patient(["mean of perplexities"]).perplexity(nats, counted)
    assert mean == pytest.approx((math.exp(1) + math.exp(3)) / 2)


def test_drawn_names_end_at_their_end_mark_and_never_hold_it() -> None:
    for sick in ((), ("no start mark",)):
        names = make_patient(sick).draw(truth.plain_params(3, 2, 5), IDS, 300, rng=np.random.default_rng(0))
        assert len(names) == 300
        assert set("".join(names)) <= {"a", "n"}
        assert max(map(len, names)) <= report.LONG
    empty = make_patient(["no start mark"]).draw(random_params(), IDS, 3000, rng=np.random.default_rng(0)).count("")
    assert empty / 3000 == pytest.approx(1 / 3, abs=0.03)


# ---- what is true


def test_a_score_by_hand_is_that_of_the_library() -> None:
    every = np.concatenate(surprises(random_params(), VOCABULARY, NAMES))
    assert truth.by_hand(random_params(), IDS, NAMES) == pytest.approx(every.mean())


@pytest.mark.parametrize("sick", [(), ("padding counts",)])
def test_true_nats_leave_the_first_letter_and_padding_out(sick: tuple[str, ...]) -> None:
    after = np.concatenate([each[1:] for each in surprises(random_params(), VOCABULARY, NAMES)])
    assert truth.true_nats(make_patient(sick), random_params(), IDS, NAMES) == pytest.approx(after.mean())


def test_without_a_start_mark_the_same_places_are_scored() -> None:
    batch, plain = table("no start mark"), table()
    assert truth.letters_after_the_first(batch, NAMES, IDS).sum() == sum(map(len, NAMES))
    assert truth.letters_after_the_first(plain, NAMES, IDS).sum() == sum(map(len, NAMES))


def test_the_floor_is_what_a_table_of_beginnings_pays() -> None:
    names = ["ana", "ann"]  # after "an" two things can follow, nothing else is open
    assert truth.floor_of(table(names=names)) == pytest.approx(2 * math.log(2) / 8)


def test_the_patients_own_number_counts_padding_unless_it_never_learned_any() -> None:
    params, patient = random_params(), make_patient(["no start mark", "padding counts", "cut names"])
    nats = truth.nats_of(params, patient.tabulate(NAMES, IDS, 4))
    own = truth.own_perplexity(patient, params, IDS, NAMES, 4)
    assert own == pytest.approx(np.exp(nats.mean(axis=0)).mean())
    free = [sum(each[1:].tolist()) / 3 for each in surprises(params, VOCABULARY, NAMES)]
    assert truth.own_perplexity(HEALTHY, params, IDS, NAMES, 4) == pytest.approx(np.mean(np.exp(free)))


def test_the_bar_of_counting_leaves_the_first_letter_out() -> None:
    train_names = ["ana"] * 9 + ["nan"]
    bar = truth.counted_bar(train_names, ["ana"], 2)
    pairs = {("a", "n"): (2, 3), ("n", "a"): (2, 3), ("a", "."): (1, 3)}  # each of the two names once
    k, V = truth.ADD_K[2], 3
    wanted = [-math.log((pairs[pair][0] + k) / (pairs[pair][1] + k * V)) for pair in pairs]
    assert bar == pytest.approx(np.mean(wanted))


def test_a_patient_is_a_record_of_functions() -> None:
    assert all(callable(part) for part in HEALTHY)
    assert isinstance(HEALTHY._replace(number=dict), Patient)
