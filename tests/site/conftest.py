"""What the tests of the built site share."""

from collections.abc import Iterator

import pytest
from browser_tools import open_browser
from selenium import webdriver
from site_pages import require_site


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for each file of tests."""
    require_site()
    with open_browser(tmp_path_factory.mktemp("profile")) as driver:
        driver.set_script_timeout(60)
        driver.set_page_load_timeout(60)
        yield driver
