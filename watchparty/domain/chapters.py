"""A film's chapters as they are offered: in order, one after the other, each with a name."""

from collections.abc import Iterable
from itertools import pairwise

from watchparty.domain import webvtt
from watchparty.domain.source import Chapter

MOST = 500
_LONGEST_TITLE = 200


def offered(chapters: Iterable[Chapter], duration: float) -> list[Chapter]:
    """Each lasts until the next begins, whatever the file says, and the last until the film ends at `duration`."""
    begins = {round(chapter.start, 3): chapter.title for chapter in chapters if 0 <= chapter.start < duration}
    starts = sorted(begins)[:MOST]
    spans = pairwise([*starts, duration])
    return [Chapter(start, end, _title(begins[start], number)) for number, (start, end) in enumerate(spans, 1)]


def cues(chapters: Iterable[Chapter]) -> str:
    """The chapters as WebVTT."""
    return webvtt.document(
        (round(chapter.start * 1000), round(chapter.end * 1000), webvtt.escaped(chapter.title)) for chapter in chapters
    )


def _title(title: str, number: int) -> str:
    printable = (character if character.isprintable() else " " for character in title)
    return " ".join("".join(printable).split())[:_LONGEST_TITLE] or f"Chapter {number}"
