"""The page "Your own words": its code runs in its order, does what the text says, and quotes messages that exist."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lstm_lib.names.clean
from lstm_lib.evaluate import nll
from lstm_lib.sample import next_probabilities

PAGE = (Path(__file__).parents[3] / "book" / "your-own-words.md").read_text(encoding="utf-8")
SOURCES = Path(lstm_lib.names.clean.__file__).parent


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """What the code of the page defines, and what it `printed`."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL), start=1):
            exec(compile(block, f"block {number} of your-own-words.md", "exec"), names)
    return names | {"printed": printed.getvalue()}


def test_the_refusal_prints_the_call_that_follows(page: dict[str, Any]) -> None:
    assert page["table"]["name"].tolist() == [
        f"{start}{end}".lower() for start in page["starts"] for end in page["ends"]
    ]
    (options,) = re.findall(r"This call reads it: load_names\('.*', (.*)\)", page["printed"])
    assert f"table = load_names(path, {options})".replace("'", '"') in PAGE


def test_training_and_fine_tuning_learn(page: dict[str, Any]) -> None:
    vocabulary, val = page["vocabulary"], page["split"].val
    assert page["bar"] < np.log(len(vocabulary))
    assert nll(page["params"], vocabulary, val) < nll(page["start"], vocabulary, val)
    assert nll(page["tuned"], vocabulary, val) < nll(page["begin"], vocabulary, val)
    assert len(page["samples"]) == 20
    rise = page["history"].val_loss
    assert rise[-1] > min(rise)
    assert min(rise) < page["bar"] < min(page["after"].val_loss)  # what the page says of this list


def test_another_alphabet_changes_the_odds_of_the_shared_letters_by_a_factor_only(page: dict[str, Any]) -> None:
    begin, shipped, vocabulary, letters = (page[name] for name in ("begin", "shipped", "vocabulary", "letters"))
    shared = [letter for letter in vocabulary.characters if letter in letters.characters]
    assert 0 < len(shared) < len(vocabulary)
    ours = next_probabilities(begin, vocabulary, "mirl")[[vocabulary.characters.index(letter) for letter in shared]]
    theirs = next_probabilities(shipped, letters, "mirl")[[letters.characters.index(letter) for letter in shared]]
    np.testing.assert_allclose(ours / ours.sum(), theirs / theirs.sum(), rtol=1e-4)


def test_names_from_anywhere_else(page: dict[str, Any]) -> None:
    assert page["names"] == ["mirla", "mirla", "venna"]
    assert page["plain"] == [name for name in page["table"]["name"] if name.isascii()]
    assert 0 < len(page["plain"]) < len(page["table"])


def test_the_messages_of_the_table_exist() -> None:
    table = PAGE.split("## When `load_names` refuses")[1]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    phrases = [part for row in rows for phrase in re.findall(r"`([^`]+)`", row) for part in phrase.split(" … ")]
    assert len(phrases) >= len(rows) > 10
    source = re.sub(r'"\s*\n\s*f?"', "", "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py")))
    missing = [phrase for phrase in phrases if phrase not in source]
    assert not missing
