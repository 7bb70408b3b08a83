"""A room's sessions as they are written on the wire."""

import msgspec

from watchparty.domain.room_session import Named
from watchparty.http.paging import key_of
from watchparty.http.room_views import EventView
from watchparty.http.views import rfc3339
from watchparty.services.chronicle import Chapter


class PersonView(msgspec.Struct):
    """Somebody who came, under the name they had."""

    id: str
    name: str | None


class FilmView(msgspec.Struct):
    """What was on, under the title it had; it may be deleted by now."""

    video_id: str
    title: str | None


class SessionView(msgspec.Struct):
    """From the first person coming into a deserted room until the last has left.

    `ended_at` is null and `live` true while it goes on. `events` counts all, `counts` those of each kind.
    """

    id: str
    room_id: str
    started_at: str
    ended_at: str | None
    live: bool
    people: list[PersonView]
    films: list[FilmView]
    events: int
    counts: dict[str, int]


class SessionList(msgspec.Struct):
    items: list[SessionView]
    next_cursor: str | None


class SessionFile(msgspec.Struct):
    """A whole session to take away, its events oldest first."""

    session: SessionView
    events: list[EventView]


def session_view(chapter: Chapter) -> SessionView:
    session, summary = chapter.summary.session, chapter.summary
    return SessionView(
        id=session.id,
        room_id=session.room_id,
        started_at=rfc3339(session.started_at),
        ended_at=None if session.ended_at is None else rfc3339(session.ended_at),
        live=chapter.is_live,
        people=[_person(person) for person in summary.people],
        films=[FilmView(film.id, film.name) for film in summary.films],
        events=sum(summary.counts.values()),
        counts=dict(summary.counts),
    )


def session_at(cursor: str | None) -> tuple[float, str] | None:
    """The session a page ended with. Raises Invalid for a cursor that no page gave."""
    return None if cursor is None else key_of(cursor, tuple[float, str])


def _person(person: Named) -> PersonView:
    return PersonView(person.id, person.name)
