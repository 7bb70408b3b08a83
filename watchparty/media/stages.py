"""Threads in a row, each handing what it makes on to the next: bounded queues between them, and one end for all."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class Stopped(Exception):
    """The row ends: nobody wants what is being made any more."""


class Channel(Generic[_T]):
    """A queue of at most `most` items from some threads (`writers` of them) to one."""

    def __init__(self, most: int, writers: int = 1) -> None:
        self._most, self._writers = most, writers
        self._items: deque[_T] = deque()
        self._changed = threading.Condition()
        self._open = True

    def put(self, item: _T) -> None:
        """Waits for room; raises Stopped when the row ends meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._items) < self._most or not self._open)
            if not self._open:
                raise Stopped
            self._items.append(item)
            self._changed.notify_all()

    def end(self) -> None:
        """One of the writers has put its last."""
        with self._changed:
            self._writers -= 1
            self._changed.notify_all()

    def get(self, seconds: float | None = None) -> _T | None:
        """The next item, or None after so long without; raises EOFError after the last, Stopped when the row ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or not self._open or not self._writers, seconds)
            if self._items:
                item = self._items.popleft()
                self._changed.notify_all()
                return item
            if not self._open:
                raise Stopped
            if not self._writers:
                raise EOFError
            return None

    def __iter__(self) -> Iterator[_T]:
        """Every item to the last; raises Stopped when the row ends before."""
        while True:
            try:
                item = self.get()
            except EOFError:
                return
            assert item is not None
            yield item

    def shut(self) -> None:
        """Nothing more comes in; what is inside may still be taken out."""
        with self._changed:
            self._open = False
            self._changed.notify_all()

    def stop(self) -> None:
        """Nothing more comes in or out, and what is inside is let go."""
        self.shut()
        with self._changed:
            self._items.clear()


class Row(Generic[_T]):
    """The threads, and what the last of them make. Leaving it, at any time, ends them all and waits until they have.

    When one of them fails the others end too; what was finished before is still handed out, and then the error raised.
    """

    def __init__(self, most: int, makers: int) -> None:
        self.made: Channel[_T] = Channel(most, makers)
        """What comes out, at most `most` of it waiting, from so many threads."""
        self._between: list[Channel[Any]] = []
        self._threads: list[threading.Thread] = []
        self._error: BaseException | None = None
        self._ending = False

    def __enter__(self) -> Row[_T]:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self.made.stop()
        for thread in self._threads:
            thread.join()

    def channel(self, most: int) -> Channel[Any]:
        """A way from one thread to another."""
        channel: Channel[Any] = Channel(most)
        self._between.append(channel)
        return channel

    def start(self, name: str, work: Callable[[], None]) -> None:
        """`work` ends by Stopped, which its channels and `heed` raise, or by itself."""
        thread = threading.Thread(target=self._run, args=(work,), name=name)
        thread.start()
        self._threads.append(thread)

    def heed(self) -> None:
        """For work that takes long without touching a channel: raises Stopped when it is to end."""
        if self._ending:
            raise Stopped

    def results(self, seconds: float) -> Iterator[_T | None]:
        """What comes out, and None whenever nothing has for so long. Raises what a thread has failed with."""
        while True:
            try:
                yield self.made.get(seconds)
            except (EOFError, Stopped):
                break
        if self._error is not None:
            raise self._error

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Stopped:
            return
        except BaseException as error:
            self._error = self._error or error
            self._end()

    def _end(self) -> None:
        self._ending = True
        for channel in self._between:
            channel.stop()
        self.made.shut()
