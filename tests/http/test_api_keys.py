"""Keys for programs: what they open, what they never do, and how they end."""

from typing import Any

from tests.client import Client
from tests.party_client import PartyClient

KEYS = "/api/v1/users/me/keys"


async def key_of(client: Client, *scopes: str, **fields: Any) -> Any:
    return await client.post(KEYS, {"name": "a program", "scopes": [*scopes], **fields}, 201)


async def test_a_key_reads_and_without_the_scope_changes_nothing(user: Client) -> None:
    made = await key_of(user, "read")
    assert made["key"].startswith("wp_") and made["last_used_at"] is None
    async with Client(user.url, made["key"]) as program:
        assert (await program.get("/api/v1/users/me"))["username"] == "bob"
        problem = await program.call("PATCH", "/api/v1/users/me", {"display_name": "x"}, 403)
        assert "scope write" in problem["detail"]
    (shown,) = (await user.get(KEYS))["items"]
    assert "key" not in shown and shown["last_used_at"]


async def test_a_key_that_writes_reads_too(user: Client) -> None:
    async with Client(user.url, (await key_of(user, "write"))["key"]) as program:
        await program.call("PATCH", "/api/v1/users/me", {"display_name": "Bob"})
        await program.get("/api/v1/users/me")


async def test_administering_takes_the_scope_admin_and_an_administrator(admin: Client, user: Client) -> None:
    async with Client(admin.url, (await key_of(admin, "write"))["key"]) as program:
        await program.get("/api/v1/admin/stats", 403)
    async with Client(admin.url, (await key_of(admin, "admin"))["key"]) as program:
        await program.get("/api/v1/admin/stats")
    await user.post(KEYS, {"name": "x", "scopes": ["admin"]}, 403)


async def test_an_administrators_key_without_that_scope_sees_what_any_user_sees(
    admin: Client, user: Client, films: Any
) -> None:
    video = await user.upload(films.h264)
    await admin.get(f"/api/v1/videos/{video['id']}")
    async with Client(admin.url, (await key_of(admin, "write"))["key"]) as program:
        await program.get(f"/api/v1/videos/{video['id']}", 404)


async def test_no_key_touches_what_signs_people_in(admin: Client) -> None:
    made = await key_of(admin, "admin", "write")
    async with Client(admin.url, made["key"]) as program:
        for method, path, body in (
            ("GET", KEYS, None),
            ("POST", KEYS, {"name": "another"}),
            ("DELETE", f"{KEYS}/{made['id']}", None),
            ("GET", "/api/v1/users/me/sessions", None),
            ("DELETE", "/api/v1/users/me/sessions", None),
            ("PUT", "/api/v1/users/me/password", {"current_password": "x", "new_password": "y"}),
            ("POST", "/api/v1/users/me/totp", {"password": "x"}),
            ("DELETE", "/api/v1/users/me", {"password": "x"}),
            ("POST", "/api/v1/auth/logout", None),
        ):
            assert "Sign in" in (await program.call(method, path, body, 403))["detail"], path


async def test_a_key_taken_back_opens_nothing_from_then_on(user: Client) -> None:
    made = await key_of(user, "read")
    async with Client(user.url, made["key"]) as program:
        await program.get("/api/v1/users/me")
        await user.call("DELETE", f"{KEYS}/{made['id']}", status=204)
        await program.get("/api/v1/users/me", 401)
    await user.call("DELETE", f"{KEYS}/{made['id']}", status=404)


async def test_a_key_fetches_films_and_takes_a_seat(user: Client, films: Any) -> None:
    video = await user.ready(films.h264)
    room = await user.post("/api/v1/rooms", {"name": "Friday"}, 201)
    made = await key_of(user, "write")
    async with Client(user.url, made["key"]) as program:
        master = await program.master(video["id"])
        await program.bytes(master)
        async with PartyClient.open(user.url, room["id"], made["key"]) as seat:
            assert seat.you["name"] == "bob"
        await user.call("DELETE", f"{KEYS}/{made['id']}", status=204)
        await program.bytes(master, 403)


async def test_a_key_that_only_reads_takes_no_seat(user: Client) -> None:
    room = await user.post("/api/v1/rooms", {"name": "Friday"}, 201)
    made = await key_of(user, "read")
    headers = {"Sec-WebSocket-Protocol": f"watchparty.v1, bearer.{made['key']}"}
    async with user.session.get(user.absolute(f"/api/v1/rooms/{room['id']}/ws"), headers=headers) as answer:
        assert answer.status in {400, 403}


async def test_changing_the_password_leaves_keys_alone(user: Client) -> None:
    from_before = await key_of(user, "read")
    change = {"current_password": "correct horse battery", "new_password": "another one, longer"}
    await user.call("PUT", "/api/v1/users/me/password", change, 204)
    async with Client(user.url, from_before["key"]) as program:
        await program.get("/api/v1/users/me")


async def test_keys_keep_to_their_limits_and_guesses_open_nothing(user: Client) -> None:
    for body, pointer in (
        ({"name": ""}, "/name"),
        ({"name": "x" * 61}, "/name"),
        ({"name": "x", "scopes": []}, "/scopes"),
        ({"name": "x", "scopes": ["everything"]}, "/scopes"),
        ({"name": "x", "expires_in": 0}, "/expires_in"),
        ({"name": "x", "expires_in": 1e12}, "/expires_in"),
    ):
        problem = await user.post(KEYS, body, 422)
        assert [error["pointer"] for error in problem["errors"]] == [pointer]
    for token in ("wp_", "wp_guess", "wp_" + "x" * 43):
        async with Client(user.url, token) as guess:
            await guess.get("/api/v1/users/me", 401)
