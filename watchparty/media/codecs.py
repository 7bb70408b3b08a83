"""What a browser is told about a stream beforehand: codec strings (RFC 6381 and the codecs' own bindings)."""

from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.video.stream import VideoStream

from watchparty.media.access import codec_of
from watchparty.media.fmp4 import configuration, init_segment

_AAC_OBJECTS = {"Main": 1, "LC": 2, "SSR": 3, "LTP": 4, "HE-AAC": 5, "HE-AACv2": 29}
_SOUNDS = {"mp3": "mp4a.40.34", "ac3": "ac-3", "eac3": "ec-3", "opus": "opus", "flac": "flac", "alac": "alac"}
_RECORDS = {"h264": b"avcC", "hevc": b"hvcC", "vp9": b"vpcC", "av1": b"av1C"}
_BARE = {"h264": "avc1", "hevc": "hvc1", "vp9": "vp09", "av1": "av01"}
_UNSPECIFIED = 2
_BT709 = 1
_USUAL_COLOURS = "01.01.01"
_FULL_RANGE = 2
"""As libavutil counts."""


def video_codecs(stream: VideoStream) -> str:
    """The RFC 6381 string of a picture; the bare name where its parameters are not known.

    Read from the very record that players get, so that the two cannot differ.
    """
    codec = codec_of(stream)
    if codec not in _RECORDS:
        return codec
    try:
        record = configuration(init_segment(stream), _RECORDS[codec])
    except FFmpegError:
        record = None
    if not record or len(record) < 4 or (codec == "hevc" and len(record) < 13):
        return _BARE[codec]
    match codec:
        case "h264":
            return "avc1." + record[1:4].hex()
        case "hevc":
            return _hevc(record)
        case "vp9":
            return _vp9(record)
    return _av1(record, stream)


def audio_codecs(stream: AudioStream) -> str:
    """The RFC 6381 string of a sound track; the bare name where browsers have none for it."""
    name = stream.codec_context.name
    if name == "aac":
        return f"mp4a.40.{_AAC_OBJECTS.get(stream.codec_context.profile or 'LC', 2)}"
    return _SOUNDS.get(name.removesuffix("float"), name)


def _hevc(record: bytes) -> str:
    """ISO/IEC 14496-15, E.3, from the decoder configuration record."""
    space, tier, profile = record[1] >> 6, record[1] >> 5 & 1, record[1] & 31
    compatibility = int(f"{int.from_bytes(record[2:6], 'big'):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\0")
    parts = [f"{('', 'A', 'B', 'C')[space]}{profile}", f"{compatibility:X}", f"{'LH'[tier]}{record[12]}"]
    return ".".join(["hvc1", *parts, *(f"{byte:X}" for byte in constraints)])


def _vp9(record: bytes) -> str:
    """VP codecs in ISO media, "Codecs Parameter String", from the configuration record (a full box)."""
    profile, level, depth, chroma = record[4], record[5], record[6] >> 4, record[6] >> 1 & 7
    colours, full = _colours(record[7], record[8], record[9]), record[6] & 1
    # All of it or nothing: what is left out is taken to be so.
    extra = "" if (chroma, colours, full) == (1, _USUAL_COLOURS, 0) else f".{chroma:02d}.{colours}.{full:02d}"
    return f"vp09.{profile:02d}.{level:02d}.{depth:02d}{extra}"


def _av1(record: bytes, stream: VideoStream) -> str:
    """AV1 in ISO media, section 5, from the configuration record and, for colours, what the file says beside it."""
    profile, level, tier = record[1] >> 5, record[1] & 31, record[2] >> 7
    depth = 10 if record[2] & 0x40 else 8
    context = stream.codec_context
    colours = _colours(context.color_primaries, context.color_trc, context.colorspace)
    full = int(context.color_range == _FULL_RANGE)
    mono, chroma = record[2] >> 4 & 1, f"{record[2] >> 3 & 1}{record[2] >> 2 & 1}{record[2] & 3}"
    extra = "" if (colours, full) == (_USUAL_COLOURS, 0) else f".{mono}.{chroma}.{colours}.{full}"
    return f"av01.{profile}.{level:02d}{'MH'[tier]}.{depth:02d}{extra}"


def _colours(*named: int) -> str:
    """Primaries, transfer and matrix (ITU-T H.273), each the usual where it is not said."""
    return ".".join(f"{_BT709 if value in (0, _UNSPECIFIED) else value:02d}" for value in named)
