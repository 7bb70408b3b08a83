"""The library: films found, described and changed by those who may."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from watchparty.domain.errors import Conflict, NotAllowed, NotFound
from watchparty.domain.event import VideoChanged, VideoCreated, VideoUploaded
from watchparty.domain.job import Job
from watchparty.domain.permission import may_see, may_upload, owns
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Video, Visibility
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.grants import Grants
from watchparty.services.ids import new_id
from watchparty.storage.database import Database, Tx
from watchparty.storage.jobs import JobStore
from watchparty.storage.objects import ObjectStore
from watchparty.storage.videos import VideoStore


class Doors(Protocol):
    """Whatever opens a film to people beyond its own visibility: the rooms it is shown in."""

    def opens(self, person: Person, video_id: str) -> bool:
        """Whether this person belongs to a room in which this film is loaded or queued."""


class Videos:
    """`library` is the watched folder, whose files are read and never changed."""

    def __init__(
        self,
        database: Database,
        store: VideoStore,
        jobs: JobStore,
        objects: ObjectStore,
        grants: Grants,
        events: Events,
        clock: Clock,
        library: Path,
    ) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs
        self._objects = objects
        self._grants = grants
        self._events = events
        self._clock = clock
        self._library = library
        self._doors: Doors | None = None
        self._on_describe: list[Callable[[str], Awaitable[None]]] = []

    def on_describe(self, callback: Callable[[str], Awaitable[None]]) -> None:
        """Have `callback` awaited with the id of every film of which something else is said from then on."""
        self._on_describe.append(callback)

    def open_through(self, doors: Doors) -> None:
        """Let the rooms say whom they let in; they are built after the library, which they show."""
        self._doors = doors

    async def find(self, person: Person, video_id: str) -> Video:
        """Raises NotFound unless the film exists and this person may see it."""
        video = await self._database.read(lambda tx: self._store.get(tx, video_id))
        if video is None or not self.shows(person, video):
            raise NotFound("There is no such video.")
        return video

    async def visible(self, person: Person, video_ids: Collection[str]) -> dict[str, Video]:
        """Those of the films that this person may see, by id."""
        videos = await self._database.read(lambda tx: self._store.some(tx, video_ids))
        return {video_id: video for video_id, video in videos.items() if self.shows(person, video)}

    def shows(self, person: Person, video: Video) -> bool:
        """Whether this person may see the film; never waits."""
        return may_see(person, video, opened_by_room=self._opened(person, video.id))

    async def find_own(self, person: Person, video_id: str) -> Video:
        """The same, for changing it: raises NotAllowed for those who may only watch."""
        video = await self.find(person, video_id)
        if not owns(person, video):
            raise NotAllowed("Only its owner or an administrator can change this video.")
        return video

    def stored(self, tx: Tx, video_id: str) -> Video | None:
        """The film as it is kept, for work that nobody waits for."""
        return self._store.get(tx, video_id)

    async def get(self, video_id: str) -> Video:
        """The film, for whoever has been let in already. Raises NotFound."""
        video = await self._database.read(lambda tx: self._store.get(tx, video_id))
        if video is None:
            raise NotFound("There is no such video.")
        return video

    def exists(self, tx: Tx, video_id: str) -> bool:
        """Asked within a transaction that adds something to a film."""
        return self._store.get(tx, video_id) is not None

    def needs_room(self, person: Person, video: Video) -> bool:
        """Whether this person sees the film only because of a room they are in."""
        return not may_see(person, video, opened_by_room=False)

    def still_opened(self, person: Person, video_id: str) -> bool:
        """Asked for every segment of a film that somebody sees because of a room; never waits."""
        return self._opened(person, video_id)

    async def add(self, person: Person, video: Video, besides: Callable[[Tx], None] | None = None) -> Video:
        """Keep a film's words before its bytes come, and `besides` what belongs to the same transaction.

        Raises NotAllowed for guests.
        """
        if not may_upload(person):
            raise NotAllowed("Guests cannot add videos.")

        def keep(tx: Tx) -> None:
            self._store.add(tx, video)
            self._events.tell(tx, VideoCreated.of(video))
            if besides is not None:
                besides(tx)

        await self._database.write(keep)
        return video

    async def describe(
        self,
        person: Person,
        video_id: str,
        *,
        title: str | None = None,
        description: str | None = None,
        tags: list[str] | None = None,
        visibility: Visibility | None = None,
    ) -> Video:
        """Change what is said about a film and who may see it; what is None stays."""
        video = await self.find_own(person, video_id)
        changed = video.described(
            now=self._clock.time(), title=title, description=description, tags=tags, visibility=visibility
        )
        await self._database.write(lambda tx: self.keep_described(tx, changed))
        await self.tell_described(changed.id, hidden=changed.visibility is not video.visibility)
        return changed

    def keep_described(self, tx: Tx, changed: Video) -> None:
        """Keep other words of a film within a transaction, after which `tell_described` is due."""
        self._store.describe(tx, changed)
        self._events.tell(tx, VideoChanged.of(changed))

    async def tell_described(self, video_id: str, *, hidden: bool) -> None:
        """Something else is said about a film from now on; `hidden` when perhaps not everybody may still see it."""
        if hidden:
            self._grants.end_video(video_id)
        for callback in self._on_describe:
            await callback(video_id)

    async def arrived(self, video: Video, *, is_new: bool, besides: Callable[[Tx], None] | None = None) -> None:
        """A film's bytes are whole: keep that, and queue what makes it watchable, in one transaction.

        Both journeys end here, the upload's and the watched folder's; `besides` is what else belongs to the same
        transaction. Raises NotFound when the film was deleted meanwhile.
        """
        # Nobody waits before the page for what lay in the folder: such jobs are nobody's, and take turns as one person.
        waiting = None if video.library_path is not None else video.owner_id
        job = Job(new_id(), "prepare", video.id, self._clock.time(), created_by=waiting)

        def keep(tx: Tx) -> None:
            if is_new:
                self._store.add(tx, video)
                self._events.tell(tx, VideoCreated.of(video))
            elif not self._store.arrived(tx, video):
                raise NotFound("This video was deleted while it was being uploaded.")
            self._events.tell(tx, VideoUploaded.of(replace(video, status=Status.UPLOADED)))
            self._jobs.add(tx, job)
            if besides is not None:
                besides(tx)

        await self._database.write(keep)

    def path(self, video: Video) -> Path:
        """Where the original lies. Raises Conflict before it has come."""
        if video.library_path is not None:
            return self._library / video.library_path
        if video.object_key is None:
            raise Conflict("This video has not been uploaded yet.")
        return self._objects.path(video.object_key)

    async def files(self, video: Video) -> dict[str, Path]:
        """Every file that is held of a film and may hold pictures or sound, by its name."""
        kept = [each for kind in ("originals", "outputs") for each in await self._objects.list(f"{kind}/{video.id}")]
        found = {stat.key.rpartition("/")[2]: self._objects.path(stat.key) for stat in kept}
        return found | {name: self.path(video) for name in (video.filename, video.library_path) if name is not None}

    async def poster_path(self, video_id: str) -> Path:
        """Where the poster lies. Raises NotFound while there is none."""
        video = await self._database.read(lambda tx: self._store.get(tx, video_id))
        if video is None or video.poster_key is None:
            raise NotFound("This video has no poster yet.")
        return self._objects.path(video.poster_key)

    def _opened(self, person: Person, video_id: str) -> bool:
        return self._doors is not None and self._doors.opens(person, video_id)
