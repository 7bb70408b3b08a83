import json
from pathlib import Path

import pytest

from watchparty.domain.mention import MOST_MENTIONS, mentioned

# The page marks the same names: tests/web/words.test.mjs reads this file too.
SHARED = json.loads((Path(__file__).parents[1] / "mentions.json").read_text())
PEOPLE = [(person_id, name) for person_id, name in SHARED["people"]]


@pytest.mark.parametrize(("text", "meant"), SHARED["cases"])
def test_people_are_meant_by_their_whole_names(text: str, meant: list[str]) -> None:
    assert list(mentioned(text, PEOPLE)) == meant


def test_nobody_calls_a_crowd() -> None:
    crowd = [(str(i), f"Guest {i}") for i in range(100)]
    text = " ".join(f"@{name}" for _, name in crowd)
    assert list(mentioned(text, crowd)) == [str(i) for i in range(MOST_MENTIONS)]


def test_a_name_without_letters_means_nobody() -> None:
    assert mentioned("@ @", [("x", "")]) == ()
