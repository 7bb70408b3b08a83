"""The whole program, put together once: opening order is reading order, closing is the reverse."""

import asyncio
import contextlib
import importlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from watchparty.domain.event import Event
from watchparty.domain.preference import NAMES, Preferred
from watchparty.domain.signature import Signer
from watchparty.domain.user import Role, User
from watchparty.http.accounts import AccountRoutes
from watchparty.http.admin import AdminRoutes
from watchparty.http.answering import Answering
from watchparty.http.arrival import Arrival
from watchparty.http.assets import Assets, web_folder
from watchparty.http.audit import AuditRoutes
from watchparty.http.authentication import Authentication
from watchparty.http.backups import BackupRoutes
from watchparty.http.bookkeeping import Bookkeeping
from watchparty.http.catalogue import CatalogueRoutes
from watchparty.http.comments import CommentRoutes
from watchparty.http.cors import Cors
from watchparty.http.events import EventRoutes
from watchparty.http.headers import Headers
from watchparty.http.health import HealthRoutes
from watchparty.http.history import HistoryRoutes
from watchparty.http.incoming_webhooks import IncomingWebhookRoutes
from watchparty.http.invitations import InvitationRoutes
from watchparty.http.jobs import JobRoutes
from watchparty.http.limits import Limits
from watchparty.http.listening import Listening
from watchparty.http.logs import LogRoutes
from watchparty.http.members import MemberRoutes
from watchparty.http.metrics import MetricsRoutes
from watchparty.http.notifications import NotificationRoutes
from watchparty.http.pages import PageRoutes, Pages
from watchparty.http.parties import PartyRoutes
from watchparty.http.people import PeopleRoutes
from watchparty.http.posters import PosterRoutes
from watchparty.http.preferences import PreferenceRoutes
from watchparty.http.protocol import ProtocolRoutes
from watchparty.http.qr import QrRoutes
from watchparty.http.ratings import RatingRoutes
from watchparty.http.record import RecordRoutes
from watchparty.http.room_queue import RoomQueueRoutes
from watchparty.http.rooms import RoomRoutes
from watchparty.http.same_origin import SameOrigin
from watchparty.http.server import Column, Doormen, application
from watchparty.http.spans import Spans
from watchparty.http.storage import StorageRoutes
from watchparty.http.streams import StreamRoutes
from watchparty.http.subtitles import SubtitleRoutes
from watchparty.http.trash import TrashRoutes
from watchparty.http.tus import TusRoutes
from watchparty.http.uploads import UploadRoutes
from watchparty.http.video_assets import VideoAssetRoutes
from watchparty.http.video_views import VideoViews
from watchparty.http.videos import VideoRoutes
from watchparty.http.visitors import Visitors
from watchparty.http.webhooks import WebhookRoutes
from watchparty.services.access_requests import AccessRequests
from watchparty.services.addresses import local_url, network_urls
from watchparty.services.audit import Audit
from watchparty.services.backups import Backups
from watchparty.services.captions import Captions
from watchparty.services.cells import Cells
from watchparty.services.chronicle import Chronicle
from watchparty.services.clock import Clock, SystemClock
from watchparty.services.collection import Collection, collection
from watchparty.services.community import Community, opened_community
from watchparty.services.departures import Departures
from watchparty.services.duplicates import Duplicates
from watchparty.services.encoders import Encoders
from watchparty.services.event_stream import EventStream
from watchparty.services.events import Events
from watchparty.services.films import Films
from watchparty.services.foresight import Foresight
from watchparty.services.grants import Grants
from watchparty.services.health import Health
from watchparty.services.incoming_webhooks import IncomingWebhooks
from watchparty.services.invitations import Invitations
from watchparty.services.jobs import Jobs
from watchparty.services.keeping import Keeping
from watchparty.services.keys import derived_key, signing_key
from watchparty.services.library_files import LibraryFiles
from watchparty.services.log_ring import LogRing
from watchparty.services.login_tries import LoginTries
from watchparty.services.members import Members
from watchparty.services.metrics import Metrics
from watchparty.services.minutes import Minutes
from watchparty.services.notifications import Notifications
from watchparty.services.operations import Operations
from watchparty.services.parties import Parties
from watchparty.services.party_metrics import CensusCollector
from watchparty.services.people import People
from watchparty.services.preferences import Preferences
from watchparty.services.preparation import Preparation
from watchparty.services.progress import Progress
from watchparty.services.queues import Queues, Upcoming
from watchparty.services.quotas import Quotas
from watchparty.services.rates import Rates
from watchparty.services.replays import Replays
from watchparty.services.resumable_uploads import ResumableUploads
from watchparty.services.rooms import Rooms
from watchparty.services.scanner import Scanner
from watchparty.services.sidecars import Sidecars
from watchparty.services.statistics import Statistics
from watchparty.services.storyboards import Storyboards
from watchparty.services.streams import Streams
from watchparty.services.subtitles import Subtitles
from watchparty.services.tracing import TracedGauge, Tracing
from watchparty.services.transcoding import Transcoding
from watchparty.services.uploads import Uploads
from watchparty.services.users import NewAccount
from watchparty.services.video_assets import VideoAssets
from watchparty.services.videos import Videos
from watchparty.services.vitals import Vitals
from watchparty.services.watched_folder import WatchedFolder
from watchparty.services.webhook_secrets import WebhookSecrets
from watchparty.services.webhook_sender import WebhookSender
from watchparty.services.webhooks import Webhooks
from watchparty.settings import BadSetting, Settings
from watchparty.storage.audit import AuditStore
from watchparty.storage.backups import BackupFolder, put_staged_in_place
from watchparty.storage.contents import ContentStore
from watchparty.storage.database import Database
from watchparty.storage.events import EventStore
from watchparty.storage.gauge import Gauge
from watchparty.storage.invites import AccessRequestStore, InviteStore
from watchparty.storage.jobs import JobStore
from watchparty.storage.library_files import LibraryFileStore
from watchparty.storage.messages import MessageStore
from watchparty.storage.migrations import migrate
from watchparty.storage.objects import LocalObjects
from watchparty.storage.preferences import PreferenceStore
from watchparty.storage.replays import ReplayStore
from watchparty.storage.room_queue import QueueStore
from watchparty.storage.room_sessions import RoomEventStore, RoomSessionStore
from watchparty.storage.rooms import MemberStore, RoomStore
from watchparty.storage.statistics import StatisticsStore
from watchparty.storage.subtitles import SubtitleStore
from watchparty.storage.uploads import UploadStore
from watchparty.storage.usage import UsageStore
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore
from watchparty.storage.webhooks import DeliveryStore, IncomingStore, WebhookStore

