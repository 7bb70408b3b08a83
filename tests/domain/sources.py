"""Sources as an inspection would describe them."""

from dataclasses import replace

from watchparty.domain.source import AudioTrack, Source, VideoTrack

SOUND = AudioTrack(
    index=1,
    codec="aac",
    codecs="mp4a.40.2",
    profile="LC",
    sample_rate=48_000,
    channels=2,
    language=None,
    title=None,
    default=True,
    bit_rate=128_000,
    begins=0,
    copyable=True,
)


def source_of(width: int, height: int, **changes: object) -> Source:
    """A film of an hour with a silent picture of that size; `changes` are to the picture."""
    video = VideoTrack(
        index=0,
        codec="h264",
        codecs="avc1.640028",
        profile="High",
        width=width,
        height=height,
        display_width=width,
        display_height=height,
        rotation=0,
        frame_rate=(25, 1),
        pixel_format="yuv420p",
        bit_depth=8,
        interlaced=False,
        transfer=1,
        bit_rate=40_000_000,
        begins=0,
    )
    return Source(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        mime_type="video/mp4",
        duration=3600.0,
        start=0,
        bit_rate=40_128_000,
        video=replace(video, **changes),  # type: ignore[arg-type]
        audios=(),
        subtitles=(),
        chapters=(),
    )
