"""Posters that people choose: a picture of their own, or a moment of the film."""

import asyncio

from watchparty.domain.errors import Invalid, NotFound, WrongMediaType
from watchparty.domain.event import VideoChanged
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.media.poster import WIDEST, candidates, frame_at
from watchparty.media.still import still
from watchparty.services.events import Events
from watchparty.services.films import Films
from watchparty.services.ids import new_id
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.objects import ObjectStore, whole
from watchparty.storage.videos import VideoStore

LARGEST = 10 << 20
"""Bytes of a picture that is brought."""


class Posters:
    def __init__(
        self,
        database: Database,
        store: VideoStore,
        videos: Videos,
        films: Films,
        objects: ObjectStore,
        events: Events,
    ) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._films = films
        self._objects = objects
        self._events = events

    async def candidates(self, person: Person, video_id: str) -> list[float]:
        """Moments of the film (seconds) that would do. Raises NotFound, NotAllowed, Conflict while it is not ready."""
        video = await self._videos.find_own(person, video_id)
        film = await self._films.open(video.id)
        return await asyncio.to_thread(candidates, film.path, film.source)

    async def frame(self, person: Person, video_id: str, at: float) -> bytes:
        """A moment of the film as a JPEG. Raises as `candidates` does, and Invalid for a moment there is no picture of.

        What is shown is the keyframe at or before it.
        """
        video = await self._videos.find_own(person, video_id)
        film = await self._films.open(video.id)
        if at > film.source.duration:
            raise Invalid("The film is over by then.", pointer="/at")
        picture = await asyncio.to_thread(frame_at, film.path, film.source, at)
        if picture is None:
            raise Invalid("There is no picture at this moment.", pointer="/at")
        return picture

    async def choose_frame(self, person: Person, video_id: str, at: float) -> Video:
        """Make a moment of the film its poster. Raises as `frame` does."""
        return await self._keep(video_id, await self.frame(person, video_id, at))

    async def bring(self, person: Person, video_id: str, data: bytes) -> Video:
        """Make a JPEG, PNG or WebP the film's poster, encoded anew. Raises NotFound, NotAllowed, WrongMediaType."""
        video = await self._videos.find_own(person, video_id)
        picture = await asyncio.to_thread(still, data, WIDEST)
        if picture is None:
            raise WrongMediaType("This is not a picture that can be used. Bring a JPEG, PNG or WebP.")
        return await self._keep(video.id, picture)

    async def reset(self, person: Person, video_id: str) -> Video:
        """Back to the poster that was found in the film. Raises NotFound, NotAllowed."""
        video = await self._videos.find_own(person, video_id)
        return await self._set(video.id, None)

    async def _keep(self, video_id: str, picture: bytes) -> Video:
        key = f"posters/{video_id}/{new_id()}.jpg"
        await self._objects.put(key, whole(picture))
        try:
            return await self._set(video_id, key)
        except NotFound:
            await self._objects.delete(key)
            raise

    async def _set(self, video_id: str, key: str | None) -> Video:
        def change(tx: Tx) -> tuple[str | None, Video]:
            if self._store.get(tx, video_id) is None:
                raise NotFound("This video was deleted.")
            before = self._store.set_own_poster(tx, video_id, key)
            video = self._store.get(tx, video_id)
            assert video is not None
            self._events.tell(tx, VideoChanged.of(video))
            return before, video

        before, video = await self._database.write(change)
        if before is not None:
            await self._objects.delete(before)
        return video
