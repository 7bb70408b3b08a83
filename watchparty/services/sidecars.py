"""What goes beside a film's stream: poster, storyboard, chapters and subtitles, by the names players ask for."""

import re
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain import chapters
from watchparty.domain.errors import NotFound
from watchparty.domain.source import Chapter, SubtitleTrack
from watchparty.domain.storyboard import VTT
from watchparty.domain.subtitle import Subtitle
from watchparty.domain.video import Video
from watchparty.services.captions import Captions
from watchparty.services.cells import Film
from watchparty.services.storyboards import Storyboards
from watchparty.services.subtitles import Subtitles
from watchparty.services.videos import Videos

POSTER = "poster.jpg"
CHAPTERS = "chapters.vtt"
WEBVTT = "text/vtt"
JPEG = "image/jpeg"
_EMBEDDED = re.compile(r"subtitles/(\d{1,3})\.vtt", re.ASCII)
_UPLOADED = re.compile(r"subtitles/([\w-]{20,})\.vtt", re.ASCII)
_SHEET = re.compile(r"storyboard/\d{3}\.jpg", re.ASCII)


@dataclass(frozen=True)
class Caption:
    """Subtitles that can be shown as text; `uploaded` tells those that somebody brought from those in the file."""

    id: str
    label: str
    language: str
    url: str
    uploaded: bool


@dataclass(frozen=True)
class Beside:
    """Addresses below that of the film; None for what there is not."""

    poster_url: str | None
    storyboard_url: str | None
    chapters_url: str | None
    chapters: list[Chapter]
    subtitles: list[Caption]


@dataclass(frozen=True)
class Served:
    """The bytes behind an address, or the file they lie in."""

    body: bytes | Path
    content_type: str


class Sidecars:
    def __init__(self, videos: Videos, captions: Captions, subtitles: Subtitles, storyboards: Storyboards) -> None:
        self._videos = videos
        self._captions = captions
        self._subtitles = subtitles
        self._storyboards = storyboards

    async def of(self, video: Video, film: Film, base: str) -> Beside:
        """Everything there is for this film, below the address `base`."""
        offered = _chapters(film)
        return Beside(
            poster_url=f"{base}/{POSTER}" if video.poster_key else None,
            storyboard_url=f"{base}/{VTT}" if video.storyboard_key else None,
            chapters_url=f"{base}/{CHAPTERS}" if offered else None,
            chapters=offered,
            subtitles=[
                *_embedded(film, base),
                *(_brought(subtitle, base) for subtitle in await self._subtitles.of(video.id)),
            ],
        )

    async def serve(self, film: Film, file: str) -> Served | None:
        """What stands under this name; None when it is no sidecar's name. Raises NotFound when there is none such."""
        if file == CHAPTERS:
            return Served(chapters.cues(_chapters(film)).encode(), WEBVTT)
        if file == VTT or _SHEET.fullmatch(file):
            video = await self._videos.get(film.video_id)
            return Served(await self._storyboards.path(video, file), WEBVTT if file == VTT else JPEG)
        if match := _EMBEDDED.fullmatch(file):
            return Served((await self._captions.text(film, _track(film, int(match[1])))).encode(), WEBVTT)
        if match := _UPLOADED.fullmatch(file):
            return Served(await self._subtitles.path(film.video_id, match[1]), WEBVTT)
        return None

    async def poster(self, video_id: str) -> Served:
        """A film has its poster in every state. Raises NotFound while there is none."""
        return Served(await self._videos.poster_path(video_id), JPEG)

    async def has(self, video: Video, film: Film, file: str) -> bool:
        """Whether there is a sidecar of this name."""
        if file == POSTER:
            return video.poster_key is not None
        if file == CHAPTERS:
            return bool(film.source.chapters)
        if match := _EMBEDDED.fullmatch(file):
            return any(track.index == int(match[1]) and track.text for track in film.source.subtitles)
        try:
            return await self.serve(film, file) is not None
        except NotFound:
            return False


def _chapters(film: Film) -> list[Chapter]:
    return chapters.offered(film.source.chapters, film.source.duration)


def _track(film: Film, index: int) -> SubtitleTrack:
    for track in film.source.subtitles:
        if track.index == index and track.text:
            return track
    raise NotFound("There are no such subtitles.")


def _embedded(film: Film, base: str) -> list[Caption]:
    tracks = [track for track in film.source.subtitles if track.text]
    return [
        Caption(
            id=str(track.index),
            label=track.title or ("Forced" if track.forced else track.language) or f"Subtitles {number}",
            language=track.language or "und",
            url=f"{base}/subtitles/{track.index}.vtt",
            uploaded=False,
        )
        for number, track in enumerate(tracks, 1)
    ]


def _brought(subtitle: Subtitle, base: str) -> Caption:
    url = f"{base}/subtitles/{subtitle.id}.vtt"
    return Caption(subtitle.id, subtitle.label, subtitle.language, url, uploaded=True)
