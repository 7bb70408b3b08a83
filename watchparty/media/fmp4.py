"""Fragmented MP4 (ISO/IEC 14496-12): one init segment per rendition, and one moof with its mdat per cell.

The init segment is the mp4 muxer's. Cells are put together here: a muxer for each, handed every packet, takes more
time than everything else a copied cell needs. Their timestamps are those of the presentation timeline, so a cell is
the same whenever and in whatever order it is made.
"""

from __future__ import annotations  # av's packets are generic for the type checker alone

import struct
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any, TypeVar

import av
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.stream import VideoStream

from watchparty.domain.source import TICKS
from watchparty.media.nal import is_annex_b, with_lengths

_Track = TypeVar("_Track", VideoStream, AudioStream)

_OPTIONS = {
    "movflags": "cmaf+frag_custom+default_base_moof+skip_trailer+negative_cts_offsets+frag_discont",
    "use_editlist": "0",
    "video_track_timescale": str(TICKS),
    "write_prft": "0",
}
_SYNC, _NOT_SYNC = 0x02000000, 0x01010000
"""Sample flags: depends on no other; depends on others and is no place to begin at (ISO/IEC 14496-12, 8.8.3.1)."""
_BASE_IS_MOOF = 0x020000
_EACH_SAMPLE = 0x1 | 0x100 | 0x200 | 0x400 | 0x800
"""A track run says where its data begins, and of each sample its duration, size, flags and composition offset."""


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
    output = av.open(sink, "w", format="mp4", options=dict(_OPTIONS))
    # As it is: for some decoders there is no encoder of that name to take the parameters from.
    stream = output.add_stream_from_template(template, opaque=True)
    if extradata is not None:
        stream.codec_context.extradata = extradata
    if template.codec_context.name == "hevc":
        # With hev1, parameter sets may come later; Apple's players take only what has them all in front.
        stream.codec_context.codec_tag = "hvc1"
    output.start_encoding()
    output.close()
    return sink.bytes()


def picture_cell(template: VideoStream, packets: Sequence[Packet[Any]], shown: Sequence[int], end: int) -> bytes:
    """One cell of pictures from packets in decoding order, `shown` being their presentation times in ticks.

    The first is shown first (a closed group of pictures). Decoding times are the presentation times in order,
    and the last picture stays until `end`; so cells join without a gap whatever the source's own decoding times were.
    """
    order = sorted(shown)
    durations = [after - early for early, after in zip(order, [*order[1:], end], strict=True)]
    # Composition offsets are counted from decoding times that begin with the first picture's own, so some are negative.
    offsets = [(at - early) & 0xFFFFFFFF for at, early in zip(shown, order, strict=True)]
    flags = [_SYNC if packet.is_keyframe else _NOT_SYNC for packet in packets]
    if is_annex_b(template.codec_context.name, template.codec_context.extradata):
        samples = [with_lengths(bytes(packet)) for packet in packets]
        return _fragment(order[0], samples, map(len, samples), durations, flags, offsets)
    return _fragment(order[0], packets, [packet.size for packet in packets], durations, flags, offsets)


def sound_cell(frames: Sequence[bytes], first_sample: int) -> bytes:
    """One cell of 1024-sample AAC frames following each other without a gap, the first at `first_sample`.

    What comes before the very first frame of a film, less than another frame, is added to it: players stumble over a
    hole at 0.
    """
    lead = first_sample if first_sample < 1024 else 0
    durations = [1024 + lead, *repeat(1024, len(frames) - 1)]
    return _fragment(first_sample - lead, frames, map(len, frames), durations, repeat(_SYNC), repeat(0))


def configuration(init: bytes, kind: bytes) -> bytes | None:
    """The decoder configuration record of an init segment, from its box of that kind; None when it has none."""
    at = init.find(kind)
    return init[at + 4 : at - 4 + int.from_bytes(init[at - 4 : at], "big")] if at >= 4 else None


def _fragment(
    begins: int,
    samples: Sequence[Any],
    sizes: Iterable[int],
    durations: Iterable[int],
    flags: Iterable[int],
    offsets: Iterable[int],
) -> bytes:
    """Movie fragment and media data of one track, whose first sample is decoded at `begins`, in the track's units."""
    each = tuple(chain.from_iterable(zip(durations, sizes, flags, offsets, strict=False)))
    count = len(samples)
    tfhd = struct.pack(">I4sII", 16, b"tfhd", _BASE_IS_MOOF, 1)
    tfdt = struct.pack(">I4sIQ", 20, b"tfdt", 1 << 24, begins)
    trun_size = 20 + 16 * count
    moof_size = 8 + 16 + 8 + len(tfhd) + len(tfdt) + trun_size
    trun = struct.pack(f">I4sIIi{4 * count}I", trun_size, b"trun", 1 << 24 | _EACH_SAMPLE, count, moof_size + 8, *each)
    head = struct.pack(">I4sI4sII", moof_size, b"moof", 16, b"mfhd", 0, 1)
    traf = struct.pack(">I4s", moof_size - 24, b"traf")
    mdat = struct.pack(">I4s", 8 + sum(each[1::4]), b"mdat")
    return b"".join([head, traf, tfhd, tfdt, trun, mdat, *samples])
