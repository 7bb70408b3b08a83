"""A whole film made into another file: other container, other codecs, another height."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from av.container import InputContainer, OutputContainer

from watchparty.domain.source import Source, VideoTrack
from watchparty.media import export_picture, export_sound
from watchparty.media.export import Track, check, export
from watchparty.media.export_picture import CopiedPicture, EncodedPicture
from watchparty.media.export_sound import CopiedSound, EncodedSound
from watchparty.media.opening import opened

_CONTAINERS = {"mp4": "mp4", "webm": "webm", "mkv": "matroska"}


@dataclass(frozen=True)
class Target:
    """What is wanted: container mp4, webm or mkv; the codecs; and a height in pixels, or None to leave it."""

    container: str
    video: str
    audio: str
    height: int | None = None


def encodes(source: Source, target: Target) -> bool:
    """Whether the picture has to be encoded, which takes a core for long."""
    video = source.video
    return video is not None and (target.height is not None or not export_picture.copies(source, video, target.video))


def convert(path: str, source: Source, target: Target, out: str) -> Iterator[float]:
    """Writes the film's picture and every sound track to `out`; yields the seconds done, often.

    What is of the wanted kind already is taken over as it is. Raises Unplayable, or OSError when the disk fails.
    """
    with ExitStack() as stack:
        # Each track is read at a pace of its own.
        def reader() -> InputContainer:
            return stack.enter_context(opened(path))

        yield from export(out, _CONTAINERS[target.container], lambda output: _tracks(output, reader, source, target))
    check(out, source.duration, pictured=source.video is not None, sounds=len(source.audios))


def _tracks(
    output: OutputContainer, reader: Callable[[], InputContainer], source: Source, target: Target
) -> Sequence[Track]:
    tracks: list[Track] = []
    if source.video is not None:
        if encodes(source, target):
            width, height = size(source.video, target.height)
            tracks.append(EncodedPicture(output, reader(), source, target.video, width, height))
        else:
            tracks.append(CopiedPicture(output, reader(), source, target.video))
    for audio in source.audios:
        if export_sound.copies(audio, target.audio):
            tracks.append(CopiedSound(output, reader(), audio, source))
        else:
            tracks.append(EncodedSound(output, reader(), audio, source, target.audio))
    return tracks


def size(track: VideoTrack, height: int | None) -> tuple[int, int]:
    """Width and height in pixels, both even, in the shape the picture is shown in."""
    tall = height if height is not None else max(2, track.display_height // 2 * 2)
    return max(2, round(track.display_width * tall / track.display_height / 2) * 2), tall
