"""The house rules, read from the source: layers, light imports, short functions, docstrings, contract, equations."""

import ast
import importlib
import inspect
import io
import json
import re
import subprocess
import sys
import tokenize
import tomllib
from dataclasses import FrozenInstanceError, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

import lstm_lib
from lstm_lib.model import init_params
from lstm_lib.ngram import fit_ngram
from lstm_lib.optim import adam_init
from lstm_lib.run.steps import Settings, first_checkpoint
from lstm_lib.run.watch import watch_for
from lstm_lib.vocabulary import Vocabulary

LIBRARY = Path(lstm_lib.__file__).parent
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# An `__init__.py` imports nothing from the library.
PACKAGES = {".".join(path.parent.relative_to(LIBRARY).parts) for path in LIBRARY.rglob("__init__.py")}

# What draws takes arrays, so that it stands beside the layers: it may import the ground only.
BESIDE, GROUND = "figures", ("arguments", "tree")
WHO_MAY_IMPORT = {  # heavy packages: the one folder, or the modules, that need them
    "matplotlib": {"figures"},
    "pandas": {"data", "names"},
}
LIGHT = (
    "cell", "model", "loss", "packed", "optim", "gradcheck", "sample", "run.checkpoint", "example", "bridge.pytorch",
)  # fmt: skip

FUNCTION_LINES, FILE_LINES = 25, 210
OTHER_FILE_LINES = {
    "packed": 199,  # beyond them, speed costs more clarity than it is worth
    "autograd": 260,  # a list of operations, to which a reader may add
}

CONTRACT = {  # section 4 of the design; what stands here other people's scripts call
    "vocabulary.Vocabulary.from_names": "(names)",
    "vocabulary.Vocabulary.encode": "(self, name)",
    "vocabulary.Vocabulary.decode": "(self, ids)",
    "data.load_names": "(path=None, *, column=None, skip_faulty=False, encoding=None)",
    "data.load_splits": "()",
    "data.Split": "(train, val, test)",
    "data.split_names": "(names, *, rng, fractions=(0.8, 0.1, 0.1))",
    "data.Batch": "(inputs, targets, mask)",
    "data.make_batch": "(names, vocabulary)",
    "data.batches": "(names, vocabulary, batch_size, *, rng)",
    "cell.LSTMState": "(h, c)",
    "cell.gates_forward": "(a, c_prev)",
    "cell.gates_backward": "(cache, dh, dc)",
    "model.Params": "(E, W_x, W_h, b, W_y, b_y)",
    "model.init_params": "(vocab_size, embedding_size, hidden_size, *, rng, dtype=np.float64, forget_bias=1.0)",
    "model.initial_state": "(params, batch_size)",
    "model.forward": "(params, inputs, state=None, *, mask=None)",
    "model.backward": "(params, cache, dlogits)",
    "bptt.loss_and_grads": "(params, batch, state=None, *, dropout=0.0, rng=None)",
    "optim.adam_init": "(params)",
    "optim.adam_update": "(params, grads, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8)",
    "optim.clip_by_global_norm": "(grads, max_norm)",
    "gradcheck.numerical_gradient": "(f, params, *, step=1e-5)",
    "gradcheck.relative_errors": "(a, n)",
    "train.fit": "(params, train_names, vocabulary, *, rng, steps, batch_size, lr, warmup=0, final_lr=None, "
    "max_norm=None, dropout=0.0, beta2=0.999, val_names=None, eval_every=None, patience=None, checkpoint=None, "
    "progress=True)",
    "train.save_checkpoint": "(path, params, *, vocabulary, optimizer=None, step=0, rng=None, history=None)",
    "train.load_checkpoint": "(path)",
    "train.load_trained": "()",
    "sample.sample_names": "(params, vocabulary, count, *, rng, temperature=1.0, top_k=None, top_p=None, prefix='', "
    "max_length=None)",
    "sample.name_log_probability": "(params, vocabulary, name)",
    "evaluate.nll": "(params, vocabulary, names)",
}
BEYOND = {  # keyword-only parameters with a default that the contract does not know
    "model.forward": {"keep"},
    "bptt.loss_and_grads": {"weight_drop"},
    "train.fit": {"weight_drop", "keep"},
    "train.save_checkpoint": {"best", "epoch_rng", "settings"},
}
RNG_MAY_BE_NONE = {"loss_and_grads", "save_checkpoint"}


