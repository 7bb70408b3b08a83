"""Whether decoding can begin at a packet as though nothing had been before it: random access points, by codec."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator
from typing import Any

from av.packet import Packet
from av.video.stream import VideoStream

from watchparty.media.nal import begins_with_idr, begins_with_irap

_FRAME_HEADER, _FRAME = 3, 6
"""Types of AV1's open bitstream units that begin a picture."""


def begins_anew(stream: VideoStream, packet: Packet[Any], after: Packet[Any] | None) -> bool:
    """Whether no picture from this packet on, in the order of showing too, needs one before it.

    `after` is the picture's next packet. What a container calls a keyframe need not be one: the pictures that lead
    a CRA of HEVC, or follow an I picture of H.264, may look behind it.
    """
    extradata = stream.codec_context.extradata
    match codec_of(stream):
        case "h264":
            return begins_with_idr(packet, extradata)
        case "hevc":
            return begins_with_irap(packet, extradata) and not _leads(after, packet)
        case "vp9":
            return _is_vp9_key(bytes(packet))
        case "av1":
            return _is_av1_key(bytes(packet))
    return packet.is_keyframe


def codec_of(stream: VideoStream) -> str:
    """The codec's own name, whichever decoder is in use: av1, not libdav1d."""
    name = stream.codec_context.name
    return {"libdav1d": "av1", "libaom-av1": "av1"}.get(name, name.removeprefix("lib").split("-")[0])


def _leads(packet: Packet[Any] | None, key: Packet[Any]) -> bool:
    """Whether a packet is shown before the keyframe it follows; leading pictures come directly behind it."""
    return packet is not None and packet.pts is not None and key.pts is not None and packet.pts < key.pts


def _is_vp9_key(data: bytes) -> bool:
    """From the uncompressed header (VP9 bitstream specification, 6.2)."""
    if not data or data[0] >> 6 != 2:
        return False
    reserved = 1 if data[0] >> 4 & 3 == 3 else 0
    shows_existing, inter = data[0] >> 3 - reserved & 1, data[0] >> 2 - reserved & 1
    return not shows_existing and not inter


def _is_av1_key(data: bytes) -> bool:
    """Whether the first picture is a key frame that is shown at once; one shown later is looked past until then."""
    for kind, body in _obus(data):
        if kind in (_FRAME_HEADER, _FRAME):
            # show_existing_frame (1), frame_type (2), show_frame (1): AV1 specification, 5.9.2.
            return body[:1] != b"" and body[0] >> 7 == 0 and body[0] >> 5 & 3 == 0 and body[0] >> 4 & 1 == 1
    return False


def _obus(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Types and contents of open bitstream units (AV1 specification, 5.3)."""
    at = 0
    while at < len(data):
        kind, extended, sized = data[at] >> 3 & 15, data[at] >> 2 & 1, data[at] >> 1 & 1
        at += 1 + extended
        size, shift = 0, 0
        while sized and at < len(data) and shift < 56:
            size |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
            if not data[at - 1] & 0x80:
                break
        end = at + size if sized else len(data)
        yield kind, data[at:end]
        at = end
