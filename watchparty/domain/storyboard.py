"""A film's storyboard: small pictures on a few sheets, and which of them stands for which moment."""

from dataclasses import dataclass
from math import ceil

from watchparty.domain import webvtt

INTERVAL = 10.0
"""Seconds a picture stands for, in films that are neither short nor very long."""
FEWEST, MOST = 100, 720
"""Short films get pictures closer together, up to this few; very long ones no more than this many."""
SHORTEST_INTERVAL = 1.0

SIDE = 160
"""The longer side of a picture, in pixels."""
COLUMNS = ROWS = 10
VTT = "storyboard.vtt"


@dataclass(frozen=True)
class Storyboard:
    """How many pictures of which size (pixels, both even), and the seconds that each stands for."""

    duration: float
    interval: float
    count: int
    width: int
    height: int

    @property
    def sheets(self) -> int:
        return -(-self.count // (COLUMNS * ROWS))

    def on(self, sheet: int) -> range:
        """The numbers of the pictures on a sheet, left to right and top to bottom."""
        each = COLUMNS * ROWS
        return range(sheet * each, min(self.count, (sheet + 1) * each))

    def place(self, number: int) -> tuple[int, int]:
        """The left upper corner of a picture on its sheet, in pixels."""
        row, column = divmod(number % (COLUMNS * ROWS), COLUMNS)
        return column * self.width, row * self.height

    def size(self, sheet: int) -> tuple[int, int]:
        """Width and height of a sheet in pixels; the last one is as high as it has to be."""
        held = len(self.on(sheet))
        return min(held, COLUMNS) * self.width, -(-held // COLUMNS) * self.height

    def moment(self, number: int) -> float:
        """The second of the film to take a picture from: the middle of what it stands for."""
        return min((number + 0.5) * self.interval, self.duration)


def storyboard(duration: float, display_width: int, display_height: int) -> Storyboard:
    """The storyboard of a film of this many seconds, shown in this shape."""
    interval = max(min(INTERVAL, max(SHORTEST_INTERVAL, duration / FEWEST)), duration / MOST)
    scale = SIDE / max(display_width, display_height)
    width, height = (max(2, round(side * scale / 2) * 2) for side in (display_width, display_height))
    # Rounded first: a hundred times a hundredth is not always the whole.
    return Storyboard(duration, interval, max(1, ceil(round(duration / interval, 6))), width, height)


def sheet_name(sheet: int) -> str:
    return f"storyboard/{sheet:03d}.jpg"


def cues(board: Storyboard) -> str:
    """WebVTT whose cues name a picture by a relative address and `#xywh=` (W3C Media Fragments, 4.2.2)."""
    shown = []
    for number in range(board.count):
        begin, end = number * board.interval, min((number + 1) * board.interval, board.duration)
        left, top = board.place(number)
        address = f"{sheet_name(number // (COLUMNS * ROWS))}#xywh={left},{top},{board.width},{board.height}"
        shown.append((round(begin * 1000), round(end * 1000), address))
    return webvtt.document(shown)
