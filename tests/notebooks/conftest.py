"""Each test of this folder runs once for each chapter."""

import pytest
from chapters import NOTEBOOKS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `chapter` gets each notebook in turn."""
    if "chapter" in metafunc.fixturenames:
        metafunc.parametrize("chapter", NOTEBOOKS, ids=lambda path: path.stem)
