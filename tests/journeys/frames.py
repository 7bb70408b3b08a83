"""Judges whether people see the same frame at the same instant, by what the browsers say they showed.

Every page writes down each frame it presents: when, on the clock that all processes of this machine share, and which
moment of the film it shows. The page's own idea of the time, of drift and of position plays no part in it. Beside
that it writes down the keys that were pressed in it, and what was done to its player's speed and position.
"""

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import Page

# Date.now() ticks in whole milliseconds: the tick itself is exact, and ties performance.now() to the machine's clock.
RECORD = """
(video) => {
  const tick = () => {
    const wall = Date.now();
    let now = wall;
    while (now === wall) now = Date.now();
    return now - performance.now();
  };
  const clock = Math.max(...Array.from({ length: 5 }, tick));
  const frames = [];
  const note = (_, frame) => {
    frames.push([clock + frame.expectedDisplayTime, frame.mediaTime * 1000]);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  window.machineClock = clock;
  window.framesShown = frames;
  window.keysPressed = [];
  window.speeds = [];
  window.seeks = [];
  const noted = (list, value) => (event) => list.push([clock + event.timeStamp, value()]);
  addEventListener("keydown", noted(window.keysPressed, () => 0), true);
  video.addEventListener("ratechange", noted(window.speeds, () => video.playbackRate));
  video.addEventListener("seeking", noted(window.seeks, () => video.currentTime));
}
"""
# One frame of the films these journeys watch: 25 a second.
FRAME_MS = 40
AROUND_MS = 250
STEP_MS = 50
# Screens are taken to be together again when they have been so close for so long.
TOGETHER_MS = 45
STEADY_MS = 500
# Where things are changing quickly less is looked at around an instant.
CLOSELY_MS = 100


@dataclass(frozen=True)
class Frames:
    """What one page showed: (machine clock, moment of the film), both in milliseconds, in the order of showing."""

    shown: Sequence[tuple[float, float]]

    def position(self, at: float, around: float = AROUND_MS) -> float | None:
        """The moment of the film on this screen at `at`; None where fewer than three frames were shown around then.

        A screen shows a frame at its next refresh, up to 17 ms after its time; the median over half a second takes
        that flutter out and keeps what matters, where this screen stands.
        """
        leads = [moment - shown for shown, moment in self.shown if abs(shown - at) <= around]
        return at + statistics.median(leads) if len(leads) >= 3 else None

    @property
    def last(self) -> float:
        """When the frame that stands on the screen begins in the film.

        After a seek while paused Firefox tells the time that was sought instead of the frame's own.
        """
        return FRAME_MS * _number(self.shown[-1][1])

    @property
    def stood_from(self) -> float:
        """Since when the frame that stands on the screen has been there, nothing else coming between."""
        number = _number(self.shown[-1][1])
        # In the order of showing: of two frames that follow each other closely the later one may tell an earlier time.
        run = itertools.takewhile(lambda frame: _number(frame[1]) == number, reversed(self.shown))
        return min(at for at, _ in run)

    def moved_from(self, begin: float) -> float:
        """When the first other frame came on the screen after the one that stood there at `begin`."""
        standing = [_number(moment) for at, moment in self.shown if at <= begin][-1:]
        return min((at for at, moment in self.shown if at > begin and [_number(moment)] != standing), default=math.inf)


@dataclass(frozen=True)
class Spread:
    """Maximum minus minimum of the moments shown at one instant, over many instants, in milliseconds."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return sorted(self.values)[int(0.95 * (len(self.values) - 1))]

    @property
    def worst(self) -> float:
        return max(self.values)

    def __str__(self) -> str:
        return f"median {self.median:5.1f} ms, p95 {self.p95:5.1f} ms, worst {self.worst:5.1f} ms"


async def record(page: Page) -> None:
    """From now on the page writes down each frame it shows."""
    await page.locator("video").evaluate(RECORD)


async def frames(page: Page) -> Frames:
    return Frames([(at, moment) for at, moment in await page.evaluate("window.framesShown")])


async def pressed(page: Page) -> float:
    """When a key was last pressed there."""
    return float(await page.evaluate("window.keysPressed.at(-1)[0]"))


async def speeds(page: Page, since: float) -> list[float]:
    """What its player's speed was set to from then on."""
    return [speed for at, speed in await page.evaluate("window.speeds") if at >= since]


async def seeks(page: Page, since: float) -> list[float]:
    """Where its player was sent from then on, in seconds."""
    return [position for at, position in await page.evaluate("window.seeks") if at >= since]


def together_from(people: Sequence[Frames], begin: float, end: float) -> float:
    """From when on the screens were together, for a while at least; infinite when they were not before `end`."""
    since, at = math.inf, begin
    while at <= end and at - since < STEADY_MS:
        positions = [position for one in people if (position := one.position(at, CLOSELY_MS)) is not None]
        if len(positions) < len(people) or max(positions) - min(positions) > TOGETHER_MS:
            since = math.inf
        elif math.isinf(since):
            since = at
        at += STEP_MS / 2
    return since if at - since >= STEADY_MS else math.inf


def spread(people: Sequence[Frames], begin: float, end: float, moving: float = 0.8) -> Spread:
    """How far apart the screens were between two instants of the machine's clock (milliseconds).

    All of them must have moved in at least the share `moving` of that time.
    """
    values = []
    at = begin
    while at <= end:
        positions = [position for one in people if (position := one.position(at)) is not None]
        if len(positions) == len(people):
            values.append(max(positions) - min(positions))
        at += STEP_MS
    instants = (end - begin) / STEP_MS
    assert len(values) >= moving * instants, (
        f"Somebody's picture stood still: {len(values)} of {instants:.0f} instants."
    )
    return Spread(values)


def _number(moment: float) -> int:
    """Which frame of the film shows this moment."""
    return math.floor(moment / FRAME_MS + 0.01)
