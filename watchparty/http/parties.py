"""The party socket: who is on the line, what they say, and what is done about nonsense."""

from collections.abc import Sequence

from aiohttp import WSMsgType, hdrs, web

from watchparty.domain.closing import SIGNED_OUT, TOO_BIG, UNFIT
from watchparty.domain.errors import Malformed, NotSignedIn, Problem
from watchparty.domain.fields import BadMessage
from watchparty.domain.message import (
    Chat,
    Load,
    Membership,
    Message,
    Ping,
    Queue,
    QueueOp,
    Reaction,
    Typing,
    Unsay,
    parse,
)
from watchparty.domain.news import Error, Pong, milliseconds
from watchparty.domain.user import Person, Scope
from watchparty.http.endpoint import Access, Endpoint, Request, admit_key
from watchparty.http.socket_line import SocketLine
from watchparty.services.clock import Clock
from watchparty.services.members import Members
from watchparty.services.parties import Parties
from watchparty.services.party_metrics import PartyMetrics
from watchparty.services.rooms import Rooms
from watchparty.services.seat import Seat
from watchparty.services.sessions import Sessions

PROTOCOL = "watchparty.v1"
# Bytes. A message above the first is refused with a word; of one above the second not even the rest is read.
LARGEST_MESSAGE = 1 << 16
LARGEST_FRAME = 1 << 17
# Seconds to wait for the other side's goodbye.
GOODBYE = 2.0
# Longest round trip that is believed, in seconds.
LONGEST_RTT = 10.0


