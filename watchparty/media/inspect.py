"""A new file looked at once: what it holds, whether it can be played, and where it is cut."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from watchparty.domain.grid import Grid, Refused, copied, uncopied
from watchparty.domain.source import TICKS, AudioTrack, Chapter, Source, SubtitleTrack, Unplayable, VideoTrack
from watchparty.media.access import codec_of
from watchparty.media.codecs import audio_codecs, video_codecs
from watchparty.media.keyframes import in_ticks, is_trimmed, keyframes, packets, says_when_shown
from watchparty.media.opening import decodable, opened, picture, recognised

LONGEST = 48 * 3600
"""Seconds; what claims to be longer is damaged or meant to do damage."""

_PACKETS_BEFORE_GIVING_UP = 5000
_TEXT_SUBTITLES = frozenset({"subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"})
_TAIL = 5 * TICKS
_COPYABLE_DEPTHS = {"h264": (8,), "hevc": (8, 10), "vp9": (8, 10), "av1": (8, 10)}
_COPYABLE_PIXELS = ("yuv420p", "yuvj420p", "yuv420p10le")
_AAC_RATES = frozenset({48_000, 44_100, 32_000, 24_000, 22_050})
_MOST_COPIED_CHANNELS = 6
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 768_000


@dataclass(frozen=True)
class Inspection:
    source: Source
    grid: Grid


@dataclass
class _Beginning:
    """What the first packets show: when each track begins, and the first picture."""

    firsts: dict[int, int]
    frame: VideoFrame | None


def inspect(path: str) -> Inspection:
    """What the file at `path` holds and where it is cut; raises Unplayable with a sentence for whoever brought it."""
    mime_type = recognised(path)
    with opened(path) as container:
        video = picture(container)
        audios = [stream for stream in container.streams.audio if _decodes(stream) and _sounds(stream)]
        if video is not None and not _decodes(video):
            raise Unplayable(f"The picture is of a kind ({_name(video)}) that is not played here.")
        if video is None and not audios:
            raise Unplayable("The file has neither a picture nor sound that can be played.")
        beginning = _beginning(container, video, audios)
        audios = [stream for stream in audios if stream.index in beginning.firsts]
        if video is not None and beginning.frame is None:
            raise Unplayable("The picture cannot be decoded: the file is damaged or cut short.")
        if video is None and not audios:
            raise Unplayable("The file is damaged or cut short: nothing in it can be played.")
        return _inspection(container, mime_type, video, audios, beginning)


def _inspection(
    container: InputContainer,
    mime_type: str,
    video: VideoStream | None,
    audios: list[AudioStream],
    beginning: _Beginning,
) -> Inspection:
    streams: list[Stream] = [*([video] if video else []), *audios]
    start = min(_begins(stream, beginning) for stream in streams)
    end = _end(container, streams)
    duration = end - start
    if duration <= TICKS // 20:
        raise Unplayable("The file holds a single picture, not a film." if video else "The sound is too short to play.")
    if duration > LONGEST * TICKS:
        raise Unplayable(f"The file claims to last more than {LONGEST // 3600} hours.")
    track = _video_track(video, beginning, start) if video else None
    source = Source(
        container=container.format.name,
        mime_type=mime_type,
        duration=duration / TICKS,
        start=start,
        bit_rate=_bit_rate(container, duration),
        video=track,
        audios=tuple(_audio_track(stream, beginning, start) for stream in audios),
        subtitles=tuple(_subtitle_track(stream, start) for stream in container.streams.subtitles if _decodes(stream)),
        chapters=_chapters(container, start),
    )
    return Inspection(source, _grid(container, video, track, start, end))


def _decodes(stream: Stream) -> bool:
    return stream.codec_context is not None and decodable(stream.codec_context.name)


def _sounds(stream: AudioStream) -> bool:
    """Whether a track claims to be such as there is; what is damaged may have no channels, or a rate of one sample."""
    context = stream.codec_context
    return context.channels >= 1 and _LOWEST_RATE <= context.sample_rate <= _HIGHEST_RATE


def _name(stream: Stream) -> str:
    return stream.codec_context.name if stream.codec_context is not None else "unknown"


def _beginning(container: InputContainer, video: VideoStream | None, audios: list[AudioStream]) -> _Beginning:
    """Reads from the front until every track has begun and one picture is decoded."""
    found = _Beginning({}, None)
    wanted = {stream.index for stream in audios} | ({video.index} if video else set())
    streams = [stream for stream in container.streams if stream.index in wanted]
    for count, packet in enumerate(packets(container, *streams)):
        timestamp = _presented(container, packet)
        if timestamp is not None:
            found.firsts.setdefault(packet.stream_index, in_ticks(timestamp, packet.time_base))
        if video is not None and found.frame is None and packet.stream_index == video.index:
            found.frame = _first_frame(video, packet)
        done = wanted <= found.firsts.keys() and (video is None or found.frame is not None)
        if done or count > _PACKETS_BEFORE_GIVING_UP:
            break
    if video is not None and found.frame is None:
        found.frame = _first_frame(video, None)
    return found


def _presented(container: InputContainer, packet: Packet[Any]) -> int | None:
    """When a packet is shown or heard, in its own time base, as far as the file says."""
    if packet.pts is not None and says_when_shown(container):
        return packet.pts
    return packet.dts if packet.dts is not None else packet.pts


def _first_frame(video: VideoStream, packet: object) -> VideoFrame | None:
    with suppress(FFmpegError):
        return next(iter(video.codec_context.decode(packet)), None)  # type: ignore[arg-type]
    return None


def _begins(stream: Stream, beginning: _Beginning) -> int:
    """When a track is first shown or heard, in ticks of the file's own time."""
    if stream.start_time is not None and stream.time_base is not None:
        return in_ticks(stream.start_time, stream.time_base)
    return beginning.firsts.get(stream.index, 0)


