"""Which kind of media file this is, told from its first bytes and never from its name."""

import re

_EBML = b"\x1a\x45\xdf\xa3"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_TOP_LEVEL_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp"}
_BRANDS = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
}
_TS_PACKET = 188
_M2TS_PACKET = 192


def sniff(head: bytes) -> str | None:
    """The mime type of a file beginning with `head` (4 KiB are enough); None when it is nothing that can be played.

    Text, and with it every playlist and script that would make a demuxer open other files, is None.
    """
    for recognise in (_iso_media, _matroska, _riff, _by_magic, _transport_stream, _id3, _mpeg_audio):
        mime = recognise(head)
        if mime:
            return mime
    return None


def _iso_media(head: bytes) -> str | None:
    """MP4, MOV, 3GP: ISO/IEC 14496-12 boxes, the first usually `ftyp`."""
    if len(head) < 12 or head[4:8] not in _TOP_LEVEL_BOXES:
        return None
    if head[4:8] != b"ftyp":
        return "video/quicktime"
    brand = head[8:12]
    if brand.startswith((b"3gp", b"3g2")):
        return "video/3gpp"
    if brand in (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"):
        return None
    return _BRANDS.get(brand, "video/mp4")


def _matroska(head: bytes) -> str | None:
    if not head.startswith(_EBML):
        return None
    doctype = re.search(rb"\x42\x82.(webm|matroska)", head[:256], re.DOTALL)
    return "video/webm" if doctype and doctype[1] == b"webm" else "video/x-matroska"


def _riff(head: bytes) -> str | None:
    if head[:4] not in (b"RIFF", b"RF64"):
        return None
    return {b"AVI ": "video/x-msvideo", b"AVIX": "video/x-msvideo", b"WAVE": "audio/wav"}.get(head[8:12])


def _by_magic(head: bytes) -> str | None:
    if head.startswith(b"\x00\x00\x01\xba"):
        return "video/mpeg"
    if head.startswith(b"FLV\x01"):
        return "video/x-flv"
    if head.startswith(_ASF):
        return "video/x-ms-asf"
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head[:512] else "audio/ogg"
    if head.startswith(b"fLaC"):
        return "audio/flac"
    return None


def _transport_stream(head: bytes) -> str | None:
    """MPEG-TS: a sync byte every 188 bytes (192 with the time code of M2TS), ISO/IEC 13818-1."""
    for size, first in ((_TS_PACKET, 0), (_M2TS_PACKET, 4)):
        marks = head[first::size][:5]
        if len(marks) >= 3 and set(marks) == {0x47}:
            return "video/mp2t"
    return None


def _id3(head: bytes) -> str | None:
    """A tag before the sound: MP3 nearly always, FLAC where its mark follows."""
    if not head.startswith(b"ID3") or len(head) < 10:
        return None
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    return "audio/flac" if head[10 + size : 14 + size] == b"fLaC" else "audio/mpeg"


def _mpeg_audio(head: bytes) -> str | None:
    """MP3 (ISO/IEC 11172-3) or ADTS AAC (13818-7): a sync word, and fields that are not the forbidden values."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac" if (head[2] >> 2) & 0x0F < 13 else None
    layer, rate, frequency = (head[1] >> 1) & 3, head[2] >> 4, (head[2] >> 2) & 3
    valid = head[1] & 0x18 != 0x08 and layer != 0 and rate not in (0, 15) and frequency != 3
    return "audio/mpeg" if valid else None
