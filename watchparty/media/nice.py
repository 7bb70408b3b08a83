"""Codecs that take no more than their share: threads that give way, memory that is given back."""

import ctypes
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread, get_native_id
from typing import TypeVar

_T = TypeVar("_T")

VIEWER = 5
"""Nice value of work somebody is waiting for."""
BACKGROUND = 19


def nicely(start: Callable[[], _T], nice: int) -> _T:
    """Runs `start` in a short-lived thread of that nice value and returns its result.

    On Linux threads inherit the value of the thread that starts them, so the codec's own threads are nice from
    then on, while the Python thread is not: it would hold the interpreter while waiting for a core.
    """
    result: Future[_T] = Future()

    def work() -> None:
        try:
            if sys.platform == "linux":
                os.setpriority(os.PRIO_PROCESS, get_native_id(), nice)
            result.set_result(start())
        except BaseException as error:
            result.set_exception(error)

    thread = Thread(target=work, name="codec opening")
    thread.start()
    thread.join()
    return result.result()


def return_memory() -> None:
    """Gives what a finished encoding has freed back to the system, which the C library (glibc) otherwise keeps."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
