import asyncio
import io
from pathlib import Path

from tests.client import PASSWORD, Client
from tests.http.conftest import setup_token, started
from watchparty.app import Running

BROWSER = {"Sec-Fetch-Site": "same-origin"}


async def test_the_setup_link_makes_one_administrator_and_no_second(running: Running, nobody: Client) -> None:
    token = setup_token(running)
    session = await nobody.setup(token, "Ada")
    assert session["user"]["username"] == "ada"
    assert session["user"]["role"] == "admin"
    assert session["token_type"] == "Bearer"
    await nobody.post("/api/v1/setup", {"token": token, "username": "eve", "password": PASSWORD}, 409)


async def test_a_guessed_setup_token_opens_nothing(nobody: Client) -> None:
    await nobody.post("/api/v1/setup", {"token": "guess", "username": "eve", "password": PASSWORD}, 403)
    await nobody.post("/api/v1/auth/register", {"username": "eve", "password": PASSWORD}, 403)


async def test_every_bad_field_is_named(admin: Client) -> None:
    body = {"username": 5, "nickname": "x"}
    problem = await admin.post("/api/v1/auth/register", body, 422)
    assert {error["pointer"] for error in problem["errors"]} == {"/username", "/password", "/nickname"}
    assert problem["status"] == 422 and problem["type"] == "about:blank" and problem["request_id"]


async def test_usernames_and_passwords_keep_to_their_limits(admin: Client) -> None:
    for username, password, pointer in (
        ("ab", PASSWORD, "/username"),
        ("has space", PASSWORD, "/username"),
        ("../etc", PASSWORD, "/username"),
        ("carol", "short", "/password"),
        ("carol", "x" * 1025, "/password"),
    ):
        body = {"username": username, "password": password}
        problem = await admin.post("/api/v1/auth/register", body, 422)
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_a_taken_username_is_a_conflict(user: Client) -> None:
    await user.post("/api/v1/auth/register", {"username": "BOB", "password": PASSWORD}, 409)


async def test_a_wrong_password_and_a_wrong_name_read_the_same(user: Client) -> None:
    wrong = [
        await user.post("/api/v1/auth/login", {"username": name, "password": "not the password"}, 401)
        for name in ("bob", "nobody-here")
    ]
    assert wrong[0]["detail"] == wrong[1]["detail"]


async def test_a_password_longer_than_bcrypt_reads_counts_to_its_end(admin: Client) -> None:
    long = "long" * 30
    await admin.post("/api/v1/auth/register", {"username": "long", "password": long}, 201)
    await admin.post("/api/v1/auth/login", {"username": "long", "password": long[:-1] + "x"}, 401)
    await admin.post("/api/v1/auth/login", {"username": "long", "password": long})


async def test_logging_out_ends_the_access_token_and_the_refresh_token(admin: Client) -> None:
    session = await admin.login()
    await admin.post("/api/v1/auth/logout", status=204)
    await admin.get("/api/v1/users/me", 401)
    await Client.post(admin, "/api/v1/auth/refresh", {"refresh_token": session["refresh_token"]}, 401)


async def refresh(client: Client, token: str, status: int = 200) -> str:
    client.token = None
    session = await client.post("/api/v1/auth/refresh", {"refresh_token": token}, status)
    return str(session.get("refresh_token"))


async def test_a_refresh_token_used_long_after_its_successor_ends_the_session(nobody: Client, admin: Client) -> None:
    first = (await nobody.login())["refresh_token"]
    second = await refresh(nobody, first)
    third = await refresh(nobody, second)
    await refresh(nobody, first, 401)  # not the immediate predecessor: somebody has stolen it
    await refresh(nobody, third, 401)


async def test_tabs_that_race_to_refresh_all_stay_signed_in(nobody: Client, admin: Client) -> None:
    token = (await nobody.login())["refresh_token"]
    successors = await asyncio.gather(*(refresh(nobody, token) for _ in range(10)))
    assert len(set(successors)) == 1
    await refresh(nobody, successors[0])


async def test_a_forged_or_foreign_token_is_refused(admin: Client) -> None:
    parts = (admin.token or "").split(".")
    for token in ("x", "a.b.c", ".".join([parts[0], parts[1], parts[2][::-1]]), f"{parts[0]}.{parts[1]}."):
        admin.token = token
        await admin.get("/api/v1/users/me", 401)


