"""Everything that can be reached, and the port it is reached at."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from aiohttp import web

from watchparty.app.ground import Ground
from watchparty.app.hall import Hall
from watchparty.app.library import Library
from watchparty.app.news import News
from watchparty.domain.preference import NAMES
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
from watchparty.services.addresses import network_urls
from watchparty.services.community import Community
from watchparty.services.event_stream import EventStream
from watchparty.services.keys import derived_key
from watchparty.services.parties import Parties
from watchparty.services.people import People
from watchparty.services.preparation import Preparation
from watchparty.services.rates import Rates
from watchparty.services.replays import Replays
from watchparty.settings import Settings
from watchparty.storage.replays import ReplayStore

# Seconds: an idle connection is let go (aiohttp's hour is what slow-header attacks live on), a stop waits for answers.
KEEPALIVE = 15.0
GRACE = 3.0
# Bytes read ahead of the disk for each upload.
READ_AHEAD = 1 << 18


async def web_application(
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
async def listening(
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
