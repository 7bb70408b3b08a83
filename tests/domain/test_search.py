import pytest

from watchparty.domain.search import MOST_TERMS, Sought, sought


@pytest.mark.parametrize("text", ["", "   ", '""', '"', "\0", "\u202e"])
def test_nothing_is_looked_for_where_nothing_is_said(text: str) -> None:
    assert sought(text) is None


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("mon oncle", '"mon"* AND "oncle"*'),
        ('the "third man"', '"the"* AND "third man"'),
        ('"not closed', '"not"* AND "closed"*'),
        ("NOT (a OR b*) NEAR: title:x", '"NOT"* AND "(a"* AND "OR"* AND "b*)"* AND "NEAR:"* AND "title:x"*'),
        ("don't", '"don\'t"*'),
    ],
)
def test_words_are_beginnings_and_quotes_keep_them_together(text: str, match: str) -> None:
    assert sought(text) == Sought(match)


def test_scripts_without_spaces_and_signs_are_looked_for_anywhere() -> None:
    assert sought("物語 50% tokyo") == Sought('"50%"* AND "tokyo"*', ("%物語%",))
    assert sought("%_\\") == Sought(None, ("%\\%\\_\\\\%",))


def test_a_whole_page_pasted_into_the_box_is_looked_for_by_its_first_words() -> None:
    found = sought("word " * 10_000)
    assert found is not None and found.match is not None
    assert found.match.count("word") == MOST_TERMS
