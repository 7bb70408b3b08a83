"""Telling people what concerns them, within the transaction of the deed, and what they have read of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from watchparty.domain.errors import NotFound
from watchparty.domain.notification import KEPT_FOR, MOST_KEPT, Kind, Notification, Told
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.notifications import NotificationStore

# Before everything there is: where the list begins.
NEWEST = 1 << 62
# What a notification can be about; whatever else is known of it are words.
_ABOUT = {"actor_id", "video_id", "comment_id", "room_id"}


@dataclass(frozen=True)
class ToldPage:
    """Newest first; `after` leads to the next page, where there is one. `unread` counts all there are."""

    told: list[Told]
    unread: int
    after: int | None


class Notifications:
    """What it is about is looked up again whenever somebody reads: nobody is told of what they may not see."""

    def __init__(self, database: Database, store: NotificationStore, videos: Videos, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._clock = clock
        self._on_add: list[Callable[[Collection[str]], None]] = []
        # Who was told something: added to on the writer's thread, emptied by the loop once that is on disk.
        self._told: set[str] = set()
        database.after_commit(self._committed)

    def on_add(self, callback: Callable[[Collection[str]], None]) -> None:
        """Have `callback` called with the ids of those who have been told something, once it is on disk.

        Of a deed that came to nothing they may hear, too; then there is nothing to be found.
        """
        self._on_add.append(callback)

    def add(self, tx: Tx, user_id: str, kind: Kind, data: Mapping[str, str], *, once: str | None = None) -> None:
        """Tell somebody, unless they do not want to hear of this kind, or did it themselves.

        Of `data`, `actor_id`, `video_id`, `comment_id` and `room_id` say what it is about: gone, that takes it along.
        What goes by the same name `once` is told once.
        """
        if data.get("actor_id") == user_id or kind in self._store.unwanted(tx, user_id):
            return
        now = self._clock.time()
        self._store.add(
            tx,
            Notification(
                id=once or new_id(),
                user_id=user_id,
                kind=kind,
                created_at=now,
                actor_id=data.get("actor_id"),
                video_id=data.get("video_id"),
                comment_id=data.get("comment_id"),
                room_id=data.get("room_id"),
                data={name: value for name, value in data.items() if name not in _ABOUT},
            ),
        )
        self._store.prune(tx, user_id, now - KEPT_FOR, MOST_KEPT)
        self._told.add(user_id)

    async def page(self, person: Person, limit: int, before: int | None) -> ToldPage:
        """A page holds less than `limit` where it is about films this person may not see any more."""
        since = NEWEST if before is None else before
        told, unread = await self._database.read(
            lambda tx: (self._store.page(tx, person.id, since, limit), self._store.unread(tx, person.id))
        )
        titles = await self._titles(person, [one.notification.video_id for one in told] + [*unread])
        shown = [replace(one, film=titles[about]) for one in told if (about := one.notification.video_id) in titles]
        after = told[-1].notification.seq if len(told) == limit else None
        return ToldPage(shown, sum(many for about, many in unread.items() if about in titles), after)

    async def unread(self, person: Person) -> int:
        """How many there are that this person may see and has not read."""
        unread = await self._database.read(lambda tx: self._store.unread(tx, person.id))
        titles = await self._titles(person, [*unread])
        return sum(many for about, many in unread.items() if about in titles)

    async def read(self, person: Person, ids: Collection[str] | None) -> None:
        """Some have been read, or all of them (None)."""
        now = self._clock.time()
        if ids is None:
            await self._database.write(lambda tx: self._store.read_all(tx, person.id, now))
        else:
            await self._database.write(lambda tx: self._store.read(tx, person.id, ids, now))

    async def delete(self, person: Person, notification_id: str) -> None:
        """Raises NotFound."""
        if not await self._database.write(lambda tx: self._store.delete(tx, person.id, notification_id)):
            raise NotFound("There is no such notification.")

    async def delete_all(self, person: Person) -> None:
        await self._database.write(lambda tx: self._store.delete_all(tx, person.id))

    async def wanted(self, person: Person) -> dict[Kind, bool]:
        """What this person wants to be told of."""
        unwanted = await self._database.read(lambda tx: self._store.unwanted(tx, person.id))
        return {kind: kind not in unwanted for kind in Kind}

    async def want(self, person: Person, changes: Mapping[Kind, bool]) -> dict[Kind, bool]:
        """What is not among the changes stays as it is."""

        def keep(tx: Tx) -> dict[Kind, bool]:
            unwanted = self._store.unwanted(tx, person.id)
            wanted = {kind: kind not in unwanted for kind in Kind} | dict(changes)
            self._store.set_unwanted(tx, person.id, [kind for kind, on in wanted.items() if not on])
            return wanted

        return await self._database.write(keep)

    def _committed(self) -> None:
        if self._told:
            told, self._told = self._told, set()
            for callback in self._on_add:
                callback(told)

    async def _titles(self, person: Person, about: Collection[str | None]) -> dict[str | None, str | None]:
        """The titles of those of the films that this person may see; what is about no film (None) is not hidden."""
        films = await self._videos.visible(person, {video_id for video_id in about if video_id is not None})
        return {None: None, **{film.id: film.title for film in films.values()}}
