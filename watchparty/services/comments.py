"""What people say below films: written, edited, taken away and brought back, and whoever it concerns is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace

from watchparty.domain.comment import RESTORABLE, Comment, WantedComments, clean_moment, clean_text
from watchparty.domain.errors import Invalid, NotAllowed, NotFound
from watchparty.domain.mention import called, mentioned
from watchparty.domain.notification import Kind, concerned
from watchparty.domain.user import Person, User
from watchparty.domain.video import Video
from watchparty.services.audit import Audit
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.notifications import Notifications
from watchparty.services.videos import Videos
from watchparty.storage.comments import CommentStore
from watchparty.storage.database import Database, Tx
from watchparty.storage.search import SearchStore
from watchparty.storage.users import UserStore

NO_COMMENT = "There is no such comment."


@dataclass(frozen=True)
class CommentPage:
    """`after` leads to the next page, where there is one."""

    video: Video
    comments: list[Comment]
    after: int | None


class Comments:
    """Whoever may see a film reads what is said below it; people with an account write there."""

    def __init__(
        self,
        database: Database,
        store: CommentStore,
        search: SearchStore,
        users: UserStore,
        videos: Videos,
        notifications: Notifications,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._search = search
        self._users = users
        self._videos = videos
        self._notifications = notifications
        self._audit = audit
        self._clock = clock

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Comments"]:
        """Forgets the words of what was deleted, once nobody can restore it, until left."""
        forgetting = asyncio.create_task(self._forget(), name="forget deleted comments")
        try:
            yield self
        finally:
            forgetting.cancel()
            await asyncio.gather(forgetting, return_exceptions=True)

    async def page(self, person: Person, wanted: WantedComments) -> CommentPage:
        """Comments of a film, or answers to one of them. Raises NotFound."""
        video = await self._videos.find(person, wanted.video_id)
        comments = await self._database.read(lambda tx: self._store.list(tx, wanted))
        return CommentPage(video, comments, comments[-1].seq if len(comments) == wanted.limit else None)

    async def find(self, person: Person, comment_id: str) -> tuple[Comment, Video]:
        """Also what was deleted, whose words are for nobody. Raises NotFound unless one may see its film."""
        comment = await self._database.read(lambda tx: self._store.get(tx, comment_id))
        if comment is None:
            raise NotFound(NO_COMMENT)
        try:
            return comment, await self._videos.find(person, comment.video_id)
        except NotFound as error:
            raise NotFound(NO_COMMENT) from error

    async def add(
        self, person: Person, video_id: str, text: str, at: float | None, parent_id: str | None
    ) -> tuple[Comment, Video]:
        """Say something. An answer to an answer stands beside it; who wrote that is told all the same."""
        video = await self._videos.find(person, video_id)
        text, at = clean_text(text), clean_moment(at, video.duration)
        answered = await self._answered(video_id, parent_id)
        wrote = None if answered is None else answered.author_id
        present = await self._present(video, text, [one for one in (wrote, video.owner_id) if one is not None])
        meant = _meant(text, present)
        comment = Comment(new_id(), video.id, person.id, text, self._clock.time(), at=at, mentions=meant)
        if answered is not None:
            comment = replace(comment, parent_id=answered.parent_id or answered.id)
        kinds = concerned(person.id, wrote, meant, video.owner_id)

        def keep(tx: Tx) -> Comment:
            self._check(tx, comment)
            self._store.add(tx, comment)
            self._search.refresh(tx, video.id)
            for user in present:
                if user.id in kinds:
                    self._tell(tx, user.id, kinds[user.id], comment)
            return self._kept(tx, comment.id)

        return await self._database.write(keep), video

    async def edit(
        self, person: Person, comment_id: str, text: str | None, at: float | None, *, moves: bool
    ) -> tuple[Comment, Video]:
        """Put it in other words; `moves` says that `at` is meant, too. Whoever is meant from now on is told.

        Raises NotAllowed for everybody but its author.
        """
        before, video = await self.find(person, comment_id)
        if before.is_deleted:
            raise NotFound(NO_COMMENT)
        if not before.may_edit(person):
            raise NotAllowed("Only who wrote a comment can change it.")
        text = before.text if text is None else clean_text(text)
        present = await self._present(video, text, [])
        comment = before.edited(
            text=text,
            at=clean_moment(at, video.duration) if moves else before.at,
            mentions=_meant(text, present),
            now=self._clock.time(),
        )

        def keep(tx: Tx) -> Comment:
            if self._kept(tx, comment_id).is_deleted:
                raise NotFound(NO_COMMENT)
            self._store.edit(tx, comment)
            for user_id in comment.mentions:
                if user_id not in before.mentions:
                    self._tell(tx, user_id, Kind.MENTION, comment)
            return self._kept(tx, comment_id)

        return await self._database.write(keep), video

    async def delete(self, person: Person, comment_id: str) -> None:
        """Take a comment away; answers to it stay, below a word that there was something.

        Raises NotAllowed for those who neither wrote it nor own the film, NotFound when it is gone already.
        """
        comment, video = await self.find(person, comment_id)
        if comment.is_deleted:
            raise NotFound(NO_COMMENT)
        if not comment.may_delete(person, video):
            raise NotAllowed("Only who wrote a comment, or owns the film, can delete it.")
        now = self._clock.time()

        def keep(tx: Tx) -> None:
            self._store.delete(tx, comment_id, person.id, now)
            self._search.refresh(tx, video.id)
            if person.id not in {comment.author_id, video.owner_id}:
                about = {"author_id": comment.author_id, "video_id": video.id}
                self._audit.note(tx, person, "comment.deleted", comment_id, before=about)

        await self._database.write(keep)

    async def restore(self, person: Person, comment_id: str) -> tuple[Comment, Video]:
        """Bring back what one has just deleted. Raises NotFound when it was another, or too long ago."""
        comment, video = await self.find(person, comment_id)
        now = self._clock.time()
        if not comment.is_deleted and comment.may_delete(person, video):
            return comment, video

        def keep(tx: Tx) -> Comment:
            # Asked again inside the transaction: its words may just have been forgotten.
            deleted = self._kept(tx, comment_id)
            if not deleted.may_restore(person, now) or not deleted.text:
                raise NotFound("This comment cannot be brought back any more.")
            self._store.restore(tx, comment_id)
            self._search.refresh(tx, video.id)
            return self._kept(tx, comment_id)

        return await self._database.write(keep), video

    async def _answered(self, video_id: str, parent_id: str | None) -> Comment | None:
        if parent_id is None:
            return None
        comment = await self._database.read(lambda tx: self._store.get(tx, parent_id))
        if comment is None or comment.video_id != video_id or comment.is_deleted:
            raise Invalid("There is no such comment to answer.", pointer="/parent_id")
        return comment

    async def _present(self, video: Video, text: str, besides: list[str]) -> list[User]:
        """Those whom `text` could mean by name, and those `besides`, as far as they may see the film."""
        names = called(text)

        def read(tx: Tx) -> list[User]:
            return [*self._users.with_names(tx, names), *self._users.many(tx, besides)]

        users = {user.id: user for user in await self._database.read(read) if not user.disabled}
        return [user for user in users.values() if self._videos.shows(_as_person(user), video)]

    def _check(self, tx: Tx, comment: Comment) -> None:
        """Within the transaction: the film and what is answered may have gone meanwhile."""
        if not self._videos.exists(tx, comment.video_id):
            raise NotFound("There is no such video.")
        if comment.parent_id is not None and self._store.get(tx, comment.parent_id) is None:
            raise Invalid("There is no such comment to answer.", pointer="/parent_id")

    def _kept(self, tx: Tx, comment_id: str) -> Comment:
        comment = self._store.get(tx, comment_id)
        if comment is None:
            raise NotFound(NO_COMMENT)
        return comment

    def _tell(self, tx: Tx, user_id: str, kind: Kind, comment: Comment) -> None:
        data = {"actor_id": comment.author_id or "", "video_id": comment.video_id, "comment_id": comment.id}
        self._notifications.add(tx, user_id, kind, data)

    async def _forget(self) -> None:
        while True:
            before = self._clock.time() - RESTORABLE
            await self._database.write(lambda tx, before=before: self._store.forget(tx, before))  # type: ignore[misc]
            await asyncio.sleep(RESTORABLE)


def _meant(text: str, present: Iterable[User]) -> tuple[str, ...]:
    return mentioned(text, [(user.id, user.username) for user in present])


def _as_person(user: User) -> Person:
    """Somebody who is not asking: what they may see does not depend on where they are signed in."""
    return Person(user.id, user.display_name, user.role, "")
