"""The library as people look through it: lists in every order, searched, filtered, and what it is filtered by."""

from dataclasses import dataclass

from watchparty.domain.user import Person
from watchparty.domain.video import Sort, Video, Wanted
from watchparty.storage.catalogue import CatalogueStore
from watchparty.storage.database import Database, Tx
from watchparty.storage.videos import VideoStore

MOST_TAGS = 200
MOST_OWNERS = 100


@dataclass(frozen=True)
class Page:
    """Some of a list; `after` leads to the next page, where there is one."""

    videos: list[Video]
    after: tuple[float | str, str] | None


class Catalogue:
    def __init__(self, database: Database, store: CatalogueStore, videos: VideoStore) -> None:
        self._database = database
        self._store = store
        self._videos = videos

    async def page(self, wanted: Wanted, sort: Sort) -> Page:
        """One page of the films that `wanted.viewer_id` may see listed."""

        def read(tx: Tx) -> Page:
            found = self._store.page(tx, wanted, sort)
            videos = self._videos.some(tx, [video_id for video_id, _ in found])
            after = (found[-1][1], found[-1][0]) if len(found) == wanted.limit else None
            return Page([videos[video_id] for video_id, _ in found], after)

        return await self._database.read(read)

    async def tags(self, person: Person) -> list[tuple[str, int]]:
        """The tags that stand on most films this person may see listed, and on how many."""
        return await self._database.read(lambda tx: self._store.tags(tx, seen_by(person), MOST_TAGS))

    async def owners(self, person: Person) -> list[tuple[str, int]]:
        """Whose films this person may see listed, by id, and how many."""
        return await self._database.read(lambda tx: self._store.owners(tx, seen_by(person), MOST_OWNERS))


def seen_by(person: Person) -> str | None:
    """Whose eyes a list is for, as the store wants it: None for those who see all."""
    return None if person.is_admin else person.id
