"""Pack the built site into one archive for reading without a network: `python scripts/make_zip.py`.

Whoever unpacks it finds one folder with two things in it: `open-me.html`, and the folder `pages`. The same pages give
the same bytes.
"""

from html import escape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

ROOT = Path(__file__).resolve().parents[1]
NAME = "lstm-from-scratch"
LEFT_OUT = {"objects.inv"}  # for other books that link here; files whose names begin with a dot serve a server
START = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="refresh" content="0; url=pages/{first}">
  <title>{title}</title>
</head>
<body><p><a href="pages/{first}">{title}</a></p></body>
</html>
"""


def is_read(path: Path) -> bool:
    """Whether a reader's browser may ask for this file."""
    return path.is_file() and path.name not in LEFT_OUT and not path.name.startswith(".")


def add(archive: ZipFile, name: str, content: bytes) -> None:
    """Put one file into the folder of the archive, without date and owner."""
    entry = ZipInfo(f"{NAME}/{name}")
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content, compresslevel=9)


def make(root: Path, path: Path) -> None:
    """Write the archive of the book in the folder `root`, whose pages have been built."""
    site = root / "_build" / "html"
    toc, config = (yaml.safe_load((root / name).read_text(encoding="utf-8")) for name in ("_toc.yml", "_config.yml"))
    files = sorted(file for file in site.rglob("*") if is_read(file))
    with ZipFile(path, "w") as archive:
        start = START.format(title=escape(config["title"]), first=f"{toc['root']}.html")
        add(archive, "open-me.html", start.encode())
        for file in files:
            add(archive, f"pages/{file.relative_to(site).as_posix()}", file.read_bytes())
    print(f"== {path}: {len(files) + 1} files, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    make(ROOT, ROOT / "_build" / f"{NAME}.zip")
