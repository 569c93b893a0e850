"""Print what changed in the library's version, or in one that is named: `python scripts/changes.py [1.2.3]`.

The section of CHANGELOG.md, without its heading. A version that stands there as unreleased, or not at all, is refused.
"""

import re
import sys
from pathlib import Path

from lstm_lib import __version__

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def section(version: str, text: str) -> str:
    """What stands between the heading of the version and the next one; ValueError where there is no such heading."""
    found = re.search(rf"^## {re.escape(version)}( \(unreleased\))?\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S)
    if found is None or found[1]:
        what = "is called unreleased" if found else "is no heading"
        raise ValueError(f"{CHANGELOG.name}: {version} {what}; write `## {version}` over what changed")
    return found[2].strip()


if __name__ == "__main__":
    try:
        print(section(sys.argv[1] if len(sys.argv) > 1 else __version__, CHANGELOG.read_text(encoding="utf-8")))
    except ValueError as fault:
        sys.exit(str(fault))
