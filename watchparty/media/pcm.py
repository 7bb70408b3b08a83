"""Decoded sound at exact places of the presentation timeline, whatever a container does to its timestamps."""

from __future__ import annotations  # av's packets are generic for the type checker alone

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet

from watchparty.domain.source import TICKS, AudioTrack
from watchparty.media.keyframes import in_ticks, packets
from watchparty.media.opening import picture

_BYTES = 4
_JUMP_SECONDS = 0.04
"""Timestamps that stray less than this from the count of samples are jitter; more is a gap or an overlap."""
_SNAP_SECONDS = 0.002
_WARM_UP = TICKS * 35 // 100
"""Decoders need some packets before what they give is what it would have been."""
_FURTHER_BACK = (0, TICKS, 10 * TICKS, 60 * TICKS)
_BEYOND = 10 * TICKS
"""Once other tracks are this far past the end, no more sound will come."""


@dataclass
class _Run:
    """Frames that follow each other without a gap; their place is the mean of what their timestamps say."""

    frames: list[AudioFrame] = field(default_factory=list)
    samples: int = 0
    error: float = 0.0
    """Sum over the frames of stated position minus counted position."""

    @property
    def place(self) -> float:
        return self.error / len(self.frames)


def window(
    container: InputContainer, track: AudioTrack, start: int, sample_rate: int, channels: int, first: int, last: int
) -> list[bytearray]:
    """Samples `first` to `last` at `sample_rate`, one plane of 32-bit floats per channel; silence where there are none.

    `start` is the file's own time, in ticks, of the timeline's 0.
    """
    stream = container.streams[track.index]
    assert isinstance(stream, AudioStream)
    planes = [bytearray((last - first) * _BYTES) for _ in range(channels)]
    low, high = (start + sample * TICKS // sample_rate for sample in (first, last))
    for run in _runs(container, stream, track, start, low, high):
        place = round(_snapped(run.place, stream.codec_context.frame_size, track) * sample_rate / track.sample_rate)
        for frame in _converted(run.frames, sample_rate, channels):
            _put(planes, frame, place - first)
            place += frame.samples
    return planes


def sound_packets(
    container: InputContainer, stream: AudioStream, begins: int, low: int, high: int
) -> Iterator[Packet[AudioStream]]:
    """Packets of a sound track heard from `low` to `high`, both in ticks of the file's own time, and some around them.

    `begins` is when its first packet is heard.
    """
    guides = _listen_to(container, stream)
    assert stream.time_base is not None
    index, enough = stream.index, high * stream.time_base.denominator / (stream.time_base.numerator * TICKS)
    for packet in _from(container, guides, stream, max(low, begins), low):
        timestamp = packet.dts if packet.dts is not None else packet.pts
        if packet.stream_index == index:
            yield packet
            if timestamp is not None and timestamp > enough:
                return
        elif timestamp is not None and in_ticks(timestamp, packet.time_base) > high + _BEYOND:
            return


def _listen_to(container: InputContainer, stream: AudioStream) -> list[Any]:
    """The tracks to read: the picture too, which tells when to stop, except where it can be skipped unread."""
    guide = picture(container)
    guides = [stream] if guide is None or "mov" in container.format.name else [stream, guide]
    chosen = {each.index for each in guides}
    for each in container.streams:
        each.discard = av.stream.Discard.default if each.index in chosen else av.stream.Discard.all
    return guides


def _from(
    container: InputContainer, guides: list[Any], stream: AudioStream, wanted: int, low: int
) -> Iterator[Packet[Any]]:
    """Packets from a place where the sound stands at `wanted` or before."""
    for back in _FURTHER_BACK:
        try:
            _seek(container, stream, low - back)
        except FFmpegError:
            continue
        read = packets(container, *guides)
        waiting: list[Packet[Any]] = []
        for packet in read:
            waiting.append(packet)
            if packet.stream_index == stream.index:
                break
        mine = waiting[-1] if waiting and waiting[-1].stream_index == stream.index else None
        here = mine is not None and mine.pts is not None and in_ticks(mine.pts, mine.time_base) <= wanted
        if here or back == _FURTHER_BACK[-1]:
            yield from waiting
            yield from read
            return


def _seek(container: InputContainer, stream: AudioStream, ticks: int) -> None:
    """Sound has an index of its own in MP4; elsewhere the picture's says where to go."""
    if "mov" in container.format.name and stream.time_base is not None:
        container.seek(math.floor(Fraction(ticks, TICKS) / stream.time_base), stream=stream)
    else:
        container.seek(ticks * 1_000_000 // TICKS)


def _runs(
    container: InputContainer, stream: AudioStream, track: AudioTrack, start: int, low: int, high: int
) -> Iterator[_Run]:
    run, counted = _Run(), 0.0
    begins = start + track.begins * TICKS // track.sample_rate
    time_base = stream.time_base or Fraction(1, TICKS)
    for frame in _frames(sound_packets(container, stream, begins, low - _WARM_UP, high)):
        stated = counted
        if frame.pts is not None:
            stated = (in_ticks(frame.pts, time_base) - start) * track.sample_rate / TICKS
        if run.frames and abs(stated - run.place - run.samples) > _JUMP_SECONDS * track.sample_rate:
            yield run
            run = _Run()
        run.frames.append(frame)
        run.error += stated - run.samples
        run.samples += frame.samples
        counted = stated + frame.samples
    if run.frames:
        yield run


def _frames(found: Iterator[Packet[AudioStream]]) -> Iterator[AudioFrame]:
    context = None
    for packet in found:
        context = packet.stream.codec_context
        yield from _decoded(packet)
    if context is not None:
        try:
            yield from context.decode(None)
        except FFmpegError:
            return
        finally:
            context.flush_buffers()


def _decoded(packet: Packet[AudioStream]) -> list[AudioFrame]:
    try:
        return [frame for frame in packet.decode() if frame.samples]
    except FFmpegError:
        return []


def _snapped(place: float, frame_size: int, track: AudioTrack) -> float:
    """The place in steps of whole frames from the track's beginning, where timestamps are too coarse to tell."""
    if frame_size <= 1:
        return round(place)
    snapped = track.begins + round((place - track.begins) / frame_size) * frame_size
    return snapped if abs(snapped - place) <= _SNAP_SECONDS * track.sample_rate else round(place)


def _converted(frames: list[AudioFrame], sample_rate: int, channels: int) -> Iterator[AudioFrame]:
    """The frames as planar floats at another rate and in one or two channels; a change in mid-stream is followed."""
    resampler: AudioResampler | None = None
    shape: tuple[object, ...] = ()
    for frame in frames:
        frame.pts = None
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or now != shape:
            if resampler is not None:
                yield from resampler.resample(None)
            resampler = AudioResampler(format="fltp", layout="mono" if channels == 1 else "stereo", rate=sample_rate)
            shape = now
        yield from resampler.resample(frame)
    if resampler is not None:
        yield from resampler.resample(None)


def _put(planes: list[bytearray], frame: AudioFrame, at: int) -> None:
    """Copies what of the frame lies inside the planes; `at` is its first sample's place in them."""
    size = len(planes[0]) // _BYTES
    skip = max(0, -at)
    count = min(frame.samples - skip, size - at - skip)
    if count <= 0:
        return
    for plane, source in zip(planes, frame.planes, strict=True):
        data = memoryview(source)[skip * _BYTES : (skip + count) * _BYTES]
        plane[(at + skip) * _BYTES : (at + skip + count) * _BYTES] = data
