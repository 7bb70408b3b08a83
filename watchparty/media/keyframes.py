"""Where a file's picture can be cut without encoding it, read from the cheapest place the container offers."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, pairwise
from typing import Any, Protocol

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Discard
from av.video.stream import VideoStream

from watchparty.domain.grid import SHORTEST_COPY, Refused
from watchparty.domain.source import TICKS
from watchparty.media.access import begins_anew

MOST_INDEX_ENTRIES = 5_000_000
_SAMPLED_KEYFRAMES = 8
SAME = TICKS // 200
"""Two times this close are one: containers round to milliseconds."""
_LED_IN = 1_000
"""Pictures among which those that are trimmed away at the beginning are looked for."""
_JITTER = Fraction(2, 1000)
"""Seconds by which frames may differ in length and still count as evenly spaced."""
_OPEN_GOP = "The picture's keyframes depend on what comes before them, so it cannot be cut."


def keyframes(container: InputContainer, stream: VideoStream, end: int) -> list[int]:
    """Presentation times of the picture's keyframes, ascending, in ticks of the file's own time.

    `end` is when the film ends on that time. Raises Refused when they are no places to cut at.
    """
    name = container.format.name
    if not says_when_shown(container):
        raise Refused("The file does not say when each picture is shown, so it has to be encoded anew.")
    times: list[int] = []
    if "mov" in name:
        times = _from_mov_index(container, stream)
    elif "matroska" in name:
        times = _from_cues(container, stream)
    if times and end - times[-1] <= 4 * SHORTEST_COPY and _samples_agree(container, stream, times):
        return times
    return _from_packets(container, stream)


def says_when_shown(container: InputContainer) -> bool:
    """Whether pictures carry the time at which they are shown. AVI has only their order, and libavformat guesses."""
    return container.format.name != "avi"


def is_trimmed(container: InputContainer, stream: VideoStream) -> bool:
    """Whether an edit list has pictures at the beginning decoded but not shown."""
    return "mov" in container.format.name and any(entry.is_discard for entry in islice(stream.index_entries, _LED_IN))


class TimeBase(Protocol):
    """Seconds in a unit of time: a Fraction, or the number of its own that PyAV 19 has for it."""

    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


def in_ticks(timestamp: int, time_base: TimeBase) -> int:
    # Whole numbers alone: this stands in every loop over packets.
    scaled, parts = timestamp * time_base.numerator * TICKS, time_base.denominator
    return (2 * scaled + parts) // (2 * parts)


def seek(container: InputContainer, stream: VideoStream, ticks: int) -> None:
    """To the last keyframe at or before `ticks` of the file's own time, as far as the container can tell."""
    assert stream.time_base is not None
    wanted = max(round(Fraction(ticks, TICKS) / stream.time_base), _earliest(stream))
    try:
        container.seek(wanted, stream=stream)
    except FFmpegError:
        # Some demuxers refuse to go to a time before the first picture.
        if stream.start_time is None or wanted >= stream.start_time:
            raise
        container.seek(stream.start_time, stream=stream)


def packets(container: InputContainer, *streams: object) -> Iterator[Packet[Any]]:
    """Packets until the end or the first place that cannot be read; none is empty."""
    while True:
        try:
            for packet in container.demux(*streams):
                if packet.size:
                    yield packet
            return
        except FFmpegError:
            return
        except IndexError:
            # A track that was not there at first has begun, and av does not know it: begun anew, it passes it over.
            continue


def _earliest(stream: VideoStream) -> int:
    return min(0, stream.start_time or 0)


