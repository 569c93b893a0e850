"""A new run of every notebook gives the stored file again: text byte for byte, figures within a small tolerance."""

import base64
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from chapters import ROOT
from PIL import Image

TOLERANCE = 2.0  # mean difference of a pixel, of 255: room for another machine's font rendering, not for another curve


@pytest.fixture(scope="module")
def rerun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with freshly executed copies of the chapters asked for, made the way `make notebooks` makes them."""
    folder = tmp_path_factory.mktemp("executed")
    asked = [item.callspec.params["chapter"] for item in request.session.items if "rerun" in item.fixturenames]
    command = [sys.executable, "scripts/execute_notebooks.py", *map(str, asked), "--output", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def without_pictures(text: str) -> tuple[str, list[str]]:
    """The notebook with each PNG replaced by a mark, and the PNGs in order."""
    notebook = json.loads(text)
    pictures = []
    for cell in notebook["cells"]:
        for out in cell.get("outputs", []):
            if "image/png" in out.get("data", {}):
                pictures.append(out["data"]["image/png"])
                out["data"]["image/png"] = "PNG"
    return json.dumps(notebook, indent=1, ensure_ascii=False), pictures


def pixels(png: str) -> np.ndarray:
    """The picture as an array (height, width, 3) of 0..255."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), dtype=float)


def test_text_is_equal_byte_for_byte_and_figures_look_the_same(chapter: Path, rerun: Path) -> None:
    stored, stored_pictures = without_pictures(chapter.read_text(encoding="utf-8"))
    again, new_pictures = without_pictures((rerun / chapter.name).read_text(encoding="utf-8"))
    assert stored == again, f"{chapter.name} is not what a new run gives: run `make notebooks` and read the difference"
    assert len(stored_pictures) == len(new_pictures)
    for old, new in zip(map(pixels, stored_pictures), map(pixels, new_pictures), strict=True):
        assert old.shape == new.shape
        assert np.abs(old - new).mean() < TOLERANCE


def test_a_changed_figure_would_be_noticed() -> None:
    """The tolerance is small enough: a line moved by a few pixels in a picture of a book figure's size exceeds it."""
    picture = np.full((480, 960, 3), 255.0)
    moved = picture.copy()
    picture[238:242], moved[246:250] = 0, 0
    assert np.abs(picture - moved).mean() > TOLERANCE
