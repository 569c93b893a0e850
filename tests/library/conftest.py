"""What several files of this folder need before each of their tests."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes any example slow: no test may fail for that. Everything else stays as Hypothesis sets it, which
# under CI draws the same examples each time and prints what reproduces a failure.
settings.register_profile("book", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("book")


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
