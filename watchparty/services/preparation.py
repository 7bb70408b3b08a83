"""How far a film is: which renditions there are, how much of each lies ready, what is being done and why."""

from dataclasses import dataclass

from watchparty.domain.ladder import Rendition, why_encoded
from watchparty.domain.user import Person
from watchparty.domain.video import Status
from watchparty.services.cells import Cells
from watchparty.services.films import Films
from watchparty.services.progress import Progress, Work
from watchparty.services.videos import Videos


@dataclass(frozen=True)
class Stock:
    """One rendition, how many of its segments could be sent without making them first, and the bytes they take."""

    rendition: Rendition
    ready: int
    segments: int
    stored_bytes: int


@dataclass(frozen=True)
class Prepared:
    """`work` says what is being done; `why_encoded` why the picture cannot go out as it is, or not to everybody."""

    work: Work
    stock: list[Stock]
    keep_ready: bool
    why_encoded: str | None = None


class Preparation:
    def __init__(self, videos: Videos, films: Films, cells: Cells, progress: Progress) -> None:
        self._videos = videos
        self._films = films
        self._cells = cells
        self._progress = progress

    async def of(self, person: Person, video_id: str) -> Prepared:
        """Raises NotFound unless this person may see the film."""
        video = await self._videos.find(person, video_id)
        told = self._progress.of(video.id)
        if video.status is not Status.READY:
            # What is kept wins over what was told last: the film may have gone missing since.
            current = told if told is not None and told.status is video.status else None
            return Prepared(current or Work(video.id, video.status, 0.0, reason=video.reason), [], video.keep_ready)
        film = await self._films.open(video.id)
        ready, stored = self._cells.ready(film), self._cells.stored(film)
        stock = [
            Stock(rendition, ready[rendition.name], film.cells(rendition), stored[rendition.name])
            for rendition in film.renditions
        ]
        work = told if told is not None and told.status is Status.READY else Work(video.id, Status.READY, 1.0)
        return Prepared(work, stock, video.keep_ready, why_encoded(film.source, film.grid))
