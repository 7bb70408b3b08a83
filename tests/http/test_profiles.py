"""Who people are to others: profiles, pictures, invitations, two steps at the door, and leaving."""

import io
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp

from tests.client import PASSWORD, Client
from tests.http.conftest import setup_token, started

ME = "/api/v1/users/me"


def picture() -> bytes:
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=400x300", "-frames:v", "1", "-c:v", "png"]
    return subprocess.run([*command, "-f", "image2pipe", "-"], stdout=subprocess.PIPE, check=True).stdout


async def send_picture(client: Client, data: bytes, status: int = 200) -> Any:
    headers = {**client.headers(), "Content-Type": "image/png"}
    async with client.session.put(client.absolute(f"{ME}/avatar"), data=io.BytesIO(data), headers=headers) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json(content_type=None)


async def test_a_public_profile_says_no_more_than_everybody_may_know(user: Client, admin: Client) -> None:
    await user.call("PATCH", ME, {"bio": "Films.\nAnd tea.", "email": "bob@example.org"})
    me = await user.get(ME)
    shown = await admin.get(f"/api/v1/users/{me['id']}")
    assert set(shown) == {"id", "username", "display_name", "role", "avatar_url", "bio"}
    assert shown["bio"] == "Films.\nAnd tea."
    await admin.get("/api/v1/users/nobody", 404)


async def test_a_profile_changed_elsewhere_is_not_written_over(user: Client) -> None:
    async with user.session.get(user.absolute(ME), headers=user.headers()) as answer:
        tag = answer.headers["ETag"]
    await user.call("PATCH", ME, {"bio": "Newer."})
    for method in ("PATCH", "PUT"):
        async with user.session.request(
            method, user.absolute(ME), json={"display_name": "Old"}, headers={**user.headers(), "If-Match": tag}
        ) as answer:
            assert answer.status == 412
    async with user.session.get(user.absolute(ME), headers=user.headers()) as answer:
        tag = answer.headers["ETag"]
    async with user.session.get(user.absolute(ME), headers={**user.headers(), "If-None-Match": tag}) as answer:
        assert answer.status == 304


async def test_replacing_a_profile_leaves_nothing_of_the_one_before(user: Client) -> None:
    await user.call("PATCH", ME, {"bio": "Long.", "email": "bob@example.org"})
    me = await user.call("PUT", ME, {"display_name": "Bob"})
    assert (me["display_name"], me["bio"], me["email"]) == ("Bob", "", None)
    await user.call("PATCH", ME, {"bio": "x" * 1001}, 422)


async def test_a_picture_is_drawn_anew_and_shown_wherever_its_owner_is(user: Client, admin: Client, films: Any) -> None:
    sent = picture()
    url = (await send_picture(user, sent))["avatar_url"]
    async with user.session.get(user.absolute(url)) as answer:
        body = await answer.read()
        assert answer.content_type == "image/jpeg" and body.startswith(b"\xff\xd8\xff") and body != sent
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]
    me = await user.get(ME)
    assert me["avatar_url"] == url
    assert (await admin.post("/api/v1/users/populate", {"ids": [me["id"]]}))["users"][0]["avatar_url"] == url
    made = await user.post("/api/v1/videos", {"title": "A film"}, 201)
    assert made["video"]["owner"] == {"id": me["id"], "display_name": "bob", "avatar_url": url}


async def test_another_picture_has_another_address_and_the_old_one_is_gone(user: Client) -> None:
    first = (await send_picture(user, picture()))["avatar_url"]
    second = (await send_picture(user, picture()))["avatar_url"]
    assert first != second
    await user.bytes(first, 404)
    await user.call("DELETE", f"{ME}/avatar", status=204)
    await user.bytes(second, 404)
    assert (await user.get(ME))["avatar_url"] is None


async def test_what_is_no_picture_is_refused_with_a_sentence(user: Client) -> None:
    assert (await send_picture(user, b"<svg onload='alert(1)'/>", 415))["detail"].startswith("This is not a picture")
    await send_picture(user, b"", 415)
    assert "5 MB" in (await send_picture(user, b"\x89PNG\r\n\x1a\n" + bytes(5 << 20), 413))["detail"]
    assert (await user.get(ME))["avatar_url"] is None