# Seconds: an idle connection is let go (aiohttp's hour is what slow-header attacks live on), a stop waits for answers.
KEEPALIVE = 15.0
GRACE = 3.0
# Bytes read ahead of the disk for each upload.
READ_AHEAD = 1 << 18


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


@dataclass(frozen=True)
class Ground:
    """What every other part stands on."""

    settings: Settings
    clock: Clock
    key: bytes
    database: Database
    metrics: Metrics
    events: Events
    audit: Audit
    preferences: Preferences
    tries: LoginTries
    backups: Backups
    restart: asyncio.Event
    ring: LogRing
    # What storage tells of its work, and where its spans go; None where nobody follows them.
    gauge: Gauge
    tracing: Tracing | None


@dataclass(frozen=True)
class Library:
    """Films from their first byte to their last segment."""

    videos: Videos
    collection: Collection
    films: Films
    cells: Cells
    progress: Progress
    streams: Streams
    subtitles: Subtitles
    uploads: Uploads
    resumable: ResumableUploads
    quotas: Quotas
    duplicates: Duplicates
    transcoding: Transcoding
    keeping: Keeping
    statistics: Statistics
    jobs: Jobs
    operations: Operations
    assets: VideoAssets
    health: Health


@dataclass(frozen=True)
class Hall:
    """Rooms and the parties in them."""

    rooms: Rooms
    members: Members
    parties: Parties
    queues: Queues
    invitations: Invitations
    requests: AccessRequests
    chronicle: Chronicle


