"""What several files of this folder need before each of their tests."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes any example slow: no test may fail for that. Everything else stays as Hypothesis sets it, which
# under CI draws the same examples each time and prints what reproduces a failure.
settings.register_profile("book", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("book")
gc.disable()  # until all tests are collected: nothing of theirs is garbage


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:  # in xdist's controller, too, which collects nothing
    """What is there by now stays to the end: the collector need not look at it again, nor look so often."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


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
