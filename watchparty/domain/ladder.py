"""The renditions a film is offered in: its own packets where a browser can show them, and encoded rungs."""

from dataclasses import dataclass

from watchparty.domain.grid import Grid
from watchparty.domain.source import AudioTrack, Source, VideoTrack

RUNGS = ((360, 800_000), (480, 1_400_000), (720, 2_800_000), (1080, 5_000_000), (1440, 9_000_000), (2160, 16_000_000))
"""Height in pixels and bits per second."""

_NEARLY_AS_HIGH = 0.9
_HEADROOM = 1.1
_PEAK = 1.5
"""Encoded cells may for a moment take this many times their bit rate."""

_AAC_BIT_RATES = {1: 80_000, 2: 128_000}
_STRAIGHT_RATES = (32_000, 44_100, 48_000)

_LEVELS = (
    (30, 1_620, 40_500),
    (31, 3_600, 108_000),
    (32, 5_120, 216_000),
    (40, 8_192, 245_760),
    (42, 8_704, 522_240),
    (50, 22_080, 589_824),
    (51, 36_864, 983_040),
    (52, 36_864, 2_073_600),
)
"""H.264 level, macroblocks a frame, macroblocks a second (ITU-T H.264 table A-1)."""


@dataclass(frozen=True)
class Rendition:
    """One way to fill the grid: the source's packets (`copy`) or ours (`encode`), of the picture or a sound track."""

    name: str
    kind: str
    """"video" or "audio"."""
    mode: str
    """"copy" or "encode"."""
    width: int
    height: int
    bit_rate: int
    """Bits per second on average, as far as known beforehand."""
    peak: int
    codecs: str
    """RFC 6381."""
    track: int
    """Index of the stream in the file."""
    frame_rate: float | None = None
    language: str | None = None
    title: str | None = None
    default: bool = False
    channels: int = 0
    sample_rate: int = 0
    phase: int = 0
    """Sounds: where on the timeline the first AAC frame starts, in samples, 0 to 1023."""
    level: int = 0
    """Encoded pictures: ten times the H.264 level."""
    video_range: str = "SDR"
    """SDR, PQ or HLG."""

    @property
    def universal(self) -> bool:
        """Whether it is a picture that every browser shows."""
        return self.kind == "video" and self.codecs.startswith("avc1.")

    @property
    def playlist(self) -> str:
        return f"{self.name}/{self.kind}.m3u8"


def ladder(source: Source, grid: Grid) -> tuple[Rendition, ...]:
    """Every rendition of `source`: pictures, best last but the copy first, then one per sound track."""
    videos = _videos(source, source.video, grid) if source.video else ()
    audios = tuple(_audio(track, number) for number, track in enumerate(source.audios, start=1))
    return videos + audios


def why_encoded(source: Source, grid: Grid) -> str | None:
    """Why the picture is encoded, for everybody or for some, as a sentence; None when nobody needs that."""
    if source.video is None or grid.copy_refusal or source.video.codec == "h264":
        return grid.copy_refusal
    return f"The picture is {source.video.codec_name}, which not every browser shows."


def frames_per_second(track: VideoTrack) -> float:
    """The rate pictures are shown at, never more than 60 when encoded; 30 where the file does not say."""
    if not track.frame_rate:
        return 30.0
    return min(track.frame_rate[0] / track.frame_rate[1], 60.0)


def _videos(source: Source, track: VideoTrack, grid: Grid) -> tuple[Rendition, ...]:
    encoded = tuple(_rung(source, track, size, rate) for size, rate in _rungs(track))
    return (_copy(source, track), *encoded) if grid.copy else encoded


def _copy(source: Source, track: VideoTrack) -> Rendition:
    rate = _picture_bit_rate(source, track)
    return Rendition(
        name="source",
        kind="video",
        mode="copy",
        width=track.display_width,
        height=track.display_height,
        bit_rate=rate,
        peak=int(rate * _PEAK),
        codecs=track.codecs,
        track=track.index,
        frame_rate=track.frame_rate and round(track.frame_rate[0] / track.frame_rate[1], 3),
        video_range=track.video_range,
    )


def _rungs(track: VideoTrack) -> list[tuple[int, int]]:
    """Sizes and bit rates to encode, the source's own size beside its copy too, which a browser may not show.

    A rung's size is the shorter side, so that an upright film is not made tiny.
    """
    own = max(2, min(track.display_width, track.display_height) // 2 * 2)
    below = [(size, rate) for size, rate in RUNGS if size <= own * _NEARLY_AS_HIGH]
    return [*below, (own, _rate_for(own))]


def _rate_for(size: int) -> int:
    """The bit rate of the smallest rung at least this high; less in proportion for what is smaller than any."""
    if size < RUNGS[0][0]:
        return max(150_000, RUNGS[0][1] * size // RUNGS[0][0])
    return next((rate for rung, rate in RUNGS if size <= rung), RUNGS[-1][1])


def _rung(source: Source, track: VideoTrack, size: int, rate: int) -> Rendition:
    shorter = min(track.display_width, track.display_height)
    width, height = (_even(side * size / shorter) for side in (track.display_width, track.display_height))
    rate = min(rate, int(_picture_bit_rate(source, track) * _HEADROOM)) or rate
    fps = frames_per_second(track)
    level = _level(width, height, fps)
    return Rendition(
        name=f"{size}p",
        kind="video",
        mode="encode",
        width=width,
        height=height,
        bit_rate=rate,
        peak=int(rate * _PEAK),
        codecs=f"avc1.6400{level:02x}",
        track=track.index,
        frame_rate=round(fps, 3),
        level=level,
    )


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


def _level(width: int, height: int, fps: float) -> int:
    """The lowest H.264 level that allows such frames at such a rate."""
    blocks = -(-width // 16) * -(-height // 16)
    fitting = (level for level, frame, second in _LEVELS if blocks <= frame and blocks * fps <= second)
    return next(fitting, _LEVELS[-1][0])


def _picture_bit_rate(source: Source, track: VideoTrack) -> int:
    """What the picture takes: as stated, or what is left of the whole."""
    sounds = sum(audio.bit_rate or 128_000 for audio in source.audios)
    return max(track.bit_rate or source.bit_rate - sounds, 150_000)


def _audio(track: AudioTrack, number: int) -> Rendition:
    copied = track.copyable
    channels = track.channels if copied else min(track.channels, 2)
    rate = (track.bit_rate or 160_000) if copied else _AAC_BIT_RATES[channels]
    return Rendition(
        name=f"audio-{number}",
        kind="audio",
        mode="copy" if copied else "encode",
        width=0,
        height=0,
        bit_rate=rate,
        peak=int(rate * _PEAK),
        codecs=track.codecs if copied else "mp4a.40.2",
        track=track.index,
        language=track.language,
        title=track.title,
        default=track.default,
        channels=channels,
        sample_rate=track.sample_rate if copied else _encoded_rate(track.sample_rate),
        phase=track.begins % 1024 if copied else 0,
    )


def _encoded_rate(sample_rate: int) -> int:
    """The source's own rate where browsers take it, else the one it divides evenly."""
    if sample_rate in _STRAIGHT_RATES:
        return sample_rate
    return 44_100 if sample_rate % 11_025 == 0 else 48_000
