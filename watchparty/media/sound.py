"""Cells of sound: the source's AAC packets as they are, or other sound encoded to AAC; each made by itself."""

from __future__ import annotations  # av's packets are generic for the type checker alone

import math
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from watchparty.domain.grid import Grid, audio_frames
from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS, AudioTrack
from watchparty.media.aac import (
    FRAME,
    POSTROLL,
    PREROLL,
    AacEncoder,
    audio_specific_config,
    raw,
    silence,
)
from watchparty.media.fmp4 import init_segment, sound_cell
from watchparty.media.pcm import sound_packets, window
from watchparty.media.shelf import borrowed

_WAVERING = 0.75
"""Frames."""


def sound_init(path: str, rendition: Rendition) -> bytes:
    """The init segment of one sound rendition."""
    if rendition.mode == "encode":
        with AacEncoder(rendition.sample_rate, rendition.channels, rendition.bit_rate) as encoder:
            return init_segment(encoder.stream)
    with borrowed(path) as container:
        stream = _stream(container, rendition.track)
        return init_segment(stream, extradata=_configuration(stream))


def sounds(path: str, track: AudioTrack, start: int, rendition: Rendition, grid: Grid, index: int) -> bytes:
    """Cell `index` of one sound rendition. `start` is the file's own time, in ticks, of the timeline's 0."""
    low, high = audio_frames(grid.encode[index : index + 2], rendition.sample_rate, rendition.phase)
    make = _encoded if rendition.mode == "encode" else _copied
    return make(path, track, start, rendition, low, high)


def _stream(container: InputContainer, track: int) -> AudioStream:
    stream = container.streams[track]
    assert isinstance(stream, AudioStream)
    return stream


def _configuration(stream: AudioStream) -> bytes | None:
    """Extradata where the file has none of its own (ADTS)."""
    context = stream.codec_context
    return None if context.extradata else audio_specific_config(context.sample_rate, context.channels)


def _copied(path: str, track: AudioTrack, start: int, rendition: Rendition, low: int, high: int) -> bytes:
    """The source's frames `low` to `high`, each in its place, with frames of silence where it has none."""
    rate, phase = rendition.sample_rate, rendition.phase
    begins = start + track.begins * TICKS // rate
    since, until = (start + (phase + frame * FRAME) * TICKS // rate for frame in (low, high))
    found: dict[int, Packet[Any]] = {}
    place = None
    with borrowed(path) as container:
        stream = _stream(container, rendition.track)
        assert stream.time_base is not None
        # In frames, of the file's own time: this is done for every packet there is.
        each = stream.time_base.numerator * rate / stream.time_base.denominator / FRAME
        first = (start * rate / TICKS + phase) / FRAME
        for packet in sound_packets(container, stream, begins, since, until):
            if packet.pts is not None:
                place = _place(packet.pts * each - first, place)
                found.setdefault(place, packet)
        quiet = silence(rate, rendition.channels)
        frames = [raw(bytes(found[at])) if at in found else quiet for at in range(low, high)]
        return sound_cell(frames, phase + low * FRAME)


def _place(exact: float, before: int | None) -> int:
    """Which frame a packet becomes that begins at `exact` frames, the packet ahead of it having become `before`.

    After a gap packets may lie between two frames, wavering by a few samples: they keep together all the same.
    """
    if before is not None and abs(exact - before - 1) < _WAVERING:
        return before + 1
    return math.floor(exact + 0.5)


def _encoded(path: str, track: AudioTrack, start: int, rendition: Rendition, low: int, high: int) -> bytes:
    """Frames `low` to `high` of the sound encoded to AAC, with enough before and after that nobody hears the joins."""
    first, last = (low - PREROLL) * FRAME, (high + POSTROLL) * FRAME
    with borrowed(path) as container:
        planes = window(container, track, start, rendition.sample_rate, rendition.channels, first, last)
    with AacEncoder(rendition.sample_rate, rendition.channels, rendition.bit_rate) as encoder:
        kept = [
            bytes(packet)
            for packet in encoder.encode([bytes(plane) for plane in planes], first)
            if low * FRAME <= (packet.pts or 0) < high * FRAME
        ]
        return sound_cell(kept, low * FRAME)
