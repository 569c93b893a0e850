"""What the tests of the built site share."""

from collections.abc import Iterator

import pytest
from browser_tools import PATIENCE, as_new, open_browser, severe_messages
from live_tools import Ask, open_engine
from selenium import webdriver
from site_pages import require_site


@pytest.fixture(scope="session")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The browser of all tests of this process."""
    with open_browser(tmp_path_factory.mktemp("profile")) as driver:
        driver.set_script_timeout(PATIENCE)
        driver.set_page_load_timeout(PATIENCE)
        yield driver


@pytest.fixture(scope="module")
def browser(one_browser: webdriver.Chrome) -> webdriver.Chrome:
    """That browser, as if it had been opened for this file of tests."""
    require_site()
    as_new(one_browser)
    return one_browser


@pytest.fixture(scope="module")
def ask(one_browser: webdriver.Chrome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The engine of the live machine on a page of its own, which must not write an error."""
    as_new(one_browser)
    yield open_engine(one_browser, tmp_path_factory.mktemp("live"))
    assert severe_messages(one_browser) == []
