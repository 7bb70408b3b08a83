"""Watching: signed addresses for every file of a film, and what stands behind each of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain import playlist
from watchparty.domain.errors import NotAllowed, NotFound
from watchparty.domain.signature import PathToken, Signer
from watchparty.domain.source import SubtitleTrack
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.services.captions import Captions
from watchparty.services.cells import Cells, Film
from watchparty.services.clock import Clock
from watchparty.services.films import Films
from watchparty.services.grants import Grants
from watchparty.services.videos import Videos

# Seconds an address works: for a player that renews it, and for a single file.
LIFETIME = 2 * 3600.0
FILE_LIFETIME = 600.0

PLAYLIST = "application/vnd.apple.mpegurl"
_SEGMENT = re.compile(r"([\w-]+)/(\d{5})\.m4s", re.ASCII)
_INIT = re.compile(r"([\w-]+)/init\.mp4", re.ASCII)
_MEDIA = re.compile(r"([\w-]+)/(?:video|audio)\.m3u8", re.ASCII)
_SUBTITLES = re.compile(r"subtitles/(\d{1,3})\.vtt", re.ASCII)
_REFUSED = "This address does not open anything, or not any more."


@dataclass(frozen=True)
class Caption:
    """One subtitle track that can be shown as text."""

    label: str
    language: str
    url: str


@dataclass(frozen=True)
class Opened:
    """What a player needs; `expires_at` is in Unix seconds."""

    hls_url: str
    poster_url: str | None
    subtitles: list[Caption]
    expires_at: float


@dataclass(frozen=True)
class Served:
    """The bytes behind an address, or the file they lie in."""

    body: bytes | Path
    content_type: str


class Streams:
    def __init__(
        self,
        videos: Videos,
        films: Films,
        cells: Cells,
        captions: Captions,
        grants: Grants,
        signer: Signer,
        clock: Clock,
    ) -> None:
        self._videos = videos
        self._films = films
        self._cells = cells
        self._captions = captions
        self._grants = grants
        self._signer = signer
        self._clock = clock

    async def open(self, person: Person, video_id: str) -> Opened:
        """Addresses for watching this film. Raises NotFound, or Conflict while it is not ready."""
        video = await self._videos.find(person, video_id)
        film = await self._films.open(video.id)
        base, expires = self._base(person, video)
        return Opened(
            hls_url=f"{base}/master.m3u8",
            poster_url=f"{base}/poster.jpg" if video.poster_key else None,
            subtitles=_captions(film, base),
            expires_at=expires,
        )

    def poster_url(self, person: Person, video: Video) -> str | None:
        """Where this person finds the film's poster."""
        return f"{self._base(person, video)[0]}/poster.jpg" if video.poster_key else None

    async def sign(self, person: Person, video_id: str, files: Sequence[str]) -> tuple[dict[str, str], float]:
        """An address for each file that opens this file alone. Raises NotFound for files there are none of."""
        video = await self._videos.find(person, video_id)
        film = await self._films.open(video.id)
        expires = int(self._clock.time() + FILE_LIFETIME)
        grant = self._grants.give(person, video.id, by_room=self._videos.needs_room(person, video))
        addresses = {}
        for file in files:
            _require(film, video, file)
            signature = self._signer.sign("file", grant.id, video.id, str(expires), file)
            addresses[file] = f"/m/{PathToken(grant.id, expires, signature)}/{video.id}/{file}"
        return addresses, expires

    async def serve(self, token: str, video_id: str, file: str) -> Served:
        """What an address opens. Raises NotAllowed when it is forged, expired, or its holder may not any more."""
        viewer = self._check(token, video_id, file)
        if file == "poster.jpg":
            return await self._poster(video_id)
        film = await self._films.open(video_id)
        if file == "master.m3u8":
            return Served(playlist.master(film.source, film.renditions).encode(), PLAYLIST)
        if match := _MEDIA.fullmatch(file):
            rendition = film.rendition(match[1])
            if file != rendition.playlist:
                raise NotFound("There is no such file.")
            return Served(playlist.media(rendition, film.grid).encode(), PLAYLIST)
        if match := _INIT.fullmatch(file):
            return Served(await self._cells.init(film, match[1]), _mp4(film, match[1]))
        if match := _SEGMENT.fullmatch(file):
            return Served(await self._cells.cell(film, match[1], int(match[2]), viewer), _mp4(film, match[1]))
        if match := _SUBTITLES.fullmatch(file):
            return await self._subtitles(film, int(match[1]))
        raise NotFound("There is no such file.")

    def _base(self, person: Person, video: Video) -> tuple[str, int]:
        grant = self._grants.give(person, video.id, by_room=self._videos.needs_room(person, video))
        expires = int(self._clock.time() + LIFETIME)
        signature = self._signer.sign("video", grant.id, video.id, str(expires))
        return f"/m/{PathToken(grant.id, expires, signature)}/{video.id}", expires

    def _check(self, text: str, video_id: str, file: str) -> str:
        """Whose address it is. Never waits: this stands before every segment."""
        token = PathToken.parse(text)
        if token is None:
            raise NotAllowed(_REFUSED)
        parts = (token.subject, video_id, str(token.expires))
        # Both are computed whatever the first says, so that the time taken tells nothing.
        whole = self._signer.matches(token.signature, "video", *parts)
        single = self._signer.matches(token.signature, "file", *parts, file)
        grant = self._grants.find(token.subject)
        if not (whole or single) or token.expires <= self._clock.time() or grant is None or grant.video_id != video_id:
            raise NotAllowed(_REFUSED)
        if grant.by_room and not self._videos.still_opened(grant.person, video_id):
            raise NotAllowed(_REFUSED)
        return grant.id

    async def _subtitles(self, film: Film, index: int) -> Served:
        track = next((track for track in film.source.subtitles if track.index == index and track.text), None)
        if track is None:
            raise NotFound("There are no such subtitles.")
        return Served((await self._captions.text(film, track)).encode(), "text/vtt")

    async def _poster(self, video_id: str) -> Served:
        return Served(await self._videos.poster_path(video_id), "image/jpeg")


def _captions(film: Film, base: str) -> list[Caption]:
    tracks = [track for track in film.source.subtitles if track.text]
    return [
        Caption(_label(track, number), track.language or "und", f"{base}/subtitles/{track.index}.vtt")
        for number, track in enumerate(tracks, 1)
    ]


def _label(track: SubtitleTrack, number: int) -> str:
    return track.title or track.language or f"Subtitles {number}"


def _mp4(film: Film, rendition: str) -> str:
    return f"{film.rendition(rendition).kind}/mp4"


def _require(film: Film, video: Video, file: str) -> None:
    """Raises NotFound unless the file is one of this film's."""
    if file == "master.m3u8" or (file == "poster.jpg" and video.poster_key):
        return
    if any(rendition.playlist == file for rendition in film.renditions):
        return
    if match := _INIT.fullmatch(file):
        film.rendition(match[1])
        return
    if match := _SEGMENT.fullmatch(file):
        rendition = film.rendition(match[1])
        if int(match[2]) < len(playlist.durations(rendition, film.grid)):
            return
    if (match := _SUBTITLES.fullmatch(file)) and any(
        t.index == int(match[1]) and t.text for t in film.source.subtitles
    ):
        return
    raise NotFound(f"This video has no file {file!r}.")
