"""AAC encoding in pieces that join without a click, and AAC packets of others put into MP4."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from watchparty.media.fmp4 import Nowhere

FRAME = 1024
"""Samples."""
PREROLL, POSTROLL = 4, 2
"""Frames encoded before and after a piece and dropped; without both, the join is heard."""

_BYTES = 4
"""A sample is a 32-bit float."""
_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1"}
_ADTS_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


class AacEncoder:
    """An encoder for one piece of sound; close it afterwards."""

    def __init__(self, sample_rate: int, channels: int, bit_rate: int) -> None:
        self._output: OutputContainer = av.open(Nowhere(), "w", format="mp4", options={"movflags": "empty_moov"})
        self.stream: AudioStream = self._output.add_stream("aac", rate=sample_rate)
        context = self.stream.codec_context
        context.layout = _LAYOUTS[channels]
        context.format = "fltp"
        context.bit_rate = bit_rate
        context.time_base = Fraction(1, sample_rate)
        self._layout = _LAYOUTS[channels]
        self._sample_rate = sample_rate
        self._output.start_encoding()

    def encode(self, channels: Sequence[bytes], first_sample: int) -> list[Packet[Any]]:
        """Whole frames of planar 32-bit floats; packets carry the sample at which they are heard."""
        packets: list[Packet[Any]] = []
        for number in range(len(channels[0]) // (FRAME * _BYTES)):
            frame = AudioFrame(format="fltp", layout=self._layout, samples=FRAME)
            for plane, channel in zip(frame.planes, channels, strict=True):
                plane.update(channel[number * FRAME * _BYTES : (number + 1) * FRAME * _BYTES])
            frame.sample_rate = self._sample_rate
            frame.time_base = Fraction(1, self._sample_rate)
            frame.pts = first_sample + number * FRAME
            packets += self.stream.encode(frame)
        return packets + self.stream.encode(None)

    def close(self) -> None:
        self._output.close()

    def __enter__(self) -> AacEncoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@cache
def silence(sample_rate: int, channels: int) -> bytes:
    """One AAC frame of silence."""
    with AacEncoder(sample_rate, channels, 64_000) as encoder:
        packets = encoder.encode([bytes(FRAME * _BYTES * 4)] * channels, 0)
    return bytes(packets[2])


def raw(packet: bytes) -> bytes:
    """An AAC frame without the ADTS header that transport streams put before it (ISO/IEC 13818-7, 6.2)."""
    if len(packet) > 7 and packet[0] == 0xFF and packet[1] & 0xF6 == 0xF0:
        return packet[7 if packet[1] & 1 else 9 :]
    return packet


def audio_specific_config(sample_rate: int, channels: int) -> bytes:
    """What a decoder of AAC-LC needs to know (ISO/IEC 14496-3, 1.6.2.1), where the file has only ADTS headers."""
    return (2 << 11 | _ADTS_RATES.index(sample_rate) << 7 | channels << 3).to_bytes(2, "big")
