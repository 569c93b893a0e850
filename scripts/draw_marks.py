"""Draw the pictures of the book that others show: the social card and the icon for a phone's first screen.

Needs Chromium, as the tests of the pages do. Run it after a change to `hero.svg`, `favicon.svg` or `scripts/marks`.
"""

import base64
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "book" / "_static"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files")
PICTURES = {  # file: source, width, height, colours
    "social-card.png": (ROOT / "scripts" / "marks" / "social-card.html", 1200, 630, 96),
    "touch-icon.png": (STATIC / "favicon.svg", 180, 180, 32),
}


def open_browser() -> webdriver.Chrome:
    """A browser without a window."""
    options = webdriver.ChromeOptions()
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium on PATH; on Debian or Ubuntu: sudo apt install chromium chromium-driver")
    options.binary_location = browser
    for flag in FLAGS:
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))


def draw(driver: webdriver.Chrome, source: Path, width: int, height: int, colours: int) -> bytes:
    """A picture of the source with few colours, as the bytes of a PNG file."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.get(source.as_uri())
    driver.execute_async_script("document.fonts ? document.fonts.ready.then(arguments[0]) : arguments[0]()")
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {})["data"]
    picture = Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> None:
    """Draw all pictures."""
    driver = open_browser()
    try:
        for name, (source, width, height, colours) in PICTURES.items():
            (STATIC / name).write_bytes(draw(driver, source, width, height, colours))
            print(f"{name}: {(STATIC / name).stat().st_size:,} bytes")
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