class PartyRoutes:
    def __init__(
        self,
        rooms: Rooms,
        members: Members,
        parties: Parties,
        sessions: Sessions,
        metrics: PartyMetrics,
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._members = members
        self._parties = parties
        self._sessions = sessions
        self._metrics = metrics
        self._clock = clock

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/rooms/{id}/ws", self.socket,
                     "The party socket: a websocket with the subprotocol watchparty.v1; takes a seat in the room.",
                     status=101, access=Access.ANYONE, raw=True),
        ]  # fmt: skip

    async def socket(self, request: Request[None]) -> web.StreamResponse:
        """Takes a seat for whoever is let in, and listens until one side hangs up."""
        words = _protocols(request.raw)
        person = self._who(request, words)
        admit_key(person, Scope.WRITE)
        socket = web.WebSocketResponse(
            protocols=[PROTOCOL],
            autoping=False,
            compress=False,  # would cost ten times the memory, and every frame an encoding of its own
            max_msg_size=LARGEST_FRAME,
            timeout=GOODBYE,
        )
        # A list without ours would be logged, with the token in it.
        if (words and PROTOCOL not in words) or not socket.can_prepare(request.raw):
            raise Malformed(f"This address speaks websocket, with the subprotocol {PROTOCOL}.")
        # Before the upgrade, so that a refusal is an ordinary answer with a sentence.
        member = await self._rooms.enter(person, request.path["id"])
        await socket.prepare(request.raw)
        transport = request.raw.transport
        if transport is None:
            return socket
        line = SocketLine(socket, transport, self._metrics, self._clock)
        try:
            seat = await self._parties.seat(person, member, line)
        except Problem as problem:
            await socket.close(code=UNFIT, message=problem.detail.encode()[:120])
            return socket
        if not self._sessions.is_live(person.session_id):
            seat.send_away(SIGNED_OUT, "Your session has ended.")  # it ended while the seat was being found
        code = None
        try:
            code = await self._listen(socket, line, seat)
        finally:
            self._parties.leave(seat, code)
        await line.closed()
        return socket

    def _who(self, request: Request[None], words: Sequence[str]) -> Person:
        """The browser's session, or the token in the subprotocol list of a program that cannot set headers."""
        if request.maybe_person is not None:
            return request.maybe_person
        for word in words:
            scheme, _, token = word.partition(".")
            if scheme == "bearer" and token:
                return self._sessions.identify(token)
        raise NotSignedIn("Sign in first.")

    async def _listen(self, socket: web.WebSocketResponse, line: SocketLine, seat: Seat) -> int | None:
        """Until the line is closed; the code with which its other side said goodbye, if it did."""
        while True:
            frame = await socket.receive()
            seat.heard_at = self._clock.monotonic()
            match frame.type:
                case WSMsgType.TEXT:
                    await self._hear(seat, frame.data, seat.heard_at)
                case WSMsgType.PING:
                    await socket.pong(frame.data)
                case WSMsgType.PONG:
                    self._measure(seat, self._round_trip(line, frame.data))
                case WSMsgType.BINARY:
                    self._object(seat, "bad_message", "Only text frames are read here.")
                case WSMsgType.CLOSE:
                    return int(frame.data or 0)
                case _:
                    return None

    async def _hear(self, seat: Seat, text: str, received: float) -> None:
        if not seat.conduct.may_speak(received):
            return self._object(seat, "too_many", "That was too much at once.")
        if len(text) > LARGEST_MESSAGE or len(text.encode()) > LARGEST_MESSAGE:
            seat.refuse("too_large", "A message has at most 65,536 bytes.")
            return seat.send_away(TOO_BIG, "A message has at most 65,536 bytes.")
        try:
            message = parse(text)
        except BadMessage as error:
            return self._object(seat, error.code, error.detail)
        self._metrics.received.labels(type(message).__name__.lower()).inc()
        if isinstance(message, Ping):
            return self._answer(seat, message, received)
        return await self._take(seat, message, received)

    def _answer(self, seat: Seat, ping: Ping, received: float) -> None:
        """Before anything else: the clocks of all players hang on this."""
        seat.tell(Pong(ping.t0, milliseconds(received), milliseconds(self._clock.monotonic())))
        if ping.rtt is not None:
            self._measure(seat, ping.rtt / 1000)

    async def _take(self, seat: Seat, message: Message, received: float) -> None:
        match message:
            case Chat() | Reaction() | Typing() | Queue() if not seat.conduct.may_talk(received):
                client_id = message.client_id if isinstance(message, Chat) else None
                seat.tell(Error("too_many", "Slow down a little.", client_id=client_id))
            case Load():
                await self._parties.load(seat, message)
            case Queue(QueueOp.ADD, video_id=str()):
                await self._parties.enqueue(seat, message)
            case Membership():
                await self._manage(seat, message)
            case Chat(reply_to=str(line_id)) | Unsay(id=line_id):
                await self._parties.speak(seat, message, line_id)
            case _:
                self._parties.hear(seat, message)

    async def _manage(self, seat: Seat, message: Membership) -> None:
        room_id = seat.member.room_id
        try:
            await self._members.carry_out(seat.person, room_id, message.op, message.member_id)
        except Problem as problem:
            seat.refuse("not_allowed", problem.detail)

    def _round_trip(self, line: SocketLine, pong: bytes) -> float | None:
        """Seconds, by the server's own clock."""
        elapsed = line.round_trip(pong)
        if elapsed is not None:
            self._metrics.round_trip.observe(elapsed)
        return elapsed

    def _measure(self, seat: Seat, rtt: float | None) -> None:
        if rtt is not None and 0 <= rtt <= LONGEST_RTT:
            self._parties.measure(seat, rtt)

    def _object(self, seat: Seat, code: str, detail: str) -> None:
        """Say what was wrong; to somebody who goes on like that, goodbye."""
        seat.refuse(code, detail)
        if not seat.conduct.is_forgiven(self._clock.monotonic()):
            seat.send_away(UNFIT, detail)


def _protocols(request: web.Request) -> list[str]:
    """The subprotocols the other side offers (RFC 6455, section 11.3.4)."""
    return [word.strip() for word in request.headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL, "").split(",") if word.strip()]
