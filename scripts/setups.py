"""Virtual environments with the versions that `matrix.py` tries: pinned, oldest, newest, and those of Colab."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PROMISED = [each.split(" :: ")[2] for each in PROJECT["classifiers"] if re.search(r":: \d\.\d+$", each)]
LINT_TOOLS = {
    "ruff",
    "mypy",
    "pandas-stubs",
    "types-tqdm",
    "pre-commit",
    "selenium",
    "oxlint",
    "oxfmt",
    "check-jsonschema",
}
COLAB = ["pandas==2.2.3", "matplotlib==3.10.0", "ipython==7.34.0", "ipykernel==6.17.1"]
COLABS = {  # by name: the Python and the versions that the service says it has
    "colab-older": ("3.12", ["numpy==2.0.2", *COLAB]),
    "colab-newer": ("3.13", ["numpy==2.1.3", *COLAB]),
}
SETUPS = ("pinned", "oldest", "newest", *COLABS)
COMING = "prerelease"  # what numpy, pandas and matplotlib are about to release: only where it is asked for
# matplotlib 3.10.0 warns on import when it finds a later pyparsing, and a warning is an error in the tests.
BESIDE_OLD_MATPLOTLIB = ["pyparsing>=3.2,<3.3"]


class Place:
    """A new virtual environment, and the commands that run in it, always from the top of the project."""

    def __init__(self, folder: Path, uv: str, python: str) -> None:
        self.folder, self.uv = folder, uv
        self.python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
        check([uv, "venv", "--quiet", "--seed", "--python", python, str(folder)])

    def pip(self, command: str, *arguments: str) -> str:
        """`uv pip` for this environment; what it prints."""
        return check([self.uv, "pip", command, "--python", self.python, *arguments])


def check(command: list[str]) -> str:
    """Run a command that must succeed; what it prints."""
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def environment() -> dict[str, str]:
    """The variables of all runs: one BLAS thread, no bars, the same examples from Hypothesis, no other environment."""
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    fixed = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1", "PYTHONUTF8": "1", "CI": "true"}
    return kept | fixed


def find_python(command: str) -> tuple[str, str] | None:
    """The version and the path of the interpreter that a command starts; None where it starts none."""
    shown = "import sys; print('%d.%d' % sys.version_info[:2], sys.version.split()[0], sys.executable, sep='\\n')"
    wanted = re.search(r"\d\.\d+", Path(command).name)
    chosen = {"PYENV_VERSION": wanted[0]} if wanted else {}  # where pyenv manages them
    try:
        done = subprocess.run([command, "-c", shown], env=os.environ | chosen, capture_output=True, text=True)
    except OSError:
        return None
    if done.returncode != 0:
        return None
    minor, _, path = done.stdout.split("\n")[:3]
    return minor, path


def find_pythons(commands: list[str]) -> dict[str, str]:
    """The promised versions, oldest first, each with the path of its interpreter, or "" where there is none."""
    found = dict(filter(None, map(find_python, commands or [f"python{minor}" for minor in PROMISED])))
    return {minor: found.get(minor, "") for minor in PROMISED if found.get(minor) or not commands}


def find_uv(folder: Path) -> str:
    """uv, which makes environments in seconds and can take the oldest versions; installed aside where it is missing."""
    if known := shutil.which("uv"):
        return known
    check([sys.executable, "-m", "venv", str(folder)])
    place = folder / ("Scripts" if os.name == "nt" else "bin")
    check([str(place / "python"), "-m", "pip", "install", "--quiet", "uv"])
    return str(place / "uv")


def package(line: str) -> str:
    """The name of the package that a line of requirements asks for."""
    return re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("_", "-")


def tools_of_tests(without: tuple[str, ...] = ()) -> list[str]:
    """What the library's tests and nbval need, from the last section of requirements.txt."""
    section = (ROOT / "requirements.txt").read_text(encoding="utf-8").split("# the checks\n")[1]
    lines = [line for line in section.splitlines() if line and not line.startswith(("-", "#"))]
    return [line for line in lines if package(line) not in LINT_TOOLS.union(without)]


def pins(folder: Path, fixed: list[str]) -> str:
    """A file of constraints: the fixed lines, and constraints.txt for all other packages."""
    names = {package(line) for line in fixed}
    others = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    file = folder / "pins.txt"
    file.write_text("\n".join([*fixed, *(each for each in others if package(each) not in names)]), encoding="utf-8")
    return str(file)


def install_pinned(place: Place) -> None:
    """As `make` installs."""
    place.pip("install", "-r", "requirements.txt")


def install_newest(place: Place, coming: bool = False) -> None:
    """The newest that requirements.txt allows, without constraints.txt; `coming`: also what is not released yet."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if not line.startswith("-")]
    if coming:  # an explicit lowest version that is a candidate lets in the later candidates, too
        wanted = [re.sub(r"^((?:numpy|pandas|matplotlib)>=[\d.]+)", r"\1rc0", line) for line in wanted]
    file = place.folder / "requirements.txt"
    file.write_text("\n".join(wanted), encoding="utf-8")
    place.pip("install", "-r", str(file), "-e", ".")


def install_oldest(place: Place) -> None:
    """The oldest that pyproject.toml allows and that has been built for this Python; the tests' own tools as pinned."""
    lowest = ("--resolution", "lowest-direct", "--only-binary", ":all:")
    wanted = [*PROJECT["dependencies"], *BESIDE_OLD_MATPLOTLIB]
    place.pip("install", *lowest, *wanted, "-c", pins(place.folder, wanted))
    place.pip("install", *tools_of_tests(), "-c", pins(place.folder, place.pip("freeze").split()))
    place.pip("install", "--no-deps", "-e", ".")


def install_colab(place: Place, versions: list[str]) -> None:
    """Colab's versions, and what it has beside them; not the library, which the notebooks install."""
    tools = tools_of_tests(without=("ipykernel",))
    wanted = [*versions, *BESIDE_OLD_MATPLOTLIB, "tqdm", "threadpoolctl"]
    place.pip("install", *wanted, *tools, "-c", pins(place.folder, wanted))


MAKERS: dict[str, Callable[[Place], None]] = {
    "pinned": install_pinned,
    "oldest": install_oldest,
    "newest": install_newest,
    COMING: partial(install_newest, coming=True),
}


def make_place(setup: str, python: str, folder: Path, uv: str) -> Place:
    """A new environment for a set-up. Raises RuntimeError, with what the command printed, when that fails."""
    place = Place(folder, uv, python)
    if setup in COLABS:
        install_colab(place, COLABS[setup][1])
    else:
        MAKERS[setup](place)
    return place


def describe(place: Place) -> tuple[str, str]:
    """The versions of Python and of the three packages that matter most, as they were installed."""
    shown = "import sys, importlib.metadata as m; print(sys.version.split()[0])"
    shown += "; print(', '.join(f'{n} {m.version(n)}' for n in ('numpy', 'pandas', 'matplotlib', 'ipykernel')))"
    python, versions = check([place.python, "-c", shown]).splitlines()
    return python, versions
