"""What Prometheus finds at /metrics, and who else may look."""

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.client import Client
from tests.films import Films
from tests.http.conftest import started
from tests.party_client import PartyClient

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
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


async def test_the_work_of_an_upload_is_counted_on_every_floor(admin: Client, films: Films) -> None:
    video = await admin.ready(films.h264)
    await admin.bytes(await admin.master(video["id"]))
    # The poster and the storyboard come after the film can be watched.
    while (await admin.get("/api/v1/queue/stats"))["completed"] < 3:
        await asyncio.sleep(0.05)
    now = samples(await fetched(admin))
    assert now["watchparty_http_requests_total", "PUT,/u/{address},2xx"] == 1
    assert now["watchparty_http_request_duration_seconds_count", "PUT,/u/{address}"] == 1
    assert now["watchparty_http_requests_in_flight", "GET,/metrics"] == 1
    assert now["watchparty_http_requests_in_flight", "PUT,/u/{address}"] == 0
    assert now["watchparty_http_sent_bytes_total", ""] > 0
    assert now["watchparty_jobs_total", "prepare,done"] == 1
    assert now["watchparty_job_duration_seconds_count", "prepare"] == 1
    assert now["watchparty_job_queue", "waiting"] == 0
    assert now["watchparty_object_bytes_total", "written"] >= films.h264.stat().st_size
    assert now["watchparty_object_duration_seconds_count", "put"] >= 1
    assert now["watchparty_database_duration_seconds_count", "write"] >= 3
    assert now["watchparty_database_group_size_count", ""] >= 1
    assert now["watchparty_disk_free_bytes", ""] > 0
    assert now["watchparty_events_published_total", "VideoUploaded"] == 1
    assert now["watchparty_process_open_fds", ""] > 0


async def test_what_strangers_ask_for_makes_no_new_series(nobody: Client, admin: Client) -> None:
    async def series() -> set[tuple[str, str]]:
        return set(samples(await fetched(admin)))

    async def ask(number: int) -> None:
        for method, path in (("GET", f"/nowhere/{number}"), (f"BREW{number}", "/livez"), ("GET", f"/m/{number}/a/b")):
            async with nobody.session.request(method, nobody.absolute(path)) as answer:
                await answer.read()
        async with nobody.session.get(nobody.absolute(f"/api/v1/videos/{number}"), headers=admin.headers()) as answer:
            assert answer.status == 404

    await ask(0)
    await series()  # which is a request, too
    before = await series()
    for number in range(1, 30):
        await ask(number)
    assert await series() == before


async def test_alerts_and_dashboard_name_only_what_is_there(admin: Client) -> None:
    async with admin.session.get(admin.absolute("/metrics"), headers=admin.headers()) as answer:
        families = [family.name for family in text_string_to_metric_families(await answer.text())]
    known = {f"{family}{ending}" for family in families for ending in ("", "_total", "_bucket", "_sum", "_count")}
    alerts = (PACKAGING / "alerts.yml").read_text()
    dashboard = json.loads((PACKAGING / "dashboard.json").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    named = set(re.findall(r"watchparty_\w+", "\n".join([alerts, *asked])))
    assert len(named) > 30
    assert named <= known, sorted(named - known)


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
