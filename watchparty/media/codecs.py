"""What a browser is told about a stream beforehand: codec strings (RFC 6381 and the codecs' own bindings)."""

from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from watchparty.media.nal import sps_of

_AAC_OBJECTS = {"Main": 1, "LC": 2, "SSR": 3, "LTP": 4, "HE-AAC": 5, "HE-AACv2": 29}
_SOUNDS = {"mp3": "mp4a.40.34", "ac3": "ac-3", "eac3": "ec-3", "opus": "opus", "flac": "flac", "alac": "alac"}
_VP9_LEVELS = (
    (10, 36_864),
    (20, 122_880),
    (30, 552_960),
    (31, 983_040),
    (40, 2_228_224),
    (50, 8_912_896),
    (60, 35_651_584),
)
"""Level and largest picture in pixels."""


def video_codecs(stream: VideoStream) -> str:
    """The RFC 6381 string of a picture; the bare name where its parameters are not known."""
    context = stream.codec_context
    extradata = context.extradata or b""
    if context.name == "h264":
        levels = sps_of(extradata)
        return "avc1." + levels.hex() if levels else "avc1"
    if context.name == "hevc" and len(extradata) > 12 and extradata[0] == 1:
        return _hevc(extradata)
    if context.name in ("av1", "libdav1d") and len(extradata) >= 4:
        return _av1(extradata)
    if context.name in ("vp9", "libvpx-vp9"):
        return _vp9(stream)
    return {"vp8": "vp8", "hevc": "hvc1", "av1": "av01", "libdav1d": "av01"}.get(context.name, context.name)


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


def _av1(record: bytes) -> str:
    """AV1 in ISO media, section 5, from the configuration record."""
    profile, level, tier = record[1] >> 5, record[1] & 31, record[2] >> 7
    depth = 10 if record[2] & 0x40 else 8
    return f"av01.{profile}.{level:02d}{'MH'[tier]}.{depth:02d}"


def _vp9(stream: VideoStream) -> str:
    """VP9 in ISO media: profile, level and bit depth."""
    profile = (stream.codec_context.profile or "Profile 0")[-1]
    pixels = stream.codec_context.width * stream.codec_context.height
    level = next((level for level, most in _VP9_LEVELS if pixels <= most), _VP9_LEVELS[-1][0])
    depth = stream.format.components[0].bits if stream.codec_context.pix_fmt else 8
    return f"vp09.{int(profile) if profile.isdigit() else 0:02d}.{level}.{depth:02d}"
