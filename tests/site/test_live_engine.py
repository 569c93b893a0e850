"""The live machine computes what the library computes: its network, laws, counting and chance, in a real browser."""

import math
import re
from collections import Counter

import numpy as np
import pytest
from engine_page import LIVE, PARTS
from live_tools import NAMES, VOCABULARY, fits, in_page
from numpy.testing import assert_allclose
from site_pages import ROOT

from lstm_lib.bptt import loss_and_grads
from lstm_lib.data import load_splits, make_batch
from lstm_lib.evaluate import log_laws
from lstm_lib.inside.states import read_states
from lstm_lib.model import Params, init_params
from lstm_lib.ngram import NGram, fit_kneser_ney, fit_ngram, ngram_nll, ngram_surprises
from lstm_lib.optim import adam_init, adam_update, clip_by_global_norm
from lstm_lib.sample import name_log_probability, next_probabilities, reshape_law, sample_names
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

pytestmark = pytest.mark.browser


def sizes(params: Params) -> dict[str, int]:
    return {"V": params.vocab_size, "D": params.E.shape[1], "H": params.hidden_size}


def lists(params: Params) -> dict[str, list[float]]:
    return {name: leaf.ravel().tolist() for name, leaf in named_leaves(params)}


def test_every_part_is_on_the_page_of_these_tests():
    assert {path.stem for path in LIVE.glob("*.js") if not path.stem.startswith(("view-", "parts-"))} == set(PARTS)


def test_every_number_in_a_comment_is_an_equation_of_the_book():
    tagged = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        tagged |= set(re.findall(r"tag\{(\d+\.\d+)\}", path.read_text(encoding="utf-8")))
    comments = re.findall(
        r"/\*[^*]*\*/|//.*", "\n".join(path.read_text(encoding="utf-8") for path in LIVE.glob("*.js"))
    )
    told = set(re.findall(r"\((\d+\.\d+)\)", " ".join(comments)))
    assert {"6.4", "7.3", "8.2", "9.4", "11.6", "3.7"} <= told <= tagged


def test_chance_is_xoshiro128plusplus(ask):
    """The first numbers from the state 1, 2, 3, 4, with which other implementations are tested too."""
    known = [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420]
    assert ask("words", [1, 2, 3, 4], 10) == known


def test_chance_depends_on_every_bit_of_the_seed_and_on_nothing_else(ask):
    firsts = ask("firsts", [0, 1, 2, 2**31, 2**32, 2**32 + 1, 2**52, 1])
    assert len(set(firsts[:-1])) == 7
    assert firsts[-1] == firsts[1]


def test_numbers_and_orders_follow_their_laws(ask):
    uniform, normal, whole, orders = ask("chance", 20_000)
    assert fits(np.histogram(uniform, bins=20, range=(0, 1))[0], np.full(20, 1 / 20))
    edges = [-10, -2, -1, -0.5, 0, 0.5, 1, 2, 10]
    below = np.array([(1 + math.erf(edge / math.sqrt(2))) / 2 for edge in edges])
    assert fits(np.histogram(normal, bins=edges)[0], np.diff(below))
    assert fits(np.bincount(whole), np.full(7, 1 / 7))
    assert fits(np.array(list(Counter(orders).values())), np.full(6, 1 / 6))


@pytest.mark.parametrize("which", ["trained", "small"])
def test_two_hundred_names_have_the_librarys_probabilities(ask, which):
    ours = log_laws(in_page(which), VOCABULARY, NAMES)
    for name, our, their in zip(NAMES, ours, ask("laws", which, NAMES), strict=True):
        assert_allclose(their, np.exp(our), rtol=0, atol=1e-5, err_msg=name)


def test_a_step_shows_the_gates_of_the_library(ask):
    ours, theirs = read_states(in_page("small"), VOCABULARY, ["amelia"]), ask("states", "small", "amelia")
    for part in ("i", "f", "g", "o", "c", "h"):
        assert_allclose(theirs[part], getattr(ours, part), rtol=0, atol=1e-5, err_msg=part)


def ragged(rng: np.random.Generator) -> list[str]:
    """Names of 0 to 8 letters, so T is 9, in no order of length, one of them twice."""
    lengths = [3, 8, 0, 1, 8, 5, 2, *rng.integers(1, 8, 6).tolist()]
    names = ["".join(rng.choice(VOCABULARY.characters[1:], length).tolist()) for length in lengths]
    return [*names, names[0]]


