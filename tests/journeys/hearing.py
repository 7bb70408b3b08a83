"""Judges how far the sound of a page is from its picture, by the samples it plays and the frames it shows.

The film is `Films.clapper`. What a page plays is taken from its <video> and listened to as it goes by; a knock's moment
is put on the same clock as that of the frame that flashes. How long the listening itself takes is the same all evening,
so a difference between two measurements is the page's own.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import Page

from tests.journeys import people as do

LISTEN = """
(video) => {
  const context = new AudioContext();
  // It keeps what went by for two thirds of a second, so that a busy page misses nothing.
  const ear = new AnalyserNode(context, {fftSize: 32768});
  context.createMediaElementSource(video).connect(ear).connect(context.destination);
  const heard = [], seen = [], clocks = [];
  const samples = new Float32Array(ear.fftSize);
  let last = 0;
  setInterval(() => {
    ear.getFloatTimeDomainData(samples);
    clocks.push(performance.now() - 1000 * context.currentTime);
    const recent = clocks.slice(-15).sort((a, b) => a - b);
    const now = 1000 * context.currentTime + recent[recent.length >> 1];
    for (let i = 0; i < samples.length; i++) {
      if (Math.abs(samples[i]) < 0.1) continue;
      const at = now - 1000 * (samples.length - i) / context.sampleRate;
      if (at - last > 700) heard.push(at);
      last = Math.max(last, at);
    }
  }, 40);
  const canvas = new OffscreenCanvas(1, 1), brush = canvas.getContext("2d", {willReadFrequently: true});
  let bright = false;
  const look = (_, {expectedDisplayTime}) => {
    brush.drawImage(video, 0, 0, 1, 1);
    const white = brush.getImageData(0, 0, 1, 1).data[0] > 128;
    if (white && !bright) seen.push(expectedDisplayTime);
    bright = white;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  window.listening = {heard, seen};
  return context.resume();
}
"""
# The knocks and flashes since the last question, on the page's clock, ms.
TAKE = """() => {
  const {heard, seen} = window.listening;
  return [heard.splice(0), seen.splice(0)];
}"""
PERIOD_MS = 2000


@dataclass(frozen=True)
class Heard:
    """How much later than its flash each knock was heard, ms."""

    lags: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.lags)

    def __str__(self) -> str:
        return f"{self.median:6.1f} ms ({', '.join(f'{lag:.0f}' for lag in self.lags)})"


async def listen(page: Page) -> None:
    """From now on; once a page, for a <video> can be taken only once."""
    await page.locator("video").evaluate(LISTEN)


async def lag(page: Page, knocks: int = 4) -> Heard:
    """Of the next so many knocks."""
    await page.evaluate(TAKE)
    await do.until(page, f"Math.min(listening.heard.length, listening.seen.length) >= {knocks + 1}", 2 * knocks + 20)
    heard, seen = await page.evaluate(TAKE)
    lags = [min((at - flash for at in heard), key=abs) for flash in seen]
    return Heard([each for each in lags if abs(each) < PERIOD_MS / 2])
