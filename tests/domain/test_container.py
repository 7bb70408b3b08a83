"""Kinds of file, told from their first bytes."""

import pytest

from watchparty.domain.container import sniff

TS = b"G" + bytes(187)

KNOWN = {
    "video/mp4": [b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", b"\0\0\0\x18ftypmp42" + bytes(12)],
    "video/quicktime": [b"\0\0\0\x14ftypqt  \0\0\2\0qt  ", b"\0\0\1\0moov" + bytes(8), b"\0\0\0\x08wide\0\0\0\0mdat"],
    "video/3gpp": [b"\0\0\0\x18ftyp3gp5" + bytes(12), b"\0\0\0\x18ftyp3g2a" + bytes(12)],
    "audio/mp4": [b"\0\0\0\x1cftypM4A " + bytes(16)],
    "video/x-matroska": [b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"],
    "video/webm": [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"],
    "video/x-msvideo": [b"RIFF\0\0\0\0AVI LIST"],
    "audio/wav": [b"RIFF\0\0\0\0WAVEfmt "],
    "video/mp2t": [TS * 5, (bytes(4) + TS) * 5],
    "video/mpeg": [b"\0\0\1\xba\x44" + bytes(20)],
    "video/x-flv": [b"FLV\x01\x05\0\0\0\x09"],
    "video/x-ms-asf": [bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(20)],
    "video/ogg": [b"OggS\0\2" + bytes(22) + b"\x80theora"],
    "audio/ogg": [b"OggS\0\2" + bytes(22) + b"OpusHead"],
    "audio/flac": [b"fLaC\0\0\0\x22", b"ID3\4\0\0\0\0\0\4abcdfLaC"],
    "audio/mpeg": [b"\xff\xfb\x90\x64" + bytes(20), b"ID3\4\0\0\0\0\0\4abcd\xff\xfb"],
    "audio/aac": [b"\xff\xf1\x50\x80\x00\x1f\xfc"],
}


@pytest.mark.parametrize(("mime", "head"), [(mime, head) for mime, heads in KNOWN.items() for head in heads])
def test_a_kind_is_known_by_its_bytes(mime: str, head: bytes) -> None:
    assert sniff(head.ljust(4096, b"\0")) == mime
    assert sniff(head) in (mime, None)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0",
        bytes(4096),
        b"#EXTM3U\n",
        b"ffconcat version 1.0\n",
        b"file 'x.mp4'\n",
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1",
        b"<?xml version='1.0'?><MPD/>",
        b"WEBVTT\n",
        b"[playlist]\n",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"#!/bin/sh\n",
        b"Good evening.\n" * 100,
        b"\0\0\0\x1cftypavif" + bytes(16),
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\xff\xff\xff\xff",
    ],
)
def test_text_pictures_and_the_rest_are_no_media(head: bytes) -> None:
    assert sniff(head) is None
    assert sniff(head.ljust(64, b"\n")) is None