@dataclass(frozen=True)
class News:
    """How others hear of what happens here, and we of what happens there."""

    stream: EventStream
    webhooks: Webhooks
    incoming: IncomingWebhooks


@contextlib.asynccontextmanager
async def opened_accounts(settings: Settings, clock: Clock | None = None) -> AsyncIterator[People]:
    """The accounts alone: a database brought up to date, and nothing that serves."""
    async with _opened_ground(settings, clock or SystemClock()) as ground:
        yield _people(ground)


async def add_account(people: People, name: str, password: str, role: str) -> User:
    """Make an account with this role. Raises Invalid or Conflict."""
    return await people.users.add(NewAccount(name, password), Role(role))


@contextlib.asynccontextmanager
async def serving(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Running]:
    """The whole server, answering on `settings.port` (any free one for 0) until left."""
    async with contextlib.AsyncExitStack() as stack:
        ground = await stack.enter_async_context(_opened_ground(settings, clock or SystemClock(), serves=True))
        people = await stack.enter_async_context(_people(ground).open())
        grants = Grants()
        library = await _library(stack, ground, grants)
        community = await stack.enter_async_context(
            opened_community(ground.database, library.videos, ground.events, ground.audit, ground.clock)
        )
        hall = await _hall(stack, ground, people, library, community.notifications)
        news = await _news(stack, ground, people, library)
        _introduce(people, library, hall, grants, news.stream)
        community.notifications.on_add(lambda told: news.stream.send(told, "notification", {}))
        await stack.enter_async_context(ground.backups.open())
        await stack.enter_async_context(ground.events.open())
        app = await _web(ground, people, library, community, hall, news)
        port = await stack.enter_async_context(_listening(app, settings, hall.parties, news.stream))
        token = await people.users.new_setup_token()
        local = local_url(settings.host, port, settings.scheme)
        yield Running(
            local_url=local,
            network_urls=[*network_urls(settings.host, port, settings.scheme)],
            setup_url=f"{local}/setup?token={token}" if token else None,
            port=port,
            restart=ground.restart,
        )


@contextlib.asynccontextmanager
async def _opened_ground(settings: Settings, clock: Clock, *, serves: bool = False) -> AsyncIterator[Ground]:
    """Only a server `serves`: the command line, beside which one may run, does not take its database away."""
    folder = settings.folder
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    key = await asyncio.to_thread(signing_key, folder / "secret.key")
    path = folder / "watchparty.db"
    restored = serves and await asyncio.to_thread(put_staged_in_place, path, folder / "backups")
    await asyncio.to_thread(migrate, path, folder / "backups")
    metrics = Metrics()
    async with _traced(settings) as tracing, contextlib.AsyncExitStack() as stack:
        gauge = TracedGauge(metrics.storage, tracing) if tracing else metrics.storage
        database = await stack.enter_async_context(Database.open(path, gauge))
        events = Events(database, EventStore(), metrics.events, clock)
        audit = Audit(database, AuditStore(), clock)
        configured = Preferred(**{name: getattr(settings, name) for name in NAMES})
        preferences = Preferences(database, PreferenceStore(), audit, clock, configured, settings.sources)
        await preferences.load()
        tries = LoginTries(clock, is_on=settings.rates == "on")
        restart, ring = asyncio.Event(), LogRing()
        backups = Backups(BackupFolder(folder / "backups", path), database, audit, clock, restart.set)
        if restored:
            await backups.noted(None, "backup.in-place", "database")
        with ring.listening():
            yield Ground(
                settings,
                clock,
                key,
                database,
                metrics,
                events,
                audit,
                preferences,
                tries,
                backups,
                restart,
                ring,
                gauge,
                tracing,
            )


