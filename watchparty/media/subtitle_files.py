"""Subtitle files that people bring (SubRip, WebVTT, SubStation), as WebVTT that can be trusted."""

import re
import warnings
from collections.abc import Iterator
from html import unescape

from charset_normalizer import from_bytes
from pysubs2 import SSAFile

from watchparty.domain import webvtt
from watchparty.domain.source import Unplayable
from watchparty.domain.subtitle import code_page
from watchparty.domain.webvtt import Cue
from watchparty.media.subtitles import MOST_CUES, plain

# It warns of lines that it does not understand, on the server's error channel: files are as people have them.
warnings.filterwarnings("ignore", module="pysubs2")

_LONGEST = 100 * 3600 * 1000
"""Milliseconds."""
_MOST_IN_LINE = _MOST_IN_CUE = 4_000
"""Characters, before markup is taken away."""
_MOST_LINES = 400_000
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODINGS = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp932 cp949 gb18030 big5 koi8_r euc_jp"
)
"""What subtitles come in, where it is not Unicode; more to choose from only means more mistakes."""
_USUAL = "cp1252"
_TIMES = re.compile(r"^[^\S\n]*(?:\d+:)?\d+:\d+[.,]\d+[^\S\n]*-->[^\S\n]*(?:\d+:)?\d+:\d+[.,]\d+", re.MULTILINE)
_DIALOGUE = re.compile(r"^Dialogue:.*$", re.MULTILINE)
_TAG = re.compile(r"<\s?(/?)\s?([a-zA-Z])([\w.-]{0,30})(?:\s[^<>]{0,300})?>|<[\d:.]{5,16}>")
_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")


class NotSubtitles(Unplayable):
    """A file of another kind."""

    def __init__(self) -> None:
        super().__init__(
            "This is not a subtitle file. SubRip (.srt), WebVTT (.vtt) and SubStation (.ass, .ssa) are read."
        )


def read(data: bytes, language: str | None) -> tuple[str, str]:
    """What kind of file it is ("srt", "vtt" or "ass"), and its subtitles as WebVTT.

    `language` helps to tell the encoding of a text that is not Unicode. Raises NotSubtitles, and Unplayable with a
    sentence when there is nothing to show, or more than anybody could read.
    """
    text = _lines(_text(data, language))
    kind = _kind(text)
    cues = sorted(_cues(text, kind))
    if not cues:
        raise Unplayable("There is no subtitle in this file that could be shown.")
    return kind, webvtt.document(cues)


def _text(data: bytes, language: str | None) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\x00" in data:
        raise NotSubtitles
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_encoding(data, language), "replace")


def _encoding(data: bytes, language: str | None) -> str:
    """The likeliest encoding. Among those that fit equally well, the language's own, else that of Western Europe."""
    fitting = [match.encoding for match in from_bytes(data, cp_isolation=_ENCODINGS.split())]
    for preferred in (code_page(language), _USUAL):
        if preferred in fitting:
            return preferred
    return fitting[0] if fitting else _USUAL


def _lines(text: str) -> str:
    """Lines of a length that can be read, and one empty line where there are many: what follows is quick then."""
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        raise Unplayable(f"There are more than {_MOST_LINES:,} lines in this file.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _BLANK.sub("\n\n", "\n".join(line[:_MOST_IN_LINE] for line in lines))


def _kind(text: str) -> str:
    if text.lstrip().startswith("WEBVTT"):
        return "vtt"
    if _DIALOGUE.search(text):
        return "ass"
    if _TIMES.search(text):
        return "srt"
    raise NotSubtitles


def _cues(text: str, kind: str) -> Iterator[Cue]:
    if text.count("\nDialogue:" if kind == "ass" else "-->") > MOST_CUES:
        raise Unplayable(f"There are more than {MOST_CUES:,} subtitles in this file.")
    try:
        events = SSAFile.from_string(_essence(text, kind), format_=kind, keep_html_tags=True)
    except (ValueError, LookupError, TypeError) as error:
        raise Unplayable("The times in this subtitle file cannot be read.") from error
    for event in events:
        said = event.text[:_MOST_IN_CUE]
        words = plain(unescape(said) if kind == "vtt" else said)
        if words and 0 < event.end <= _LONGEST and event.start < event.end:
            yield max(0, event.start), event.end, words


def _essence(text: str, kind: str) -> str:
    """Only what is said: no styles or fonts of SubStation, no notes or names of cues of WebVTT.

    Bold, italic and underlined are marked as SubStation marks them; any other tag is dropped.
    """
    if kind == "ass":
        return "[Events]\n" + "\n".join(_DIALOGUE.findall(text))
    text = _TAG.sub(_override, text)
    if kind == "srt":
        return text
    blocks = text.split("\n\n")
    begins = [_TIMES.search(block) for block in blocks]
    said = [block[begin.start() :] for block, begin in zip(blocks, begins, strict=True) if begin]
    return "WEBVTT\n\n" + "\n\n".join(said)


def _override(tag: re.Match[str]) -> str:
    closing, name, rest = tag.groups()
    if name and name.lower() in "biu" and (not rest or rest.startswith(".")):
        return "{\\" + name.lower() + ("0" if closing else "1") + "}"
    return ""
