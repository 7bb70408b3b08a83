"""A virus scanner of the owner's choice, asked about every file before it becomes a film that anybody sees."""

import asyncio
import contextlib
import logging
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Sequence
from pathlib import Path

from watchparty.domain.errors import Invalid

log = logging.getLogger(__name__)

# Seconds a scanner has for one file, and the pauses after which one that failed is asked again.
LONGEST = 600.0
PAUSES = (1.0, 5.0)
# Of its output, characters of the first line that are shown, and bytes that are read at all.
_SHOWN, _READ = 300, 1 << 16
REFUSED = "The virus scanner refused this file"
BROKEN = "The virus scanner could not check this file, so it was set aside."


class Scanner:
    """`command` is a program and its arguments, to which the file's path is added; no shell has a hand in it.

    It exits with 0 for a clean file and with 1 for one to be refused; whatever else it does counts as a fault of its.
    """

    def __init__(self, command: Sequence[str], pauses: Sequence[float] = PAUSES) -> None:
        self._command = command
        self._pauses = pauses

    @property
    def is_there(self) -> bool:
        return bool(self._command)

    async def check(self, path: Path) -> None:
        """Returns for a clean file. Raises Invalid with what the scanner said of it, or when it cannot be had to."""
        for pause in (*self._pauses, None):
            code, said = await self._ask(path)
            if code == 0:
                return
            if code == 1:
                raise Invalid(f"{REFUSED}: {said}" if said else f"{REFUSED}.")
            log.warning("the virus scanner failed on %s (%s): %s", path.name, code, said)
            if pause is not None:
                await asyncio.sleep(pause)
        raise Invalid(BROKEN)

    async def _ask(self, path: Path) -> tuple[int | None, str]:
        """Its exit status, None for one that did not come to an end or to a beginning, and its first line."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, str(path), stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, start_new_session=True
            )
        except OSError as error:
            return None, str(error)
        try:
            async with asyncio.timeout(LONGEST):
                said = await _output(process)
                return await process.wait(), said
        except TimeoutError:
            return None, "It took too long."
        finally:
            await _end(process)


async def _output(process: Process) -> str:
    """The first line of what it says; the rest is read and forgotten, so that it never waits for a reader."""
    assert process.stdout is not None
    kept = b""
    while chunk := await process.stdout.read(_READ):
        kept = (kept + chunk)[:_READ]
    lines = kept.decode(errors="replace").strip().splitlines()
    return "".join(letter for letter in lines[0] if letter.isprintable())[:_SHOWN] if lines else ""


async def _end(process: Process) -> None:
    """With whatever it has started: a session of its own is a group of its own."""
    with contextlib.suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()
    await process.wait()