@contextlib.asynccontextmanager
async def _traced(settings: Settings) -> AsyncIterator[Tracing | None]:
    """Where spans go, if anywhere: what sends them is loaded only then. Raises BadSetting where it is missing."""
    if settings.otel is None:
        yield None
        return
    try:
        telemetry = await asyncio.to_thread(importlib.import_module, "watchparty.services.telemetry")
    except ImportError as error:
        raise BadSetting("The setting otel needs more packages: pip install 'watchparty[otel]'.") from error
    tracing: Tracing = telemetry.to_collector(settings.otel)
    try:
        yield tracing
    finally:
        await asyncio.to_thread(tracing.close)


def _people(ground: Ground) -> People:
    database, events, audit, clock = ground.database, ground.events, ground.audit, ground.clock
    preferences, tries, invites = ground.preferences, ground.tries, ground.settings.invites
    return People.of(database, events, audit, clock, ground.key, preferences, tries, invites=invites)


async def _library(stack: contextlib.AsyncExitStack, ground: Ground, grants: Grants) -> Library:
    settings, database, events, clock = ground.settings, ground.database, ground.events, ground.clock
    tracing = ground.tracing
    store, job_store, progress = VideoStore(), JobStore(tracing.carried if tracing else lambda: None), Progress()
    objects = LocalObjects(
        settings.folder / "objects",
        settings.folder / "uploads",
        Signer(derived_key(ground.key, "objects")),
        ground.gauge,
    )
    await asyncio.to_thread(objects.prepare)
    encoders = await stack.enter_async_context(Encoders())
    kept = await database.read(store.kept_ready)
    cells = await stack.enter_async_context(
        Cells(
            settings.folder / "cache" / "segments",
            ground.preferences.segment_cache,
            least_free=ground.preferences.keep_free,
            kept=kept,
            encoder=lambda: encoders.best,
        )
    )
    ground.preferences.on_change(lambda values: cells.limit(values.segment_cache, values.keep_free))
    videos = Videos(
        database,
        store,
        job_store,
        objects,
        grants,
        events,
        clock,
        settings.library_folder,
    )
    films = Films(database, store, videos)
    captions = Captions(database, store, objects)
    subtitles = Subtitles(database, SubtitleStore(), videos, objects, clock)
    storyboards = Storyboards(database, store, job_store, films, objects, clock)
    sidecars = Sidecars(videos, captions, subtitles, storyboards)
    streams = Streams(videos, films, cells, sidecars, grants, Signer(derived_key(ground.key, "streams")), clock)
    preferences, contents, upload_store = ground.preferences, ContentStore(), UploadStore()
    quotas = Quotas(database, UsageStore(), preferences)
    uploads = Uploads(database, upload_store, store, videos, objects, contents, quotas, clock, preferences)
    if not await asyncio.to_thread(ground.backups.spares):
        for keeper in (uploads, captions, subtitles, storyboards):
            await keeper.recover()
    jobs = Jobs(
        database,
        job_store,
        events,
        clock,
        workers=settings.workers,
        metrics=ground.metrics.jobs,
        tracing=tracing,
    )
    transcoding = Transcoding(
        jobs,
        database,
        job_store,
        store,
        videos,
        films,
        cells,
        storyboards,
        objects,
        Scanner(settings.scan_command),
        events,
        progress,
        clock,
        ground.preferences,
    )
    resumable = ResumableUploads(database, upload_store, store, videos, uploads, objects, transcoding, clock)
    await stack.enter_async_context(resumable.open())
    operations = Operations(jobs, database, job_store, videos, films, cells.pool, objects, clock, ground.audit)
    await stack.enter_async_context(operations.open())
    await stack.enter_async_context(jobs.open())
    library_files = LibraryFiles(database, store, LibraryFileStore(), videos, films, cells, grants, jobs, events, clock)
    folder = WatchedFolder(settings.library_folder, settings.library_watch, library_files, database, UserStore(), clock)
    await stack.enter_async_context(folder.open())
    keeping = Keeping(database, store, job_store, videos, films, cells, transcoding, clock)
    await stack.enter_async_context(keeping.open())
    Vitals(ground.metrics, cells, jobs)
    health = Health(database, objects, settings.folder, clock)
    tidied = collection(database, videos, films, keeping, cells, objects, grants, progress, events, ground.audit, clock)
    await stack.enter_async_context(tidied.trash.open())
    statistics = Statistics(database, StatisticsStore(), store, cells, settings.folder / "watchparty.db")
    assets = VideoAssets(videos, database, job_store, objects)
    return Library(
        videos,
        tidied,
        films,
        cells,
        progress,
        streams,
        subtitles,
        uploads,
        resumable,
        quotas,
        Duplicates(database, contents, store, videos),
        transcoding,
        keeping,
        statistics,
        jobs,
        operations,
        assets,
        health,
    )


