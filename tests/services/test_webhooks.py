"""Webhooks from the event to another program's door and back into the log, with a real receiver."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.process import free_port
from tests.receiver import Receiver
from watchparty.domain.errors import Conflict
from watchparty.domain.event import Event, JobProgressed, JobQueued, RoomCreated
from watchparty.domain.room import Admission
from watchparty.domain.user import Person, Role, User
from watchparty.domain.webhook import MOST_RETRIES, OVERLAP, PATIENCE, Delivery, DeliveryStatus, Try, secret_words
from watchparty.services import webhook_line
from watchparty.services.audit import Audit
from watchparty.services.clock import SystemClock
from watchparty.services.metrics import Metrics
from watchparty.services.webhook_secrets import WebhookSecrets
from watchparty.services.webhook_sender import WebhookSender
from watchparty.services.webhooks import Webhooks, Wish
from watchparty.storage.audit import AuditStore
from watchparty.storage.database import Database
from watchparty.storage.migrations import migrate
from watchparty.storage.users import UserStore
from watchparty.storage.webhooks import DeliveryStore, WebhookStore

ADA = Person("ada", "Ada", Role.ADMIN, "s1")
SECRETS = WebhookSecrets(b"k" * 32)


class Clock(SystemClock):
    """The real time, put forward when told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


class Desk:
    def __init__(self, database: Database, *, private_too: bool = True) -> None:
        self.database, self.clock = database, Clock()
        audit = Audit(database, AuditStore(), self.clock)
        kept = WebhookStore(), DeliveryStore(), SECRETS
        self.webhooks = Webhooks(database, *kept, audit, self.clock, private_too=True)
        self.metrics = Metrics()
        self.sender = WebhookSender(
            database, *kept, self.metrics.webhooks, self.clock, private_too=private_too, chance=lambda: 0.0
        )
        self.webhooks.on_due(self.sender.look)

    async def add(self, receiver: Receiver, *kinds: str) -> tuple[str, str]:
        """The id and secret of a webhook that is told to this receiver."""
        webhook, secret = await self.webhooks.create(ADA, Wish(url=receiver.url, kinds=kinds))
        return webhook.id, secret

    async def settled(self, webhook_id: str, tries: int, at: int = 0) -> tuple[Delivery, Sequence[Try]]:
        """The newest delivery but `at`, once so many tries are written down."""
        async with asyncio.timeout(20):
            while True:
                found = await self.webhooks.deliveries(webhook_id, None, 50)
                if len(found) > at and len(found[at][1]) >= tries:
                    return found[at]
                await asyncio.sleep(0.01)

    async def later(self, seconds: float) -> None:
        """So much time goes by."""
        self.clock.ahead += seconds
        self.sender.look()

    def outcome(self, name: str) -> float:
        line = f'watchparty_webhook_tries_total{{outcome="{name}"}} '
        return float(self.metrics.text().decode().split(line)[1].split("\n")[0])


@contextlib.asynccontextmanager
async def desk(folder: Path, *, private_too: bool = True) -> AsyncIterator[Desk]:
    path = folder / "watchparty.db"
    is_new = not path.exists()
    migrate(path, folder / "backups")
    async with Database.open(path) as database:
        if is_new:
            ada = User("ada", "ada", "Ada", Role.ADMIN, None, 1.0)
            await database.write(lambda tx: UserStore().add(tx, ada, "hash"))
        made = Desk(database, private_too=private_too)
        async with made.sender.open():
            yield made


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver.open() as receiver:
        yield receiver


def queued(seq: int = 1) -> Event:
    return JobQueued(subject="job", owner_id="ann", at=1.0, seq=seq, video_id="film", job="convert")


async def test_an_event_arrives_signed_and_its_answer_is_written_down(here: Desk, receiver: Receiver) -> None:
    webhook_id, secret = await here.add(receiver)
    await here.webhooks.hear(queued())
    (got,) = await receiver.until(1)
    assert got.verified(secret)["data"]["video_id"] == "film"
    assert got.headers["content-type"] == "application/json"
    delivery, (made,) = await here.settled(webhook_id, 1)
    assert (delivery.id, delivery.status, delivery.due_at) == (got.id, DeliveryStatus.DELIVERED, None)
    assert made.status == 200 and made.answer and made.answer.startswith("200: thanks") and len(made.answer) <= 1024
    assert here.outcome("delivered") == 1


