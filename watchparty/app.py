"""The whole program, put together once: opening order is reading order, closing is the reverse."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web

from watchparty.domain.signature import Signer
from watchparty.domain.user import Role, User
from watchparty.http.answering import Answering
from watchparty.http.assets import Assets, web_folder
from watchparty.http.authentication import Authentication
from watchparty.http.health import HealthRoutes
from watchparty.http.pages import PageRoutes, Pages
from watchparty.http.qr import QrRoutes
from watchparty.http.same_origin import SameOrigin
from watchparty.http.server import Column, application
from watchparty.http.streams import StreamRoutes
from watchparty.http.uploads import UploadRoutes
from watchparty.http.users import UserRoutes
from watchparty.http.video_views import VideoViews
from watchparty.http.videos import VideoRoutes
from watchparty.services.addresses import local_url, network_urls
from watchparty.services.cells import Cells
from watchparty.services.clock import Clock, SystemClock
from watchparty.services.films import Films
from watchparty.services.grants import Grants
from watchparty.services.keys import derived_key, signing_key
from watchparty.services.preparation import Preparation
from watchparty.services.progress import Progress
from watchparty.services.sessions import Sessions
from watchparty.services.streams import Streams
from watchparty.services.tokens import AccessTokens
from watchparty.services.transcoding import Transcoding
from watchparty.services.uploads import Uploads
from watchparty.services.users import NewAccount, Users
from watchparty.services.videos import Videos
from watchparty.services.watched_folder import WatchedFolder
from watchparty.settings import Settings
from watchparty.storage.database import Database
from watchparty.storage.jobs import JobStore
from watchparty.storage.migrations import migrate
from watchparty.storage.objects import LocalObjects
from watchparty.storage.sessions import SessionStore
from watchparty.storage.uploads import UploadStore
from watchparty.storage.users import SetupTokenStore, UserStore
from watchparty.storage.videos import PositionStore, VideoStore

# Seconds: an idle connection is let go (aiohttp's hour is what slow-header attacks live on), a stop waits for answers.
KEEPALIVE = 15.0
GRACE = 3.0
# Bytes read ahead of the disk for each upload.
READ_AHEAD = 1 << 18


@dataclass(frozen=True)
class Running:
    """A server that answers. `setup_url` is None once there is an account."""

    local_url: str
    network_urls: list[str]
    setup_url: str | None
    port: int


@dataclass(frozen=True)
class Accounts:
    """What the command line needs of the program, whether a server is running on the same data or not."""

    users: Users
    sessions: Sessions


@contextlib.asynccontextmanager
async def opened_accounts(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Accounts]:
    """The accounts alone: a database brought up to date, and nothing that serves."""
    async with _opened_database(settings) as (database, key):
        yield _accounts(settings, database, key, clock or SystemClock())


async def add_account(accounts: Accounts, name: str, password: str, role: str) -> User:
    """Make an account with this role. Raises Invalid or Conflict."""
    return await accounts.users.add(NewAccount(name, password), Role(role))


@contextlib.asynccontextmanager
async def serving(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Running]:
    """The whole server, answering on `settings.port` (any free one for 0) until left."""
    clock = clock or SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        database, key = await stack.enter_async_context(_opened_database(settings))
        people = _accounts(settings, database, key, clock)
        users, sessions = people.users, people.sessions
        await sessions.load()

        objects = LocalObjects(
            settings.folder / "objects", settings.folder / "uploads", Signer(derived_key(key, "objects"))
        )
        await asyncio.to_thread(objects.prepare)
        cells = await stack.enter_async_context(
            Cells(settings.folder / "cache" / "segments", settings.segment_cache, least_free=settings.keep_free)
        )
        grants, progress = Grants(), Progress()
        sessions.on_end(grants.end_session)

        video_store, jobs = VideoStore(), JobStore()
        videos = Videos(
            database,
            video_store,
            PositionStore(),
            jobs,
            objects,
            cells,
            grants,
            progress,
            clock,
            settings.library_folder,
        )
        films = Films(database, video_store, videos)
        streams = Streams(videos, films, cells, grants, Signer(derived_key(key, "streams")), clock)
        uploads = Uploads(database, UploadStore(), video_store, videos, objects, clock, largest=settings.max_upload)
        await uploads.recover()
        transcoding = await stack.enter_async_context(
            Transcoding(
                database,
                jobs,
                video_store,
                videos,
                films,
                cells,
                objects,
                progress,
                clock,
                background=settings.background,
            ).open()
        )
        videos.on_delete(transcoding.forget)
        videos.on_delete(films.forget)
        await stack.enter_async_context(
            WatchedFolder(
                settings.library_folder,
                database,
                video_store,
                UserStore(),
                videos,
                films,
                grants,
                transcoding,
                clock,
            ).open()
        )

        secure = settings.tls_cert is not None
        scheme = "https" if secure else "http"
        assets = await asyncio.to_thread(Assets, web_folder())
        pages = Pages(assets)
        views = VideoViews(streams, users)
        columns: list[Column] = [
            HealthRoutes(users),
            UserRoutes(users, sessions, secure=secure),
            VideoRoutes(videos, uploads, Preparation(videos, films, cells, progress), views, clock),
            UploadRoutes(uploads, transcoding, views),
            StreamRoutes(streams),
            QrRoutes(),
            assets,
            PageRoutes(pages, users, network_urls(settings.host, settings.port, scheme)),
        ]
        app = application(
            Answering(pages),
            SameOrigin(settings.allowed_hosts),
            Authentication(sessions, secure=secure),
            columns,
        )
        port = await stack.enter_async_context(_listening(app, settings))
        local = local_url(settings.host, port, scheme)
        token = await users.new_setup_token()
        yield Running(
            local_url=local,
            network_urls=[*network_urls(settings.host, port, scheme)],
            setup_url=f"{local}/setup?token={token}" if token else None,
            port=port,
        )


@contextlib.asynccontextmanager
async def _opened_database(settings: Settings) -> AsyncIterator[tuple[Database, bytes]]:
    folder = settings.folder
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    key = await asyncio.to_thread(signing_key, folder / "secret.key")
    path = folder / "watchparty.db"
    await asyncio.to_thread(migrate, path, folder / "backups")
    async with Database.open(path) as database:
        yield database, key


def _accounts(settings: Settings, database: Database, key: bytes, clock: Clock) -> Accounts:
    sessions = Sessions(database, SessionStore(), AccessTokens(derived_key(key, "access tokens")), clock)
    users = Users(
        database,
        UserStore(),
        SetupTokenStore(),
        sessions,
        clock,
        registration_open=settings.registration == "open",
    )
    return Accounts(users, sessions)


@contextlib.asynccontextmanager
async def _listening(app: web.Application, settings: Settings) -> AsyncIterator[int]:
    """Answer requests until left. Yields the port."""
    runner = web.AppRunner(
        app,
        access_log=None,
        handler_cancellation=True,  # a player that seeks away must not keep an encoder busy
        keepalive_timeout=KEEPALIVE,
        read_bufsize=READ_AHEAD,
        shutdown_timeout=GRACE,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port, ssl_context=_tls(settings)).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_cert, settings.tls_key)
    return context