def name_of(path):
    """The name of a module below lstm_lib."""
    parts = path.relative_to(LIBRARY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted(LIBRARY.rglob("*.py"))}


@cache
def modules():
    """Every module of the library: its name below lstm_lib, its source, its syntax tree."""
    sources = {name: path.read_text(encoding="utf-8") for name, path in FILES.items()}
    return {name: SimpleNamespace(name=name, source=text, tree=ast.parse(text)) for name, text in sources.items()}


def imported(tree):
    """The dotted name of everything that a module imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which file to open"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole.removeprefix("lstm_lib.") in FILES else node.module


@cache
def imports(name):
    """All that a module imports."""
    return {*imported(modules()[name].tree)}


def room(name):
    """The folder of a module, or its own name when it stands at the top."""
    return name.split(".")[0]


@cache
def layers():
    """The rows of the table in `contributing.md`, from the ground up: the modules and folders that each names."""
    page = (LIBRARY.parent / "book" / "contributing.md").read_text(encoding="utf-8")
    table = page.split("## The library in one table")[1].split("\n\n")[2]
    return [re.findall(r"`(\w+)/?`", row.split("|")[1]) for row in table.splitlines()[2:]]


@cache
def layer(name):
    """The row of a module or of its folder, or None for one that the table does not know."""
    return next((number for number, row in enumerate(layers()) if room(name) in row), None)


def allowed(name):
    """The modules of the library that this one may import: those of the rows below, and its neighbours."""
    if name in PACKAGES:
        return set()
    neighbours = {other for other in modules() if "." in name and room(other) == room(name)} - {name}
    if room(name) == BESIDE:
        return {*GROUND, *neighbours}
    assert layer(name) is not None, f"lstm_lib.{name} has no place in the table of layers: give it one"
    return neighbours | {other for other in modules() if layer(other) is not None and layer(other) < layer(name)}


@cache
def library_imports(name):
    """The modules of the library that a module imports."""
    found = {each for each in imports(name) if room(each) == "lstm_lib"}
    return {each.removeprefix("lstm_lib").removeprefix(".") for each in found} - {""}


@pytest.mark.parametrize("name", FILES)
def test_a_module_imports_only_from_the_layers_below(name):
    above = library_imports(name) - allowed(name)
    assert not above, f"lstm_lib.{name} must not import {sorted(above)}"


def test_the_table_of_layers_names_every_module_and_folder_once_and_no_other():
    rows = [name for row in layers() for name in row]
    assert len(set(rows)) == len(rows)
    assert {room(name) for name in modules() if name} == {*rows, "datasets"}
    assert layers()[-1] == [BESIDE]


def test_no_module_imports_itself_through_others():
    below = {name: library_imports(name) - PACKAGES for name in modules()}
    while free := [name for name, needs in below.items() if not needs]:
        below = {name: needs - {*free} for name, needs in below.items() if name not in free}
    assert not below, f"these import each other in a circle: {below}"


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("import lstm_lib.train", "lstm_lib.train"),
        ("from lstm_lib.train import fit", "lstm_lib.train"),
        ("from lstm_lib import train", "lstm_lib.train"),
        ("def f():\n    from lstm_lib.train import fit", "lstm_lib.train"),
        ("import pandas as pd", "pandas"),
        ("from matplotlib.axes import Axes", "matplotlib.axes"),
    ],
)
def test_no_kind_of_import_is_overlooked(source, seen):
    assert list(imported(ast.parse(source))) == [seen]


@pytest.mark.parametrize("package", WHO_MAY_IMPORT)
def test_heavy_packages_are_imported_by_the_modules_that_need_them_only(package):
    users = {room(name) for name in FILES if package in map(room, imports(name))}
    assert users
    assert users <= WHO_MAY_IMPORT[package]


def test_no_module_imports_pytorch():
    users = {name for name in FILES if "torch" in map(room, imports(name))}
    assert not users


def test_the_light_modules_load_no_heavy_package():
    names = ", ".join(f"lstm_lib.{name}" for name in LIGHT)
    program = f"import sys, {names}; print(sorted({set(WHO_MAY_IMPORT)} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_no_test_fails_because_an_example_took_long():
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@cache
def lines_of_code(source):
    """The numbers of the lines that hold more than a comment or a blank."""
    empty = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {line for token in tokens if token.type not in empty for line in range(token.start[0], token.end[0] + 1)}


def body_lines(function, source):
    """How many lines of code stand in a function's body, its docstring not counted."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    return sum(body[0].lineno <= line <= body[-1].end_lineno for line in lines_of_code(source))