@pytest.mark.parametrize(("D", "H"), [(3, 5), (4, 8)])
def test_gradients_in_double_precision(ask, D, H):
    rng = np.random.default_rng(5)
    params, names = init_params(27, D, H, rng=rng), ragged(rng)
    loss, grads = loss_and_grads(params, make_batch(names, VOCABULARY))
    their_loss, theirs = ask("gradients", sizes(params), lists(params), names)
    assert their_loss == pytest.approx(loss, rel=0, abs=1e-12)
    for name, leaf in named_leaves(grads):
        assert np.abs(leaf).max() > 1e-3, name  # or else nothing would be compared
        assert_allclose(theirs[name], leaf.ravel(), rtol=0, atol=1e-10, err_msg=name)


def test_twenty_steps_of_adam_with_clipping_in_double_precision(ask):
    rng, most = np.random.default_rng(6), 0.22
    params = start = init_params(27, 4, 6, rng=rng)
    batches, optimizer, norms = [ragged(rng) for _ in range(20)], adam_init(params), []
    for names in batches:
        grads, norm = clip_by_global_norm(loss_and_grads(params, make_batch(names, VOCABULARY))[1], most)
        params, optimizer = adam_update(params, grads, optimizer, lr=0.05, beta2=0.99)
        norms.append(norm)
    assert min(norms) < most < max(norms)  # some are clipped, some are not
    their_norms, theirs = ask("adam", sizes(start), lists(start), batches, most, {"lr": 0.05, "beta2": 0.99})
    assert_allclose(their_norms, norms, rtol=0, atol=1e-10)
    for name, leaf in named_leaves(params):
        assert_allclose(theirs[name], leaf.ravel(), rtol=0, atol=1e-10, err_msg=name)


def test_a_gradient_that_is_not_finite_stays_as_it_came(ask):
    assert ask("clipNothing") == [True, 9]


def test_first_weights_are_drawn_as_the_library_draws_them(ask):
    V, D, H = 40, 30, 50
    start = {name: np.array(values) for name, values in ask("start", {"V": V, "D": D, "H": H}).items()}
    assert abs(start["E"].mean()) < 0.1
    assert 0.95 < start["E"].std() < 1.05
    for name in ("W_x", "W_h", "W_y"):
        weights = start[name] * math.sqrt(H)
        assert 0.99 < np.abs(weights).max() <= 1 + 1e-6
        assert fits(np.histogram(weights, bins=10, range=(-1, 1))[0], np.full(10, 0.1)), name
    np.testing.assert_array_equal(start["b"].reshape(4, H), np.repeat([[0], [1], [0], [0]], H, axis=1))
    assert not start["b_y"].any()


