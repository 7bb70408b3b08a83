"""Which H.264 encoder is used: libx264, until a piece of hardware has proved that it works and is faster."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from watchparty.media import trial
from watchparty.media.encoders import KNOWN, LIBX264, trusted

log = logging.getLogger(__name__)


class Encoders:
    """Open with `async with`: the hardware is tried in the background, one after the other.

    `candidates` are names of encoders; None stands for whatever this machine seems to have.
    """

    def __init__(self, candidates: Sequence[str] | None = None, *, seconds: float = trial.SECONDS) -> None:
        self._candidates, self._seconds = candidates, seconds
        self._faster: list[str] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Encoders:
        self._task = asyncio.create_task(self._try_all())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def best(self) -> str:
        """The encoder to ask. One that has failed since it was tried is not offered again."""
        return next((name for name in self._faster if trusted(name)), LIBX264)

    async def settled(self) -> None:
        """Returns when everything has been tried."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _try_all(self) -> None:
        names = self._candidates
        if names is None:
            names = await asyncio.to_thread(_present)
        speeds = {name: speed for name in names if (speed := await self._speed(name)) is not None}
        if speeds:
            # Timed only where there is something to compare: a start costs nothing on a machine without hardware.
            own = await self._speed(LIBX264) or 0.0
            faster = [name for name, speed in speeds.items() if speed > own]
            self._faster = sorted(faster, key=lambda name: -speeds[name])
            told = ", ".join(f"{name} {speed:.0f}" for name, speed in {**speeds, LIBX264: own}.items())
            log.info("encoding with %s (frames of 720p a second: %s)", self.best, told)
        else:
            log.info("encoding with %s", self.best)

    async def _speed(self, name: str) -> float | None:
        """In a child of its own, which is ended when it takes too long or nobody waits any more."""
        try:
            process = await asyncio.create_subprocess_exec(
                *trial.command(name),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            log.warning("%s could not be tried: %s", name, error)
            return None
        try:
            said, _ = await asyncio.wait_for(process.communicate(), self._seconds)
        except TimeoutError:
            log.warning("%s hangs and is not used", name)
            return None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return trial.understood(said)


def _present() -> list[str]:
    return [name for name, encoder in KNOWN.items() if encoder.present()]
