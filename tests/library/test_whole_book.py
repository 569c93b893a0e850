"""Chapter 24's page: alone it runs, and beside the library it computes the same."""

import ast
import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_lib import whole_book as page
from lstm_lib.bptt import loss_and_grads
from lstm_lib.check.parts.edited_page import edited, page_text
from lstm_lib.data import load_names, make_batch
from lstm_lib.evaluate import nll
from lstm_lib.example import VOCABULARY, example_params
from lstm_lib.loss import cross_entropy
from lstm_lib.model import Params, backward, forward, init_params
from lstm_lib.optim import adam_init, adam_update
from lstm_lib.sample import next_probabilities
from lstm_lib.tree import named_leaves
from lstm_lib.vocabulary import Vocabulary

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NAMES = ["nnnnnnnn", "annabel", "ana", "lea", "ana", "bo", "a"]  # longest first, as the page has them
VOCAB = Vocabulary.from_names(NAMES)
STORED = json.loads((files("lstm_lib.datasets") / "whole_book.json").read_text(encoding="utf-8"))


def tensors(params: Params) -> list[Any]:
    return [leaf for _, leaf in named_leaves(params)]


# ---- the file


def test_it_is_short_narrow_and_imports_numpy_alone() -> None:
    lines = page_text().splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 84
    imports = [node for node in ast.walk(ast.parse(page_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert sorted(alias.name for node in imports for alias in node.names) == ["numpy", "sys"]


def left_sides() -> dict[str, str]:
    """The number of each equation of the book, and what stands on its left, as the page spells it."""
    found = {}
    for path in NOTEBOOKS.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        for formula, number in re.findall(r"\$\$(.+?)\\tag\{([\d.]+)\}", prose):
            left = re.split(r"=|\\leftarrow|\\approx|\\le ", formula)[0]
            found[number] = spelt(left)
    return found


def spelt(left: str) -> str:
    """The left side of an equation as a name in code: `\\mathrm{d}a^f_t` is da_f, `\\hat{m}_s` is m_hat."""
    bare = re.sub(r"\\math(?:rm|cal)\{(\w+)\}", r"\1", left)
    bare = re.sub(r"\\hat\{(\w)\}", r"\1HAT", bare)
    bare = bare.replace("\\theta", "theta").replace("\\eta", "rate").replace("\\sigma", "sigmoid").replace("\\,", "")
    bare = re.sub(r"_\{?(?:t|s)(?:,n)?\}?(?![a-z])|\[k\]|\((?:a|\\tau)\)", "", bare)
    bare = re.sub(r"\^(\w)", r"_\1", bare).replace("HAT", "_hat").strip()
    return {"L": "loss", "theta": "w", "dtheta": "dw"}.get(bare, bare)


def test_each_number_stands_beside_the_line_of_its_equation() -> None:
    known, cited = left_sides(), []
    for line in page_text().splitlines():
        code, _, comment = line.partition("#")
        numbers = re.findall(r"\((\d+\.\d+)\)", comment)
        names = re.split(r" = |\(", code.strip())[0].split(", ") if numbers else []
        for number in numbers:
            wanted = known[number]
            special = {"6.3": ["return"], "6.11": ["log_p"], "9.4": ["np.add.at"]}.get(number)
            if number == "7.3" and code.strip().startswith("return"):  # its second term, made a step earlier
                assert code.strip().endswith(", dc * f")
                continue
            first = special[0] if special else wanted
            assert any(name.split(" ")[0] == first for name in names), (line, wanted)
        cited += numbers
    once = [number for number in cited if number not in ("6.10", "7.3")]
    assert len(cited) == len(once) + 4
    assert len(set(once)) == len(once)
    due = {f"6.{k}" for k in range(1, 12)} | {f"7.{k}" for k in range(3, 12)} | {f"8.{k}" for k in range(2, 9)}
    due |= {f"9.{k}" for k in range(1, 5)} | {f"11.{k}" for k in range(2, 7)} | {"12.2", "12.3", "12.4", "14.1"}
    assert set(cited) == due


def test_the_cells_of_the_chapter_are_the_file() -> None:
    path = next(NOTEBOOKS.glob("24-*.ipynb"))
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    text = page_text()
    shown = [source for source in sources if source in text]
    ending = '\n\n\nif __name__ == "__main__":\n    main(sys.argv[1])\n'
    assert ending.strip() in "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    place = 0
    for source in shown:  # each begins where the one before ended, but for empty lines
        at = text.index(source, place)
        assert text[place:at].strip() == ""
        place = at + len(source)
    assert text[place:] == ending


# ---- the same numbers as the library's


def test_batches_are_the_librarys() -> None:
    ours, theirs = page.table(NAMES, "".join(VOCAB.characters)), make_batch(NAMES, VOCAB)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("seed", range(3))
def test_loss_and_gradients_are_the_librarys(seed: int) -> None:
    params = init_params(len(VOCAB), 3, 5, rng=np.random.default_rng(seed))
    batch = make_batch(NAMES, VOCAB)
    loss, grads = loss_and_grads(params, batch)
    own_loss, own_grads = page.loss_and_grads(tensors(params), *batch)
    assert abs(own_loss - loss) < 1e-12
    for (name, leaf), own in zip(named_leaves(grads), own_grads, strict=True):
        np.testing.assert_allclose(own, leaf, rtol=0, atol=1e-12, err_msg=name)
        assert np.abs(leaf).max() > 1e-4


def test_gradients_under_dropout_are_the_librarys() -> None:
    rng = np.random.default_rng(3)
    params, batch = init_params(len(VOCAB), 3, 5, rng=rng), make_batch(NAMES, VOCAB)
    keep = (rng.random((*batch.mask.shape, 5)) > 0.3) / 0.7
    logits, _, cache = forward(params, batch.inputs, mask=batch.mask, keep=keep)
    loss, dlogits = cross_entropy(logits, batch.targets, batch.mask)
    grads, _ = backward(params, cache, dlogits)
    own_loss, own_grads = page.loss_and_grads(tensors(params), *batch, keep)
    assert abs(own_loss - loss) < 1e-12
    for (name, leaf), own in zip(named_leaves(grads), own_grads, strict=True):
        np.testing.assert_allclose(own, leaf, rtol=0, atol=1e-12, err_msg=name)


def test_adam_is_the_librarys() -> None:
    rng = np.random.default_rng(4)
    params = init_params(4, 2, 3, rng=rng)
    state, theta = adam_init(params), tensors(params)
    m, v = [0 * w for w in theta], [0 * w for w in theta]
    for s in range(1, 21):
        grads = init_params(4, 2, 3, rng=rng)
        params, state = adam_update(params, grads, state, lr=0.01, beta2=page.BETA2)
        for k, dw in enumerate(tensors(grads)):
            theta[k], m[k], v[k] = page.adam(theta[k], dw, m[k], v[k], s, 0.01)
    for one, other in zip(theta, tensors(params), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


class Scribe:
    """A generator that draws what it is told, and writes down the laws it was asked to draw from."""

    def __init__(self, ids: list[int]) -> None:
        self.ids, self.laws = iter(ids), []  # type: ignore[var-annotated]

    def choice(self, count: int, *, p: Any) -> int:
        assert count == len(p)
        self.laws.append(p)
        return next(self.ids)


@pytest.mark.parametrize("tau", [1.0, 0.5, 2.0])
def test_each_letter_is_drawn_from_the_librarys_law(tau: float) -> None:
    params, scribe = example_params(), Scribe([1, 2, 1, 0])
    assert page.invent(tensors(params), ".an", rng=scribe, tau=tau) == "ana"
    for letters, law in enumerate(scribe.laws):
        wanted = next_probabilities(params, VOCABULARY, "ana"[:letters], temperature=tau)
        np.testing.assert_allclose(law, wanted.ravel(), rtol=0, atol=1e-12)
    assert len(scribe.laws) == 4


def test_the_loss_of_a_list_is_the_librarys() -> None:
    params = init_params(len(VOCAB), 3, 5, rng=np.random.default_rng(5))
    names = [*NAMES, *["lea", "bo"] * 400]  # in two pieces
    assert abs(page.nats(tensors(params), names, "".join(VOCAB.characters)) - nll(params, VOCAB, names)) < 1e-12


# ---- data, training, the whole


def test_a_table_and_a_plain_list_give_the_same_names(tmp_path: Path) -> None:
    plain, csv = tmp_path / "plain.txt", tmp_path / "names.csv"
    names = [f"na{a}{b}" for a in "abcde" for b in "vwxyz"]
    plain.write_text("\n".join([*names, "", names[0].upper(), f"{names[1]}."]), encoding="utf-8")
    csv.write_text("\n".join(["name,count", *(f"{name},3" for name in names)]) + "\n", encoding="utf-8")
    vocab, *lists = page.read(plain, rng=np.random.default_rng(0))
    assert vocab == ".abcdenvwxyz"
    assert [len(each) for each in lists] == [21, 2, 2]
    assert sorted([*lists[0], *lists[1], *lists[2]]) == sorted(names)
    again = page.read(csv, rng=np.random.default_rng(0))
    assert list(again) == [vocab, *lists]


def test_a_list_that_is_too_short_is_refused_in_words(tmp_path: Path) -> None:
    listed = tmp_path / "short.txt"
    for few in ("", "name\n", "\n".join("abcdefghi"), "ana\n" * 100):
        listed.write_text(few, encoding="utf-8")
        with pytest.raises(SystemExit, match="at least ten names"):
            page.read(listed, rng=np.random.default_rng(0))
    listed.write_text("\n".join("abcdefghij"), encoding="utf-8")
    assert [len(each) for each in page.read(listed, rng=np.random.default_rng(0))[1:]] == [8, 1, 1]


def test_a_byte_order_mark_is_no_letter(tmp_path: Path) -> None:
    listed = tmp_path / "marked.csv"
    listed.write_text("\n".join(["name,count", *(f"{letter},1" for letter in "abcdefghij")]), encoding="utf-8-sig")
    assert page.read(listed, rng=np.random.default_rng(0))[0] == ".abcdefghij"


def test_the_shipped_list_is_the_corpus() -> None:
    _, *lists = page.read(files("lstm_lib.datasets") / "names.csv", rng=np.random.default_rng(24))
    assert sorted([*lists[0], *lists[1], *lists[2]]) == sorted(load_names()["name"])


def test_an_epoch_deals_each_name_once_and_the_next_in_another_order() -> None:
    names, small = [f"{a}{'o' * k}" for a in "abcdefgh" for k in range(1, 6)], edited({"256, 64": "256, 8"})
    supply = small.tables(names, ".abcdefgho", rng=np.random.default_rng(0))
    orders = []
    for _ in range(2):
        epoch = [next(supply) for _ in range(5)]
        dealt = ["".join(".abcdefgho"[k] for k in column).strip(".") for inputs, _, _ in epoch for column in inputs.T]
        assert sorted(dealt) == sorted(names)
        orders.append(dealt)
    assert orders[0] != orders[1]


SMALL = {"D, H, B = 32, 256, 64": "D, H, B = 8, 16, 16", "STEPS, LOOK = 2000, 500": "STEPS, LOOK = 60, 20"}


def some_names() -> list[str]:
    return [str(name) for name in load_names()["name"][:600]]


def learn(small: Any) -> list[Any]:
    names, rng = some_names(), np.random.default_rng(1)
    vocab = "." + "".join(sorted(set("".join(names))))
    theta = small.start(len(vocab), rng=rng)
    return list(small.train(theta, names[60:], names[:60], vocab, rng=rng))


def test_it_learns_in_float32_and_keeps_the_best(capsys: pytest.CaptureFixture[str]) -> None:
    theta = learn(edited(SMALL))
    watched = [float(number) for number in re.findall(r"watched ([\d.]+)", capsys.readouterr().out)]
    assert len(watched) == 3
    assert {w.dtype for w in theta} == {np.dtype(np.float32)}
    names = some_names()
    vocab = Vocabulary.from_names(names)
    assert abs(nll(Params(*theta), vocab, names[:60]) - min(watched)) < 6e-4
    assert min(watched) < 3.0


def test_who_stops_it_keeps_the_best_that_was_printed(capsys: pytest.CaptureFixture[str]) -> None:
    small = edited(SMALL)
    count, work = iter(range(1000)), small.loss_and_grads

    def interrupted(*given: Any) -> Any:
        if next(count) == 45:
            raise KeyboardInterrupt
        return work(*given)

    small.loss_and_grads = interrupted  # type: ignore[attr-defined]
    theta = learn(small)
    said = capsys.readouterr().out
    watched = [float(number) for number in re.findall(r"watched ([\d.]+)", said)]
    assert len(watched) == 2
    assert f"stopped; the best so far: {min(watched):.3f}" in said
    names = some_names()
    assert abs(nll(Params(*theta), Vocabulary.from_names(names), names[:60]) - min(watched)) < 6e-4


def test_main_prints_the_loss_and_ten_new_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"H": 16, "STEPS": 40, "LOOK": 20}.items():
        monkeypatch.setattr(page, name, value)
    listed = tmp_path / "names.txt"
    listed.write_text("\n".join(some_names()), encoding="utf-8")
    page.main(listed)
    *losses, judged, names = capsys.readouterr().out.splitlines()
    assert len(losses) == 2
    assert re.fullmatch(r"names it has never met: \d\.\d{3} nats a symbol", judged)
    assert len(names.split(", ")) == 10
    assert not {*names.split(", ")} & {*some_names()}


def test_it_runs_alone_in_an_empty_folder(tmp_path: Path) -> None:
    text = page_text()
    for old, new in SMALL.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (tmp_path / "whole_book.py").write_text(text, encoding="utf-8")
    (tmp_path / "names.csv").write_text("\n".join(some_names()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "whole_book.py", "names.csv"],
        cwd=tmp_path, env={}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["names.csv", "whole_book.py"]


# ---- what was measured


def test_the_stored_runs_of_the_page_say_what_the_chapter_says() -> None:
    runs = [*STORED["page"].values()]
    assert len(runs) == 5
    assert all(len(run["watched"]) == page.STEPS // page.LOOK and len(run["names"]) == 10 for run in runs)
    assert all(0.02 < run["kneser_ney_6"] - run["unseen"] < 0.06 for run in runs)
    assert all(run["kept"] == page.STEPS for run in runs)
    assert all(run["clipped"] in (4, 5) for run in runs)
    shown = STORED["shown"]["24"]  # without dropout
    for which in (shown["unseen"] - runs[0]["unseen"], shown["watched"][-1] - runs[0]["watched"][-1]):
        assert -0.015 < which < -0.005


def test_the_stored_runs_without_a_line_say_what_the_chapter_says() -> None:
    whole = STORED["small"]["nothing"]
    assert len(whole) == 5
    cost = {
        what: np.array([each[seed]["unseen"] - whole[seed]["unseen"] for seed in whole])
        for what, each in STORED["small"].items()
    }
    dear = [what for what, each in cost.items() if each.min() > 0]
    assert dear == ["Adam", "falling rate", "corrected means", "mixed lengths"]
    assert max(cost, key=lambda what: float(cost[what].mean())) == "Adam"
    assert not cost["clipping"].any()
    assert not any(run["clipped"] for run in whole.values())
    assert cost["dropout"].max() < 0
    assert len(STORED["chosen"]["Adam"]["watched"]) == 3
