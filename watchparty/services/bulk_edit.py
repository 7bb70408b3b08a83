"""One change for many films at once, or for none of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from watchparty.domain.errors import NotAllowed, NotFound
from watchparty.domain.permission import owns
from watchparty.domain.user import Person
from watchparty.domain.video import Video, Visibility
from watchparty.services.clock import Clock
from watchparty.services.keeping import Keeping
from watchparty.services.trash import Trash
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.videos import VideoStore


@dataclass(frozen=True)
class Change:
    """What is to become of films; what is None or empty stays as it is. One that is deleted is not changed besides."""

    visibility: Visibility | None = None
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()
    keep_ready: bool | None = None
    delete: bool = False


@dataclass(frozen=True)
class Changed:
    """A film as it was and as it is; None once it is deleted."""

    before: Video
    after: Video | None


class BulkEdit:
    def __init__(
        self, database: Database, store: VideoStore, videos: Videos, trash: Trash, keeping: Keeping, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._trash = trash
        self._keeping = keeping
        self._clock = clock

    async def apply(self, person: Person, video_ids: Sequence[str], change: Change) -> list[Changed]:
        """What has changed, in the order given; films that were so already are left out.

        Raises NotFound or NotAllowed when there is one among them that this person may not change, and Invalid when one
        would have too many tags; none is changed then.
        """
        for video_id in video_ids:
            await self._videos.find_own(person, video_id)
        ids = list(dict.fromkeys(video_ids))
        changed = await self._database.write(lambda tx: self._apply(tx, person, ids, change))
        for each in changed:
            await self._tell(each)
        if change.keep_ready is None:
            return changed
        return await self._keep(person, ids, changed, change.keep_ready)

    def _apply(self, tx: Tx, person: Person, video_ids: list[str], change: Change) -> list[Changed]:
        found = self._store.some(tx, video_ids)
        changed = []
        for video_id in video_ids:
            before = found.get(video_id)
            if before is None:
                raise NotFound("One of these videos has been deleted.")
            if not owns(person, before):
                raise NotAllowed("One of these videos is not yours to change.")
            if change.delete:
                self._trash.put_within(tx, person, before)
                changed.append(Changed(before, None))
            elif (after := self._described(before, change)) != before:
                self._videos.keep_described(tx, after)
                changed.append(Changed(before, after))
        return changed

    def _described(self, video: Video, change: Change) -> Video:
        now = self._clock.time()
        tagged = video.tagged(change.add_tags, change.remove_tags, now=now)
        if change.visibility is None or change.visibility is video.visibility:
            return tagged
        return tagged.described(now=now, visibility=change.visibility)

    async def _tell(self, changed: Changed) -> None:
        before, after = changed.before, changed.after
        if after is None:
            await self._trash.tell_deleted(before.id)
        else:
            await self._videos.tell_described(before.id, hidden=after.visibility is not before.visibility)

    async def _keep(self, person: Person, video_ids: list[str], changed: list[Changed], on: bool) -> list[Changed]:
        told = {each.before.id: each for each in changed}
        for video_id in video_ids:
            before = await self._videos.find_own(person, video_id)
            if before.keep_ready is not on:
                after = await self._keeping.set(person, video_id, on)
                known = told.get(video_id, Changed(before, None))
                told[video_id] = replace(known, after=after)
        return [told[video_id] for video_id in video_ids if video_id in told]
