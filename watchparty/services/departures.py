"""Accounts that were deleted and whose time is over: what was theirs goes, or goes to somebody else."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator

from watchparty.domain.errors import NotFound, Problem
from watchparty.domain.user import Person, Role, User
from watchparty.services.clock import Clock
from watchparty.services.rooms import Rooms
from watchparty.services.trash import Trash
from watchparty.storage.database import Database, Tx
from watchparty.storage.users import UserStore

# Seconds between two looks for whose time is over.
EVERY = 3600.0

log = logging.getLogger(__name__)


class Departures:
    """Rooms are closed. Films go, or stay as the first administrator's where their owner wanted that.

    Films of the watched folder stay in any case: their files lie there still, and belong to whoever runs the server.
    """

    def __init__(self, database: Database, store: UserStore, trash: Trash, rooms: Rooms, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._trash = trash
        self._rooms = rooms
        self._clock = clock

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Departures"]:
        """Until left, accounts whose time is over go, at once and every hour."""
        looking = asyncio.create_task(self._look_now_and_then(), name="departures")
        try:
            yield self
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking

    async def look(self) -> None:
        """Part with everybody whose time is over."""
        now = self._clock.time()
        for user in await self._database.read(lambda tx: self._store.due(tx, now)):
            await self._part_with(user)

    async def _look_now_and_then(self) -> None:
        while True:
            try:
                await self.look()
            except (sqlite3.Error, OSError, Problem) as error:
                log.warning("A deleted account could not be cleared away yet: %s", error)
            await asyncio.sleep(EVERY)

    async def _part_with(self, user: User) -> None:
        """Each step can be taken again after a stop in between; the account itself goes last."""
        held = await self._database.read(lambda tx: self._store.belongings(tx, user.id))
        kept = [*held.in_folder, *(held.uploaded if user.keeps_videos else ())]

        def hand_over(tx: Tx) -> None:
            heir = self._store.first_admin(tx)
            if heir is not None:
                self._store.hand_over(tx, kept, heir.id)

        await self._database.write(hand_over)
        themselves = Person(user.id, user.display_name, Role.USER, "")
        for room_id in held.rooms:
            with contextlib.suppress(NotFound):
                await self._rooms.delete(themselves, room_id)
        for video_id in () if user.keeps_videos else held.uploaded:
            with contextlib.suppress(NotFound):
                await self._trash.delete_for_good(themselves, video_id)
        await self._database.write(lambda tx: self._delete(tx, user.id))

    def _delete(self, tx: Tx, user_id: str) -> None:
        user = self._store.get(tx, user_id)
        # Somebody may have had it back meanwhile.
        if user is not None and user.leaves_at is not None and user.leaves_at <= self._clock.time():
            self._store.delete(tx, user_id)
