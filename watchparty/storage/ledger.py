"""What lies in the cache of cells: how large, when last used, and what would have to go first."""

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

Key = tuple[str, str, int]
"""Video, rendition, index."""


@dataclass
class Entry:
    """Bytes, and when the cell was made or last fetched, in Unix seconds."""

    size: int
    used_at: float


class Ledger:
    """Cells in the order in which they were used. Of no thread in particular: who shares it locks it."""

    def __init__(self, kept: Iterable[str]) -> None:
        self._kept_videos = set(kept)
        self._spare: OrderedDict[Key, Entry] = OrderedDict()
        """Made unasked, and never fetched."""
        self._used: OrderedDict[Key, Entry] = OrderedDict()
        self._kept: OrderedDict[Key, Entry] = OrderedDict()
        """Of kept videos: not evictable."""
        self._protected: Mapping[str, Collection[range]] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        """Cells by video and rendition."""
        self.bytes: Counter[tuple[str, str]] = Counter()
        """The same in bytes."""
        self.evictable = 0
        """Bytes of all cells but those of kept videos."""

    def __contains__(self, key: Key) -> bool:
        return key in self._used or key in self._spare or key in self._kept

    def add(self, key: Key, entry: Entry, *, spare: bool) -> None:
        self.drop(key)
        self._lay(key, entry, spare=spare)
        self.counts[key[:2]] += 1
        self.bytes[key[:2]] += entry.size

    def use(self, key: Key, now: float) -> bool:
        """Somebody fetches a cell; False when there is no such."""
        entry = self._take(key)
        if entry is not None:
            entry.used_at = now
            self._lay(key, entry)
        return entry is not None

    def drop(self, key: Key) -> None:
        entry = self._take(key)
        if entry is None:
            return
        self.counts[key[:2]] -= 1
        self.bytes[key[:2]] -= entry.size
        if not self.counts[key[:2]]:
            del self.counts[key[:2]], self.bytes[key[:2]]

    def forget(self, video_id: str, rendition: str | None = None) -> None:
        """All cells of a video, or of one rendition of it, are gone."""
        for key in self._of(video_id):
            if rendition in {None, key[1]}:
                self.drop(key)

    def keeps(self, video_id: str) -> bool:
        return video_id in self._kept_videos

    @property
    def kept(self) -> int:
        """Bytes of kept videos."""
        return sum(size for (video_id, _), size in self.bytes.items() if self.keeps(video_id))

    def keep(self, video_id: str, on: bool) -> None:
        """Whether a video's cells are never to go, or are from now on like all others."""
        (self._kept_videos.add if on else self._kept_videos.discard)(video_id)
        for key in self._of(video_id):
            entry = self._take(key)
            assert entry is not None
            self._lay(key, entry)
        if not on:
            self._used = OrderedDict(sorted(self._used.items(), key=lambda item: item[1].used_at))

    def protect(self, cells: Mapping[str, Collection[range]]) -> None:
        """Cells somebody is about to need, by video, in all renditions; those named before are not any more."""
        self._protected = cells

    def victims(self, lack: int, unused_since: float) -> tuple[list[Key], bool]:
        """Cells to drop so that `lack` bytes become free, and whether that is enough; those last used later stay."""
        victims: list[Key] = []
        for key, entry in self._dispensable(unused_since):
            if lack <= 0:
                break
            victims.append(key)
            lack -= entry.size
        return victims, lack <= 0

    def _dispensable(self, unused_since: float) -> Iterator[tuple[Key, Entry]]:
        """What nobody ever fetched first, then what was fetched longest ago."""
        for place in (self._spare, self._used):
            for key, entry in place.items():
                if entry.used_at > unused_since:
                    break
                if not any(key[2] in cells for cells in self._protected.get(key[0], ())):
                    yield key, entry

    def _of(self, video_id: str) -> list[Key]:
        return [key for place in (self._used, self._spare, self._kept) for key in place if key[0] == video_id]

    def _lay(self, key: Key, entry: Entry, *, spare: bool = False) -> None:
        if self.keeps(key[0]):
            self._kept[key] = entry
        else:
            (self._spare if spare else self._used)[key] = entry
            self.evictable += entry.size

    def _take(self, key: Key) -> Entry | None:
        for place in (self._used, self._spare, self._kept):
            entry = place.pop(key, None)
            if entry is not None:
                self.evictable -= 0 if place is self._kept else entry.size
                return entry
        return None