async def _hall(
    stack: contextlib.AsyncExitStack, ground: Ground, people: People, library: Library, notifications: Notifications
) -> Hall:
    database, clock = ground.database, ground.clock
    store, member_store, messages, videos = RoomStore(), MemberStore(), MessageStore(), VideoStore()
    events, sessions, queue_store = RoomEventStore(), RoomSessionStore(), QueueStore()
    minutes = await stack.enter_async_context(Minutes(database, store, messages, events, sessions, queue_store).open())
    parties = await stack.enter_async_context(
        Parties(
            database,
            store,
            messages,
            sessions,
            videos,
            queue_store,
            library.videos,
            minutes,
            ground.metrics.party,
            clock,
        ).open()
    )
    ground.metrics.add(CensusCollector(parties.census))
    rooms = Rooms(
        database,
        store,
        member_store,
        messages,
        events,
        library.videos,
        parties,
        people.sessions,
        ground.events,
        clock,
    )
    members = Members(database, member_store, rooms, parties, people.sessions, clock)
    queues = Queues(database, videos, library.videos, rooms, parties)
    invitations = Invitations(database, InviteStore(), store, rooms, clock, derived_key(ground.key, "room pins"))
    chronicle = Chronicle(database, sessions, events, rooms, parties)
    notices, tries = notifications, ground.tries
    requests = AccessRequests(database, AccessRequestStore(), store, rooms, parties, notices, clock, tries)
    departures = Departures(database, UserStore(), library.collection.trash, rooms, clock)
    await stack.enter_async_context(departures.open())
    await stack.enter_async_context(Foresight([parties, Upcoming(parties)], library.films, library.cells).open())
    return Hall(rooms, members, parties, queues, invitations, requests, chronicle)


async def _news(stack: contextlib.AsyncExitStack, ground: Ground, people: People, library: Library) -> News:
    database, audit, clock, private = ground.database, ground.audit, ground.clock, ground.settings.webhook_private
    stores = EventStore(), VideoStore(), RoomStore()
    stream = EventStream(database, *stores, people.sessions, ground.metrics.events)
    await stack.enter_async_context(stream.open())
    secrets = WebhookSecrets(derived_key(ground.key, "webhooks"))
    kept = WebhookStore(), DeliveryStore(), secrets
    webhooks = Webhooks(database, *kept, audit, clock, private_too=private)
    sender = WebhookSender(database, *kept, ground.metrics.webhooks, clock, private_too=private)
    await stack.enter_async_context(sender.open())
    incoming = IncomingWebhooks(database, IncomingStore(), secrets, library.videos, library.transcoding, audit, clock)
    webhooks.on_due(sender.look)
    ground.events.follow(stream.hear)
    ground.events.listen(Event, webhooks.hear)
    return News(stream, webhooks, incoming)


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