@pytest.mark.parametrize("name", FILES)
def test_functions_and_files_are_short(name):
    module = modules()[name]
    long = {each.name: body_lines(each, module.source) for each in functions(module.tree)}
    long = {function: lines for function, lines in long.items() if lines > FUNCTION_LINES}
    assert not long, f"at most {FUNCTION_LINES} lines of code; got {long}"
    lines = len(module.source.splitlines())
    limit = OTHER_FILE_LINES.get(name, FILE_LINES)
    assert lines <= limit, f"lstm_lib.{name} has {lines} lines: split it, or leave out"


def test_lines_are_counted_without_docstring_signature_comments_and_blanks():
    source = '''
def f(
    a,
):
    """One.

    Two.
    """
    # three

    b = (
        a
    )
    return b  # four
'''
    assert body_lines(functions(ast.parse(source))[0], source) == 4
    assert body_lines(functions(ast.parse('def f():\n    """One."""'))[0], 'def f():\n    """One."""') == 0


def public(tree):
    """The public functions and classes of a module, and the public methods of these classes."""
    named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in tree.body:
        if isinstance(node, named) and not node.name.startswith("_"):
            yield node.name, node
            inner = node.body if isinstance(node, ast.ClassDef) else ()
            yield from ((f"{node.name}.{each.name}", each) for each in inner
                        if isinstance(each, named) and not each.name.startswith("_"))  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_module_and_every_public_name_has_a_docstring(name):
    module = modules()[name]
    assert not module.tree.body or ast.get_docstring(module.tree), f"lstm_lib.{name} needs a first sentence"
    if name != "whole_book":  # which is read aloud: no line that repeats the one below it
        assert not [each for each, node in public(module.tree) if not ast.get_docstring(node)]


@pytest.mark.parametrize("name", FILES)
def test_randomness_is_passed_by_name_and_has_no_default(name):
    for function in functions(modules()[name].tree):
        positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if positional != ["rng"] and not function.name.startswith("_"):
            assert "rng" not in positional, f"{function.name}: rng must be keyword-only beside other parameters"
        for each, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
            if each.arg == "rng" and function.name not in RNG_MAY_BE_NONE:
                assert default is None, f"{function.name}: rng must have no default"


def resolve(dotted):
    module, *path = dotted.split(".")
    found = importlib.import_module(f"lstm_lib.{module}")
    for part in path:
        found = getattr(found, part)
    return found


def shape_of(signature):
    return [(each.name, each.kind, each.default) for each in signature.parameters.values()]


@pytest.mark.parametrize("name", CONTRACT)
def test_every_name_of_the_contract_has_its_signature(name):
    namespace = {"np": np}
    exec(f"def promised{CONTRACT[name]}: ...", namespace)
    actual = shape_of(inspect.signature(resolve(name)))
    extra = [each for each in actual if each[0] in BEYOND.get(name, ())]
    assert [each for each in actual if each not in extra] == shape_of(inspect.signature(namespace["promised"]))
    assert {each[0] for each in extra} == BEYOND.get(name, set())
    assert all(kind is inspect.Parameter.KEYWORD_ONLY and default is None for _, kind, default in extra)


def test_the_rest_of_the_contract_on_vocabularies():
    from lstm_lib.vocabulary import END, END_MARK, Vocabulary

    assert (END, END_MARK) == (0, ".")
    vocabulary = Vocabulary.from_names(["anna", "bo"])
    assert vocabulary.characters == (".", "a", "b", "n", "o")
    assert len(vocabulary) == 5
    ids = vocabulary.encode("anna")
    assert (ids.tolist(), ids.dtype) == ([1, 3, 3, 1], np.dtype(np.intp))
    assert vocabulary.decode([*ids, 0, 4]) == "anna"


