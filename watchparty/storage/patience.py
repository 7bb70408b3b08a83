"""Faults of a disk that may pass by themselves: tried again a few times, further and further apart."""

import errno
import logging
import random
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from watchparty.domain.job import MOST_RETRIES, delay

log = logging.getLogger(__name__)
T = TypeVar("T")

PASSING = {errno.EIO, errno.EAGAIN, errno.EBUSY, errno.ETIMEDOUT, errno.ESTALE}
"""A full disk, or one that can only be read, is not among them: that has to be seen to."""
_PASSING_OF_SQLITE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
pause = time.sleep


def patiently(work: Callable[..., T], *arguments: object, chance: Callable[[], float] = random.random) -> T:
    """What `work` returns, which must leave nothing behind when it fails. Blocks, for some seconds at worst.

    Raises what it raised last. Not for fsync alone, which after a failure says that all is well without having
    written anything: whatever is to be kept has to be written anew.
    """
    for retries in range(MOST_RETRIES):
        try:
            return work(*arguments)
        except (OSError, sqlite3.OperationalError) as fault:
            if not may_pass(fault):
                raise
            seconds = delay(retries, chance())
            log.warning("the disk failed and is tried again in %.1f s: %s", seconds, fault)
            pause(seconds)
    return work(*arguments)


def may_pass(fault: BaseException) -> bool:
    if isinstance(fault, OSError):
        return fault.errno in PASSING
    code = getattr(fault, "sqlite_errorcode", None)
    return isinstance(fault, sqlite3.OperationalError) and code is not None and code & 0xFF in _PASSING_OF_SQLITE
