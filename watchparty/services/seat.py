"""One open socket in a room: who sits there, and how they are spoken to."""

from dataclasses import dataclass, field
from typing import Protocol

from watchparty.domain.conduct import Conduct
from watchparty.domain.frame import text_frame
from watchparty.domain.news import Error, News, TimelineNews, encode
from watchparty.domain.room import Member
from watchparty.domain.user import Person
from watchparty.services.party_metrics import PartyMetrics


class Line(Protocol):
    """What a seat needs of a socket. Nothing here waits: one slow listener must not hold up the others."""

    def write(self, frame: bytes) -> bool:
        """Hand over a whole websocket frame. False when the other side has gone or does not keep up."""

    def ping(self) -> None:
        """Ask for a sign of life."""

    def close(self, code: int, reason: str) -> None:
        """Say goodbye with a close frame; `reason` is shown to people."""

    def drop(self) -> None:
        """Cut the line: nobody hears us any more."""


@dataclass(eq=False)
class Seat:
    """Changes as its person speaks: `heard_at` is when they were last heard, `is_seated` whether they said hello."""

    id: str
    person: Person
    member: Member
    line: Line
    conduct: Conduct
    metrics: PartyMetrics
    opened_at: float
    heard_at: float
    is_seated: bool = False
    resume: str = ""
    # What this seat may take part in; a seat that was dropped hears nothing more.
    is_gone: bool = field(default=False)

    def tell(self, news: News) -> None:
        """Say something to this seat alone."""
        self.metrics.sent.labels(news.type).inc()
        self.write(text_frame(encode(news)))

    def write(self, frame: bytes) -> None:
        if not self.is_gone and not self.line.write(frame):
            self.is_gone = True
            self.line.drop()

    def refuse(self, code: str, detail: str, timeline: TimelineNews | None = None) -> None:
        self.metrics.refused.labels(code).inc()
        self.tell(Error(code, detail, timeline))

    def send_away(self, code: int, reason: str) -> None:
        if not self.is_gone:
            self.is_gone = True
            self.line.close(code, reason)
