"""Rooms and the parties in them, put together."""

import contextlib
from dataclasses import dataclass

from watchparty.app.ground import Ground
from watchparty.app.library import Library
from watchparty.services.access_requests import AccessRequests
from watchparty.services.chronicle import Chronicle
from watchparty.services.departures import Departures
from watchparty.services.foresight import Foresight
from watchparty.services.invitations import Invitations
from watchparty.services.keys import derived_key
from watchparty.services.members import Members
from watchparty.services.minutes import Minutes
from watchparty.services.notifications import Notifications
from watchparty.services.parties import Parties
from watchparty.services.party_metrics import CensusCollector
from watchparty.services.people import People
from watchparty.services.queues import Queues, Upcoming
from watchparty.services.rooms import Rooms
from watchparty.storage.invites import AccessRequestStore, InviteStore
from watchparty.storage.messages import MessageStore
from watchparty.storage.room_queue import QueueStore
from watchparty.storage.room_sessions import RoomEventStore, RoomSessionStore
from watchparty.storage.rooms import MemberStore, RoomStore
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore


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


async def opened_hall(
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
