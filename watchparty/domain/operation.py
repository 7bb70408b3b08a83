"""What people can have made of a film, and what goes together in one file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchparty.domain.errors import Invalid
from watchparty.domain.source import Source

SOUNDS = {
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
}
"""Formats of extracted sound and their media types."""
CONTAINERS = {"mp4": "video/mp4", "webm": "video/webm", "mkv": "video/x-matroska"}
_PICTURES = {"mp4": ("h264", "hevc", "av1", "vp9"), "webm": ("vp9", "av1"), "mkv": ("h264", "hevc", "av1", "vp9")}
_TRACKS = {"mp4": ("aac", "opus", "mp3", "flac"), "webm": ("opus",), "mkv": ("aac", "opus", "mp3", "flac")}
"""Codecs each container takes, the usual one first."""
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f/\\:*?"<>|]')
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Made:
    """The file an operation makes: how its name ends and what media type it has."""

    ending: str
    mime_type: str

    @property
    def extension(self) -> str:
        return self.ending.rpartition(".")[2]

    def filename(self, title: str) -> str:
        """A name that every system can save it under."""
        return f"{_NOT_IN_NAMES.sub('_', title)[:_LONGEST_NAME].strip(' .') or 'film'}{self.ending}"


def cleaned(kind: str, options: Mapping[str, Any], source: Source, pointer: str = "") -> dict[str, Any]:
    """The options of an operation, complete and possible for this film. Raises Invalid naming the one that is not.

    `pointer` is where they stand in what somebody sent.
    """
    asked = _Asked(options, pointer)
    if kind == "extract-audio":
        clean: dict[str, Any] = {"format": asked.one_of("format", tuple(SOUNDS))}
        if not source.audios:
            raise Invalid("This film has no sound to extract.")
    elif kind == "resize":
        clean = {"height": asked.height(source)}
    else:
        container = asked.one_of("container", tuple(CONTAINERS))
        within = f" in {container}"
        clean = {
            "container": container,
            "video_codec": asked.one_of("video_codec", _PICTURES[container], within, _PICTURES[container][0]),
            "audio_codec": asked.one_of("audio_codec", _TRACKS[container], within, _TRACKS[container][0]),
        }
    asked.nothing_besides(clean)
    return clean


def made_by(kind: str, options: Mapping[str, Any], *, pictured: bool) -> Made:
    """What an operation with these options, cleaned, makes of a film with or without a picture."""
    if kind == "extract-audio":
        return Made(f".{options['format']}", SOUNDS[options["format"]])
    if kind == "resize":
        return Made(f" ({options['height']}p).mp4", CONTAINERS["mp4"])
    container, codec = options["container"], options["video_codec" if pictured else "audio_codec"]
    mime_type = CONTAINERS[container]
    return Made(f" ({codec}).{container}", mime_type if pictured else mime_type.replace("video", "audio"))


class _Asked:
    def __init__(self, options: Mapping[str, Any], pointer: str) -> None:
        self._options = options
        self._pointer = pointer

    def one_of(self, name: str, allowed: tuple[str, ...], within: str = "", usual: str | None = None) -> str:
        value = self._options.get(name)
        value = usual if value is None else value
        if value not in allowed:
            choice = f"one of {', '.join(allowed)}" if len(allowed) > 1 else allowed[0]
            raise self._wrong(name, f"The {name.replace('_', ' ')}{within} must be {choice}.")
        return str(value)

    def height(self, source: Source) -> int:
        if source.video is None:
            raise Invalid("This film has no picture to resize.")
        most, value = source.video.display_height // 2 * 2, self._options.get("height")
        if isinstance(value, bool) or not isinstance(value, int) or not 2 <= value <= most or value % 2:
            raise self._wrong("height", f"The height must be an even number of pixels, 2 to {most}.")
        return value

    def nothing_besides(self, clean: Mapping[str, Any]) -> None:
        for name in self._options:
            if name not in clean:
                raise self._wrong(name, f"There is no such option. Known are {', '.join(clean)}.")

    def _wrong(self, name: str, sentence: str) -> Invalid:
        step = name.replace("~", "~0").replace("/", "~1")
        return Invalid(sentence, pointer=f"{self._pointer}/{step}")
