"""A Chromium without a window, for whatever looks at pages: the tests, the pictures, the PDF, Lighthouse."""

import shutil

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-software-rasterizer", "--disable-quic",
    "--no-first-run", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


def path_of_browser() -> str | None:
    """Chromium or Chrome, where the PATH has it."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def what_is_missing() -> str:
    """What a browser that is steered lacks here, with the remedy; empty where nothing does."""
    found = {"Chromium": path_of_browser(), "chromedriver": shutil.which("chromedriver")}
    missing = " and ".join(name for name, path in found.items() if not path)
    return missing and f"no {missing} on PATH; on Debian: sudo apt install chromium chromium-driver"


def start(*flags: str, options: webdriver.ChromeOptions | None = None) -> webdriver.Chrome:
    """The browser with these flags more; raises FileNotFoundError, which says what is missing."""
    if missing := what_is_missing():
        raise FileNotFoundError(missing)
    options = options or webdriver.ChromeOptions()
    options.binary_location = path_of_browser() or ""
    for flag in (*FLAGS, *flags):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(executable_path=shutil.which("chromedriver")))
