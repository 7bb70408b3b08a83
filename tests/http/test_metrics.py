"""What Prometheus finds at /metrics, and who else may look."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.client import Client
from tests.http.conftest import started
from tests.party_client import PartyClient

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


async def fetched(client: Client, status: int = 200, headers: Mapping[str, str] = NO_HEADERS) -> str:
    url = client.absolute("/metrics")
    async with client.session.get(url, headers={**client.headers(), **headers}) as answer:
        assert answer.status == status, await answer.text()
        return await answer.text()


def samples(text: str) -> dict[tuple[str, str], float]:
    """Values by name and label values."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name, ",".join(sample.labels.values())] = float(sample.value)
    return found


async def test_an_evening_is_counted(admin: Client, user: Client) -> None:
    room = await admin.post("/api/v1/rooms", {"name": "Friday"}, 201)
    quiet = samples(await fetched(admin))
    assert (quiet["watchparty_rooms_live", ""], quiet["watchparty_members", "playing"]) == (0, 0)
    async with (
        PartyClient.open(admin.url, room["id"], admin.token or "") as ada,
        PartyClient.open(user.url, room["id"], user.token or "") as bob,
    ):
        await ada.send("chat", text="hello", client_id="1")
        await bob.hears("chat")
        await bob.send("status", revision=0, position=0, buffered=0, state="idle")
        await bob.send("nonsense")
        await bob.hears("error")
        now = samples(await fetched(admin))
    assert (now["watchparty_rooms_live", ""], now["watchparty_seats", ""]) == (1, 2)
    assert (now["watchparty_members", "idle"], now["watchparty_members", "joining"]) == (1, 1)
    assert now["watchparty_messages_received_total", "chat"] == 1
    assert now["watchparty_messages_sent_total", "welcome"] == 2
    assert now["watchparty_messages_refused_total", "unknown_type"] == 1
    assert now["watchparty_chat_messages_total", ""] == 1
    assert now["watchparty_socket_round_trip_seconds_count", ""] >= 1


async def test_no_number_is_about_a_person_or_a_room(admin: Client, user: Client) -> None:
    room = await admin.post("/api/v1/rooms", {"name": "Friday"}, 201)
    me = await user.get("/api/v1/users/me")
    async with PartyClient.open(user.url, room["id"], user.token or "") as bob:
        await bob.send("status", revision=0, position=0, buffered=0, state="idle")
        await bob.send("x" * 40)
        await bob.hears("error")
        text = await fetched(admin)
    for secret in (room["id"], me["id"], me["username"], "Friday", "x" * 40):
        assert secret not in text
    names = re.findall(r"^([a-z_]+)", text, re.MULTILINE)
    assert names and all(name.startswith("watchparty_") for name in names)


async def test_it_is_in_the_format_that_it_says(nobody: Client) -> None:
    async with nobody.session.get(nobody.absolute("/metrics")) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert answer.headers["Cache-Control"] == "no-store"
        assert samples(await answer.text())


async def test_what_a_proxy_passes_on_does_not_come_from_this_machine(
    nobody: Client, admin: Client, user: Client
) -> None:
    outside = {"X-Forwarded-For": "203.0.113.7"}
    assert "watchparty" not in await fetched(nobody, 401, outside)
    assert "watchparty" not in await fetched(user, 403, outside)
    assert "watchparty" in await fetched(admin, 200, outside)
    await fetched(nobody, 401, {"Forwarded": "for=203.0.113.7"})


async def test_a_setting_opens_it_to_everybody(tmp_path: Path) -> None:
    async with started(tmp_path / "data", metrics="everyone") as server, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{server.port}/metrics"
        async with session.get(url, headers={"X-Forwarded-For": "203.0.113.7"}) as answer:
            assert answer.status == 200


async def test_two_servers_in_one_process_count_apart(tmp_path: Path) -> None:
    async with started(tmp_path / "one") as one, started(tmp_path / "two") as two, aiohttp.ClientSession() as session:
        for server in (one, two):
            async with session.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
                assert samples(await answer.text())["watchparty_chat_messages_total", ""] == 0
