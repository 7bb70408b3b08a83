"""Encoders for tests, made of libx264: one that works like a piece of hardware, and some that do not."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from av.error import ExternalError
from av.packet import Packet
from av.video.frame import VideoFrame

from watchparty.domain.ladder import Rendition
from watchparty.media.encoders import Encoder, Encoding


def another(rendition: Rendition) -> Mapping[str, str]:
    """Parameter sets quite different from those of the product's own libx264."""
    return {"preset": "ultrafast", "profile": "main", "x264-params": "cabac=1:ref=2:keyint=1000:weightp=2"}


@dataclass
class _Counting:
    """Counts the frames of every opening together, and goes wrong at one of them."""

    encoder: Broken
    inner: Encoding

    @property
    def extradata(self) -> bytes | None:
        return self.inner.extradata

    def encode(self, frame: VideoFrame | None) -> Iterable[Packet[Any]]:
        self.encoder.frames.append(1 if frame else 0)
        if sum(self.encoder.frames) < self.encoder.at:
            return self.inner.encode(frame)
        return self.encoder.go_wrong(self.inner, frame)


@dataclass(frozen=True)
class Broken(Encoder):
    """Fails at frame `at`, counted over all cells."""

    at: int = 50
    frames: list[int] = field(default_factory=list)

    def open(self, rendition: Rendition, nice: int) -> Encoding:
        stood_for = Encoder("libx264", self.options, "yuv420p")
        return _Counting(self, stood_for.open(rendition, nice))

    def go_wrong(self, inner: Encoding, frame: VideoFrame | None) -> Iterable[Packet[Any]]:
        raise ExternalError(1, "The device was lost.")


class Losing(Broken):
    """Swallows a frame."""

    def go_wrong(self, inner: Encoding, frame: VideoFrame | None) -> Iterable[Packet[Any]]:
        return inner.encode(frame) if len(self.frames) != self.at else ()


class Unkeyed(Broken):
    """Its cells do not begin with a keyframe."""

    def go_wrong(self, inner: Encoding, frame: VideoFrame | None) -> Iterable[Packet[Any]]:
        for packet in inner.encode(frame):
            data = bytes(packet)
            at = data.find(b"\0\0\1\x65")
            if at >= 0:
                other: Packet[Any] = Packet(data[: at + 3] + b"\x41" + data[at + 4 :])
                other.pts, other.dts, other.time_base = packet.pts, packet.dts, packet.time_base
                yield other
            else:
                yield packet