def _from_mov_index(container: InputContainer, stream: VideoStream) -> list[int]:
    """From the sample tables. They hold decoding times; presentation times follow them evenly, or each is asked for."""
    entries = stream.index_entries
    if not len(entries) or len(entries) > MOST_INDEX_ENTRIES:
        return []
    decoding: list[int] = []
    keys: list[int] = []
    size = container.size or 0
    for entry in entries:
        if entry.is_discard:
            raise Refused("The film was trimmed at a place where its picture cannot be cut.")
        if size > 0 and entry.pos + entry.size > size:
            break
        decoding.append(entry.timestamp)
        if entry.is_keyframe:
            keys.append(entry.timestamp)
    if not keys:
        return []
    assert stream.time_base is not None
    time_base = stream.time_base
    shift = _shown_at(container, stream, keys[0], 0) - in_ticks(keys[0], time_base)
    steps = {after - before for before, after in pairwise(decoding)} or {0}
    if (max(steps) - min(steps)) * time_base <= _JITTER or not stream.codec_context.has_b_frames:
        return [in_ticks(at, time_base) + shift for at in keys]
    return [_shown_at(container, stream, at, shift) for at in _thinned(keys, time_base)]


def _thinned(keys: list[int], time_base: TimeBase) -> list[int]:
    """Only those that can become boundaries: asking the rest would read all over the file."""
    apart = (SHORTEST_COPY - TICKS // 10) * time_base.denominator // (time_base.numerator * TICKS)
    kept = keys[:1]
    for at in keys[1:]:
        if at - kept[-1] >= apart:
            kept.append(at)
    return kept


def _shown_at(container: InputContainer, stream: VideoStream, decoded_at: int, shift: int) -> int:
    """The presentation time of the keyframe with this decoding time, probably `shift` ticks later."""
    assert stream.time_base is not None
    container.seek(decoded_at + round(Fraction(shift, TICKS) / stream.time_base), stream=stream)
    for packet in packets(container, stream):
        if packet.is_keyframe and packet.pts is not None and packet.dts is not None and packet.dts >= decoded_at:
            return in_ticks(packet.pts, packet.time_base)
    raise Refused("The picture's keyframes are not where the file says they are.")


def _from_cues(container: InputContainer, stream: VideoStream) -> list[int]:
    """From the cues of Matroska, which the first seek loads."""
    assert stream.time_base is not None
    try:
        seek(container, stream, 0)
    except FFmpegError:
        return []
    entries = stream.index_entries
    if len(entries) > MOST_INDEX_ENTRIES:
        return []
    return sorted(in_ticks(entry.timestamp, stream.time_base) for entry in entries if entry.is_keyframe)


def _from_packets(container: InputContainer, stream: VideoStream) -> list[int]:
    """From reading the whole file, where it has no index that says."""
    for other in container.streams:
        other.discard = Discard.default if other.index == stream.index else Discard.all
    try:
        seek(container, stream, 0)
    except FFmpegError as error:
        raise Refused("The file cannot be searched.") from error
    times: list[int] = []
    key: Packet[Any] | None = None
    for packet in packets(container, stream):
        if packet.pts is None:
            raise Refused("The picture's timestamps are missing, so it has to be encoded anew.")
        if key is not None:
            _check(stream, key, packet)
        key = packet if packet.is_keyframe else None
        if key is not None:
            times.append(in_ticks(packet.pts, packet.time_base))
    return sorted(times)


def _samples_agree(container: InputContainer, stream: VideoStream, times: list[int]) -> bool:
    """Whether a few keyframes, all over the film, are where the index says; raises Refused when none can be cut at."""
    for at in times[:: max(1, len(times) // _SAMPLED_KEYFRAMES)]:
        seek(container, stream, at)
        read = packets(container, stream)
        packet = next((packet for packet in read if packet.is_keyframe), None)
        if packet is None or packet.pts is None or abs(in_ticks(packet.pts, packet.time_base) - at) > SAME:
            return False
        _check(stream, packet, next(read, None))
    return True


def _check(stream: VideoStream, key: Packet[Any], after: Packet[Any] | None) -> None:
    if not begins_anew(stream, key, after):
        raise Refused(_OPEN_GOP)
