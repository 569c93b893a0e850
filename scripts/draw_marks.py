"""Draw the pictures of the book that others show: the social card and the icon for a phone's first screen.

Needs Chromium, as the tests of the pages do. Run it after a change to `hero.svg`, `favicon.svg` or `scripts/marks`.
"""

import base64
import io
import sys
from pathlib import Path

from headless import start, what_is_missing
from PIL import Image
from selenium import webdriver

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "book" / "_static"
PICTURES = {  # file: source, width, height, colours
    "social-card.png": (ROOT / "scripts" / "marks" / "social-card.html", 1200, 630, 96),
    "touch-icon.png": (STATIC / "favicon.svg", 180, 180, 32),
}


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
    if missing := what_is_missing():
        sys.exit(missing)
    driver = start("--allow-file-access-from-files")  # the card asks for the font
    try:
        for name, (source, width, height, colours) in PICTURES.items():
            (STATIC / name).write_bytes(draw(driver, source, width, height, colours))
            print(f"{name}: {(STATIC / name).stat().st_size:,} bytes")
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
