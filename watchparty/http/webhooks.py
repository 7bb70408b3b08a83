"""Webhooks over HTTP: whom to tell, what was sent and what came of it."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from watchparty.domain.webhook import Delivery, Try, Webhook
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.views import rfc3339
from watchparty.services.webhooks import Webhooks, Wish

Unset = msgspec.UnsetType


class NewWebhook(msgspec.Struct, forbid_unknown_fields=True):
    """`events` names the kinds that are sent; none means all."""

    url: str
    description: str = ""
    events: list[str] = []
    enabled: bool = True


class WebhookChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays."""

    url: str | Unset = msgspec.UNSET
    description: str | Unset = msgspec.UNSET
    events: list[str] | Unset = msgspec.UNSET
    enabled: bool | Unset = msgspec.UNSET


class PageQuery(msgspec.Struct):
    """A page of a list."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class WebhookView(msgspec.Struct):
    """`notice` says why the server disabled it; `failing_since`, when the failures since its last success began.

    `former_secret_until`: how long the secret of before the last change signs too.
    """

    id: str
    url: str
    description: str
    events: list[str]
    enabled: bool
    notice: str | None
    failing_since: str | None
    former_secret_until: str | None
    created_at: str
    updated_at: str


class SecretView(msgspec.Struct):
    """`secret` is shown this once; receivers check signatures with it (standardwebhooks.com)."""

    webhook: WebhookView
    secret: str


class WebhookList(msgspec.Struct):
    items: list[WebhookView]
    next_cursor: str | None


class TryView(msgspec.Struct):
    """What came of asking once: a status and the first bytes of the answer, or an error. `seconds` is how long."""

    number: int
    at: str
    seconds: float
    status: int | None
    answer: str | None
    error: str | None


class DeliveryView(msgspec.Struct):
    """`id` is the header webhook-id, `body` what is sent; `status` is pending, delivered or failed."""

    id: str
    type: str
    status: str
    body: str
    created_at: str
    next_try_at: str | None
    finished_at: str | None
    tries: list[TryView]


class DeliveryList(msgspec.Struct):
    items: list[DeliveryView]
    next_cursor: str | None


class WebhookRoutes:
    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    def endpoints(self) -> Sequence[Endpoint]:
        hooks, one = "/api/v1/admin/webhooks", "/api/v1/admin/webhooks/{id}"
        sent = f"{one}/deliveries"
        return [
            _admin("GET", hooks, self.page, "Where other programs are told of events, newest first.",
                   query=PageQuery, answer=WebhookList),
            _admin("POST", hooks, self.create, "Tell another program of events. Its secret is shown this once.",
                   body=NewWebhook, answer=SecretView, status=201),
            _admin("GET", one, self.show, "One webhook.", answer=WebhookView),
            _admin("PATCH", one, self.change, "Change a webhook, disable or enable it.",
                   body=WebhookChange, answer=WebhookView),
            _admin("DELETE", one, self.delete, "Forget a webhook and what was sent to it.", status=204),
            _admin("POST", f"{one}/secret", self.rotate, "A new secret, shown this once; the one before signs too for "
                   "a day.", answer=SecretView),
            _admin("POST", f"{one}/test", self.test, "Send an event that means nothing.",
                   answer=DeliveryView, status=202),
            _admin("GET", sent, self.deliveries, "What was sent and what came of it, newest first.",
                   query=PageQuery, answer=DeliveryList),
            _admin("GET", f"{sent}/{{delivery_id}}", self.delivery, "One delivery.", answer=DeliveryView),
            _admin("POST", f"{sent}/{{delivery_id}}/replay", self.replay, "Send it once more, under the same id.",
                   answer=DeliveryView, status=202),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> Answer:
        query: PageQuery = request.query
        found = await self._webhooks.page(_after(query), query.limit)
        cursor = cursor_of(found[-1].created_at, found[-1].id) if len(found) == query.limit else None
        return Answer(WebhookList([_view(each) for each in found], cursor), headers=next_link(request.raw, cursor))

    async def create(self, request: Request[NewWebhook]) -> Answer:
        body = request.body
        wish = Wish(body.url, body.description, body.events, body.enabled)
        webhook, secret = await self._webhooks.create(request.person, wish)
        return Answer(
            SecretView(_view(webhook), secret),
            headers={"Location": f"/api/v1/admin/webhooks/{webhook.id}", "Cache-Control": "no-store"},
        )

    async def show(self, request: Request[None]) -> WebhookView:
        return _view(await self._webhooks.find(request.path["id"]))

    async def change(self, request: Request[WebhookChange]) -> WebhookView:
        body = request.body
        wish = Wish(_given(body.url), _given(body.description), _given(body.events), _given(body.enabled))
        return _view(await self._webhooks.change(request.person, request.path["id"], wish))

    async def delete(self, request: Request[None]) -> None:
        await self._webhooks.delete(request.person, request.path["id"])

    async def rotate(self, request: Request[None]) -> Answer:
        webhook, secret = await self._webhooks.rotate(request.person, request.path["id"])
        return Answer(SecretView(_view(webhook), secret), headers={"Cache-Control": "no-store"})

    async def test(self, request: Request[None]) -> DeliveryView:
        return _delivery_view(await self._webhooks.test(request.path["id"]), [])

    async def deliveries(self, request: Request[None]) -> Answer:
        query: PageQuery = request.query
        found = await self._webhooks.deliveries(request.path["id"], _after(query), query.limit)
        last = found[-1][0] if len(found) == query.limit else None
        cursor = None if last is None else cursor_of(last.created_at, last.id)
        items = [_delivery_view(*each) for each in found]
        return Answer(DeliveryList(items, cursor), headers=next_link(request.raw, cursor))

    async def delivery(self, request: Request[None]) -> DeliveryView:
        return _delivery_view(*await self._webhooks.delivery(request.path["id"], request.path["delivery_id"]))

    async def replay(self, request: Request[None]) -> DeliveryView:
        webhook_id, delivery_id = request.path["id"], request.path["delivery_id"]
        await self._webhooks.replay(webhook_id, delivery_id)
        return _delivery_view(*await self._webhooks.delivery(webhook_id, delivery_id))


def _admin(method: str, path: str, handler: Any, summary: str, **more: Any) -> Endpoint:
    return Endpoint(method, path, handler, summary, access=Access.ADMIN, **more)


def _after(query: PageQuery) -> tuple[float, str] | None:
    return None if query.cursor is None else key_of(query.cursor, tuple[float, str])


def _given(value: Any) -> Any:
    return None if value is msgspec.UNSET else value


def _view(webhook: Webhook) -> WebhookView:
    return WebhookView(
        id=webhook.id,
        url=webhook.url,
        description=webhook.description,
        events=list(webhook.kinds),
        enabled=webhook.enabled,
        notice=webhook.notice,
        failing_since=_time(webhook.failing_since),
        former_secret_until=_time(webhook.former_until),
        created_at=rfc3339(webhook.created_at),
        updated_at=rfc3339(webhook.updated_at),
    )


def _delivery_view(delivery: Delivery, tries: Sequence[Try]) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        type=delivery.kind,
        status=delivery.status,
        body=delivery.body,
        created_at=rfc3339(delivery.created_at),
        next_try_at=_time(delivery.due_at),
        finished_at=_time(delivery.finished_at),
        tries=[_try_view(each) for each in tries],
    )


def _try_view(made: Try) -> TryView:
    return TryView(made.number, rfc3339(made.at), round(made.seconds, 3), made.status, made.answer, made.error)


def _time(at: float | None) -> str | None:
    return None if at is None else rfc3339(at)
