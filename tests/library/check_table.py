"""Every check of the book, found by reflection, and right answers: solutions in the notebooks, or values here."""

import ast
import importlib
import inspect
import json
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from check_cases import as_if_written

import lstm_lib.check
from lstm_lib.bring import shipped_words
from lstm_lib.check.chapter_10 import PATIENTS as ILL
from lstm_lib.check.chapter_13 import patients
from lstm_lib.check.chapter_21 import CUTS
from lstm_lib.check.chapter_22 import SUSPECTS
from lstm_lib.check.chapter_24 import KIND, LINES
from lstm_lib.check.feedback import Feedback
from lstm_lib.check.parts.edited_page import edited
from lstm_lib.data import load_splits
from lstm_lib.patient.hunt import make_patient
from lstm_lib.variants.trials import load_trials
from lstm_lib.vocabulary import Vocabulary

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHAPTERS = sorted(path.stem[-2:] for path in Path(lstm_lib.check.__file__).parent.glob("chapter_*.py"))


class Case(NamedTuple):
    """A check, the reader's right answers, and what else it is handed before and after them."""

    check: Callable[..., Feedback]
    answers: tuple[Any, ...]
    before: tuple[Any, ...] = ()
    after: tuple[Any, ...] = ()

    def judge(self, *answers: Any) -> Feedback:
        """The feedback on these answers."""
        return self.check(*self.before, *answers, *self.after)


@cache
def checks() -> dict[str, Callable[..., Feedback]]:
    """All public functions of the chapters' modules that answer with Feedback, by "NN.name"."""
    found = {}
    for chapter in CHAPTERS:
        for name, each in vars(importlib.import_module(f"lstm_lib.check.chapter_{chapter}")).items():
            public = inspect.isfunction(each) and not name.startswith("_")
            home = each.__module__.removeprefix("lstm_lib.check.") if public else ""
            if home.startswith(("chapter_", "parts.")) and inspect.signature(each).return_annotation is Feedback:
                found[f"{chapter}.{name}"] = each
    return found


# Right answers to the checks that ask for values.
RUNS = {"A": "learning rate too high", "B": "never updated", "C": "overfitting", "D": "blind"}
PATIENTS = {
    "A": "rate far too low",
    "B": "shut output gates",
    "C": "sum for mean",
    "D": "opinion in b_y",
    "E": "shut forget gates",
}
COUPLED = {
    "i = sigmoid(a_i)": "i = 1 - f",
    "di, df, dg = dc * g, dc * c_before, dc * i": "di, df, dg = 0 * dc, dc * (c_before - g), dc * i",
}


def _worst_cuts() -> tuple[str, str]:
    """The cuts that the stored runs of chapter 21 find worst."""
    trials = load_trials()
    names = max(CUTS, key=lambda cut: sum(trials.nats[CUTS[cut]]))
    kept = {cut: sum(n is not None for runs in trials.steps[name].values() for n in runs) for cut, name in CUTS.items()}
    return names, min(kept, key=lambda cut: kept[cut])


ANSWERS: dict[str, tuple[Any, ...]] = {
    "00.real_or_invented": ([True, False, True],),
    "00.costliest": ("r",),
    "01.distinct_names": (2737,),
    "01.buggy_lines": ({2, 4, 6},),
    "02.one_name": (10 * math.log(2), 2.5 * math.log(2)),
    "02.unpadded_perplexity": (2.4 ** (160 / 71),),
    "02.units": (1.5 * math.log(2), 2**1.5),
    "03.by_hand": (0.1,),
    "03.leaky": (0.13 * 1.617 + 0.87 * 1.96,),
    "04.dlogits": ([1 / 7, 1 / 14, -3 / 14],),
    "04.steps_needed": (785, 392, 196),
    "05.latch": (0.45 * math.log(3), (0.45 * math.log(3)) ** 10),
    "05.fading": (65.6, 687.3),
    "06.step_three": (0.9, -0.648),
    "06.parameter_count": (303_739,),
    "06.holding_biases": (-12.0, 12.0),
    "07.memory_at_step_three": (-0.1081,),
    "07.published_bug": (9, 3),
    "08.first_step": (-0.0709,),
    "08.one_weight": (-0.0134,),
    "08.one_step": (0.0025,),
    "09.by_hand": (-2 / 21, 1 / 21),
    "10.one_sided": (2.1e-8, 2.1e-8),
    "10.fewest": (["long", "singles"],),
    "10.diagnose": (dict(ILL),),
    "11.swapped": ("C", 2),
    "11.tiny_gradient": (0.75, 3e-4),
    "11.counted": (6, 0.52211),
    "12.diagnose": (RUNS,),
    "13.first_losses": ({"A": math.log(27), "B": 2.8162, "C": 3.5},),
    "13.diagnose": (PATIENTS,),
    "14.cut_twice": (2, 3, 4 / 7),
    "15.mean_cost": (0.55, -math.log(0.55), -math.log(0.45 * 0.9) / 3),
    "16.two_models": (-(math.log(0.8) + math.log(0.2)) / 2, math.log(2)),
    "16.claim": ("ACDF",),
    "17.follows": ("ACE",),
    "17.untouched": (3 - math.log2(math.factorial(8)) / 8, 1 / 4),
    "18.many_looks": (4.8, 1 - 0.95**96),
    "18.saturated": (3 * (1 - math.tanh(3) ** 2), math.tanh(3)),
    "19.rows": (24, 22, 11),
    "19.amdahl": (1.25, 1 / 0.7),
    "20.on_paper": (3e17, 0.8, 3000 / 3600),
    "21.worst": _worst_cuts(),
    "21.rounds": (4, 10, 49),
    "22.suspects": (SUSPECTS,),
    "22.perplexities": (1.6 ** (1 / 0.53), math.exp(1.9)),
    "22.repair": (as_if_written(make_patient()),),
    "23.few": (40, 1.96 * 5 / math.sqrt(40), (1.96 * 5 / 0.25) ** 2),
    "23.own_list": ([f"νέο {word}" for word in shipped_words("greek")],),
    "24.aloud": (LINES,),
    "24.taken_out": (KIND,),
    "24.line": ("C",),
    "24.machine": (edited(COUPLED),),
}


