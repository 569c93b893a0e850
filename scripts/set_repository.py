"""Give the project its real address, and the notebooks the version that they install.

Usage: python scripts/set_repository.py ADDRESS [--author NAME] [--version 1.2.3]

ADDRESS is that of a repository on GitHub, as browsers or git show it. It stands once in _config.yml, pyproject.toml,
CITATION.cff, README.md and book/index.md, and once in the first code cell of each notebook, with the tag that Colab
installs. This command changes all of them, and the folder that `git clone` makes; a test keeps them equal. `--author`
names who publishes the copy, beside the authors of the book, who keep their credit. `--version` raises the library's
version.
"""

import argparse
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = r"https://github\.com/[\w.-]+/[\w.-]+"
ORIGINAL = "the authors of LSTM from Scratch"
# Where the project's own address stands: the text before it, in each kind of file.
PLACES = {
    "_config.yml": r"^  url: ",
    "pyproject.toml": r'^Repository = "',
    "CITATION.cff": r"^repository-code: ",
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


def tidy(address: str) -> str:
    """The address as https://github.com/OWNER/REPOSITORY, from any form that a browser or git shows.

    Raises ValueError for anything but a repository on GitHub.
    """
    found = re.fullmatch(
        r"(?:https://|ssh://)?(?:git@)?(?:www\.)?github\.com[/:]([A-Za-z0-9][A-Za-z0-9-]*)/([\w.-]+?)(?:\.git)?/?",
        address.strip(),
    )
    if found is None:
        raise ValueError(f"expected an address such as https://github.com/OWNER/REPOSITORY; got {address!r}")
    return f"https://github.com/{found[1]}/{found[2]}"


def rewrite(path: Path, pattern: str | re.Pattern[str], new: str) -> None:
    """Put `new` in the place of what follows the pattern's first group."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, lambda found: found[1] + new, text), encoding="utf-8", newline="\n")


def set_repository(address: str, root: Path = ROOT) -> list[Path]:
    """Write the address into every place; return the files. Raises ValueError for anything but a GitHub repository."""
    new = tidy(address)
    for path, place in places(root).items():
        rewrite(path, place, new)
    for page in (root / "README.md", root / "book" / "index.md"):
        rewrite(page, re.compile(r"^(cd )[\w.-]+", flags=re.M), new.rsplit("/", 1)[1])
    return list(places(root))


def set_author(name: str, root: Path = ROOT) -> None:
    """Name who publishes this copy, in the settings of the book and of the package, and where it is cited."""
    quoted = json.dumps(f"{name}, from the book by {ORIGINAL}", ensure_ascii=False)  # YAML and TOML read it alike
    rewrite(root / "_config.yml", re.compile(r"^(author: ).*$", flags=re.M), quoted)
    rewrite(root / "pyproject.toml", re.compile(r"^(authors = ).*$", flags=re.M), f"[{{ name = {quoted} }}]")
    rewrite(root / "CITATION.cff", re.compile(r"^(  - name: ).*$", flags=re.M), quoted)


def set_version(version: str, root: Path = ROOT) -> None:
    """Write the version into the library and its citation, and its tag into the first cell of each notebook."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError(f"expected a version such as 1.2.3; got {version!r}")
    rewrite(root / "lstm_lib" / "__init__.py", r'(__version__ = ")[\d.]+(?=")', version)
    rewrite(root / "CITATION.cff", re.compile(r"^(version: )[\d.]+", flags=re.M), version)
    for path in sorted(root.glob("notebooks/*.ipynb")):
        rewrite(path, rf"(git\+{ADDRESS}@v)[\d.]+", version)


def main() -> None:
    """Read the command line, and change what it names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="?")
    parser.add_argument("--author")
    parser.add_argument("--version")
    arguments = parser.parse_args()
    if not (arguments.address or arguments.author or arguments.version):
        parser.error("name an address, an author or a version")
    try:
        if arguments.address:
            set_repository(arguments.address)
        if arguments.author:
            set_author(arguments.author)
        if arguments.version:
            set_version(arguments.version)
    except ValueError as error:
        parser.error(str(error))
    print("changed; see `git diff`")


if __name__ == "__main__":
    main()
