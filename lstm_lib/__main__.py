"""The command line: `python -m lstm_lib names mary --count 10`, `... score ana`, `... train my_words.txt`."""

import argparse
import ast
import re
import shlex
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lib import __version__
from lstm_lib.bring import RECIPE, bring, report
from lstm_lib.data import load_splits
from lstm_lib.evaluate import surprises
from lstm_lib.model import Params
from lstm_lib.names.clean import clean_name
from lstm_lib.ngram import fit_kneser_ney, ngram_surprises
from lstm_lib.sample import sample_names
from lstm_lib.train import TrainingDiverged, TrainingInterrupted, TrainingNotSaved, load_checkpoint, load_trained
from lstm_lib.tree import FloatArray
from lstm_lib.vocabulary import END_MARK, Vocabulary

ORDER = 6  # of the Kneser-Ney model beside the LSTM, as in chapter 3
LISTS = {"train": "the model has read it", "val": "held out to watch by", "test": "held out to judge by"}
WIDTH = 7  # characters in a column


def command_line() -> argparse.ArgumentParser:
    """The commands, and what each of them takes."""
    does = "A character-level LSTM in NumPy: it invents names, judges them, and learns."
    parser = argparse.ArgumentParser(prog="python -m lstm_lib", description=does)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    add_asking(commands)
    add_training(commands)
    return parser


def add_asking(commands: Any) -> None:
    """The commands that ask a trained model."""
    names = commands.add_parser("names", help="invent names, one on a line")
    names.add_argument("prefix", nargs="?", default="", help="how they begin")
    names.add_argument("--count", type=at_least(1), default=10, help="how many (10)")
    names.add_argument("--temperature", type=float, default=1.0, help="above 1 bolder, below 1 safer (1)")
    names.add_argument("--top-p", type=float, metavar="P", help="draw from the most probable letters of this mass only")
    names.add_argument("--seed", type=at_least(0), help="the same names again")
    names.set_defaults(run=invent)

    score = commands.add_parser("score", help="how surprised a trained model is by each letter of a name, in nats")
    score.add_argument("names", nargs="+", metavar="name")
    score.set_defaults(run=judge)

    for each in (names, score):
        each.add_argument("--model", type=Path, metavar="FILE", help="what `train` wrote (the book's own model)")


def add_training(commands: Any) -> None:
    """The command that trains one."""
    train = commands.add_parser("train", help="learn a list of words, and say whether counting does it better")
    train.add_argument("words", type=Path, metavar="FILE", help="a word on a line, or a table")
    train.add_argument("--column", type=column, help="of a table: its title, or its place, counted from 0")
    train.add_argument("--encoding", help="of the file, where it is not UTF-8")
    train.add_argument("--skip-faulty", action="store_true", help="leave lines out that hold no word")
    train.add_argument("--steps", type=at_least(1), default=RECIPE["most_steps"], help="at most so many (%(default)s)")
    train.add_argument("--seed", type=at_least(0), default=0, help="of the split, the first weights and the order (0)")
    train.add_argument("--output", type=Path, metavar="FILE", help="where the weights go (the list's name, with .npz)")
    train.set_defaults(run=learn)


def at_least(least: int) -> Callable[[str], int]:
    """What reads a whole number of an option, and refuses one below `least`."""

    def whole(text: str) -> int:
        if int(text) < least:
            raise argparse.ArgumentTypeError(f"must be at least {least}; got {text}")
        return int(text)

    return whole


def column(text: str) -> str | int:
    """A title, or a place."""
    return int(text) if text.isdecimal() else text


def model_of(file: Path | None) -> tuple[Params, Vocabulary]:
    """The parameters that did best on the words held out to watch by, and their vocabulary."""
    if file is None:
        return load_trained()
    run = load_checkpoint(file)
    return run.best or run.params, run.vocabulary


