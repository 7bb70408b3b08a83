"""WebVTT (W3C) documents: what is said, or shown, from when to when."""

from collections.abc import Iterable

Cue = tuple[int, int, str]
"""Begin and end in milliseconds, and the text as it stands in the document."""


def document(cues: Iterable[Cue]) -> str:
    """A whole document. Texts must be escaped and free of empty lines, which would end a cue."""
    blocks = [f"{_clock(begin)} --> {_clock(end)}\n{text}" for begin, end, text in cues]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def escaped(text: str) -> str:
    """Words as cue text: nothing in them is markup, or ends the cue's timing line."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{thousandths:03d}"
