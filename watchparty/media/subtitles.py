"""Text subtitles out of a film, as WebVTT that can be trusted: words, line breaks, bold, italic, underlined."""

import re
from collections.abc import Iterator

import av
from av.error import FFmpegError
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from watchparty.domain.source import TICKS, SubtitleTrack, Unplayable
from watchparty.domain.webvtt import Cue, document, escaped
from watchparty.media.keyframes import in_ticks, packets
from watchparty.media.opening import opened

REVISION = 1
"""To be raised whenever a track would be read otherwise than before."""

MOST_CUES = 20_000
MOST_CHARACTERS = 2_000
"""In one cue."""

_DEFAULT_SECONDS = 5
_OVERRIDE = re.compile(r"\{([^}]*)\}")
_STYLE = re.compile(r"\\([biu])([01])(?!\d)")
_DRAWING = re.compile(r"\\p([1-9])")
_BREAK = re.compile(r"\\[Nn]")


def webvtt(path: str, track: SubtitleTrack) -> str:
    """The subtitles of one track as WebVTT, timed on the presentation timeline.

    Raises Unplayable when they are pictures of text, or more than anybody could read.
    """
    if not track.text:
        raise Unplayable("These subtitles are pictures, which cannot be shown as captions.")
    return document(sorted(_cues(path, track)))


def _cues(path: str, track: SubtitleTrack) -> Iterator[Cue]:
    count = 0
    with opened(path) as container:
        stream = container.streams[track.index]
        assert isinstance(stream, SubtitleStream)
        for each in container.streams:
            each.discard = av.stream.Discard.default if each.index == stream.index else av.stream.Discard.all
        for packet in packets(container, stream):
            text = _text(stream, packet)
            if not text or packet.pts is None:
                continue
            count += 1
            if count > MOST_CUES:
                raise Unplayable(f"There are more than {MOST_CUES} subtitles.")
            begin = (in_ticks(packet.pts, packet.time_base) - track.start) * 1000 // TICKS
            length = in_ticks(packet.duration or 0, packet.time_base) * 1000 // TICKS or _DEFAULT_SECONDS * 1000
            if begin + length > 0:
                yield max(0, begin), begin + length, text


def _text(stream: SubtitleStream, packet: av.Packet) -> str:  # type: ignore[type-arg]
    try:
        found = stream.codec_context.decode2(packet)
    except FFmpegError:
        return ""
    events = [rect.ass.decode("utf-8", "replace") for rect in found or () if isinstance(rect, AssSubtitle)]
    return "\n".join(filter(None, (plain(event.split(",", 8)[-1]) for event in events)))


def plain(text: str) -> str:
    """The text field of an ASS event as WebVTT cue text, with no markup but our own."""
    if _DRAWING.search(text):
        return ""
    parts: list[str] = []
    at = 0
    for match in _OVERRIDE.finditer(text):
        parts += [_words(text[at : match.start()]), _tags(match[1])]
        at = match.end()
    parts.append(_words(text[at:]))
    lines = (line.strip() for line in _closed("".join(parts)).splitlines())
    # An empty line would end the cue.
    return "\n".join(line for line in lines if line)[:MOST_CHARACTERS]


def _words(text: str) -> str:
    text = _BREAK.sub("\n", text).replace("\\h", " ")
    text = "".join(character for character in text if character == "\n" or character.isprintable())
    return escaped(text)


def _tags(override: str) -> str:
    return "".join(f"<{name}>" if on == "1" else f"</{name}>" for name, on in _STYLE.findall(override))


def _closed(text: str) -> str:
    """Tags in pairs: what was opened is closed in order, what was never opened is dropped."""
    out: list[str] = []
    opened_tags: list[str] = []
    for part in re.split(r"(</?[biu]>)", text):
        if not re.fullmatch(r"</?[biu]>", part):
            out.append(part)
        elif part[1] != "/":
            opened_tags.append(part[1])
            out.append(part)
        elif part[2] in opened_tags:
            while (name := opened_tags.pop()) != part[2]:
                out.append(f"</{name}>")
            out.append(part)
    return "".join(out) + "".join(f"</{name}>" for name in reversed(opened_tags))
