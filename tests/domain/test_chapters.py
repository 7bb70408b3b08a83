"""Chapters as they are offered."""

from watchparty.domain.chapters import cues, offered
from watchparty.domain.source import Chapter


def test_each_lasts_until_the_next_and_the_last_until_the_end() -> None:
    told = [Chapter(20.0, 21.0, "b"), Chapter(0.0, 0.0, "a"), Chapter(90.0, 80.0, "after the end"), Chapter(-1, 0, "x")]
    assert offered(told, 60.0) == [Chapter(0.0, 20.0, "a"), Chapter(20.0, 60.0, "b")]


def test_a_name_is_one_printable_line_or_a_number() -> None:
    told = [Chapter(0, 1, "two\nlines\x00"), Chapter(1, 2, " "), Chapter(2, 3, "x" * 300)]
    assert [chapter.title for chapter in offered(told, 9)] == ["two lines", "Chapter 2", "x" * 200]


def test_their_cues_hold_words_alone() -> None:
    assert cues([Chapter(0, 61.5, "<b>--> &")]) == ("WEBVTT\n\n00:00:00.000 --> 00:01:01.500\n&lt;b&gt;--&gt; &amp;\n")


def test_a_file_with_thousands_of_chapters_is_not_believed() -> None:
    assert len(offered([Chapter(at, at, "") for at in range(5000)], 6000)) == 500