def _end(container: InputContainer, streams: list[Stream]) -> int:
    """When the last track ends. What is stated is checked by reading the tail, for files are cut short."""
    stated = _stated_end(container, streams)
    found = _last_shown(container, streams, stated - _TAIL) if stated is not None else None
    if found is None or stated is None or stated - found > _TAIL:
        found = _last_shown(container, streams, None)
    if found is None:
        raise Unplayable("The file is damaged or cut short: nothing in it can be played.")
    return found


def _stated_end(container: InputContainer, streams: list[Stream]) -> int | None:
    ends = [
        in_ticks((stream.start_time or 0) + stream.duration, stream.time_base)
        for stream in streams
        if stream.duration and stream.time_base is not None
    ]
    if len(ends) == len(streams):
        return max(ends)
    if container.duration is None:
        return None
    return round(((container.start_time or 0) + container.duration) * TICKS / 1_000_000)


def _last_shown(container: InputContainer, streams: list[Stream], since: int | None) -> int | None:
    """The end of the last packet, reading from `since` (ticks), or everything from the start."""
    try:
        container.seek(min(0, container.start_time or 0) if since is None else since * 1_000_000 // TICKS)
    except FFmpegError:
        return None
    last: int | None = None
    for packet in packets(container, *streams):
        timestamp = _presented(container, packet)
        if timestamp is not None:
            ends = in_ticks(timestamp + (packet.duration or 0), packet.time_base)
            last = ends if last is None else max(last, ends)
    return last


def _bit_rate(container: InputContainer, duration: int) -> int:
    size = container.size or 0
    return round(size * 8 * TICKS / duration) if size > 0 else container.bit_rate


def _grid(container: InputContainer, video: VideoStream | None, track: VideoTrack | None, start: int, end: int) -> Grid:
    if video is None or track is None:
        return uncopied(end - start, None, 0, None)
    frame = Fraction(TICKS * track.frame_rate[1], track.frame_rate[0]) if track.frame_rate else None
    refusal = _copy_refusal(track)
    if refusal is None:
        try:
            times = [at - start for at in keyframes(container, video, end)]
            return copied(times, end - start, frame, track.begins)
        except Refused as refused:
            refusal = str(refused)
        except FFmpegError:
            refusal = "The file cannot be searched."
    return uncopied(end - start, frame, track.begins, refusal)


def _copy_refusal(track: VideoTrack) -> str | None:
    """Why the picture is not handed out as it is; None when it is, for browsers that can show such."""
    if track.codec not in _COPYABLE_DEPTHS:
        return f"The picture is {track.codec_name}, which browsers do not show."
    if track.bit_depth not in _COPYABLE_DEPTHS[track.codec]:
        return f"The picture has {track.bit_depth} bits a colour, which browsers do not show in {track.codec_name}."
    if track.pixel_format not in _COPYABLE_PIXELS:
        return "The picture's colours are stored in a way browsers do not show."
    if track.interlaced:
        return "The picture is interlaced."
    if track.rotation:
        return "The picture is stored turned and has to be set upright."
    if "." not in track.codecs:
        return f"The picture does not say which kind of {track.codec_name} it is."
    return None


def _video_track(stream: VideoStream, beginning: _Beginning, start: int) -> VideoTrack:
    frame = beginning.frame
    assert stream.time_base is not None and frame is not None
    shape = stream.sample_aspect_ratio or Fraction(1)
    shape = shape if Fraction(1, 10) <= shape <= 10 else Fraction(1)
    rotation = round(-frame.rotation / 90) * 90 % 360
    width, height = round(frame.width * shape), frame.height
    if rotation in (90, 270):
        width, height = height, width
    rate = stream.average_rate or stream.guessed_rate
    begins = in_ticks(frame.pts, frame.time_base or stream.time_base) if frame.pts is not None else None
    if begins is None or not says_when_shown(stream.container):  # type: ignore[arg-type]
        begins = _begins(stream, beginning)
    return VideoTrack(
        index=stream.index,
        codec=codec_of(stream),
        codecs=video_codecs(stream),
        profile=stream.codec_context.profile,
        width=frame.width,
        height=frame.height,
        display_width=width,
        display_height=height,
        rotation=rotation,
        frame_rate=(rate.numerator, rate.denominator) if rate and 1 <= rate <= 300 else None,
        pixel_format=frame.format.name,
        bit_depth=frame.format.components[0].bits,
        interlaced=frame.interlaced_frame or stream.codec_context.field_order > 1,
        transfer=frame.color_trc,
        bit_rate=stream.bit_rate or None,
        begins=begins - start,
        trimmed=is_trimmed(stream.container, stream),  # type: ignore[arg-type]
    )


def _audio_track(stream: AudioStream, beginning: _Beginning, start: int) -> AudioTrack:
    context = stream.codec_context
    begins = beginning.firsts[stream.index] - start
    return AudioTrack(
        index=stream.index,
        codec=context.name.removesuffix("float"),
        codecs=audio_codecs(stream),
        profile=context.profile,
        sample_rate=context.sample_rate,
        channels=context.channels,
        language=_language(stream),
        title=stream.metadata.get("title"),
        default=bool(stream.disposition & Disposition.default),
        bit_rate=context.bit_rate or None,
        begins=round(begins * context.sample_rate / TICKS),
        copyable=_aac_copies(stream),
    )


def _aac_copies(stream: AudioStream) -> bool:
    """AAC-LC in 1024-sample frames, in a layout and at a rate that every browser takes."""
    context = stream.codec_context
    return (
        context.name == "aac"
        and context.profile == "LC"
        and context.frame_size in (0, 1024)
        and context.sample_rate in _AAC_RATES
        and 1 <= context.channels <= _MOST_COPIED_CHANNELS
    )


def _subtitle_track(stream: SubtitleStream, start: int) -> SubtitleTrack:
    return SubtitleTrack(
        index=stream.index,
        codec=stream.codec_context.name,
        language=_language(stream),
        title=stream.metadata.get("title"),
        default=bool(stream.disposition & Disposition.default),
        forced=bool(stream.disposition & Disposition.forced),
        text=stream.codec_context.name in _TEXT_SUBTITLES,
        start=start,
    )


def _language(stream: Stream) -> str | None:
    language = stream.language
    return None if language in (None, "", "und") else language


def _chapters(container: InputContainer, start: int) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            start=max(0.0, float(chapter["start"] * chapter["time_base"]) - start / TICKS),
            end=max(0.0, float(chapter["end"] * chapter["time_base"]) - start / TICKS),
            title=chapter["metadata"].get("title", ""),
        )
        for chapter in container.chapters()
        if chapter["time_base"]
    )
