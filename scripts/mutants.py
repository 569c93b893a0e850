"""Plant small faults in the machine's own modules, one at a time, and see whether a test falls.

Usage: python scripts/mutants.py [--seed 1] [--count 300 | --all] [--workers 2]

A fault lives in the memory of a forked process only; no file is changed. First the suite runs once, to note which test
runs which line. A fault then meets the tests of its line, those of its module's own file first, and is killed by the
first that fails. Verdicts are kept in `.mutants/`, so that an interrupted run goes on: a kill stands while its module
is as it was committed, another verdict only while the tests are, too. A fault that no test can see is listed with its
reason in tests/setups/equivalent.toml. Needs fork: Linux or macOS.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import NoReturn

from coverage import CoverageData
from mutations import Mutant, mutants, planted

ROOT = Path(__file__).resolve().parent.parent
LIBRARY, TESTS, KEPT = ROOT / "lstm_lib", ROOT / "tests" / "library", ROOT / ".mutants"
MODULES = ("ops", "cell", "model", "packed", "loss", "bptt", "optim", "sample", "data", "vocabulary", "ngram", "counts",
           "evaluate", "run/*", "names/*", "judge/*")  # fmt: skip
QUIET = ("-x", "-q", "--no-header", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:nbval",
         "-p", "no:anyio")  # fmt: skip
ENDS = {0: "survived", 1: "killed", 2: "killed"}  # what pytest's exit code says; 2: a test cannot be imported
PATIENCE, SLOWER = 30, 10  # seconds, and times the usual: after both a test, or the whole, hangs


class Planted(MetaPathFinder, Loader):
    """Imports one module of the library from a changed tree, all others from their files."""

    def __init__(self, mutant: Mutant) -> None:
        self.name, self.mutant = f"lstm_lib.{mutant.module.replace('/', '.')}", mutant

    def find_spec(self, name, path=None, target=None) -> ModuleSpec | None:  # type: ignore[no-untyped-def]
        if name != self.name or (spec := PathFinder.find_spec(name, path)) is None:
            return None
        spec.loader = self
        return spec

    def exec_module(self, module) -> None:  # type: ignore[no-untyped-def]
        path = Path(module.__spec__.origin)
        exec(compile(planted(path.read_text("utf-8"), self.mutant.number), path, "exec"), vars(module))


def every_mutant() -> list[Mutant]:
    """All faults of all modules, in order."""
    paths = [path for pattern in MODULES for path in sorted(LIBRARY.glob(f"{pattern}.py")) if path.stem != "__init__"]
    named = {path.relative_to(LIBRARY).with_suffix("").as_posix(): path.read_text("utf-8") for path in paths}
    return [each for module, source in named.items() for each in mutants(module, source)]


@cache
def state(folder: str) -> str:
    """What git calls the committed state of a folder."""
    return subprocess.check_output(["git", "rev-parse", "--short", f"HEAD:{folder}"], cwd=ROOT, text=True).strip()


def file_of_tests() -> Path:
    """Where the seconds of the tests are kept, and beside it which lines each runs."""
    return KEPT / f"tests-{state('lstm_lib')}-{state('tests/library')}.json"


@cache
def seconds_of_tests() -> dict[str, float]:
    """How long each test of the library takes; the first call runs them all, and notes which lines each runs."""
    file = file_of_tests()
    if not file.exists():
        KEPT.mkdir(exist_ok=True)
        print("== Running the suite, to see which test runs which line", flush=True)
        command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadfile", "--cov", "--cov-report=",
                   "--cov-context=test", "--cov-fail-under=0", "--durations=0", "-vv", str(TESTS)]  # fmt: skip
        place = os.environ | {"COVERAGE_FILE": str(file.with_suffix(".coverage")), "COVERAGE_CORE": "ctrace"}
        done = subprocess.run(command, cwd=ROOT, env=place, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"the suite must pass before anything is planted:\n{done.stdout[-3000:]}")
        took: Counter[str] = Counter()
        for seconds, test in re.findall(r"^([\d.]+)s (?:setup|call|teardown) +(\S.*)$", done.stdout, flags=re.M):
            took[test] += float(seconds)
        file.write_text(json.dumps(took), encoding="utf-8")
    return dict(json.loads(file.read_text(encoding="utf-8")))


@cache
def tests_of_lines(module: str) -> dict[int, set[str]]:
    """By line of a module: the tests that run it."""
    data = CoverageData(str(file_of_tests().with_suffix(".coverage")))
    data.read()
    lines = data.contexts_by_lineno(str(LIBRARY / f"{module}.py"))
    return {line: {each.split("|")[0] for each in tests if each} for line, tests in lines.items()}


def stages(mutant: Mutant) -> list[list[str]]:
    """The tests that the fault meets: those in its module's own file, then all others, the quickest first."""
    took, lines = seconds_of_tests(), tests_of_lines(mutant.module)
    tests = lines.get(mutant.line) or set().union(*lines.values())  # what runs at import, all tests of the module see
    ordered = sorted(tests & set(took), key=lambda test: (took[test], test))
    own = [
        test
        for test in ordered
        if f"test_{Path(mutant.module).name}.py" in test or f"/{mutant.module.split('/')[0]}/" in test
    ]
    return [stage for stage in (own, [test for test in ordered if test not in own]) if stage]