async def test_only_what_was_asked_for_is_sent_and_nothing_that_is_not_kept(here: Desk, receiver: Receiver) -> None:
    await here.add(receiver, "RoomCreated")
    await here.webhooks.hear(queued(1))
    await here.webhooks.hear(JobProgressed(subject="job", owner_id="ann", video_id="film", job="x", progress=0.5))
    await here.webhooks.hear(RoomCreated(subject="room", owner_id="ann", seq=2, name="R", admission=Admission.OPEN))
    (got,) = await receiver.until(1)
    assert b'"RoomCreated"' in got.body


async def test_an_event_that_is_heard_twice_is_sent_once(here: Desk, receiver: Receiver) -> None:
    webhook_id, _ = await here.add(receiver)
    for seq in (7, 7, 8):
        await here.webhooks.hear(queued(seq))
    await receiver.until(2)
    await here.settled(webhook_id, 1)
    assert len(await here.webhooks.deliveries(webhook_id, None, 50)) == 2


async def test_what_fails_is_tried_ten_times_more_under_the_same_id_and_then_given_up(
    here: Desk, receiver: Receiver
) -> None:
    webhook_id, _ = await here.add(receiver)
    receiver.statuses = [500] * (MOST_RETRIES + 1)
    await here.webhooks.hear(queued())
    for number in range(1, MOST_RETRIES + 1):
        delivery, _ = await here.settled(webhook_id, number)
        assert delivery.status is DeliveryStatus.PENDING and delivery.due_at
        # As far as the pause goes, and not a try sooner.
        assert len(receiver.got) == number
        await here.later(delivery.due_at - here.clock.time() + 0.001)
    delivery, tries = await here.settled(webhook_id, MOST_RETRIES + 1)
    assert (delivery.status, delivery.due_at, len(tries)) == (DeliveryStatus.FAILED, None, MOST_RETRIES + 1)
    assert len({got.id for got in receiver.got}) == 1
    assert [made.number for made in tries] == list(range(MOST_RETRIES + 1, 0, -1))
    assert here.outcome("refused") == MOST_RETRIES + 1


async def test_tries_go_on_after_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    receiver.statuses = [503]
    async with desk(tmp_path) as here:
        webhook_id, _ = await here.add(receiver)
        await here.webhooks.hear(queued())
        await here.settled(webhook_id, 1)
    async with desk(tmp_path) as here:
        await here.later(60)
        delivery, tries = await here.settled(webhook_id, 2)
        assert delivery.status is DeliveryStatus.DELIVERED and [made.status for made in tries] == [200, 503]


async def test_who_says_gone_is_disabled_with_a_notice_and_asked_nothing_more(here: Desk, receiver: Receiver) -> None:
    webhook_id, _ = await here.add(receiver)
    receiver.statuses = [410]
    await here.webhooks.hear(queued())
    delivery, _ = await here.settled(webhook_id, 1)
    webhook = await here.webhooks.find(webhook_id)
    assert (delivery.status, webhook.enabled) == (DeliveryStatus.FAILED, False)
    assert webhook.notice and "410" in webhook.notice
    await here.webhooks.hear(queued(2))
    assert len(await here.webhooks.deliveries(webhook_id, None, 50)) == 1
    for deed in (here.webhooks.test(webhook_id), here.webhooks.replay(webhook_id, delivery.id)):
        with pytest.raises(Conflict):
            await deed
    again = await here.webhooks.change(ADA, webhook_id, Wish(enabled=True))
    assert (again.notice, again.failing_since) == (None, None)
    assert here.outcome("gone") == 1


async def test_who_takes_nothing_for_days_is_disabled(here: Desk, receiver: Receiver) -> None:
    webhook_id, _ = await here.add(receiver)
    receiver.statuses = [500, 500]
    await here.webhooks.hear(queued())
    await here.settled(webhook_id, 1)
    assert (await here.webhooks.find(webhook_id)).enabled
    await here.later(PATIENCE + 1)
    await here.settled(webhook_id, 2)
    webhook = await here.webhooks.find(webhook_id)
    assert not webhook.enabled and webhook.notice and "3 days" in webhook.notice


async def test_a_success_in_between_starts_the_patience_anew(here: Desk, receiver: Receiver) -> None:
    webhook_id, _ = await here.add(receiver)
    receiver.statuses = [500]
    await here.webhooks.hear(queued())
    await here.settled(webhook_id, 1)
    assert (await here.webhooks.find(webhook_id)).failing_since is not None
    await here.later(60)
    await here.settled(webhook_id, 2)
    assert (await here.webhooks.find(webhook_id)).failing_since is None


async def test_a_redirect_is_not_followed(here: Desk, receiver: Receiver) -> None:
    async with Receiver.open() as elsewhere:
        webhook_id, _ = await here.add(receiver)
        receiver.statuses, receiver.location = [307], elsewhere.url
        await here.webhooks.hear(queued())
        _, (made,) = await here.settled(webhook_id, 1)
        assert made.status == 307 and not made.delivered and elsewhere.got == []


