"""A session of a room as a file to take away: CSV for spreadsheets, JSON for programs."""

from collections.abc import AsyncIterator

import msgspec

from watchparty.domain.room import RoomEvent
from watchparty.http.record_views import SessionView
from watchparty.http.room_views import EventView, event_view
from watchparty.http.spreadsheet import rows

COLUMNS = EventView.__struct_fields__


async def as_csv(batches: AsyncIterator[list[RoomEvent]]) -> AsyncIterator[bytes]:
    """RFC 4180 in UTF-8, with a line of names first; no cell of it is a formula."""
    yield rows([COLUMNS])
    async for batch in batches:
        yield rows([msgspec.structs.astuple(event_view(event)) for event in batch])


async def as_json(session: SessionView, batches: AsyncIterator[list[RoomEvent]]) -> AsyncIterator[bytes]:
    """One object: the session, and its events, oldest first."""
    yield b'{"session":' + msgspec.json.encode(session) + b',"events":['
    separator = b"\n"
    async for batch in batches:
        for event in batch:
            yield separator + msgspec.json.encode(event_view(event))
            separator = b",\n"
    yield b"\n]}\n"
