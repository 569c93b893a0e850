"""Give the project its real address: `python scripts/set_repository.py https://github.com/OWNER/REPOSITORY`.

The address stands once in _config.yml, pyproject.toml, README.md and book/index.md, and once in the first code cell
of each notebook (with the branch that Colab installs from). This command changes all of them; a test keeps them equal.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = r"https://github\.com/[\w.-]+/[\w.-]+"
# Where the project's own address stands: the text before it, in each kind of file.
PLACES = {
    "_config.yml": r"^  url: ",
    "pyproject.toml": r'^Repository = "',
    "README.md": r"git clone ",
    "book/index.md": r"git clone ",
    "notebooks/*.ipynb": r"git\+",
}


def places(root: Path) -> dict[Path, re.Pattern[str]]:
    """Each file that holds the address, and the pattern that finds it there."""
    return {
        path: re.compile(f"({before})({ADDRESS})", flags=re.M)
        for pattern, before in PLACES.items()
        for path in sorted(root.glob(pattern))
    }


def addresses(root: Path = ROOT) -> dict[Path, list[str]]:
    """The addresses that each file holds: one each, all equal."""
    return {
        path: [found[2] for found in place.finditer(path.read_text("utf-8"))] for path, place in places(root).items()
    }


def set_repository(address: str, root: Path = ROOT) -> list[Path]:
    """Write the address into every place; return the files. Raises ValueError for anything but a GitHub repository."""
    if not re.fullmatch(r"https://github\.com/[A-Za-z0-9-]+/[\w.-]+", address) or address.endswith(".git"):
        raise ValueError(f"expected an address such as https://github.com/OWNER/REPOSITORY; got {address!r}")
    for path, place in places(root).items():
        text = path.read_text(encoding="utf-8")
        path.write_text(place.sub(lambda found: found[1] + address, text), encoding="utf-8", newline="\n")
    return list(places(root))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for changed in set_repository(sys.argv[1]):
        print(f"changed {changed.relative_to(ROOT)}")
