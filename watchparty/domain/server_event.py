"""An event as a page is sent it: server-sent events (WHATWG HTML, section 9.2)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from watchparty.domain.event import Event

HEARTBEAT = b":\n\n"
"""A comment that nobody hears: it keeps the line open, and shows who has gone."""


def frame(name: str, data: Mapping[str, Any], seq: int = 0) -> bytes:
    """What is sent; `seq` is what the browser names when it comes back, where there is one."""
    number = f"id: {seq}\n" if seq else ""
    return f"{number}event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def opening(retry: float) -> bytes:
    """The first that is sent; browsers wait `retry` seconds before they come back."""
    return f"retry: {round(retry * 1000)}\n\n".encode()


def said(event: Event) -> dict[str, Any]:
    """What an event says to those who hear of it, by whatever way."""
    return {"subject": event.subject, "owner_id": event.owner_id, "at": moment(event.at), **event.fields()}


def moment(at: float) -> str:
    """Unix seconds as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
