"""The bytes of one request on their way to the end of a file that comes in pieces."""

import asyncio
import errno
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from watchparty.domain.errors import ChecksumMismatch, Problem, StorageFull, TooLarge
from watchparty.domain.tus import Checksum
from watchparty.services.clock import Clock
from watchparty.services.uploads import HEAD, recognised
from watchparty.storage.partials import Digest, Partial

# A client whose server died sends at most so much again: bytes, or seconds of a slow line.
KEEP_EVERY = 32 << 20
KEEP_AFTER = 5.0
FULL = "The disk is full, so not all of this could be kept. Free some space and go on."
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Body(Protocol):
    """Bytes of one request. They end where the line breaks: `broke` says then that there should have been more."""

    length: int | None
    broke: bool

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def silent_for(self) -> float:
        """Seconds since something came."""

    def stop(self) -> None:
        """Let them end here: somebody else goes on."""


class Receiving:
    """`most` bytes are taken in all; `keep` is told how many are on the disk for certain."""

    def __init__(
        self, partial: Partial, digest: Digest, clock: Clock, most: int, keep: Callable[[int], Awaitable[None]]
    ) -> None:
        self._partial = partial
        self._digest = digest
        self._clock = clock
        self._most = most
        self._keep = keep
        self._start = self._saved = partial.size
        self._saved_at = clock.monotonic()
        self._recognised = partial.size >= HEAD
        # What the request's own checksum is held against; while there is one, nothing is believed yet.
        self._sum: hashlib._Hash | None = None

    async def take(self, body: Body, checksum: Checksum | None) -> None:
        """All that comes is on the disk when this returns or raises; with a checksum, all of it or nothing."""
        if checksum is not None:
            self._sum = hashlib.new(checksum.algorithm, usedforsecurity=False)
        try:
            async for chunk in body:
                await asyncio.to_thread(self._write, chunk)
                if self._sum is None and self._is_time_to_save():
                    await self._save()
            if checksum is not None and not body.broke:
                self._verify(checksum)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise StorageFull(FULL) from error
        finally:
            if self._sum is not None:
                await asyncio.to_thread(self._partial.cut, self._start)
            await self._save()

    def _write(self, chunk: bytes) -> None:
        if self._partial.size + len(chunk) > self._most:
            raise TooLarge(f"At most {self._most:,} bytes are accepted.")
        self._partial.append(chunk)
        if not self._recognised and self._partial.size >= min(HEAD, self._most):
            self._recognise()
        if self._sum is None:
            self._partial.digest(self._digest, len(chunk))
        else:
            self._sum.update(chunk)

    def _recognise(self) -> None:
        try:
            recognised(self._partial.head(HEAD))
        except Problem:
            self._partial.cut(0)
            self._digest.clear()
            self._start = 0
            raise
        self._recognised = True

    def _verify(self, checksum: Checksum) -> None:
        assert self._sum is not None
        if not hmac.compare_digest(self._sum.digest(), checksum.digest):
            raise ChecksumMismatch("These bytes do not add up to their checksum. Send them again.")
        self._sum = None

    def _is_time_to_save(self) -> bool:
        return self._partial.size - self._saved >= KEEP_EVERY or self._clock.monotonic() - self._saved_at >= KEEP_AFTER

    async def _save(self) -> None:
        if self._partial.size == self._saved:
            return
        await asyncio.to_thread(self._partial.sync)
        await self._keep(self._partial.size)
        self._saved, self._saved_at = self._partial.size, self._clock.monotonic()
