"""Whole files of a film, for looking at and taking away: the original, its pictures, and what operations have made."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain.errors import NotAllowed, NotFound
from watchparty.domain.job import Job, JobStatus
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.services.videos import Videos
from watchparty.storage.database import Database
from watchparty.storage.jobs import JobStore
from watchparty.storage.objects import ObjectStore

NONE = "This video has no such file."


@dataclass(frozen=True)
class Asset:
    """A file and what it is; `filename` where it is to be saved rather than shown."""

    path: Path
    mime_type: str
    filename: str | None = None


class VideoAssets:
    def __init__(self, videos: Videos, database: Database, jobs: JobStore, objects: ObjectStore) -> None:
        self._videos = videos
        self._database = database
        self._jobs = jobs
        self._objects = objects

    async def find(self, person: Person, video_id: str, kind: str) -> Asset:
        """`kind` is original, poster, storyboard, audio (what was extracted last), or the id of a finished operation.

        Raises NotFound when there is no such file or this person may not see the film, NotAllowed when they see it
        only because of a room, and Conflict before it has come.
        """
        video = await self._videos.find(person, video_id)
        if kind not in ("poster", "storyboard") and self._videos.needs_room(person, video):
            raise NotAllowed("This video is shown to you in a room, and is not yours to take away.")
        if kind == "original":
            asset = Asset(self._videos.path(video), _original_type(video), video.filename or video.title)
        elif kind == "poster":
            asset = Asset(await self._videos.poster_path(video.id), "image/jpeg")
        elif kind == "storyboard":
            if video.storyboard_key is None:
                raise NotFound("This video has no storyboard yet.")
            asset = Asset(self._objects.path(f"{video.storyboard_key}/000.jpg"), "image/jpeg")
        else:
            asset = self._output(await self._operation(video, kind))
        if not await asyncio.to_thread(asset.path.is_file):
            raise NotFound(NONE)
        return asset

    async def _operation(self, video: Video, kind: str) -> Job:
        if kind == "audio":
            job = await self._database.read(lambda tx: self._jobs.newest_done(tx, video.id, "extract-audio"))
        else:
            job = await self._database.read(lambda tx: self._jobs.get(tx, kind))
        if job is None or job.video_id != video.id or job.status is not JobStatus.DONE or job.result is None:
            raise NotFound(NONE)
        return job

    def _output(self, job: Job) -> Asset:
        assert job.result is not None
        return Asset(self._objects.path(job.result["key"]), job.result["mime_type"], job.result["filename"])


def _original_type(video: Video) -> str:
    return video.mime_type or "application/octet-stream"
