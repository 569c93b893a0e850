"""What several files of this folder need before each of their tests."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def book_style() -> Iterator[None]:
    """The book's style for figures, none open before the test and none left open after it."""
    import matplotlib.pyplot as plt

    from lstm_lib.figures.recurring import use_book_style

    assert plt.get_fignums() == []
    with plt.rc_context():
        use_book_style()
        yield
    plt.close("all")
