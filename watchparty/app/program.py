"""The whole program, put together once: opening order is reading order, closing is the reverse."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from watchparty.app.ground import opened_ground, people_on
from watchparty.app.hall import Hall, opened_hall
from watchparty.app.library import Library, opened_library
from watchparty.app.news import opened_news
from watchparty.app.web import listening, web_application
from watchparty.domain.user import Role, User
from watchparty.services.addresses import local_url, network_urls
from watchparty.services.clock import Clock, SystemClock
from watchparty.services.community import opened_community
from watchparty.services.event_stream import EventStream
from watchparty.services.grants import Grants
from watchparty.services.people import People
from watchparty.services.users import NewAccount
from watchparty.settings import Settings


@dataclass(frozen=True)
class Running:
    """A server that answers. `setup_url` is None once there is an account.

    Once `restart` is set it is to be left, and served anew.
    """

    local_url: str
    network_urls: list[str]
    setup_url: str | None
    port: int
    restart: asyncio.Event


@contextlib.asynccontextmanager
async def opened_accounts(settings: Settings, clock: Clock | None = None) -> AsyncIterator[People]:
    """The accounts alone: a database brought up to date, and nothing that serves."""
    async with opened_ground(settings, clock or SystemClock()) as ground:
        yield people_on(ground)


async def add_account(people: People, name: str, password: str, role: str) -> User:
    """Make an account with this role. Raises Invalid or Conflict."""
    return await people.users.add(NewAccount(name, password), Role(role))


@contextlib.asynccontextmanager
async def serving(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Running]:
    """The whole server, answering on `settings.port` (any free one for 0) until left."""
    async with contextlib.AsyncExitStack() as stack:
        ground = await stack.enter_async_context(opened_ground(settings, clock or SystemClock(), serves=True))
        people = await stack.enter_async_context(people_on(ground).open())
        grants = Grants()
        library = await opened_library(stack, ground, grants)
        community = await stack.enter_async_context(
            opened_community(ground.database, library.videos, ground.events, ground.audit, ground.clock)
        )
        hall = await opened_hall(stack, ground, people, library, community.notifications)
        news = await opened_news(stack, ground, people, library)
        _introduce(people, library, hall, grants, news.stream)
        ground.preferences.on_change(lambda values: None if values.public_to_all else grants.end_anybody())
        community.notifications.on_add(lambda told: news.stream.send(told, "notification", {}))
        await stack.enter_async_context(ground.backups.open())
        await stack.enter_async_context(ground.events.open())
        app = await web_application(ground, people, library, community, hall, news)
        port = await stack.enter_async_context(listening(app, settings, hall.parties, news.stream))
        token = await people.users.new_setup_token()
        local = local_url(settings.host, port, settings.scheme)
        yield Running(
            local_url=local,
            network_urls=[*network_urls(settings.host, port, settings.scheme)],
            setup_url=f"{local}/setup?token={token}" if token else None,
            port=port,
            restart=ground.restart,
        )


def _introduce(people: People, library: Library, hall: Hall, grants: Grants, stream: EventStream) -> None:
    """Who is told of what; everything here happens at once and in this order."""
    people.sessions.on_end(grants.end_session)
    people.sessions.on_end(hall.parties.end_session)
    people.sessions.on_end(stream.end_session)
    library.videos.open_through(hall.parties)
    library.collection.trash.on_delete(library.jobs.forget)
    library.collection.trash.on_delete(library.films.forget)
    library.collection.trash.on_delete(library.resumable.forget)
    library.collection.trash.on_delete(hall.parties.film_deleted)
    library.collection.trash.on_restore(library.jobs.look)
    library.videos.on_describe(hall.parties.film_changed)
    library.progress.subscribe(hall.parties.film_progressed)
