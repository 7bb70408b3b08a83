"""Requests made from openapi.json by schemathesis, right and wrong, sent by everybody: answered as it says."""

import asyncio
import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.films import Films
from tests.http.world import World, opened_world

# Whoever may most is asked most.
PEOPLE = ("admin", "owner", "host", "admin", "guest", "other", "nobody")
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# What is left out, and why.
LEFT_OUT = {
    "user_logout": "it would end the session that the next request needs",
    "user_change_password": "likewise",
    "device_end_others": "likewise",
    "webhook_create": "events would be sent to addresses that are made up",
    "backup_take": "its body is a whole database, which schemathesis cannot write",
    "backup_restore": "the server would start again",
    "tus_create": "its body is a piece of a film, which schemathesis cannot write",
    "tus_append": "likewise",
    "tus_override": "likewise",
    "party_socket": "a websocket has tests of its own",
    "event_stream": "it goes on for as long as one listens, and has tests of its own",
}
# Which thing of the world stands at an address: most requests are about what is there.
THINGS = {
    "/api/v1/videos/": "video",
    "/api/v1/rooms/": "room",
    "/api/v1/jobs/": "job",
    "/api/v1/comments/": "comment",
    "/api/v1/users/": "owner_id",
    "/api/v1/access-requests/": "request",
}
PARTS = {
    "member_id": "member_id",
    "invite_id": "invite",
    "request_id": "request",
    "message_id": "message",
    "item_id": "item",
    "session_id": "sitting",
    "subtitle_id": "subtitle",
    "token": "grant",
    "video": "video",
    "file": "file",
}


async def test_requests_made_from_the_description_are_answered_as_it_says(
    tmp_path: Path, films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _try(tmp_path, films, monkeypatch, 500)


@pytest.mark.soak
async def test_five_thousand_requests_are_answered_as_the_description_says(
    tmp_path: Path, films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _try(tmp_path, films, monkeypatch, 5_000)


async def _try(folder: Path, films: Films, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    async with opened_world(folder / "data", films.h264, monkeypatch) as world:
        document = await world.people["nobody"].get("/api/v1/openapi.json")
        found = await asyncio.to_thread(_send, world, document, count)
    assert not found, "\n\n".join(f"{where}:\n{what}" for where, what in found.items())


def _send(world: World, document: Any, count: int) -> dict[str, str]:
    """What was answered otherwise than it says, by what it was; `count` requests in all, or a few more."""
    operations = [*_operations(document)]
    each = -(-count // (2 * len(operations)))
    found: dict[str, str] = {}
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            # Some requests cannot be made wrong: a GET without parameters.
            with warnings.catch_warnings(), contextlib.suppress(Unsatisfiable):
                warnings.simplefilter("ignore")
                _send_some(world, operation, mode, each, found)
    return found


def _operations(document: Any) -> Iterator[Any]:
    """Deletions come last: until then everything is there."""
    schema = schemathesis.openapi.from_dict(document)
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    wanted = [one for one in operations if one.definition.raw["operationId"] not in LEFT_OUT]
    yield from sorted(wanted, key=lambda operation: operation.method.lower() == "delete")


def _send_some(world: World, operation: Any, mode: GenerationMode, count: int, found: dict[str, str]) -> None:
    checks = [CHECKS.get_one(name) for name in CHECKED]

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), who=st.sampled_from(PEOPLE), is_there=st.sampled_from((True, True, False)))
    def send(case: Any, who: str, is_there: bool) -> None:
        if is_there:
            case.path_parameters.update(things_at(world, operation.path, case.path_parameters))
        if "wait" in (case.query or {}):
            case.query["wait"] = "0"  # it would be waited for
        try:
            answer = case.call(base_url=world.url, headers=world.people[who].headers())
            case.validate_response(answer, checks=checks)
        except AssertionError as error:
            found.setdefault(f"{operation.label} {type(error).__name__}", f"as {who}: {error}")
        except BaseExceptionGroup as errors:
            for each in errors.exceptions:
                found.setdefault(
                    f"{operation.label} {type(each).__name__}", f"as {who}: {each}\n{case.as_curl_command()}"
                )

    send()


def things_at(world: World, path: str, names: Any) -> dict[str, str]:
    there = {name: world.things[PARTS[name]] for name in names if name in PARTS}
    thing = next((thing for prefix, thing in THINGS.items() if path.startswith(prefix)), None)
    return there | ({"id": world.things[thing]} if thing and "id" in names else {})
