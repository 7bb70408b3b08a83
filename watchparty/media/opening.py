"""Opening a file somebody brought so that it can neither open another, nor reach a network, nor fill memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from watchparty.domain.container import sniff
from watchparty.domain.source import Unplayable

HEAD_BYTES = 4096
MOST_STREAMS = 64
MOST_PIXELS = 8192 * 4352
"""The largest picture decoded: 8K, with the padding some encoders add."""

_DEMUXERS = "mov,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mp3,flac,wav,aac"

_PICTURE_DECODERS = (
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,mpeg1video,mpeg2video,mpeg4,msmpeg4v2,msmpeg4v3,"
    "wmv1,wmv2,wmv3,vc1,h263,flv,theora,mjpeg,prores,dnxhd"
)
_SOUND_DECODERS = (
    "aac,aac_latm,mp1,mp1float,mp2,mp2float,mp3,mp3float,ac3,eac3,dca,opus,libopus,vorbis,libvorbis,flac,alac,"
    "wmav1,wmav2,amrnb,amrwb,adpcm_ms,adpcm_ima_wav,pcm_alaw,pcm_mulaw,pcm_dvd,pcm_bluray,pcm_u8,pcm_s8,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le"
)
_TEXT_DECODERS = "subrip,srt,ass,ssa,webvtt,mov_text,text"
_DECODERS = f"{_PICTURE_DECODERS},{_SOUND_DECODERS},{_TEXT_DECODERS}"
"""What is played; every other decoder stays shut, because the rarely used ones are where the holes are."""

# Titles in some other encoding than UTF-8 are no reason to refuse a film. PyAV 19 reads them so by itself, and has no
# such argument any more.
_LENIENT: dict[str, Any] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_SCRIPTS = (b"#EXTM3U", b"ffconcat", b"v=0", b"<?xml", b"<MPD", b"[playlist]", b"<ASX", b"<asx")


def head_of(path: str) -> bytes:
    """The first bytes of a file, enough to tell what it is."""
    with Path(path).open("rb") as file:
        return file.read(HEAD_BYTES)


def recognised(path: str) -> str:
    """The mime type of the file at `path`, told from its content; raises Unplayable."""
    head = head_of(path)
    mime = sniff(head)
    if mime is None:
        raise Unplayable(_refusal(head))
    return mime


@contextmanager
def opened(path: str) -> Iterator[InputContainer]:
    """The file at `path` for reading, closed at the end; raises Unplayable when it is not media that is played here."""
    container = open_media(path)
    try:
        yield container
    finally:
        container.close()


def open_media(path: str) -> InputContainer:
    """As `opened`, for whoever closes it later."""
    recognised(path)
    try:
        container: InputContainer = av.open(
            "file:" + str(Path(path).resolve()),
            "r",
            options={
                "format_whitelist": _DEMUXERS,
                "protocol_whitelist": "file",
                "codec_whitelist": _DECODERS,
                "max_streams": str(MOST_STREAMS),
                # Heeded while the streams are probed; below, while they are played.
                "max_pixels": str(MOST_PIXELS),
            },
            **_LENIENT,
        )
    except FFmpegError as error:
        raise Unplayable("The file is damaged or cut short: nothing in it can be played.") from error
    if len(container.streams) > MOST_STREAMS:
        container.close()
        raise Unplayable(f"The file has more than {MOST_STREAMS} tracks.")
    for stream in container.streams:
        context = stream.codec_context
        if context is not None and context.type in ("video", "audio"):
            context.options = {**context.options, "max_pixels": str(MOST_PIXELS)}
    return container


def picture(container: InputContainer) -> VideoStream | None:
    """The film's picture: the first video track that moves and is not a cover."""
    still = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
    return next((stream for stream in container.streams.video if not stream.disposition & still), None)


def decodable(name: str) -> bool:
    """Whether tracks of this decoder are played."""
    return name in _DECODERS.split(",")


def _refusal(head: bytes) -> str:
    """Why a file that is no known media is not taken, in the words of whoever dropped it."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        return "The file is empty."
    if text.startswith(_SCRIPTS):
        return "This is a playlist or a script that points to other files, not a film."
    if head.startswith(_PICTURES) or head[8:12] in (b"WEBP", b"avif", b"heic", b"mif1"):
        return "This is a picture, not a film."
    if not any(byte < 9 for byte in head):
        return "This is a text file, not a film."
    return "This is not a kind of media file that can be played here."
