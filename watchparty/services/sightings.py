"""What lies in the watched folder, kept up to date by looking only where something has changed."""

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from watchparty.domain.library_file import SETTLED, Found, left_alone
from watchparty.services.clock import Clock

log = logging.getLogger(__name__)


class Sightings:
    """Everything here blocks. Raises OSError when the folder cannot be read, which is not the same as its being empty.

    `moves_show`: whether a file's own times tell that it was moved after it was last written to.
    """

    def __init__(self, folder: Path, clock: Clock, *, moves_show: bool) -> None:
        self._folder = folder
        self._clock = clock
        self._moves_show = moves_show
        # The files of each folder by their name; "" is the watched one.
        self._folders: dict[str, dict[str, Found]] = {}
        self._unreadable: set[bytes] = set()

    def look(self, changed: Iterable[Path]) -> dict[str, Found]:
        """Every file by its path, after a look at those places; the watched folder itself means everywhere."""
        places = {_below(self._folder, path) for path in changed}
        if "" in places or not self._folders:
            kept, self._folders = self._folders, {}
            self._walk("", kept)
        else:
            self._look_at(place for place in places if place is not None)
        return {found.path: found for files in self._folders.values() for found in files.values()}

    def _look_at(self, places: Iterable[str]) -> None:
        parents = set()
        for place in places:
            if any(left_alone(part) for part in place.split("/")):
                continue
            parents.add(place.rpartition("/")[0])
            # A folder that was moved here tells of itself alone, and not of what is in it.
            kept = self._forget(place)
            if self._is_folder(place):
                self._walk(place, kept)
        for parent in parents:
            if self._is_folder(parent):
                for folder in self._list(parent, self._folders.get(parent, {})):
                    if folder not in self._folders:
                        self._walk(folder, {})
            else:
                self._forget(parent)

    def _walk(self, top: str, kept: dict[str, dict[str, Found]]) -> None:
        """Look through a folder and all below it; `kept` is what was there before."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            waiting += self._list(folder, kept.get(folder, {}))

    def _list(self, folder: str, kept: dict[str, Found]) -> list[str]:
        """Look at the files of a folder itself; returns the folders in it."""
        files: dict[str, Found] = {}
        below: list[str] = []
        try:
            with os.scandir(self._folder / folder) as entries:
                for entry in entries:
                    if left_alone(entry.name) or not self._can_be_written_down(entry.name):
                        continue
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    # A link could lead anywhere on this machine.
                    if entry.is_dir(follow_symlinks=False):
                        below.append(path)
                    elif entry.is_file(follow_symlinks=False) and (found := self._found(path, kept.get(entry.name))):
                        files[entry.name] = found
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            # Gone since it was named, or not for us.
            self._forget(folder)
            return []
        self._folders[folder] = files
        return below

    def _found(self, path: str, kept: Found | None) -> Found | None:
        try:
            # Not the entry's own: on Windows that knows neither device nor file number.
            state = (self._folder / path).stat(follow_symlinks=False)
        except OSError:
            return None
        if not state.st_size:
            return None
        mark = mark_of(state)
        if kept is not None and kept.mark == mark:
            return kept
        now = self._clock.monotonic()
        # Its time of change tells whether a file that was moved here has stood still before.
        age = min(max(0.0, self._clock.time() - state.st_mtime), SETTLED)
        if self._moves_show and state.st_ctime_ns > state.st_mtime_ns:
            # Named or dated after its last byte: who does that has done writing.
            age = SETTLED
        return Found(path, state.st_size, state.st_mtime, mark, now - age)

    def _can_be_written_down(self, name: str) -> bool:
        raw = os.fsencode(name)
        try:
            name.encode()
        except UnicodeEncodeError:
            if raw not in self._unreadable:
                self._unreadable.add(raw)
                log.warning("%r in the watched folder is left out: its name is not UTF-8", raw)
            return False
        return True

    def _forget(self, folder: str) -> dict[str, dict[str, Found]]:
        """Take out what was known of a folder and all below it."""
        inside = [place for place in self._folders if place == folder or place.startswith(f"{folder}/")]
        return {place: self._folders.pop(place) for place in inside}

    def _is_folder(self, place: str) -> bool:
        path = self._folder / place
        return path.is_dir() and (not place or not path.is_symlink())


def mark_of(state: os.stat_result) -> str:
    """Of the very same file, untouched, always the same, and never that of another."""
    return f"{state.st_dev}:{state.st_ino}:{state.st_size}:{state.st_mtime_ns}"


def _below(folder: Path, path: Path) -> str | None:
    """The way from the folder to a path in it; None for one that is not."""
    try:
        way = path.relative_to(folder).as_posix()
    except ValueError:
        return None
    return "" if way == "." else way
