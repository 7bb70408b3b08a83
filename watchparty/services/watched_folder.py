"""The folder that people drop films into: what is whole there joins the library, what disappears is marked missing."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain.errors import Problem
from watchparty.domain.library_file import Comparison, Found, Kept, Lost, compared
from watchparty.domain.user import User
from watchparty.domain.video import Status
from watchparty.services.clock import Clock
from watchparty.services.examination import Examined, examined
from watchparty.services.folder_news import news, tells
from watchparty.services.library_files import LibraryFiles
from watchparty.services.sightings import Sightings
from watchparty.storage.database import Database
from watchparty.storage.users import UserStore

log = logging.getLogger(__name__)

# Seconds after which everything is looked at, told of or not: systems drop news when there is too much of it.
LOOK_THROUGH_EVERY = 60.0
# Files looked into and taken in together.
BATCH = 64
# Something is being done to a film in these states, and what comes of it is waited for.
_UNDER_WAY = {Status.UPLOADED, Status.PROCESSING}

_Pair = tuple[Kept | None, Found]
"""A file, and the film it stands for where there is one."""


@dataclass(frozen=True)
class Due:
    """What has to be looked into: `now`, or once it has stood still or what is under way has ended."""

    now: list[_Pair]
    later: list[_Pair]


class WatchedFolder:
    """Films in it belong to the first administrator; the files themselves are never touched.

    `way` is how changes are noticed: `events`, `polling`, or `auto`.
    """

    def __init__(
        self, folder: Path, way: str, files: LibraryFiles, database: Database, users: UserStore, clock: Clock
    ) -> None:
        self._folder = folder
        self._way = way
        self._files = files
        self._database = database
        self._users = users
        self._clock = clock
        # The marks of files that are no films.
        self._passed_over: set[str] = set()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Watches until left."""
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        self._folder = await asyncio.to_thread(self._folder.resolve)
        told = await asyncio.to_thread(tells, self._folder, self._way)
        stop = asyncio.Event()
        watching = asyncio.create_task(self._watch(stop, told=told), name="watched folder")
        try:
            yield
        finally:
            stop.set()
            await watching

    async def _watch(self, stop: asyncio.Event, *, told: bool) -> None:
        sightings = Sightings(self._folder, self._clock, moves_show=told and os.name == "posix")
        places: set[Path] = set()
        unsettled, through = True, 0.0
        async with contextlib.aclosing(news(self._folder, stop, told=told)) as latest:
            async for changed in latest:
                places |= changed
                if self._clock.monotonic() >= through:
                    places.add(self._folder)
                if self._folder in places:
                    through = self._clock.monotonic() + LOOK_THROUGH_EVERY
                if not places and not unsettled:
                    continue
                try:
                    unsettled = await self._sweep(await asyncio.to_thread(sightings.look, places))
                    places = set()
                except (OSError, Problem) as error:
                    places, unsettled = {self._folder}, True
                    log.warning("the watched folder has to wait: %s", error)
                except Exception:
                    places, unsettled = {self._folder}, True
                    log.exception("the watched folder stumbled and is looked through again")

    async def _sweep(self, folder: Mapping[str, Found]) -> bool:
        """Bring the library up to what lies in the folder. Returns whether something has to be looked at again soon."""
        owner = await self._database.read(self._users.first_admin)
        if owner is None:
            return True  # nobody to give the films to before the server is set up
        library, left_out = await self._files.kept()
        outcome = await asyncio.to_thread(compared, library, folder)
        await self._files.move(outcome.moved)
        await self._files.come_back([kept for kept, _ in outcome.stayed if kept.status is Status.MISSING])
        due = self._due(outcome, self._passed_over | left_out)
        lost = Lost(outcome.gone)
        for at in range(0, len(due.now), BATCH):
            await self._look_into(due.now[at : at + BATCH], lost, owner)
        # A film of the same size on its way here may be the one that is gone from elsewhere.
        coming = {found.size for kept, found in due.later if kept is None}
        for kept in lost.rest:
            if kept.status is not Status.MISSING and kept.size not in coming:
                await self._files.miss(kept)
        return bool(due.later)

    def _due(self, outcome: Comparison, unwanted: set[str]) -> Due:
        now, today = self._clock.monotonic(), self._clock.time()
        due = Due([], [])
        fresh = [(None, found) for found in outcome.fresh if found.mark not in unwanted]
        for kept, found in [*outcome.changed, *fresh]:
            ripe = found.has_settled(now) and (kept is None or kept.status not in _UNDER_WAY)
            (due.now if ripe else due.later).append((kept, found))
        for kept, found in [*outcome.stayed, *outcome.moved]:
            if kept.status is Status.PENDING:
                (due.later if found.may_grow(today) else due.now).append((kept, found))
            elif kept.status is Status.MISSING and not kept.inspected:
                due.now.append((kept, found))
        return due

    async def _look_into(self, pairs: list[_Pair], lost: Lost, owner: User) -> None:
        """Find out what these files are, and do with each what follows from that."""
        films = {found.path: kept for kept, found in pairs}
        known: list[tuple[Kept, Examined]] = []
        recovered: list[tuple[Kept, Found]] = []
        taken: list[tuple[Kept | None, Examined]] = []
        for look in await asyncio.to_thread(examined, self._folder, [found for _, found in pairs]):
            kept = films[look.found.path]
            if kept is not None:
                (known if kept.is_still(look.found, look.fingerprint) else taken).append((kept, look))
            elif look.mime_type is None:
                self._passed_over.add(look.found.mark)
            elif (again := lost.claim(look.fingerprint)) is not None:
                recovered.append((again, look.found))
            else:
                taken.append((None, look))
        await self._files.know(known)
        await self._files.move(recovered)
        await self._files.take(taken, owner)
