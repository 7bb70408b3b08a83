"""A film's storyboard as JPEG sheets, made from its keyframes."""

from collections.abc import Iterator
from dataclasses import dataclass

from av.video.frame import VideoFrame

from watchparty.domain.source import Source, Unplayable
from watchparty.domain.storyboard import Storyboard
from watchparty.media.jpeg import PIXELS, jpeg
from watchparty.media.stills import stills

_QUALITY = 7
"""The JPEG encoder's quantiser, 2 (best) to 31."""


@dataclass(frozen=True)
class Sheet:
    """A finished sheet, a JPEG file."""

    number: int
    data: bytes


def sheets(path: str, source: Source, board: Storyboard) -> Iterator[Sheet | float]:
    """Every sheet in order, and in between, for every picture, how much is done (0 to 1).

    Raises Unplayable when there is no picture, or none of it can be decoded.
    """
    track = source.video
    if track is None:
        raise Unplayable("There is no picture in this file.")
    moments = [board.moment(number) for number in range(board.count)]
    tiles: dict[int, list[bytes]] = {}
    begun = drawn = 0
    for still in stills(path, source, track, moments, board.width, board.height):
        if still is None:
            begun += 1
            yield begun / board.count
            continue
        number, picture = still
        # The sheets before the one this picture is on are complete.
        for sheet in range(drawn, number // len(board.on(0))):
            yield Sheet(sheet, _drawn(board, sheet, tiles))
        drawn = max(drawn, number // len(board.on(0)))
        tiles[number] = _planes(picture)
    if not tiles:
        raise Unplayable("The picture cannot be decoded.")
    for sheet in range(drawn, board.sheets):
        yield Sheet(sheet, _drawn(board, sheet, tiles))


def _planes(picture: VideoFrame) -> list[bytes]:
    """Brightness and the two colours, without the padding at the end of lines."""
    planes = []
    for plane in picture.planes:
        data = bytes(plane)
        planes.append(
            b"".join(
                data[line * plane.line_size : line * plane.line_size + plane.width] for line in range(plane.height)
            )
        )
    return planes


def _drawn(board: Storyboard, sheet: int, tiles: dict[int, list[bytes]]) -> bytes:
    """A sheet of what there is. Where a picture is missing stands the one before it, which was on show still."""
    width, height = board.size(sheet)
    canvas = VideoFrame(width, height, PIXELS)
    canvas.color_range = 2
    for index, plane in enumerate(canvas.planes):
        shrunk = 1 if index == 0 else 2
        lines = bytearray((b"\x00" if index == 0 else b"\x80") * plane.buffer_size)
        for number in board.on(sheet):
            left, top = (side // shrunk for side in board.place(number))
            tile, span = _nearest(tiles, number)[index], board.width // shrunk
            for line in range(board.height // shrunk):
                at = (top + line) * plane.line_size + left
                lines[at : at + span] = tile[line * span : (line + 1) * span]
        plane.update(bytes(lines))
    return jpeg(canvas, _QUALITY)


def _nearest(tiles: dict[int, list[bytes]], number: int) -> list[bytes]:
    before = max((made for made in tiles if made <= number), default=min(tiles))
    return tiles[before]
