"""Pictures of people: whatever is sent, a small square drawn anew comes of it, or a sentence."""

import struct
import subprocess
import zlib
from collections.abc import Iterator

import pytest
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from watchparty.domain.source import Unplayable
from watchparty.media.avatar import SIDE, avatar

HALVES = "color=red:s=320x180,drawbox=x=160:w=160:h=180:c=blue:t=fill"
"""Red on the left, blue on the right."""


def drawn(codec: str, *options: str, source: str = HALVES, form: str = "image2pipe") -> bytes:
    """A picture as ffmpeg writes it."""
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-frames:v", "1", "-c:v", codec, *options]
    return subprocess.run([*command, "-f", form, "-"], stdout=subprocess.PIPE, check=True).stdout


def pixel(picture: bytes, x: int, y: int) -> tuple[int, int, int]:
    context = CodecContext.create("mjpeg", "r")
    assert isinstance(context, VideoCodecContext)
    frame = [*context.decode(Packet(picture)), *context.decode(None)][0].reformat(format="rgb24")
    assert (frame.width, frame.height) == (SIDE, SIDE)
    at = y * frame.planes[0].line_size + 3 * x
    red, green, blue = bytes(frame.planes[0])[at : at + 3]
    return red, green, blue


def is_red(colour: tuple[int, int, int]) -> bool:
    return colour[0] > 200 and max(colour[1:]) < 60


def is_blue(colour: tuple[int, int, int]) -> bool:
    return colour[2] > 200 and max(colour[:2]) < 60


@pytest.mark.parametrize(
    ("codec", "form"), [("mjpeg", "image2pipe"), ("png", "image2pipe"), ("libwebp", "webp"), ("gif", "gif")]
)
def test_the_middle_of_a_picture_of_every_kind_becomes_a_small_square(codec: str, form: str) -> None:
    made = avatar(drawn(codec, form=form))
    assert is_red(pixel(made, 40, 128)) and is_blue(pixel(made, 216, 128))


def test_of_a_moving_picture_the_first_frame_is_taken() -> None:
    film = "color=red:s=64x64:d=1:r=2,drawbox=w=64:h=64:c=blue:t=fill:enable='gte(t,0.5)'"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", film, "-f", "gif", "-"]
    moving = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    assert is_red(pixel(avatar(moving), 128, 128))


def test_where_one_could_see_through_it_is_white() -> None:
    seen_through = drawn("png", source="color=c=black@0.0:s=40x90,format=rgba")
    assert min(pixel(avatar(seen_through), 128, 128)) > 240


def test_a_picture_that_a_camera_took_on_its_side_stands_upright_and_says_no_more_of_where_it_was_taken() -> None:
    made = avatar(with_exif(drawn("mjpeg", "-pix_fmt", "yuvj420p"), orientation=6))
    # Turned clockwise for the viewer: what lay on the left is on top.
    assert is_red(pixel(made, 128, 40)) and is_blue(pixel(made, 128, 216))
    assert b"Exif" not in made and b"somewhere" not in made


def with_exif(jpeg: bytes, orientation: int) -> bytes:
    entries = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(">HHII", 0x010E, 2, 10, 38)
    tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x02" + entries + b"\x00\x00\x00\x00" + b"somewhere\x00"
    body = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def hostile() -> Iterator[tuple[str, bytes]]:
    """What somebody with bad intentions sends."""
    png = drawn("png")
    yield "nothing", b""
    yield "text", b"hello"
    yield "a vector picture, which may hold scripts", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    yield "a playlist", b"#EXTM3U\nfile:///etc/passwd\n"
    yield "a concat script", b"ffconcat version 1.0\nfile /etc/passwd\n"
    yield "a picture cut short at its beginning", png[:20]
    yield "a JPEG that is none", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
    yield "a WebP that is none", b"RIFF\xff\xff\xff\x7fWEBPVP8 " + b"\x00" * 64
    yield "a GIF that is none", b"GIF89a" + b"\xff" * 64
    yield "a bomb", png_of(30_000, 30_000)
    yield "a picture of no size", png_of(0, 0)
    yield "a bitmap", b"BM" + bytes(128)


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims to be this large and holds as little as it can."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("what", "data"), [*hostile()])
def test_what_is_no_picture_is_refused_with_a_sentence(what: str, data: bytes) -> None:
    with pytest.raises(Unplayable) as refusal:
        avatar(data)
    assert refusal.value.reason.endswith("."), what


def test_a_picture_broken_anywhere_is_drawn_or_refused_and_nothing_else() -> None:
    for codec, form in (("mjpeg", "image2pipe"), ("png", "image2pipe"), ("libwebp", "webp"), ("gif", "gif")):
        whole = drawn(codec, source="testsrc=s=64x64", form=form)
        for place in range(0, len(whole), max(1, len(whole) // 15)):
            broken = bytearray(whole)
            broken[place] ^= 0xFF
            try:
                assert avatar(bytes(broken)).startswith(b"\xff\xd8\xff")
            except Unplayable:
                continue