def comments(module):
    """Every comment of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(module.source).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def texts(module):
    """Every comment and every docstring of a module."""
    yield from comments(module)
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    yield from (ast.get_docstring(node) or "" for node in ast.walk(module.tree) if isinstance(node, documented))


def cited():
    """Each equation number in a comment or docstring, with the modules that cite it."""
    found, number_of = {}, re.compile(r"\((\d+\.\d+)\)")
    for name, module in modules().items():
        for number in number_of.findall(" ".join(texts(module)) if number_of.search(module.source) else ""):
            found.setdefault(number, set()).add(name)
    return found


@cache
def tags():
    """Every equation tag in the Markdown of the notebooks."""
    books = [json.loads(path.read_text(encoding="utf-8")) for path in NOTEBOOKS.glob("*.ipynb")]
    cells = [cell for book in books for cell in book["cells"] if cell["cell_type"] == "markdown"]
    prose = "\n".join("".join(cell["source"]) for cell in cells)
    return set(re.findall(r"\\tag\{(\d+\.\d+)\}", prose))


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("cell", "6.4 6.5 6.6 6.7 6.8 6.9 7.10 7.3 7.4 7.6 7.8 7.7 7.5 7.9 7.11"),
        ("model", "6.1 6.2 6.10 8.2 8.8 9.4 8.4 8.3 8.5 8.6 8.7 9.5 9.6"),
        ("loss", "9.1 9.2 12.1 9.3 2.3 2.4"),
        ("optim", "11.1 11.2 11.3 11.4 11.5 11.6 12.2"),
        ("sample", "14.1"),
        ("counts", "3.7 3.6 3.4 3.7 3.5"),
        ("ngram", "3.3 3.2 3.1"),
    ],
)
def test_the_lines_of_the_core_carry_the_numbers_of_their_equations(name, numbers):
    assert re.findall(r"\((\d+\.\d+)\)", " ".join(comments(modules()[name]))) == numbers.split()


def test_every_equation_that_the_code_cites_stands_in_a_chapter():
    assert len(cited()) > 50
    missing = {number: sorted(users) for number, users in cited().items() if number not in tags()}
    assert not missing, "these are cited, and no chapter has them"


def test_the_package_ships_every_file_of_the_library():
    asked = tomllib.loads((LIBRARY.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert asked["packages"]["find"] == {"include": ["lstm_lib*"], "namespaces": False}
    data = [(folder.replace(".", "/"), each) for folder, given in asked["package-data"].items() for each in given]
    for path in LIBRARY.rglob("*.*"):
        local = path.relative_to(LIBRARY.parent)
        if path.suffix == ".py":
            assert (path.parent / "__init__.py").is_file(), f"{path.parent} has modules and no __init__.py"
        elif path.is_file() and "__pycache__" not in path.parts:
            known = any(fnmatch(local.as_posix(), f"{folder}/{each}") for folder, each in data)
            assert known, f"{local} has no line under package-data in pyproject.toml"


# Each record, made by a call that runs its module, and whether two of equal parts are equal.
VOCABULARY = Vocabulary.from_names(["ana"])
RECORDS = {
    "parameters": (lambda: init_params(3, 1, 1, rng=np.random.default_rng(0)), False),
    "the state of Adam": (lambda: adam_init(init_params(3, 1, 1, rng=np.random.default_rng(0))), False),
    "counts": (lambda: fit_ngram(["ana"], VOCABULARY, 1), False),
    "a run": (
        lambda: first_checkpoint(init_params(3, 1, 1, rng=np.random.default_rng(0)), VOCABULARY,
                                 rng=np.random.default_rng(0)), False),
    "a vocabulary": (lambda: Vocabulary.from_names(["ana"]), True),
    "settings": (lambda: Settings(1, 1, 0.1), True),
    "a watch": (lambda: watch_for(Settings(1, 1, 0.1), None, None, None, VOCABULARY), True),
}  # fmt: skip


@pytest.mark.parametrize(("make", "by_value"), RECORDS.values(), ids=RECORDS.keys())
def test_a_record_cannot_be_changed_and_arrays_are_never_compared(make, by_value):
    one, other = make(), make()
    assert one == one
    assert (one == other) == (one == replace(one)) == by_value
    with pytest.raises(FrozenInstanceError):
        setattr(one, next(iter(vars(one))), None)
