"""A picture for a new file: the source's packets as they are, or its frames as they are shown, encoded anew."""

from __future__ import annotations  # av's packets are generic for the type checker alone

import os
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from watchparty.domain.ladder import frames_per_second
from watchparty.domain.source import TICKS, Source, Unplayable, VideoTrack
from watchparty.media.export import Piece
from watchparty.media.filters import Filters
from watchparty.media.frames import shown
from watchparty.media.keyframes import in_ticks, packets, seek
from watchparty.media.nice import BACKGROUND

_ENCODERS = {
    "h264": ("libx264", {"preset": "veryfast", "crf": "20", "profile": "high"}),
    "hevc": ("libx265", {"preset": "veryfast", "crf": "23", "x265-params": "log-level=error:rc-lookahead=10"}),
    "av1": ("libsvtav1", {"preset": "9", "crf": "32"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "6", "row-mt": "1", "crf": "31", "b": "0"}),
}
_NAMES = {"avc1": "h264", "hvc1": "hevc", "hev1": "hevc", "av01": "av1", "vp09": "vp9"}
"""The first part of RFC 6381 strings."""
# This one encoder talks to the terminal; it has no other switch, and reads this one when it is opened.
os.environ.setdefault("SVT_LOG", "0")

_UNTIMED = ("avi",)
"""Containers that do not say when a picture is shown."""
_BT709 = 1
_LIMITED = 1
_KEYFRAME_SECONDS = 5
_WHOLE_FILE = 1 << 40


def copies(source: Source, track: VideoTrack, codec: str) -> bool:
    """Whether the track's own packets can be taken for a picture of this codec; one stored turned is set upright."""
    as_shown = source.container not in _UNTIMED and track.rotation == 0 and not track.trimmed
    return as_shown and _NAMES.get(track.codecs.split(".")[0]) == codec


class EncodedPicture:
    """The picture as it is shown, `width` by `height` pixels, as h264, hevc, av1 or vp9."""

    def __init__(
        self,
        output: OutputContainer,
        container: InputContainer,
        source: Source,
        codec: str,
        width: int,
        height: int,
    ) -> None:
        assert source.video is not None
        self._container, self._source, self._track = container, source, source.video
        self._filters = Filters(source.video, width, height, BACKGROUND)
        self._rate = Fraction(frames_per_second(source.video)).limit_denominator(1001)
        name, options = _ENCODERS[codec]
        keyframes = {"g": str(round(self._rate * _KEYFRAME_SECONDS))}
        stream = output.add_stream(name, rate=self._rate, options={**options, **keyframes})
        assert isinstance(stream, VideoStream)
        self._stream = stream
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.time_base = Fraction(1, TICKS)
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        _tag(stream, codec, output)

    def pieces(self) -> Iterator[Piece]:
        for frame in self._frames():
            frame.pict_type = PictureType.NONE
            at = in_ticks(frame.pts or 0, frame.time_base or Fraction(1, TICKS)) / TICKS
            yield at, None
            for packet in self._stream.encode(frame):
                yield at, packet
        # One by one: what an encoder has looked ahead at may take it many seconds.
        for packet in self._stream.codec_context.encode_lazy(None):
            packet.stream = self._stream
            yield self._source.duration, packet

    def _frames(self) -> Iterator[VideoFrame]:
        """Every frame that is shown, and the last of them once more at the end where it is held until then."""
        end, last, at = round(self._source.duration * TICKS), None, 0
        step = round(TICKS / self._rate)
        # Nothing to heed: who wants it to stop asks for no more.
        frames = shown(
            self._container, self._track.index, self._source.start, [0, end], 0, BACKGROUND, heed=lambda: None
        )
        for each in frames:
            last, at = each.frame, each.at
            yield from self._filters.push(last, at)
        if last is not None and at + 2 * step < end:
            yield from self._filters.push(last, end - step)
        yield from self._filters.finish()


class CopiedPicture:
    """The picture's own packets from its first keyframe on."""

    def __init__(self, output: OutputContainer, container: InputContainer, source: Source, codec: str) -> None:
        assert source.video is not None
        self._container, self._source = container, source
        stream = container.streams[source.video.index]
        assert isinstance(stream, VideoStream)
        self._read = stream
        self._stream = output.add_stream_from_template(stream)
        _tag(self._stream, codec, output)

    def pieces(self) -> Iterator[Piece]:
        last: int | None = None
        for packet, decoded_at in _decoding_times(self._from_the_start()):
            base = Fraction(packet.time_base.numerator, packet.time_base.denominator)
            shift = round(Fraction(self._source.start, TICKS) / base)
            at = decoded_at - shift if last is None else max(decoded_at - shift, last + 1)
            last = at
            packet.stream = self._stream
            packet.time_base = base
            packet.pts, packet.dts = max((packet.pts or 0) - shift, at), at
            yield float(at * base), packet

    def _from_the_start(self) -> Iterator[Packet[Any]]:
        seek(self._container, self._read, -_WHOLE_FILE)
        begun = False
        for packet in packets(self._container, self._read):
            begun = begun or packet.is_keyframe
            if begun:
                if packet.pts is None:
                    raise Unplayable("The picture's timestamps are missing, so it cannot be taken over as it is.")
                yield packet


def _decoding_times(found: Iterator[Packet[Any]]) -> Iterator[tuple[Packet[Any], int]]:
    """Packets and when each is decoded. Matroska does not say so of the first few: they come just before the others."""
    early: list[Packet[Any]] = []
    for packet in found:
        if packet.dts is None:
            early.append(packet)
            continue
        for number, each in enumerate(early):
            yield each, packet.dts - len(early) + number
        early.clear()
        yield packet, packet.dts
    for each in early:
        yield each, each.pts or 0


def _tag(stream: VideoStream, codec: str, output: OutputContainer) -> None:
    """Apple's players take HEVC in MP4 only where its parameters stand in the head, which this name promises."""
    if codec == "hevc" and output.format.name == "mp4":
        stream.codec_context.codec_tag = "hvc1"