async def test_a_profile_is_changed_and_shown_to_others(user: Client, admin: Client) -> None:
    me = await user.call("PATCH", "/api/v1/users/me", {"display_name": "Bob B.", "email": "bob@example.org"})
    assert (me["display_name"], me["email"]) == ("Bob B.", "bob@example.org")
    found = await admin.post("/api/v1/users/populate", {"ids": [me["id"], "nobody", me["id"]]})
    assert [(one["id"], one["display_name"]) for one in found["users"]] == [(me["id"], "Bob B.")]
    assert "email" not in found["users"][0]


async def test_changing_the_password_signs_out_every_other_device(user: Client, nobody: Client) -> None:
    await nobody.login("bob")
    change = {"current_password": "wrong", "new_password": "another one, longer"}
    await user.call("PUT", "/api/v1/users/me/password", change, 422)
    await user.call("PUT", "/api/v1/users/me/password", {**change, "current_password": PASSWORD}, 204)
    await user.get("/api/v1/users/me")
    await nobody.get("/api/v1/users/me", 401)


async def test_names_cannot_carry_control_or_direction_characters(user: Client) -> None:
    for name in ("a\u202eb", "a\x00b", "a\nb", "", "   ", "x" * 41):
        await user.call("PATCH", "/api/v1/users/me", {"display_name": name}, 422)


async def test_bodies_that_are_not_json_are_refused_with_a_sentence(nobody: Client, admin: Client) -> None:
    for body, content_type, status in (
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a":' * 5_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"username=a", "application/x-www-form-urlencoded", 415),
        (b'{"username": "' + b"x" * (1 << 20) + b'"}', "application/json", 413),
    ):
        headers = {"Content-Type": content_type}
        async with nobody.session.post(
            nobody.url + "/api/v1/auth/login", data=io.BytesIO(body), headers=headers
        ) as answer:
            problem = await answer.json(content_type="application/problem+json")
            assert answer.status == problem["status"] == status
            assert problem["detail"].endswith(".")


async def test_another_website_cannot_act_for_whoever_is_signed_in(admin: Client) -> None:
    cookies = {"Cookie": f"wp_access={admin.token}"}
    url = admin.url + "/api/v1/users/me"
    for headers, status in (
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
        ({"Origin": admin.url}, 200),
        (BROWSER, 200),
    ):
        async with admin.session.patch(url, json={}, headers={**cookies, **headers}) as answer:
            assert answer.status == status, headers


async def test_the_server_answers_to_its_own_names_only(nobody: Client) -> None:
    for host, status in (
        ("evil.example", 403),
        ("localhost", 200),
        ("192.168.1.20:80", 200),
        ("[::1]", 200),
        ("tv.local", 200),
    ):
        async with nobody.session.get(nobody.url + "/livez", headers={"Host": host}) as answer:
            assert answer.status == status, host


async def test_every_answer_carries_the_security_headers_and_a_request_id(nobody: Client) -> None:
    for path in ("/livez", "/api/v1/users/me", "/nowhere", "/"):
        async with nobody.session.get(nobody.url + path, headers={"X-Request-ID": "abc-123"}) as answer:
            assert answer.headers["X-Request-ID"] == "abc-123"
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_unknown_paths_and_methods_answer_with_problems(nobody: Client) -> None:
    assert (await nobody.get("/api/v1/nowhere", 404))["title"] == "Not Found"
    assert (await nobody.call("DELETE", "/livez", status=405))["title"] == "Method Not Allowed"


async def test_the_api_describes_itself(nobody: Client) -> None:
    document = await nobody.get("/api/v1/openapi.json")
    assert document["openapi"] == "3.1.0"
    login = document["paths"]["/api/v1/auth/login"]["post"]
    assert login["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Login"}
    assert "/api/v1/videos/{id}" in document["paths"]
    assert not [path for path in document["paths"] if path.startswith(("/static", "/login"))]


async def test_registration_can_be_closed(tmp_path: Path) -> None:
    async with started(tmp_path / "closed", registration="closed") as running, Client(running.local_url) as client:
        await client.setup(setup_token(running))
        await client.post("/api/v1/auth/register", {"username": "carol", "password": PASSWORD}, 403)
