"""What comes out of a party: told to everybody in that moment, and written down. Nothing here waits."""

from collections.abc import Iterable

from watchparty.domain.news import Notice, Prepare, TimelineNews
from watchparty.domain.party import Party
from watchparty.domain.party_event import Changed, Event, Logged, Noticed, Preparing, PresenceChanged, Refused
from watchparty.services.attendance import Attendance
from watchparty.services.audience import Audience
from watchparty.services.clock import Clock
from watchparty.services.record import Record
from watchparty.services.room_meter import RoomMeter


class Proceedings:
    def __init__(
        self,
        party: Party,
        audience: Audience,
        attendance: Attendance,
        record: Record,
        meter: RoomMeter,
        clock: Clock,
    ) -> None:
        self._party = party
        self._audience = audience
        self._attendance = attendance
        self._record = record
        self._meter = meter
        self._clock = clock

    def carry_out(self, events: Iterable[Event]) -> None:
        """Tell and write down what the party has decided, in its order."""
        for event in events:
            self._meter.note(event, self._clock.monotonic())
            match event:
                case Changed():
                    self._audience.tell(TimelineNews.of(event))
                    self.save_if_due()
                case Preparing():
                    self._audience.tell(Prepare(event.revision, event.position))
                case Refused():
                    told = TimelineNews.of(self._party.told)
                    self._attendance[event.seat].refuse(event.code, event.detail, told)
                case Noticed():
                    self._audience.tell(Notice(event.code, event.text))
                case Logged():
                    self._record.log(event, self._party.timeline)
                case PresenceChanged():
                    self._audience.presence_changed(self._clock.monotonic())

    def save_if_due(self) -> None:
        """Keep where playback stands, at every change and every second while it plays."""
        self._record.save_if_due(self._party.timeline, self._party.position_at(self._clock.monotonic()))