def invent(arguments: argparse.Namespace) -> None:
    """Print invented names."""
    params, vocabulary = model_of(arguments.model)
    prefix = clean_name(arguments.prefix) if arguments.prefix else ""
    rng = np.random.default_rng(arguments.seed)
    how = {"temperature": arguments.temperature, "top_p": arguments.top_p, "prefix": prefix}
    print(*sample_names(params, vocabulary, arguments.count, rng=rng, **how), sep="\n")


def judge(arguments: argparse.Namespace) -> None:
    """Print what each symbol of each name costs; the book's own model beside counting, which read the same names."""
    params, vocabulary = model_of(arguments.model)
    names = [clean_name(name) for name in arguments.names]
    costs = {"the LSTM": surprises(params, vocabulary, names)}
    if arguments.model is None:
        split = load_splits()
        costs[f"Kneser-Ney {ORDER}"] = ngram_surprises(fit_kneser_ney(split.train, vocabulary, ORDER), names)
    for place, name in enumerate(names):
        where = "" if arguments.model else f" ({listed(name)})"
        print(f"{name}{where}, in nats", "".join(f"{symbol:>{WIDTH}}" for symbol in (*name, END_MARK, "sum")), sep="\n")
        for rival, nats in costs.items():
            print(row(nats[place]), rival, sep="  ")


def listed(name: str) -> str:
    """On which of the book's lists the name stands, in words."""
    return next((LISTS[part] for part, names in load_splits()._asdict().items() if name in names), "on no list")


def row(nats: FloatArray) -> str:
    """The numbers below their letters, and their sum."""
    return "".join(f"{each:{WIDTH}.2f}" for each in (*nats, nats.sum()))


def learn(arguments: argparse.Namespace) -> None:
    """Train on a list; print how it did beside counting, ten new words, and where the weights are."""
    output = arguments.output or Path(arguments.words.stem + ".npz")
    rng = np.random.default_rng(arguments.seed)
    recipe = RECIPE | {"most_steps": arguments.steps, "checkpoint": output, "progress": True}
    how = {"column": arguments.column, "encoding": arguments.encoding, "skip_faulty": arguments.skip_faulty}
    brought = bring(arguments.words, rng=rng, recipe=recipe, **how)
    print(report(brought, rng=rng))
    print("It writes:", ", ".join(sample_names(brought.params, brought.vocabulary, 10, rng=rng)))
    print(f"The weights are in {output}: python -m lstm_lib names --model {output}")


def in_options(message: object) -> str:
    """A sentence of `load_names` that tells what to pass, in the words of the command line."""
    said, found, call = str(message).partition("This call reads it: ")
    if found:
        call = command_of(ast.parse(call, mode="eval").body)
        found = "This command reads it: "
    return re.sub(r"\b(column|encoding)=", r"--\1 ", said) + found + call


def command_of(call: ast.expr) -> str:
    """`load_names('words.csv', skip_faulty=True)` as the command that trains on it."""
    assert isinstance(call, ast.Call)
    words = ["python", "-m", "lstm_lib", "train", ast.literal_eval(call.args[0])]
    for option in call.keywords:
        value = ast.literal_eval(option.value)
        words += [f"--{option.arg}".replace("_", "-"), *([] if value is True else [str(value)])]
    return shlex.join(words)


def main(given: Sequence[str] | None = None) -> int:
    """Run a command; a fault of what was given, or of a file, is one sentence and the exit status 2."""
    arguments = command_line().parse_args(given)
    try:
        with warnings.catch_warnings(action="default"):
            warnings.showwarning = lambda message, *_, **__: print(in_options(message), file=sys.stderr)
            arguments.run(arguments)
    except TrainingInterrupted as stop:
        print(stop, "The same command goes on from there.", file=sys.stderr)
        return 130
    except TrainingNotSaved as fault:
        lost = "What was trained since the last save is lost; the same command goes on from there."
        print(f"python -m lstm_lib: not saved after step {fault.run.step}: {fault.__cause__}. {lost}", file=sys.stderr)
        return 2
    except (OSError, TypeError, ValueError, TrainingDiverged) as fault:
        print(f"python -m lstm_lib: {in_options(fault)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
