"""What a media file holds, as far as playing it goes."""

from dataclasses import dataclass

TICKS = 90_000
"""Ticks in a second: the unit of every boundary and of the presentation timeline."""


_RANGES = {16: "PQ", 18: "HLG"}
_NAMES = {
    "h264": "H.264",
    "mpeg1video": "MPEG-1",
    "mpeg2video": "MPEG-2",
    "mpeg4": "MPEG-4",
    "msmpeg4v2": "MPEG-4",
    "msmpeg4v3": "MPEG-4",
    "h263": "H.263",
    "flv": "Flash video",
    "theora": "Theora",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
    "dnxhd": "DNxHD",
}


class Unplayable(Exception):
    """A file nobody can be shown; the message is one sentence for the person who brought it."""

    @property
    def reason(self) -> str:
        return str(self)


@dataclass(frozen=True)
class VideoTrack:
    """The picture. Width and height are as stored; the display size is after rotation and with square pixels."""

    index: int
    codec: str
    codecs: str
    """RFC 6381, for example avc1.64001f."""
    profile: str | None
    width: int
    height: int
    display_width: int
    display_height: int
    rotation: int
    """Degrees (0, 90, 180, 270) to turn the picture clockwise before showing it."""
    frame_rate: tuple[int, int] | None
    """Frames per second as a fraction; None where the file does not say."""
    pixel_format: str
    bit_depth: int
    interlaced: bool
    transfer: int
    """ITU-T H.273 transfer characteristics; 16 is PQ, 18 is HLG."""
    bit_rate: int | None
    begins: int
    """When the first picture is shown, in ticks of the presentation timeline."""
    trimmed: bool = False
    """Whether the file holds pictures at its beginning that are not to be shown: taken over as they are, they would."""

    @property
    def high_dynamic_range(self) -> bool:
        return self.transfer in _RANGES

    @property
    def video_range(self) -> str:
        """As RFC 8216bis, 4.4.6.2, names it: SDR, PQ or HLG."""
        return _RANGES.get(self.transfer, "SDR")

    @property
    def codec_name(self) -> str:
        """What people call the codec."""
        return _NAMES.get(self.codec, self.codec.upper())


@dataclass(frozen=True)
class AudioTrack:
    """One sound track, in one language."""

    index: int
    codec: str
    codecs: str
    profile: str | None
    sample_rate: int
    channels: int
    language: str | None
    title: str | None
    default: bool
    bit_rate: int | None
    begins: int
    """Position of the first packet on the presentation timeline, in samples; negative for priming."""
    copyable: bool
    """Whether its packets can be handed to a browser as they are."""


@dataclass(frozen=True)
class SubtitleTrack:
    index: int
    codec: str
    language: str | None
    title: str | None
    default: bool
    forced: bool
    text: bool
    """Whether it is text; pictures of text cannot be turned into captions."""
    start: int
    """The file's own time, in ticks, at which the presentation timeline is 0."""


@dataclass(frozen=True)
class Chapter:
    """Seconds on the presentation timeline."""

    start: float
    end: float
    title: str


@dataclass(frozen=True)
class Source:
    container: str
    mime_type: str
    duration: float
    """Seconds."""
    start: int
    """The file's own time, in ticks, at which the presentation timeline is 0."""
    bit_rate: int
    """Bits per second, everything together."""
    video: VideoTrack | None
    audios: tuple[AudioTrack, ...]
    subtitles: tuple[SubtitleTrack, ...]
    chapters: tuple[Chapter, ...]
