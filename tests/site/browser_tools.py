"""A headless Chromium for the tests, and a small web server that serves the built site from a folder of its address."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
from selenium import webdriver
from site_pages import ROOT, SITE

sys.path.insert(0, str(ROOT / "scripts"))
import headless

PATIENCE = 120  # seconds before something counts as missing: a machine that has much else to do is slow, not wrong
PREFIX = "/some/folder/"  # a book that is published as https://host/some/folder/


def require_browser() -> None:
    """Without a browser and its driver, a failure where CI is set and a skipped test elsewhere."""
    reason = headless.what_is_missing()
    if reason and os.environ.get("CI"):
        pytest.fail(f"CI must run the browser tests: {reason}")
    if reason:
        pytest.skip(reason)


def import_tool(name: str) -> ModuleType:
    """A package of requirements.txt; where it is missing, a failure where CI is set and skipped tests elsewhere."""
    return import_module(name) if os.environ.get("CI") else pytest.importorskip(name, reason=f"no {name}; run make")


# What a test may have set, as a browser has it that was opened a moment ago: how it shows a page, and what it keeps.
SHOWN = {
    "Emulation.clearDeviceMetricsOverride": {},
    "Emulation.setTouchEmulationEnabled": {"enabled": False},
    "Emulation.setScriptExecutionDisabled": {"value": False},
    "Emulation.setEmulatedMedia": {"media": "", "features": []},
}
KEPT = {
    "Browser.resetPermissions": {},
    "Storage.clearDataForOrigin": {"origin": "*", "storageTypes": "all"},
}


def show_as_new(driver: webdriver.Chrome) -> None:
    """Undo what earlier tests did to the window, and what they emulated."""
    for command, values in SHOWN.items():
        driver.execute_cdp_cmd(command, values)


def as_new(driver: webdriver.Chrome) -> None:
    """Undo all that earlier tests did: that, what they allowed, what pages stored, both logs."""
    driver.get("about:blank")
    show_as_new(driver)
    for command, values in KEPT.items():
        driver.execute_cdp_cmd(command, values)
    severe_messages(driver)
    requested_addresses(driver)


@contextmanager
def open_browser(profile: Path) -> Iterator[webdriver.Chrome]:
    """A browser with an empty profile that writes down each message and each request."""
    require_browser()
    options = webdriver.ChromeOptions()
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.add_experimental_option("perfLoggingPrefs", {"enableNetwork": True, "enablePage": False})
    driver = headless.start(f"--user-data-dir={profile}", options=options)
    try:
        yield driver
    finally:
        driver.quit()


def set_view(driver: webdriver.Chrome, *, width: int, dark: bool, height: int = 900, scale: int = 1) -> None:
    """The window in CSS pixels, with `scale` dots to each, and the reader's preference for light or dark."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    still = {"name": "prefers-reduced-motion", "value": "reduce"}  # else a page that scrolls is measured on its way
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, still]})


def severe_messages(driver: webdriver.Chrome) -> list[str]:
    """The errors that the browser has written to its console since the last call."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def requested_addresses(driver: webdriver.Chrome) -> set[str]:
    """The address of every request since the last call, failed ones included, as the browser's log has them."""
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}


class _Handler(SimpleHTTPRequestHandler):
    """Serves the site under PREFIX, and nothing beside it."""

    def translate_path(self, path: str) -> str:
        if not path.startswith(PREFIX):
            return str(SITE / "no-such-file")
        return super().translate_path("/" + path.removeprefix(PREFIX))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """As hosts of pages do: the book's own page for an address that leads nowhere."""
        body = (SITE / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serve_site() -> Iterator[str]:
    """The built site on a free port of this machine; gives the address of its folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(SITE))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
        finally:
            server.shutdown()
            thread.join()