async def _web(
    ground: Ground, people: People, library: Library, community: Community, hall: Hall, news: News
) -> web.Application:
    settings, users, sessions = ground.settings, people.users, people.sessions
    secure = settings.scheme == "https"
    assets = await asyncio.to_thread(Assets, web_folder())
    pages = Pages(assets)
    tidied = library.collection
    visitors = Visitors(lambda: ground.preferences.public_to_all)
    views = VideoViews(library.streams, users, community.ratings, tidied.history)
    # A port chosen at random is known only once the server listens, which is for tests alone.
    addresses = network_urls(settings.host, settings.port, settings.scheme) if settings.port else []
    preparation = Preparation(library.videos, library.films, library.cells, library.progress)
    columns: list[Column] = [
        HealthRoutes(library.health),
        PeopleRoutes(people, addresses, secure=secure),
        CatalogueRoutes(tidied.catalogue, tidied.bulk, users, views, visitors),
        TrashRoutes(tidied.trash, users, views),
        VideoRoutes(
            library.videos, tidied.trash, library.uploads, preparation, library.keeping, views, visitors, ground.clock
        ),
        PosterRoutes(tidied.posters, views),
        HistoryRoutes(tidied.history, tidied.viewings, views, visitors),
        UploadRoutes(library.uploads, library.transcoding, views),
        StreamRoutes(library.streams, visitors),
        TusRoutes(library.resumable, library.uploads, library.videos, views, ground.clock, ground.preferences),
        StorageRoutes(library.quotas, library.duplicates, views),
        JobRoutes(library.operations),
        VideoAssetRoutes(library.assets),
        SubtitleRoutes(library.subtitles),
        RatingRoutes(community.ratings),
        CommentRoutes(community.comments, users),
        NotificationRoutes(community.notifications),
        RoomRoutes(hall.rooms, hall.parties, library.streams),
        MemberRoutes(hall.members),
        RoomQueueRoutes(hall.queues, library.streams),
        InvitationRoutes(hall.invitations, hall.requests, hall.parties, sessions, addresses, secure=secure),
        RecordRoutes(hall.chronicle),
        PartyRoutes(hall.rooms, hall.members, hall.parties, sessions, ground.metrics.party, ground.clock),
        EventRoutes(news.stream),
        WebhookRoutes(news.webhooks),
        IncomingWebhookRoutes(news.incoming),
        ProtocolRoutes(pages),
        AdminRoutes(library.statistics, hall.parties, library.operations),
        LogRoutes(ground.ring),
        AuditRoutes(ground.audit),
        BackupRoutes(ground.backups),
        AccountRoutes(people.accounts, users, addresses, secure=secure),
        PreferenceRoutes(ground.preferences, _fixed(settings), settings.sources),
        MetricsRoutes(ground.metrics, open_to_all=settings.metrics == "everyone"),
        QrRoutes(),
        assets,
        PageRoutes(pages, users, hall.requests, addresses),
    ]
    replays = Replays(ground.database, ReplayStore(), derived_key(ground.key, "replays"), ground.clock)
    doormen = Doormen(
        Arrival(settings.trusted_proxies),
        Bookkeeping(ground.metrics.http),
        Spans(ground.tracing) if ground.tracing else None,
        Answering(pages),
        Cors(settings.cors_origins),
        SameOrigin(settings.allowed_hosts, settings.cors_origins),
        Authentication(sessions, secure=secure),
        Limits(Rates(ground.clock) if settings.rates == "on" else None, ground.metrics.http),
    )
    return application(doormen, Headers(settings.cors_origins), columns, replays)


def _fixed(settings: Settings) -> dict[str, Any]:
    """The settings that only a restart changes."""
    return {name: value for name, value in msgspec.structs.asdict(settings).items() if name not in {*NAMES, "sources"}}


@contextlib.asynccontextmanager
async def _listening(
    app: web.Application, settings: Settings, parties: Parties, stream: EventStream
) -> AsyncIterator[int]:
    """Answer requests until left, when sockets are told to come back and answers under way are waited for.

    Yields the port.
    """
    runner = Listening(app, keepalive_timeout=KEEPALIVE, read_bufsize=READ_AHEAD, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port, ssl_context=_tls(settings)).start()
        yield int(runner.addresses[0][1])
    finally:
        parties.close()
        stream.close()
        await runner.cleanup()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_cert, settings.tls_key)
    return context
