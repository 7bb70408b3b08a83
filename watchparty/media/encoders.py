"""H.264 encoders by the machines they run on: FFmpeg's own software one always, hardware where it has proved faster."""

from __future__ import annotations  # av's packets are generic for the type checker alone

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from av.codec.codec import Codec
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS
from watchparty.media.nice import nicely

LIBX264 = "libx264"
"""What everything falls back to, and what every init segment is made for."""

_BT709 = 1
_LIMITED = 1
_PRESET = "veryfast"
_LARGE_PRESET = "superfast"
_LARGE = 1080


class Encoding(Protocol):
    """An open encoder."""

    @property
    def extradata(self) -> bytes | None: ...

    def encode(self, frame: VideoFrame | None) -> Iterable[Packet[Any]]:
        """What is finished after `frame`; after None, everything."""


class EncoderFailed(Exception):
    """An encoder other than libx264 has raised, or made what cannot be sent."""


@dataclass(frozen=True)
class Encoder:
    """One of FFmpeg's encoders and how it is asked. It is opened anew for each cell, for keyframes asked for in
    between are ignored by some drivers, and the cells of a grid differ in length too much for a fixed distance."""

    name: str
    options: Callable[[Rendition], Mapping[str, str]]
    pixels: str = "nv12"
    devices: tuple[str, ...] = ()
    """Patterns of files under / of which one is there when the hardware is; none where there is no telling."""

    def present(self) -> bool:
        """Whether it is worth a try."""
        root = Path("/")
        return not self.devices or any(next(root.glob(pattern), None) for pattern in self.devices)

    def open(self, rendition: Rendition, nice: int) -> Encoding:
        """Ready for the first frame; raises whatever FFmpeg does when the hardware or its driver are not there."""
        context = CodecContext.create(Codec(self.name, "w"), "w")
        assert isinstance(context, VideoCodecContext)
        described(context, rendition, self.pixels)
        context.options = dict(self.options(rendition))
        nicely(context.open, nice)
        return context


def described(context: VideoCodecContext, rendition: Rendition, pixels: str = "yuv420p") -> None:
    """What every encoder of a rung is told of its pictures."""
    context.width, context.height, context.pix_fmt = rendition.width, rendition.height, pixels
    context.framerate = Fraction(rendition.frame_rate or 30).limit_denominator(1001)
    context.time_base = Fraction(1, TICKS)
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _LIMITED


def x264_options(rendition: Rendition) -> dict[str, str]:
    """Constant quality under a cap, keyframes where they are asked for and nowhere else."""
    large = min(rendition.width, rendition.height) > _LARGE
    return {
        "preset": _LARGE_PRESET if large else _PRESET,
        "profile": "high",
        "level": f"{rendition.level / 10:.1f}",
        "crf": "23",
        "maxrate": str(rendition.peak),
        "bufsize": str(rendition.bit_rate * 2),
        "sc_threshold": "0",
        "forced-idr": "1",
        "g": "1000000",
        # One frame of reordering at most: readers that take negative offsets for a delay are then late by only one.
        "b-pyramid": "none",
    }


def _hardware(**own: str) -> Callable[[Rendition], Mapping[str, str]]:
    """Options common to all: as many bits as the rung is announced with, and a single keyframe, the first."""

    def options(rendition: Rendition) -> Mapping[str, str]:
        return {
            "b": str(rendition.bit_rate),
            "maxrate": str(rendition.peak),
            "bufsize": str(rendition.bit_rate * 2),
            "g": "1000",
            "bf": "0",
            **own,
        }

    return options


_NVENC = _hardware(preset="p4", profile="high", rc="vbr", cq="23", **{"no-scenecut": "1"})
_QSV = _hardware(preset="veryfast", profile="high", idr_interval="0")
_AMF = _hardware(usage="transcoding", profile="high", quality="balanced", rc="vbr_peak")

_BY_SYSTEM: dict[str, tuple[Encoder, ...]] = {
    "linux": (
        # The second is the graphics card of a Windows machine seen from its Linux.
        Encoder("h264_nvenc", _NVENC, "yuv420p", ("dev/nvidia[0-9]*", "dev/dxg")),
        Encoder("h264_qsv", _QSV, devices=("dev/dri/renderD*",)),
        Encoder("h264_amf", _AMF, devices=("dev/dri/renderD*",)),
        Encoder("h264_v4l2m2m", _hardware(), "yuv420p", ("dev/video*",)),
    ),
    "darwin": (Encoder("h264_videotoolbox", _hardware(profile="high", allow_sw="0")),),
    "win32": (
        Encoder("h264_nvenc", _NVENC, "yuv420p"),
        Encoder("h264_qsv", _QSV),
        Encoder("h264_amf", _AMF),
        Encoder("h264_mf", _hardware(hw_encoding="1", rate_control="pc_vbr")),
    ),
}

KNOWN: dict[str, Encoder] = {encoder.name: encoder for encoder in _BY_SYSTEM.get(sys.platform, ())}
"""Every encoder but libx264 that this system may have."""

_given_up: set[str] = set()
"""Shared by all threads of the process: that a driver does not work holds for everybody."""


def give_up(name: str) -> None:
    """It has failed once and is not asked again until the program starts anew."""
    _given_up.add(name)


def trusted(name: str) -> bool:
    """Whether the encoder is known here and has not failed."""
    return name in KNOWN and name not in _given_up