def _also_handed() -> dict[str, tuple[Any, ...]]:
    """What the notebooks hand to some of these checks beside the answers."""
    split = load_splits()
    ward = patients(split.train[:300], split.val[:100], _vocabulary())
    return {
        "00.real_or_invented": (["anna", "zzq", "emma"],),
        "00.costliest": ("eric", [1.0, 4.0, 1.0, 0.5, 2.0]),
        "03.leaky": (1.617, 1.96),
        "10.fewest": ({"short": ["a"], "long": ["a", "b"], "singles": ["c"]},),
        "13.diagnose": (ward,),
        "22.perplexities": (1.6, 0.47, 1.9),
    }


def asks_for_functions() -> list[str]:
    """The checks that ask for a function; all others are keys of ANSWERS. No notebook is read yet."""
    return [key for key in checks() if key not in ANSWERS]


def case_of(key: str) -> Case:
    """A check with right answers; of its chapter's notebook alone are the functions read."""
    return values()[key] if key in ANSWERS else _of_chapter(key[:2], solved=True)[key]


@cache
def values() -> dict[str, Case]:
    """The checks that ask for values."""
    handed = _also_handed()
    return {key: Case(checks()[key], answers, (), handed.get(key, ())) for key, answers in ANSWERS.items()}


def functions() -> dict[str, Case]:
    """The checks that ask for a function, with the solutions of the notebooks."""
    return {key: case for chapter in CHAPTERS for key, case in _of_chapter(chapter, solved=True).items()}


def unsolved() -> dict[str, Case]:
    """The same checks, with the functions that stand in the exercises: blank ones, and ones with a bug."""
    return {key: case for chapter in CHAPTERS for key, case in _of_chapter(chapter, solved=False).items()}


@cache
def _vocabulary() -> Vocabulary:
    """That of the corpus."""
    return Vocabulary.from_names(load_splits().train)


@cache
def _of_chapter(chapter: str, *, solved: bool) -> dict[str, Case]:
    trees = _cells(chapter)
    solutions = [tree for source, tree in trees.items() if source.startswith("# @title Solution")]
    others = [tree for tree in trees.values() if tree not in solutions]
    names: dict[str, Any] = {"vocabulary": _vocabulary()}
    _run(others, names, ast.Import | ast.ImportFrom)
    if chapter == "14":
        names["forward"] = _remembering(names["forward"])
    _run(others, names, ast.FunctionDef)
    found = {}
    for tree in solutions if solved else others:
        own = dict(names)
        _run([tree], own, ast.FunctionDef)
        for name, given in _calls(tree):
            key, last = f"{chapter}.{name}", given[-1]
            if key in checks() and isinstance(last, ast.Name) and callable(own.get(last.id)):
                before = tuple(each.value for each in given[:-1] if isinstance(each, ast.Constant))
                found[key] = Case(checks()[key], (own[last.id],), before)
    return found


def _remembering(forward: Callable[..., Any]) -> Callable[..., Any]:
    """`forward` that computes once what it is asked again: exercise 14.4 draws thousands of names of few letters."""
    known: dict[tuple[bytes, ...], Any] = {}

    def remembering(params: Any, inputs: Any, state: Any = None, **named: Any) -> Any:
        if state is None or named:
            return forward(params, inputs, state, **named)
        key = tuple(each.tobytes() for each in (params.W_h, params.W_y, inputs, *state))
        if key not in known:
            known[key] = forward(params, inputs, state)
        return known[key]

    return remembering


def _cells(chapter: str) -> dict[str, ast.Module]:
    """The code cells of a notebook, but the one that installs: source, and syntax tree."""
    (path,) = NOTEBOOKS.glob(f"{chapter}-*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return {source: ast.parse(source) for source in sources if "%pip" not in source}


def _run(trees: list[ast.Module], names: dict[str, Any], kind: Any) -> None:
    """Run the statements of this kind; one whose default an earlier cell computes is left out."""
    for node in (node for tree in trees for node in tree.body if isinstance(node, kind)):
        with suppress(NameError):
            exec(compile(ast.Module([node], []), "notebook", "exec"), names)


def _calls(tree: ast.Module) -> list[tuple[str, list[ast.expr]]]:
    """The checks that a cell calls, and their arguments."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return [(node.func.attr, node.args) for node in calls if _is_check(node.func)]


def _is_check(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and ast.unparse(function.value) == "check"


def blank_for(answer: object) -> Any:
    """The blank that stands where this answer goes."""
    return dict.fromkeys(answer, ...) if isinstance(answer, Mapping) else ...
