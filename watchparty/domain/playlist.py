"""HLS playlists (RFC 8216) written from the grid, with relative addresses, the same bytes for everybody."""

from collections.abc import Sequence
from itertools import pairwise

from watchparty.domain.grid import Grid, audio_frames
from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS, Source

_HEAD = ("#EXTM3U", "#EXT-X-VERSION:7")
_SOUNDS = "sound"


def master(source: Source, renditions: Sequence[Rendition]) -> str:
    """The list of renditions of one film, the first rung first: players that do not choose begin with it."""
    videos = [rendition for rendition in renditions if rendition.kind == "video"]
    audios = [rendition for rendition in renditions if rendition.kind == "audio"]
    lines = [*_HEAD, "#EXT-X-INDEPENDENT-SEGMENTS"]
    if audios and (videos or len(audios) > 1):
        chosen = default(audios)
        lines += [_media_line(audio, default=audio is chosen, audios=audios) for audio in audios]
    for video in sorted(videos, key=lambda rendition: rendition.bit_rate):
        lines += [_variant_line(video, audios), video.playlist]
    if audios and not videos:
        lines += [_variant_line(default(audios), audios), default(audios).playlist]
    return "\n".join(lines) + "\n"


def media(rendition: Rendition, grid: Grid) -> str:
    """The list of one rendition's cells; durations are exact, and all lists have one target duration."""
    lines = [
        *_HEAD,
        f"#EXT-X-TARGETDURATION:{_target_duration(grid)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="init.mp4"',
    ]
    for index, seconds in enumerate(durations(rendition, grid)):
        lines += [f"#EXTINF:{seconds:.6f},", f"{index:05d}.m4s"]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def durations(rendition: Rendition, grid: Grid) -> list[float]:
    """How long each cell of a rendition lasts, in seconds."""
    if rendition.kind == "audio":
        frames = audio_frames(grid.encode, rendition.sample_rate, rendition.phase)
        samples = [(after - before) * 1024 for before, after in pairwise(frames)]
        # The first frame is held from 0 on, so that players find no hole before it.
        samples[0] += rendition.phase
        return [count / rendition.sample_rate for count in samples]
    return [(after - before) / TICKS for before, after in pairwise(grid.boundaries(rendition.mode))]


def _target_duration(grid: Grid) -> int:
    """Whole seconds no cell exceeds when rounded (RFC 8216, 4.3.3.1), the same in all lists (6.2.4)."""
    cells = [*pairwise(grid.encode), *pairwise(grid.copy)]
    return max(1, -(-max(after - before for before, after in cells) // TICKS))


def default(audios: Sequence[Rendition]) -> Rendition:
    """The track people hear who did not choose one."""
    return next((audio for audio in audios if audio.default), audios[0])


def _media_line(audio: Rendition, *, default: bool, audios: Sequence[Rendition]) -> str:
    attributes = [
        "TYPE=AUDIO",
        f'GROUP-ID="{_SOUNDS}"',
        f'NAME="{_name(audio, audios)}"',
        *([f'LANGUAGE="{_quotable(audio.language)}"'] if audio.language else []),
        f"DEFAULT={'YES' if default else 'NO'}",
        "AUTOSELECT=YES",
        f'CHANNELS="{audio.channels}"',
        f'URI="{audio.playlist}"',
    ]
    return "#EXT-X-MEDIA:" + ",".join(attributes)


def _name(audio: Rendition, audios: Sequence[Rendition]) -> str:
    """What a person picks in the menu; names in a group differ (RFC 8216, 4.3.4.1.1)."""
    name = _quotable(audio.title or audio.language or "Sound")
    others = [_quotable(other.title or other.language or "Sound") for other in audios if other is not audio]
    return f"{name} ({audios.index(audio) + 1})" if name in others else name


def _quotable(text: str) -> str:
    """A quoted-string holds neither quotes nor line breaks (RFC 8216, 4.2)."""
    printable = (character if character.isprintable() else " " for character in text.replace('"', "'"))
    return " ".join("".join(printable).split())


def _variant_line(rendition: Rendition, audios: Sequence[Rendition]) -> str:
    beside = [audio for audio in audios if audio is not rendition]
    grouped = bool(audios) and (rendition.kind == "video" or len(audios) > 1)
    codecs = dict.fromkeys([rendition.codecs, *(audio.codecs for audio in beside)])
    attributes = [
        f"BANDWIDTH={rendition.peak + max((audio.peak for audio in beside), default=0)}",
        f"AVERAGE-BANDWIDTH={rendition.bit_rate + max((audio.bit_rate for audio in beside), default=0)}",
        f'CODECS="{",".join(codecs)}"',
    ]
    if rendition.kind == "video":
        attributes.append(f"RESOLUTION={rendition.width}x{rendition.height}")
        if rendition.frame_rate:
            attributes.append(f"FRAME-RATE={rendition.frame_rate:.3f}")
        attributes.append(f"VIDEO-RANGE={rendition.video_range}")
    if grouped:
        attributes.append(f'AUDIO="{_SOUNDS}"')
    return "#EXT-X-STREAM-INF:" + ",".join(attributes)
