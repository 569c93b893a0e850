"""Pictures of a notebook as data: Matplotlib's SVG, taken out of a stored file and compared with those of a new run."""

import base64
import io
import re

import numpy as np
from PIL import Image

FIGURE = "<?xml version"  # how Matplotlib's SVG begins; the hand-drawn diagrams begin with <svg
IMAGE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
WORDS = re.compile(r"<!-- (.*?) -->")
MADE_ID = re.compile(r"\b(?:image|[mphC])(?:\d+_)?[0-9a-f]{10}\b")  # from what is drawn, to the last digit
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
POINTS, BRIGHTNESS = 0.5, 2.0  # how far a place, in points, and the mean of an image's pixels, of 255, may differ


def words(svg: str) -> list[str]:
    """The words that a figure shows, in order, without the numbers of its axes; its letters are outlines."""
    shown = [word for word in WORDS.findall(svg) if not word.startswith("$\\mathdefault")]
    return [word for word in shown if any(letter.isalpha() for letter in word)]


def pixels(png: str) -> np.ndarray:
    """The image as an array (height, width, 3) of 0..255."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), dtype=float)


def difference(one: str, other: str) -> str:
    """What is not the same in two figures; empty where all words, styles and places are, within the tolerance."""
    images = [[pixels(png) for png in IMAGE.findall(svg)] for svg in (one, other)]
    bare = [MADE_ID.sub("ID", IMAGE.sub("IMAGE", svg)) for svg in (one, other)]
    frames = [NUMBER.sub("N", svg) for svg in bare]
    if frames[0] != frames[1] or [image.shape for image in images[0]] != [image.shape for image in images[1]]:
        return "other words, styles or parts"
    places = [np.array(NUMBER.findall(svg), dtype=float) for svg in bare]
    furthest = float(np.abs(places[0] - places[1]).max())
    if furthest > POINTS:
        return f"a place that is {furthest:g} points away"
    if any(np.abs(old - new).mean() > BRIGHTNESS for old, new in zip(*images, strict=True)):
        return "an image"
    return ""
