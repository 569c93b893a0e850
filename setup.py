"""All settings stand in pyproject.toml; this is the sentence that an old Python shows before pip resolves anything."""

import sys

from setuptools import setup

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version)
setup()
