"""A new file first looked at in a child process under limits, so that a file that kills a decoder kills no server."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
from av.error import FFmpegError

from watchparty.domain.source import Unplayable
from watchparty.media.inspect import Inspection, inspect
from watchparty.media.keyframes import packets
from watchparty.media.opening import opened, picture

try:
    import resource
except ImportError:  # Windows has no such limits.
    resource = None  # type: ignore[assignment]

COMMAND = "_inspect"
MEMORY_BYTES = 4 << 30
_CPU_SECONDS = 120
_WALL_SECONDS = 60
_SECONDS_A_GIGABYTE = 30
"""Some containers have to be read to their end."""
_TRIED_SECONDS = 2.0
_TRIED_PACKETS = 600

_BROKE = "The file is damaged in a way that breaks the decoder."


class _Answer(msgspec.Struct):
    """What the child says: one of the two."""

    inspection: Inspection | None = None
    refusal: str | None = None


def inspect_in_child(path: str, *, seconds: float | None = None) -> Inspection:
    """As `inspect`, in a process of its own; blocks, so call it on a worker thread.

    Raises Unplayable also when the child crashes, takes too much memory, or takes longer than `seconds`.
    """
    return Look(path, seconds=seconds).take()


class Look:
    """One look at a file by a child process, which another thread may end."""

    def __init__(self, path: str, *, seconds: float | None = None) -> None:
        self._path = path
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._given_up = False

    def take(self) -> Inspection:
        """Blocks until the child has answered; raises as `inspect_in_child` does."""
        try:
            size = Path(self._path).stat().st_size
        except OSError as error:
            raise Unplayable("The file is not there any more, or cannot be read.") from error
        self._process = process = subprocess.Popen(
            [*executable(), COMMAND, self._path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in the terminal is for the server: a child that died of it would look like a broken file.
            start_new_session=True,
        )
        with process:
            if self._given_up:
                process.kill()
            try:
                said, _ = process.communicate(
                    timeout=self._seconds or _WALL_SECONDS + _SECONDS_A_GIGABYTE * size / (1 << 30)
                )
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise Unplayable("The file takes too long to read; it is probably damaged.") from error
        return _understood(said)

    def give_up(self) -> None:
        """From any thread: nobody wants to know any more."""
        self._given_up = True
        if self._process is not None:
            self._process.kill()


def executable() -> list[str]:
    """This very program, to be run as a child with a command of its own."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "watchparty"]


def _understood(said: bytes) -> Inspection:
    try:
        answer = msgspec.json.decode(said, type=_Answer)
    except msgspec.DecodeError as error:
        raise Unplayable(_BROKE) from error
    if answer.inspection is None:
        raise Unplayable(answer.refusal or _BROKE)
    return answer.inspection


def main(arguments: list[str]) -> int:
    """The child: looks at the file, decodes its first two seconds, prints what it found. Returns the exit status."""
    _limit_resources()
    try:
        inspection = inspect(arguments[0])
        _try_decoding(arguments[0])
        answer = _Answer(inspection=inspection)
    except Unplayable as refusal:
        answer = _Answer(refusal=refusal.reason)
    except MemoryError:
        answer = _Answer(refusal="The file asks for more memory than a film needs.")
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    sys.stdout.buffer.flush()
    return 0


def _limit_resources() -> None:
    """Where the system has such limits: memory, processor time, no core files; and last in line for a core."""
    if resource is None:
        return
    with contextlib.suppress(OSError, ValueError):
        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _try_decoding(path: str) -> None:
    """The first two seconds of picture and sound through their decoders, for whatever these do."""
    with opened(path) as container:
        streams = [*([video] if (video := picture(container)) else []), *container.streams.audio[:1]]
        begun: float | None = None
        for count, packet in enumerate(packets(container, *streams)):
            with contextlib.suppress(FFmpegError):
                packet.decode()
            at = float(packet.dts * packet.time_base) if packet.dts is not None else None
            begun = at if begun is None else begun
            if count > _TRIED_PACKETS or (at is not None and begun is not None and at - begun > _TRIED_SECONDS):
                return
