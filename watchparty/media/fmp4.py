"""Fragmented MP4 (ISO/IEC 14496-12): one init segment per rendition, and one moof with its mdat per cell.

Every cell is written by a muxer of its own from packets whose timestamps are already those of the presentation
timeline, so a cell is the same whenever and in whatever order it is made.
"""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from watchparty.domain.source import TICKS

_Track = TypeVar("_Track", VideoStream, AudioStream)

_OPTIONS = {
    "movflags": "cmaf+frag_custom+default_base_moof+skip_trailer+negative_cts_offsets+frag_discont",
    "use_editlist": "0",
    "video_track_timescale": str(TICKS),
    "write_prft": "0",
}


class _Sink:
    """A file that can only be written to, so that the muxer never goes back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(data)
        return len(data)

    def bytes(self) -> bytes:
        return b"".join(self._parts)


class Nowhere:
    """What a muxer writes to when only its encoder is wanted."""

    def write(self, data: bytes) -> int:
        return len(data)


def init_segment(template: _Track, *, extradata: bytes | None = None) -> bytes:
    """Everything a player needs before the first cell; `template` is a stream read from a file or being encoded."""
    sink = _Sink()
    output, _ = _muxer(sink, template, extradata)
    output.start_encoding()
    output.close()
    return sink.bytes()


def picture_cell(template: VideoStream, packets: Sequence[Packet[Any]], shown: Sequence[int], end: int) -> bytes:
    """One cell of pictures from packets in decoding order, `shown` being their presentation times in ticks.

    The first is shown first (a closed group of pictures). Decoding times are the presentation times in order,
    and the last picture stays until `end`; so cells join without a gap whatever the source's own decoding times were.
    """
    order = sorted(shown)
    delay = max(early - at for early, at in zip(order, shown, strict=True))
    sink = _Sink()
    output, stream = _muxer(sink, template, None)
    for packet, at, early, after in zip(packets, shown, order, [*order[1:], end], strict=True):
        _place(packet, stream, at, early - delay, after - early, Fraction(1, TICKS))
        output.mux_one(packet)
    output.close()
    return _media_part(sink.bytes())


def sound_cell(
    template: AudioStream, packets: Sequence[Packet[Any]], first_sample: int, *, extradata: bytes | None = None
) -> bytes:
    """One cell of 1024-sample AAC frames following each other without a gap, the first at `first_sample`.

    What comes before the very first frame of a film, less than another frame, is added to it: players stumble over a
    hole at 0.
    """
    sink = _Sink()
    output, stream = _muxer(sink, template, extradata)
    for number, packet in enumerate(packets):
        at = first_sample + number * 1024
        lead = at if at < 1024 else 0
        packet.is_keyframe = True
        _place(packet, stream, at - lead, at - lead, 1024 + lead, Fraction(1, template.codec_context.sample_rate))
        output.mux_one(packet)
    output.close()
    return _media_part(sink.bytes())


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of each top-level box."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            return
        yield data[at + 4 : at + 8], at, at + size
        at += size


def _muxer(sink: _Sink, template: _Track, extradata: bytes | None) -> tuple[OutputContainer, _Track]:
    output = av.open(sink, "w", format="mp4", options=dict(_OPTIONS))
    stream = output.add_stream_from_template(template)
    if extradata is not None:
        stream.codec_context.extradata = extradata
    return output, stream


def _place(packet: Packet[Any], stream: Any, shown: int, decoded: int, duration: int, time_base: Fraction) -> None:
    packet.stream = stream
    packet.time_base = time_base
    packet.pts, packet.dts, packet.duration = shown, decoded, duration


def _media_part(data: bytes) -> bytes:
    """What comes after the init segment."""
    return next((data[end:] for kind, _, end in boxes(data) if kind == b"moov"), b"")
