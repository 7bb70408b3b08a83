"""Sound for a new file: the source's packets as they are, or encoded anew, in step with the film from its start."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from watchparty.domain.source import TICKS, AudioTrack, Source
from watchparty.media.aac import FRAME, audio_specific_config, raw, silence
from watchparty.media.export import Piece
from watchparty.media.keyframes import in_ticks
from watchparty.media.pcm import sound_packets, window

_ENCODERS = {"aac": "aac", "mp3": "libmp3lame", "opus": "libopus", "flac": "flac", "wav": "pcm_s16le"}
_BIT_RATES = {"aac": 96_000, "mp3": 96_000, "opus": 64_000}
"""Bits per second and channel."""
_NAMES = {"opus": "opus", "flac": "flac", "mp4a.40.34": "mp3", "mp4a.40.2": "aac"}
"""RFC 6381 strings of what can be copied."""
_LOSSY_RATES = (32_000, 44_100, 48_000)
_DEEP = ("flac", "alac", "pcm_s24", "pcm_s32", "pcm_f32", "pcm_f64")
"""Codecs whose sound may be finer than 16 bits."""
_WINDOW_SECONDS = 10
_BYTES = 4


def copies(track: AudioTrack, codec: str) -> bool:
    """Whether the track's own packets can be taken for a sound of this codec."""
    return _NAMES.get(track.codecs) == codec and (codec != "aac" or track.copyable)


class EncodedSound:
    """The track as mono or stereo of another codec: aac, mp3, opus, flac or wav."""

    def __init__(
        self, output: OutputContainer, container: InputContainer, track: AudioTrack, source: Source, codec: str
    ) -> None:
        self._container, self._track, self._source = container, track, source
        # The change of rate is the encoder's, for it goes through the whole film: by pieces, it would be heard.
        self._rate, rate = track.sample_rate, _rate(track, codec)
        self._layout = "mono" if track.channels == 1 else "stereo"
        self._channels = 1 if track.channels == 1 else 2
        stream = output.add_stream(_encoder(track, codec), rate=rate)
        assert isinstance(stream, AudioStream)
        self._stream, context = stream, stream.codec_context
        context.layout = self._layout
        context.time_base = Fraction(1, rate)
        if codec == "flac":
            context.format = "s32" if track.codec.startswith(_DEEP) else "s16"
        if codec in _BIT_RATES:
            context.bit_rate = _BIT_RATES[codec] * self._channels
        if track.language:
            self._stream.metadata["language"] = track.language

    def pieces(self) -> Iterator[Piece]:
        for frame in self._frames():
            at = (frame.pts or 0) / self._rate
            yield at, None
            for packet in self._stream.encode(frame):
                yield at, packet
        for packet in self._stream.encode(None):
            yield self._source.duration, packet

    def _frames(self) -> Iterator[AudioFrame]:
        """The whole track in frames of at most a second."""
        rate, step = self._rate, _WINDOW_SECONDS * self._rate
        whole = round(self._source.duration * rate)
        for first in range(0, whole, step):
            last = min(first + step, whole)
            planes = window(self._container, self._track, self._source.start, rate, self._channels, first, last)
            for at in range(first, last, rate):
                yield self._frame(planes, at, min(at + rate, last), first)

    def _frame(self, planes: list[bytearray], first: int, last: int, zero: int) -> AudioFrame:
        frame = AudioFrame(format="fltp", layout=self._layout, samples=last - first)
        for plane, samples in zip(frame.planes, planes, strict=True):
            data = samples[(first - zero) * _BYTES : (last - zero) * _BYTES]
            # A plane may be longer than its samples, for the sake of alignment.
            plane.update(bytes(data).ljust(plane.buffer_size, b"\0"))
        frame.sample_rate, frame.time_base, frame.pts = self._rate, Fraction(1, self._rate), first
        return frame


class CopiedSound:
    """The track's own packets."""

    def __init__(self, output: OutputContainer, container: InputContainer, track: AudioTrack, source: Source) -> None:
        self._container, self._track, self._source = container, track, source
        stream = container.streams[track.index]
        assert isinstance(stream, AudioStream)
        self._read = stream
        self._stream = output.add_stream_from_template(stream)
        context = stream.codec_context
        if track.codecs.startswith("mp4a.40") and track.copyable and not context.extradata:
            self._stream.codec_context.extradata = audio_specific_config(context.sample_rate, context.channels)
        if track.language:
            self._stream.metadata["language"] = track.language

    def pieces(self) -> Iterator[Piece]:
        return self._aac() if self._track.copyable else self._others()

    def _found(self) -> Iterator[Packet[Any]]:
        source, track = self._source, self._track
        begins = source.start + track.begins * TICKS // track.sample_rate
        end = source.start + int(source.duration * TICKS)
        for packet in sound_packets(self._container, self._read, begins, source.start, end):
            if packet.pts is not None:
                yield packet

    def _aac(self) -> Iterator[Piece]:
        """Frame after frame on one grid, as they are played: silence where the film has none, none twice."""
        rate, phase = self._track.sample_rate, self._track.begins % FRAME
        quiet, number = silence(rate, self._track.channels), 0
        for packet in self._found():
            sample = (in_ticks(packet.pts or 0, packet.time_base) - self._source.start) * rate / TICKS
            wanted = round((sample - phase) / FRAME)
            while number < wanted:
                yield self._aac_frame(quiet, phase, number)
                number += 1
            if number == wanted:
                yield self._aac_frame(raw(bytes(packet)), phase, number)
                number += 1
        while phase + (number + 1) * FRAME <= self._source.duration * rate:
            yield self._aac_frame(quiet, phase, number)
            number += 1

    def _aac_frame(self, data: bytes, phase: int, number: int) -> Piece:
        packet: Packet[Any] = Packet(data)
        at = phase + number * FRAME
        return at / self._track.sample_rate, self._placed(packet, at, FRAME, Fraction(1, self._track.sample_rate))

    def _others(self) -> Iterator[Piece]:
        last: int | None = None
        for packet in self._found():
            base = Fraction(packet.time_base.numerator, packet.time_base.denominator)
            at = round((packet.pts or 0) - Fraction(self._source.start, TICKS) / base)
            if last is not None and at <= last:
                continue
            last = at
            yield float(at * base), self._placed(packet, at, packet.duration or 0, base)

    def _placed(self, packet: Packet[Any], at: int, duration: int, time_base: Fraction) -> Packet[Any]:
        packet.stream = self._stream
        packet.time_base = time_base
        packet.pts, packet.dts, packet.duration = at, at, duration
        return packet


def _encoder(track: AudioTrack, codec: str) -> str:
    if codec == "wav" and track.codec.startswith(_DEEP):
        return "pcm_s24le"
    return _ENCODERS[codec]


def _rate(track: AudioTrack, codec: str) -> int:
    """Samples a second: the source's own where the codec takes it, else the nearest it divides evenly."""
    if codec == "opus":
        return 48_000
    if codec in ("flac", "wav") or track.sample_rate in _LOSSY_RATES:
        return track.sample_rate
    return 44_100 if track.sample_rate % 11_025 == 0 else 48_000
