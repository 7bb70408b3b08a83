"""Frames in, the packets of whole cells out: one run of libx264 over many cells, or any other encoder cell by cell."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Protocol

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from watchparty.domain.ladder import Rendition
from watchparty.media.encoders import Encoder, EncoderFailed, Encoding, described, x264_options
from watchparty.media.fmp4 import Nowhere
from watchparty.media.keyframes import in_ticks
from watchparty.media.nal import begins_with_idr, sps_of
from watchparty.media.nice import nicely


class Cutter(Protocol):
    """Frames come in order, their times in ticks; `begins` is whether one is the first of a cell."""

    @property
    def template(self) -> VideoStream:
        """What the cells are written as: libx264's, whoever encodes."""

    def push(self, frame: VideoFrame, *, begins: bool) -> Iterator[list[Packet[Any]]]:
        """Cells that are finished, as packets in decoding order."""

    def finish(self) -> Iterator[list[Packet[Any]]]: ...

    def close(self) -> None: ...


def x264_stream(rendition: Rendition, nice: int) -> tuple[OutputContainer, VideoStream]:
    """An open libx264 whose keyframes are ours to place."""
    output = av.open(Nowhere(), "w", format="mp4", options={"movflags": "empty_moov"})
    rate = Fraction(rendition.frame_rate or 30).limit_denominator(1001)
    stream = output.add_stream("libx264", rate=rate, options=x264_options(rendition))
    described(stream.codec_context, rendition)
    nicely(output.start_encoding, nice)
    return output, stream


class Continuous:
    """libx264 running on from cell to cell, but for the first, which somebody waits for: it is handed out as soon as
    it can be, not after the pictures that libx264 likes to see ahead. `heed` is called often, and may raise."""

    def __init__(self, rendition: Rendition, nice: int, heed: Callable[[], None]) -> None:
        self._rendition, self._nice, self._heed = rendition, nice, heed
        self._output, self.template = x264_stream(rendition, nice)
        self._begun = 0
        self._packets: list[Packet[Any]] = []

    def push(self, frame: VideoFrame, *, begins: bool) -> Iterator[list[Packet[Any]]]:
        self._begun += begins
        if begins and self._begun == 2:
            yield from self.finish()
            self.close()
            self._output, self.template = x264_stream(self._rendition, self._nice)
        # Left as decoded, the types of the source's pictures would put keyframes beside the grid.
        frame.pict_type = PictureType.I if begins else PictureType.NONE
        yield from self._collected(frame)

    def finish(self) -> Iterator[list[Packet[Any]]]:
        yield from self._collected(None)
        yield self._cell()

    def close(self) -> None:
        self._output.close()

    def _collected(self, frame: VideoFrame | None) -> Iterator[list[Packet[Any]]]:
        for packet in self.template.codec_context.encode_lazy(frame):
            if packet.is_keyframe and self._packets:
                yield self._cell()
            self._packets.append(packet)
            self._heed()

    def _cell(self) -> list[Packet[Any]]:
        packets, self._packets = self._packets, []
        return _self_contained(packets, self.template.codec_context.extradata)


class CellByCell:
    """Another encoder, opened for each cell; what it makes is looked at before it is believed.

    Raises EncoderFailed when it raises, or when a cell is not one closed group of just the pictures given.
    """

    def __init__(self, encoder: Encoder, rendition: Rendition, nice: int) -> None:
        self._encoder, self._rendition, self._nice = encoder, rendition, nice
        self._output, self.template = x264_stream(rendition, nice)
        self._encoding: Encoding | None = None
        self._packets: list[Packet[Any]] = []
        self._times: list[int] = []

    def push(self, frame: VideoFrame, *, begins: bool) -> Iterator[list[Packet[Any]]]:
        if begins:
            yield from self.finish()
        frame.pict_type = PictureType.I if begins else PictureType.NONE
        self._times.append(frame.pts or 0)
        self._encode(frame)

    def finish(self) -> Iterator[list[Packet[Any]]]:
        if self._times:
            self._encode(None)
            yield self._cell()

    def close(self) -> None:
        self._encoding = None
        self._output.close()

    def _encode(self, frame: VideoFrame | None) -> None:
        try:
            if self._encoding is None:
                self._encoding = self._encoder.open(self._rendition, self._nice)
            self._packets.extend(self._encoding.encode(frame))
        except Exception as error:
            raise EncoderFailed(f"{self._encoder.name} has failed: {error}") from error

    def _cell(self) -> list[Packet[Any]]:
        encoding, self._encoding = self._encoding, None
        packets, self._packets = self._packets, []
        times, self._times = self._times, []
        _check(self._encoder.name, packets, times)
        return _self_contained(packets, encoding.extradata if encoding else None)


def _check(name: str, packets: list[Packet[Any]], times: list[int]) -> None:
    shown = [in_ticks(packet.pts or 0, packet.time_base) for packet in packets]
    if sorted(shown) != times:
        raise EncoderFailed(f"{name} has lost pictures, or their times")
    if shown[0] != times[0] or not begins_with_idr(packets[0], None):
        raise EncoderFailed(f"{name} does not begin a cell with a keyframe")


def _self_contained(packets: list[Packet[Any]], extradata: bytes | None) -> list[Packet[Any]]:
    """With the parameter sets in band, so that cells of different encoders follow each other in one stream."""
    first = packets[0]
    data = bytes(first)
    if sps_of(data) is not None:
        return packets
    if not extradata or sps_of(extradata) is None:
        raise EncoderFailed("The encoder does not say how its pictures are to be decoded")
    whole: Packet[Any] = Packet(extradata + data)
    whole.time_base, whole.pts, whole.dts = first.time_base, first.pts, first.dts
    whole.is_keyframe = True
    return [whole, *packets[1:]]
