"""The numbers that are written by hand, how they are recognised, and the names that they have within a page."""

import re

EQUATION = re.compile(r"\\tag\{([\d.]+)\}")
EXERCISE = re.compile(r"(\d+\.\d+) \((quick|pencil|code), (\d+) minutes\)")
FIGURE = re.compile(r"Figure (\d+\.\d+)\.")


def anchor(kind: str, number: str) -> str:
    """`equation-6-7` for equation 6.7, which is what links to it ask for."""
    return f"{kind}-{number.replace('.', '-')}"