SHAPES = (
    {}, {"temperature": 0.3}, {"temperature": 1e-3}, {"temperature": 7.5}, {"topK": 1}, {"topK": 5}, {"topK": 99},
    {"topP": 0.9}, {"topP": 1}, {"topP": 1e-9}, {"temperature": 0.7, "topK": 8, "topP": 0.6},
)  # fmt: skip
LOGITS = np.concatenate([
    np.random.default_rng(14).normal(0, 3, (5, 27)),
    np.zeros((1, 27)),  # all are equals
    np.tile([2.0, 1.0, 2.0], (1, 9)),  # many are
    np.log([[0.6, 0.3, 0.1 - 1e-9, *[1e-9 / 24] * 24]]),  # 0.6 + 0.3 reaches 0.9
    [[-1e300, 1e300, *range(25)]],
])  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_temperature_and_cuts_are_the_librarys(ask, shape):
    names = {"temperature": "temperature", "topK": "top_k", "topP": "top_p"}
    ours = reshape_law(LOGITS, **{names[key]: value for key, value in shape.items()})
    theirs = np.array(ask("reshape", LOGITS.tolist(), shape))
    assert_allclose(theirs, ours, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(theirs > 0, ours > 0)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ({"temperature": 0}, "the temperature must be above 0; it is 0"),
        ({"temperature": None}, "the temperature must be above 0; it is null"),
        ({"topK": 0}, "top-k must be a whole number from 1 on; it is 0"),
        ({"topK": 2.5}, "top-k must be a whole number from 1 on; it is 2.5"),
        ({"topP": 0}, "top-p must be above 0 and at most 1; it is 0"),
        ({"topP": 1.1}, "top-p must be above 0 and at most 1; it is 1.1"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(ask, shape, sentence):
    assert ask("refusedShape", shape) == sentence


def test_surprisal_and_entropy(ask):
    assert_allclose(ask("surprise"), [math.log(4), 1.5 * math.log(2)])


def test_letters_are_drawn_by_their_law(ask):
    law = next_probabilities(in_page("small"), VOCABULARY, "an", top_k=9)
    assert fits(np.array(ask("draw", law.tolist(), 50_000)), law.astype(float))


def test_each_place_of_each_name_has_dice_of_its_own(ask):
    """What is drawn at a place follows the law, and says nothing about the next place."""
    law = next_probabilities(in_page("small"), VOCABULARY, "an", top_k=4).astype(float)
    pairs = np.array(ask("drawPlaces", law.tolist(), 20_000))
    for place in (0, 1):
        assert fits(np.bincount(pairs[:, place], minlength=27), law)
    assert fits(np.bincount(27 * pairs[:, 0] + pairs[:, 1], minlength=27**2), np.outer(law, law).ravel())


def test_with_the_same_dice_another_law_draws_another_symbol_only_where_it_must(ask):
    """A symbol that lost no probability in a law is drawn again; a cut moves only those who drew what is cut."""
    params = in_page("small")
    law, cooled, cut = (
        next_probabilities(params, VOCABULARY, "an", **shape) for shape in ({}, {"temperature": 0.8}, {"top_k": 5})
    )
    best, count = int(np.argmax(law)), 5000
    drawn = np.array(ask("drawTwice", law.tolist(), cooled.tolist(), count))
    assert (drawn[drawn[:, 0] == best, 1] == best).all()
    assert 0.02 < np.mean(drawn[:, 0] != drawn[:, 1]) < np.abs(law - cooled).sum()  # twice what no dice could avoid
    drawn = np.array(ask("drawTwice", law.tolist(), cut.tolist(), count))
    stays = cut[drawn[:, 0]] > 0
    assert 0.02 < np.mean(~stays) < 0.98
    assert ((drawn[:, 0] == drawn[:, 1]) == stays).all()


def test_names_are_written_by_the_law_of_the_model(ask):
    """Thirty names that the library often writes, and all others together, against exact probabilities."""
    params, prefix = in_page("small"), VOCABULARY.encode("an").tolist()
    often = Counter(sample_names(params, VOCABULARY, 2000, rng=np.random.default_rng(0), prefix="an")).most_common(30)
    begun = math.prod(float(next_probabilities(params, VOCABULARY, "an"[:k])[prefix[k]]) for k in (0, 1))
    law = np.array([math.exp(name_log_probability(params, VOCABULARY, name)) / begun for name, _ in often])
    written = ask("write", "small", 3000, {"prefix": prefix})
    assert all(ended for _, ended in written)
    drawn = np.array([[name for name, _ in written].count(name) for name, _ in often])
    assert fits(np.append(drawn, len(written) - drawn.sum()), np.append(law, 1 - law.sum()))


def test_a_name_is_cut_where_one_asks_for_it(ask):
    assert ask("write", "small", 1, {"prefix": [1, 2], "longest": 2}) == [["ab", False]]


def nats(model: NGram) -> list[list[float]]:
    return [np.minimum(each, 1e300).tolist() for each in ngram_surprises(model, NAMES)]


@pytest.mark.parametrize("order", [2, 6])
def test_kneser_ney_is_the_librarys(ask, order):
    model, prefixes = fit_kneser_ney(load_splits().train, VOCABULARY, order), ["", "a", "xq", "christo"]
    theirs, laws = ask("kneserNey", order, NAMES, prefixes)
    for our, their in zip(nats(model), theirs, strict=True):
        assert_allclose(their, our, rtol=0, atol=1e-6)
    for prefix, law in zip(prefixes, laws, strict=True):
        assert_allclose(law, model.law(prefix), rtol=0, atol=1e-9)


@pytest.mark.parametrize(("order", "add_k"), [(0, 0.0), (1, 0.0), (2, 0.5), (3, 0.1), (3, 0.0)])
def test_the_rungs_of_counting_are_the_librarys(ask, order, add_k):
    model = fit_ngram(load_splits().train, VOCABULARY, order, add_k=add_k)
    theirs, mean = ask("counted", order, add_k, NAMES)
    for our, their in zip(nats(model), theirs, strict=True):
        assert_allclose(their, our, rtol=1e-9, atol=1e-6)
    assert mean == pytest.approx(min(ngram_nll(model, NAMES), 1e300), rel=1e-9)


@pytest.mark.parametrize("names", [["ana"], ["ana", "anna", "nan"], ["a", "b", "ab", "ba", "a"]], ids=str)
def test_lists_too_small_for_discounts_get_the_fixed_ones(ask, names):
    model = fit_kneser_ney(names, Vocabulary.from_names(names), 4)
    for our, their in zip(ngram_surprises(model, names), ask("smallKneserNey", names, 4), strict=True):
        assert_allclose(their, our, rtol=0, atol=1e-9)
