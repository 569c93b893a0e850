"""Make a copy of the project somebody's own: its address everywhere, and a name beside those of the authors.

Usage: python scripts/adopt.py [ADDRESS] [--author NAME] [--copyright WORDS] [--version 1.2.3]

ADDRESS is that of a repository on GitHub, as browsers or git show it; without one it is that of git's `origin`. It
stands in _config.yml, pyproject.toml, CITATION.cff, README.md and book/index.md, and in the first code cell of each
notebook, with the tag that Colab installs. This command changes all of them, and the folder that `git clone`
makes, and looks whether they agree. `--author` names who publishes the copy, beside the authors of the book, who keep
their credit; `--copyright` what stands after "©" on the pages. `--version` raises the library's version, and nothing
else. Needs Python 3.10 or newer, and nothing besides.
"""

import argparse
import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = r"https://github\.com/[\w.-]+/[\w.-]+"
ORIGINAL = "the authors of LSTM from Scratch"
# Where the project's own address stands: the text before it, in each kind of file.
PLACES = {
    "_config.yml": r"^  url: ",
    "pyproject.toml": r'^(?:Repository|Issues|Changelog) = "',
    "CITATION.cff": r"^repository-code: ",
    "README.md": r"git clone |git\+",
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
    """The addresses that each file holds, in every place where one must stand: all equal."""
    return {
        path: [found[2] for found in place.finditer(path.read_text("utf-8"))] for path, place in places(root).items()
    }


def tidy(address: str) -> str:
    """The address as https://github.com/OWNER/REPOSITORY, from any form that a browser or git shows.

    Raises ValueError for anything but a repository on GitHub.
    """
    found = re.fullmatch(
        r"(?:(?:https|ssh)://)?(?:[^@/]+@)?(?:www\.|ssh\.)?(?i:github\.com)(?::(?:443|22)/|[/:]/?)"
        r"([A-Za-z0-9][A-Za-z0-9-]*)/([\w.-]+?)(?:\.git)?/?(?:[?#].*)?",
        address.strip(),
        flags=re.ASCII,
    )
    if found is None:
        raise ValueError(f"expected an address such as https://github.com/OWNER/REPOSITORY; got {address!r}")
    return f"https://github.com/{found[1]}/{found[2]}"


def rewrite(path: Path, pattern: str | re.Pattern[str], new: str) -> None:
    """Put `new` in the place of what follows the pattern's first group."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, lambda found: found[1] + new, text), encoding="utf-8", newline="\n")


def origin(root: Path = ROOT) -> str:
    """The address that git fetches from; ValueError where there is none."""
    try:
        done = subprocess.run(["git", "-C", root, "remote", "get-url", "origin"], capture_output=True, text=True)
        said, found = done.stderr.strip(), done.stdout.strip()
    except FileNotFoundError:
        said, found = "git is not installed", ""
    if not found:
        raise ValueError(
            f"name your repository, as in https://github.com/OWNER/REPOSITORY; its origin is unknown: {said}"
        )
    return found


def set_repository(address: str, root: Path = ROOT) -> str:
    """Write the address into every place, and return it as it stands there.

    Raises ValueError for anything but a GitHub repository, and where a place holds another address afterwards.
    """
    new = tidy(address)
    for path, place in places(root).items():
        rewrite(path, place, new)
    for page in (root / "README.md", root / "book" / "index.md"):
        rewrite(page, re.compile(r"^(cd )[\w.-]+", flags=re.M), new.rsplit("/", 1)[1])
    if others := [str(path) for path, found in addresses(root).items() if {*found} != {new}]:
        raise ValueError(f"the address must stand in each of these, and does not: {', '.join(others)}")
    return new


def set_author(name: str, root: Path = ROOT) -> None:
    """Name who publishes this copy, in the settings of the book and of the package, and where it is cited."""
    quoted = json.dumps(f"{name}, from the book by {ORIGINAL}", ensure_ascii=False)  # YAML and TOML read it alike
    rewrite(root / "_config.yml", re.compile(r"^(author: ).*$", flags=re.M), quoted)
    rewrite(root / "pyproject.toml", re.compile(r"^(authors = ).*$", flags=re.M), f"[{{ name = {quoted} }}]")
    rewrite(root / "CITATION.cff", re.compile(r"^(  - name: ).*$", flags=re.M), quoted)


def set_copyright(words: str, root: Path = ROOT) -> None:
    """Write what stands after "©" at the foot of each page, such as "2027 Ana"."""
    rewrite(root / "_config.yml", re.compile(r"^(copyright: ).*$", flags=re.M), json.dumps(words, ensure_ascii=False))


def set_version(version: str, root: Path = ROOT) -> None:
    """Write the version into the library and its citation, and its tag into the first cell of each notebook."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError(f"expected a version such as 1.2.3; got {version!r}")
    rewrite(root / "lstm_lib" / "__init__.py", r'(__version__ = ")[\d.]+(?=")', version)
    rewrite(root / "CITATION.cff", re.compile(r"^(version: )[\d.]+", flags=re.M), version)
    for path in sorted(root.glob("notebooks/*.ipynb")):
        rewrite(path, rf"(git\+{ADDRESS}@v)[\d.]+", version)


def next_steps(address: str) -> str:
    """What is left to do by hand, once."""
    return f"""The book is at home in {address}. Next:
  1. git commit --all --message "Adopt the book", then git push
  2. {address}/settings/pages: choose GitHub Actions as the source
  3. {address}/actions: run `publish`; its box `deploy` says where the pages are; then the notebooks run on Colab"""


def main() -> None:
    """Read the command line, and change what it names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--author", "--copyright", "--version"):
        parser.add_argument(option)
    parser.add_argument("address", nargs="?")
    arguments = parser.parse_args()
    try:
        if arguments.version:
            if arguments.address or arguments.author or arguments.copyright:
                raise ValueError("--version goes alone")
            set_version(arguments.version)
            print(
                f"Version {arguments.version}. Next: `## {arguments.version}` over what changed in CHANGELOG.md; commit"
            )
            return
        address = set_repository(arguments.address or origin())
        if arguments.author:
            set_author(arguments.author)
        if arguments.copyright:
            set_copyright(arguments.copyright)
    except ValueError as error:
        parser.error(str(error))
    print(next_steps(address))


if __name__ == "__main__":
    main()