async def test_an_invitation_makes_one_account_and_is_then_used_up(tmp_path: Path) -> None:
    async with started(tmp_path / "data", registration="invitation") as running, Client(running.local_url) as ada:
        await ada.setup(setup_token(running))
        made = await ada.post("/api/v1/invitations", {"note": "for Bob"}, 201)
        (token,) = parse_qs(urlsplit(made["url"]).query)["invitation"]
        assert urlsplit(made["url"]).path == "/register"
        assert [(each["note"], each["uses"]) for each in (await ada.get("/api/v1/invitations"))["items"]] == [
            ("for Bob", 0)
        ]
        body = {"username": "bob", "password": PASSWORD}
        async with Client(ada.url) as bob:
            await bob.post("/api/v1/auth/register", body, 403)
            session = await bob.post("/api/v1/auth/register", {**body, "invitation": token}, 201)
            assert session["user"]["role"] == "user"
            await bob.post("/api/v1/auth/register", {**body, "username": "eve", "invitation": token}, 403)
            bob.token = session["access_token"]
            await bob.post("/api/v1/invitations", {}, 403)
            assert (await bob.get("/api/v1/invitations"))["items"] == []
        assert (await ada.get("/api/v1/invitations"))["items"] == []


async def test_an_invitation_taken_back_opens_nothing(tmp_path: Path) -> None:
    async with started(tmp_path / "data", registration="invitation") as running, Client(running.local_url) as ada:
        await ada.setup(setup_token(running))
        made = await ada.post("/api/v1/invitations", {}, 201)
        (token,) = parse_qs(urlsplit(made["url"]).query)["invitation"]
        await ada.call("DELETE", f"/api/v1/invitations/{made['id']}", status=204)
        await ada.call("DELETE", f"/api/v1/invitations/{made['id']}", status=404)
        async with Client(ada.url) as bob:
            body = {"username": "bob", "password": PASSWORD, "invitation": token}
            await bob.post("/api/v1/auth/register", body, 403)


async def test_the_door_asks_for_a_code_in_a_way_that_programs_understand(user: Client, nobody: Client) -> None:
    begun = await user.post(f"{ME}/totp", {"password": PASSWORD}, 201)
    app = pyotp.TOTP(begun["secret"])
    assert begun["otpauth_url"].startswith("otpauth://totp/") and begun["qr_svg"].startswith("<svg")
    codes = (await user.post(f"{ME}/totp/confirm", {"code": app.now()}))["recovery_codes"]
    assert await user.get(f"{ME}/totp") == {"enabled": True, "recovery_codes": 10}
    login = {"username": "bob", "password": PASSWORD}
    problem = await nobody.post("/api/v1/auth/login", login, 401)
    assert problem["type"].endswith("totp_required")
    wrong = await nobody.post("/api/v1/auth/login", {**login, "totp": "12"}, 401)
    assert [error["pointer"] for error in wrong["errors"]] == ["/totp"]
    other = await nobody.post("/api/v1/auth/login", {**login, "password": "not the password"}, 401)
    assert other["type"] == "about:blank"  # a code is asked for only of those who know the password
    await nobody.post("/api/v1/auth/login", {**login, "totp": codes[0]})
    await user.call("DELETE", f"{ME}/totp", {"password": PASSWORD, "code": codes[1]}, 204)
    await nobody.post("/api/v1/auth/login", login)


async def test_whoever_leaves_is_gone_at_once_and_back_by_signing_in(user: Client, nobody: Client) -> None:
    await user.call("DELETE", ME, {"password": "not the password"}, 422)
    left = await user.call("DELETE", ME, {"password": PASSWORD, "videos": "keep"})
    assert left["leaves_at"]
    await user.get(ME, 401)
    await nobody.login("bob")
    await nobody.get(ME)


async def test_the_only_administrator_cannot_leave(admin: Client) -> None:
    problem = await admin.call("DELETE", ME, {"password": PASSWORD}, 409)
    assert "only administrator" in problem["detail"]
    await admin.get(ME)