def verdict(mutant: Mutant) -> str:
    """killed, survived, hangs, or untested where no test runs the line."""
    found = "untested"
    for tests in stages(mutant):
        found = meet(mutant, tests)
        if found != "survived":
            break
    return found


def meet(mutant: Mutant, tests: list[str]) -> str:
    """What becomes of a fault that meets these tests.

    Another exit code than those of ENDS is the fault's own doing (conftest.py cannot be imported, for one) only if the
    tests pass without it.
    """
    code = exit_code(mutant, tests)
    if code is None:
        return "hangs"
    if code > max(ENDS) and exit_code(None, tests) != 0:
        sys.exit(f"pytest ends with {code}, and not with 0 without a fault: {' '.join(tests)[:500]}")
    return ENDS.get(code, "killed")


def exit_code(mutant: Mutant | None, tests: list[str]) -> int | None:
    """Run the tests in a process of their own, in which the fault is planted: its exit code, or None if they hang."""
    child = os.fork()
    if child == 0:
        os.setsid()
        _run(mutant, tests)
    ends = time.monotonic() + PATIENCE + SLOWER * sum(seconds_of_tests()[test] for test in tests)
    while time.monotonic() < ends:
        if (ended := os.waitpid(child, os.WNOHANG))[0]:
            code = os.waitstatus_to_exitcode(ended[1])
            return None if code == -signal.SIGALRM else code
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _run(mutant: Mutant | None, tests: list[str]) -> NoReturn:
    """What the new process does: it ends with pytest's exit code, or with 3 if something fails around the tests."""
    code = 3
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        import pytest

        if mutant:
            sys.meta_path.insert(0, Planted(mutant))
        os.chdir(ROOT)
        code = int(pytest.main([*QUIET, *tests], plugins=[sys.modules[__name__]]))
    finally:
        os._exit(code)


def pytest_runtest_setup(item) -> None:  # type: ignore[no-untyped-def]
    """A hook of pytest: a test that takes much longer than it does without a fault ends the process."""
    signal.alarm(PATIENCE + round(SLOWER * seconds_of_tests().get(item.nodeid, 0)))


def equivalent() -> dict[str, str]:
    """By module, line and fault: why no test can see it."""
    entries = tomllib.loads((ROOT / "tests" / "setups" / "equivalent.toml").read_text(encoding="utf-8"))["mutant"]
    return {f"{each['module']}: {each['line']}: {each['fault']}": each["why"] for each in entries}


def name_of(mutant: Mutant) -> str:
    """What a fault is called in the list of the equivalent ones: numbers of lines change, their text seldom."""
    text = (LIBRARY / f"{mutant.module}.py").read_text("utf-8").splitlines()[mutant.line - 1].strip()
    return f"{mutant.module}: {text}: {mutant.before} -> {mutant.after}"


def key_of(mutant: Mutant) -> str:
    """A module as it is, and a fault in it: two of one line may read alike, their numbers do not."""
    return f"{state(f'lstm_lib/{mutant.module}.py')} {mutant.number} {mutant}"


def main() -> int:
    """Draw the sample, judge what is not judged yet, and print the count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    chosen = every_mutant()
    if not arguments.all:
        chosen = random.Random(arguments.seed).sample(chosen, min(arguments.count, len(chosen)))
    seconds_of_tests()
    file, tests, reasons = KEPT / "verdicts.jsonl", state("tests/library"), equivalent()
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    known = {key: found for key, found, seen in map(json.loads, lines) if found == "killed" or seen == tests}
    waiting = [each for each in chosen if key_of(each) not in known and name_of(each) not in reasons]
    import_what_is_heavy()
    with file.open("a", encoding="utf-8") as out, ThreadPoolExecutor(arguments.workers) as pool:
        judged = {pool.submit(verdict, each): each for each in waiting}
        for ended in as_completed(judged):
            each, found = judged[ended], ended.result()
            known[key_of(each)] = found
            print(json.dumps([key_of(each), found, tests]), file=out, flush=True)
            if found in ("survived", "untested"):
                print(f"{found}: {each}", flush=True)
    counts = Counter("equivalent" if name_of(each) in reasons else known[key_of(each)] for each in chosen)
    dead, judged = counts["killed"] + counts["hangs"], len(chosen) - counts["equivalent"]
    print(f"{len(chosen)} faults: {dict(counts)}; {dead / judged:.1%} of those that can be seen are killed")
    return 0


def import_what_is_heavy() -> None:
    """So that each forked process has it already; never the library, which is imported with the fault."""
    import matplotlib.pyplot
    import pandas
    import pytest
    import scipy.stats

    del matplotlib, pandas, pytest, scipy


if __name__ == "__main__":
    sys.exit(main())