async def test_one_that_hangs_is_let_go_and_holds_up_no_other(
    here: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Receiver.open() as other:
        hung, _ = await here.add(receiver)
        quick, _ = await here.add(other)
        receiver.hanging.clear()
        for seq in (1, 2, 3):
            await here.webhooks.hear(queued(seq))
        await other.until(3)
        await here.settled(quick, 1)
        await receiver.until(1)
        assert len(receiver.got) == 1  # each webhook is asked about one thing at a time
        assert [tries for _, tries in await here.webhooks.deliveries(hung, None, 50)] == [[], [], []]
        receiver.hanging.set()
        await receiver.until(3)


async def test_no_answer_in_time_is_a_failure(
    receiver: Receiver,
) -> None:
    receiver.hanging.clear()
    with pytest.raises(webhook_line.Unreached, match="no answer") as late:
        await webhook_line.post(receiver.url, {}, b"{}", private_too=True, seconds=0.05)
    assert late.value.outcome == "timeout"
    receiver.hanging.set()


async def test_nobody_at_the_address_is_a_failure(here: Desk, receiver: Receiver) -> None:
    receiver.url = f"http://127.0.0.1:{free_port()}/hook"
    webhook_id, _ = await here.add(receiver)
    await here.webhooks.hear(queued())
    _, (made,) = await here.settled(webhook_id, 1)
    assert made.status is None and made.error
    assert here.outcome("unreachable") == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_private_addresses_are_refused_when_they_are_connected_to(
    tmp_path: Path, receiver: Receiver, host: str
) -> None:
    """`localhost` is a name that turns out to mean this machine, as a name elsewhere may by DNS rebinding."""
    receiver.url = receiver.url.replace("127.0.0.1", host)
    async with desk(tmp_path, private_too=False) as here:
        webhook_id, _ = await here.add(receiver)
        await here.webhooks.hear(queued())
        _, (made,) = await here.settled(webhook_id, 1)
        assert made.status is None and made.error and "private networks" in made.error
        assert receiver.got == [] and here.outcome("private") == 1


async def test_a_test_event_and_a_replay_are_sent_at_once(here: Desk, receiver: Receiver) -> None:
    webhook_id, secret = await here.add(receiver, "RoomCreated")
    tested = await here.webhooks.test(webhook_id)
    (got,) = await receiver.until(1)
    assert got.id == tested.id and got.verified(secret)["type"] == "WebhookTest"
    await here.settled(webhook_id, 1)
    receiver.statuses = [500]
    await here.webhooks.replay(webhook_id, tested.id)
    again = (await receiver.until(2))[1]
    assert (again.id, again.body) == (got.id, got.body)
    delivery, tries = await here.settled(webhook_id, 2)
    # It is tried again like any other.
    assert [made.status for made in tries] == [500, 200] and delivery.status is DeliveryStatus.PENDING


async def test_a_new_secret_signs_and_the_one_before_does_so_for_a_day(here: Desk, receiver: Receiver) -> None:
    webhook_id, old = await here.add(receiver)
    _, new = await here.webhooks.rotate(ADA, webhook_id)
    assert new != old and new.startswith("whsec_")
    await here.webhooks.test(webhook_id)
    (got,) = await receiver.until(1)
    assert got.verified(old) == got.verified(new)
    webhook = await here.webhooks.find(webhook_id)
    assert [secret_words(secret) for secret in SECRETS.good(webhook, here.clock.time() + OVERLAP + 1)] == [new]


async def test_no_secret_stands_in_the_database(tmp_path: Path, receiver: Receiver) -> None:
    async with desk(tmp_path) as here:
        _, secret = await here.add(receiver)
        content = b"".join(path.read_bytes() for path in tmp_path.glob("watchparty.db*"))
    assert secret.removeprefix("whsec_").encode() not in content
    assert content.count(b"webhook.created") >= 1


async def test_a_webhook_deleted_while_it_is_asked_leaves_nothing(here: Desk, receiver: Receiver) -> None:
    webhook_id, _ = await here.add(receiver)
    receiver.hanging.clear()
    await here.webhooks.hear(queued())
    await receiver.until(1)
    await here.webhooks.delete(ADA, webhook_id)
    receiver.hanging.set()
    other, _ = await here.add(receiver)
    await here.webhooks.test(other)
    await here.settled(other, 1)
    assert await here.webhooks.page(None, 10) == [await here.webhooks.find(other)]
