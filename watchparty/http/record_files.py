"""A session of a room as a file to take away: CSV for spreadsheets, JSON for programs."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence

import msgspec

from watchparty.domain.room import RoomEvent
from watchparty.http.record_views import SessionView
from watchparty.http.room_views import EventView, event_view

COLUMNS = EventView.__struct_fields__
# What makes a spreadsheet take a cell for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


async def as_csv(batches: AsyncIterator[list[RoomEvent]]) -> AsyncIterator[bytes]:
    """RFC 4180 in UTF-8, with a line of names first; no cell of it is a formula."""
    yield _rows([COLUMNS])
    async for batch in batches:
        yield _rows([[_cell(value) for value in msgspec.structs.astuple(event_view(event))] for event in batch])


async def as_json(session: SessionView, batches: AsyncIterator[list[RoomEvent]]) -> AsyncIterator[bytes]:
    """One object: the session, and its events, oldest first."""
    yield b'{"session":' + msgspec.json.encode(session) + b',"events":['
    separator = b"\n"
    async for batch in batches:
        for event in batch:
            yield separator + msgspec.json.encode(event_view(event))
            separator = b",\n"
    yield b"\n]}\n"


def _rows(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value)
    return f"'{value}" if value.startswith(_FORMULAS) else value
