"""A file in the watched folder: whether it is left alone, and which film it is, whatever it is called by now."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from watchparty.domain.video import Status

SETTLED = 2.0
"""A file that has not changed for this long (seconds) is no longer being copied."""
PATIENCE = 60.0
"""Seconds since its last change for which a file that says more of it must come is waited for."""

# What browsers, torrent programs, editors, rsync and the like call a file that they have not finished.
_UNFINISHED = re.compile(
    r"^[.~]|~$|\.part-?(frag)?\d+$"
    r"|\.(part|partial|filepart|crdownload|download|opdownload|unfinished|incomplete|tmp|temp|ytdl|aria2|!qb|!ut|bc!)$",
    re.IGNORECASE,
)


def left_alone(name: str) -> bool:
    """Whether a name says that a file is hidden, or not yet what it is going to be."""
    return _UNFINISHED.search(name) is not None


@dataclass(frozen=True)
class Found:
    """A file as it lies in the folder; `path` leads there from the folder, with slashes."""

    path: str
    size: int
    """Bytes."""
    changed: float
    """When it was last written to, in Unix seconds."""
    mark: str
    """The same for the very same file, untouched, and for nothing else: device, inode, size, time of change."""
    since: float
    """Since when it is known to stand still, on the clock that never jumps."""

    def has_settled(self, now: float) -> bool:
        return now - self.since >= SETTLED

    def may_grow(self, now: float) -> bool:
        """Whether a file that is not whole was written to so lately (`now` in Unix seconds) that the rest may come."""
        return now - self.changed < PATIENCE


@dataclass(frozen=True)
class Kept:
    """A film of the folder as the library knows it. `mark` and `fingerprint` are None until its file was looked at."""

    video_id: str
    path: str
    status: Status
    size: int | None
    inspected: bool
    mark: str | None
    fingerprint: str | None

    def is_still(self, found: Found, fingerprint: str) -> bool:
        """Whether what is known of the film holds for a file in its place, although that is not marked alike."""
        if self.mark is None:  # never looked at by those who kept marks
            return self.size == found.size and self.status in (Status.READY, Status.FAILED)
        return self.fingerprint == fingerprint and self.inspected and self.status in (Status.READY, Status.MISSING)


class Lost:
    """Films whose file is gone, until one is found again by its fingerprint. `rest` are those that were not."""

    def __init__(self, gone: Iterable[Kept]) -> None:
        # Of two that are alike, the one that has just gone has the better claim.
        self.rest = sorted(gone, key=lambda kept: kept.status is Status.MISSING)

    def claim(self, fingerprint: str) -> Kept | None:
        """The film that has this content; nobody else gets it then."""
        found = next((kept for kept in self.rest if kept.fingerprint == fingerprint), None)
        if found is not None:
            self.rest.remove(found)
        return found


@dataclass(frozen=True)
class Comparison:
    """What has become of the folder since the library last heard of it."""

    moved: list[tuple[Kept, Found]] = field(default_factory=list)
    """The very same file, elsewhere or under another name."""
    changed: list[tuple[Kept, Found]] = field(default_factory=list)
    """A file that is not the one that was there before."""
    stayed: list[tuple[Kept, Found]] = field(default_factory=list)
    gone: list[Kept] = field(default_factory=list)
    """There is nothing in their place."""
    fresh: list[Found] = field(default_factory=list)
    """Files that are no film yet."""


def compared(library: Iterable[Kept], folder: Mapping[str, Found]) -> Comparison:
    """Which film is which file. A file is known by its mark before it is by its name."""
    outcome, unsure = Comparison(), []
    unclaimed = dict(folder)
    for kept in library:
        found = folder.get(kept.path)
        if found is not None and found.mark == kept.mark:
            outcome.stayed.append((kept, found))
            del unclaimed[kept.path]
        else:
            unsure.append(kept)
    by_mark: dict[str, list[str]] = {}
    for path, found in unclaimed.items():
        by_mark.setdefault(found.mark, []).append(path)  # several when they are links to one file
    nameless = []
    for kept in unsure:
        paths = by_mark.get(kept.mark, []) if kept.mark is not None else []
        if paths:
            outcome.moved.append((kept, unclaimed.pop(paths.pop(0))))
        else:
            nameless.append(kept)
    for kept in nameless:
        found = unclaimed.pop(kept.path, None)
        if found is None:
            outcome.gone.append(kept)
        else:
            outcome.changed.append((kept, found))
    outcome.fresh.extend(unclaimed.values())
    return outcome
