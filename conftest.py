"""Settings for every test run, from whichever folder: one BLAS thread, no progress bars, how nbval compares."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["compare_figures"]  # tests/notebooks
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["TQDM_DISABLE"] = "1"


def pytest_configure(config: pytest.Config) -> None:
    """Name the file that says what nbval leaves out: in pyproject.toml its path would depend on the folder."""
    if getattr(config.option, "nbval_sanitize_with", None) is None:
        config.option.nbval_sanitize_with = str(Path(__file__).parent / "tests" / "nbval_sanitize.cfg")
