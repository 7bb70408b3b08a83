"""What is counted of parties: how well people are in step, how long they wait, and what goes over the sockets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

# Upper bounds in seconds. A frame lasts 0.042 at 24 a second, and nobody sees a spread below 0.02.
SPREADS = (0.005, 0.01, 0.02, 0.033, 0.045, 0.06, 0.1, 0.2, 0.4, 1.0, 3.0, 10.0)
WAITS = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0)
FAN_OUTS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1)
ROUND_TRIPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class PartyMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.spread = Histogram(
            "watchparty_room_spread_seconds",
            "Film between the first and the last of those who play in one room, once a second.",
            buckets=SPREADS,
            registry=registry,
        )
        self.wait = Histogram(
            "watchparty_room_wait_seconds",
            "How long a room stood still for members it named.",
            buckets=WAITS,
            registry=registry,
        )
        self.excused = Counter(
            "watchparty_room_waits_given_up", "Waits after which a room went on without somebody.", registry=registry
        )
        self.refused = Counter(
            "watchparty_messages_refused", "Messages that were not taken, by why.", ["code"], registry=registry
        )
        self.received = Counter(
            "watchparty_messages_received", "Messages understood, by what they are.", ["type"], registry=registry
        )
        self.sent = Counter(
            "watchparty_messages_sent", "Messages written to sockets, by what they are.", ["type"], registry=registry
        )
        self.fan_out = Histogram(
            "watchparty_fan_out_seconds",
            "Encoding a message and writing it to every seat of a room.",
            buckets=FAN_OUTS,
            registry=registry,
        )
        self.round_trip = Histogram(
            "watchparty_socket_round_trip_seconds",
            "From a ping of the server to its answer.",
            buckets=ROUND_TRIPS,
            registry=registry,
        )
        self.reconnects = Counter(
            "watchparty_reconnects", "Members whose line was taken up again in time.", registry=registry
        )
        self.chat = Counter("watchparty_chat_messages", "Lines said in the chat.", registry=registry)
        self.dropped = Counter(
            "watchparty_slow_seats_dropped", "Sockets that did not keep up and were cut.", registry=registry
        )


@dataclass(frozen=True)
class Census:
    """Who is in rooms at one moment; `members` by the state the others see."""

    rooms: int
    seats: int
    members: Mapping[str, int]


class CensusCollector(Collector):
    """Counts people when somebody asks, rather than keeping a number true with every step they take."""

    def __init__(self, count: Callable[[], Census]) -> None:
        self._count = count

    def collect(self) -> Iterable[Metric]:
        census = self._count()
        yield GaugeMetricFamily("watchparty_rooms_live", "Rooms with people in them.", value=census.rooms)
        yield GaugeMetricFamily("watchparty_seats", "Open sockets in rooms.", value=census.seats)
        members = GaugeMetricFamily(
            "watchparty_members", "People in rooms, by how their player does.", labels=["state"]
        )
        for state, number in census.members.items():
            members.add_metric([state], number)
        yield members
