"""Everybody in a room told the same, once encoded, in the same order; and not more often than they can use it."""

from collections.abc import Callable, Sequence

from watchparty.domain.frame import text_frame
from watchparty.domain.news import News, Notice, Presence, Present, VideoNews, encode
from watchparty.domain.rights import HOSTS
from watchparty.services.attendance import Attendance
from watchparty.services.clock import Clock
from watchparty.services.party_metrics import PartyMetrics

# All in seconds on the monotonic clock.
PRESENCE_EVERY = 1.0
# Telling a thousand people about each other is a million lines: large rooms hear of it less often.
PRESENCE_PER_SEAT = 0.02
VIDEO_EVERY = 1.0


class Audience:
    """`present` says who is here at the moment it is told."""

    def __init__(
        self, attendance: Attendance, present: Callable[[], Sequence[Present]], metrics: PartyMetrics, clock: Clock
    ) -> None:
        self._attendance = attendance
        self._present = present
        self._metrics = metrics
        self._clock = clock
        self._presence_is_old = False
        self._presence_told_at = float("-inf")
        self._video: VideoNews | None = None
        self._video_told_at = float("-inf")

    def tell(self, news: News, *, but: str | None = None) -> None:
        """To every seat, except those of the member `but`. Never waits: one slow listener holds nobody up."""
        began_at = self._clock.monotonic()
        frame = text_frame(encode(news))
        hearers = [seat for seat in self._attendance if seat.member.id != but]
        for seat in hearers:
            seat.write(frame)
        self._metrics.fan_out.observe(self._clock.monotonic() - began_at)
        self._metrics.sent.labels(news.type).inc(len(hearers))

    def tell_member(self, member_id: str, news: News) -> None:
        for seat in self._attendance.of(member_id):
            seat.tell(news)

    def tell_hosts(self, notice: Notice) -> None:
        for seat in self._attendance:
            if seat.member.role in HOSTS:
                seat.tell(notice)

    def presence_changed(self, now: float) -> None:
        """Somebody came, went or changed: told at once, unless it was told a moment ago."""
        self._presence_is_old = True
        self._tell_presence(now)

    def video_changed(self, news: VideoNews) -> None:
        """Of several words about the film within a second the last one is told."""
        self._video = news

    def tick(self, now: float) -> None:
        """Tell what was held back."""
        self._tell_presence(now)
        if self._video is not None and now >= self._video_told_at + VIDEO_EVERY:
            news, self._video, self._video_told_at = self._video, None, now
            self.tell(news)

    @property
    def deadline(self) -> float | None:
        times = []
        if self._presence_is_old:
            times.append(self._presence_due)
        if self._video is not None:
            times.append(self._video_told_at + VIDEO_EVERY)
        return min(times, default=None)

    def _tell_presence(self, now: float) -> None:
        if self._presence_is_old and now >= self._presence_due:
            self._presence_is_old, self._presence_told_at = False, now
            self.tell(Presence(self._present()))

    @property
    def _presence_due(self) -> float:
        return self._presence_told_at + max(PRESENCE_EVERY, PRESENCE_PER_SEAT * len(self._attendance))
