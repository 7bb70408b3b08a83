"""No secret that was ever handed out stands in the database or in the log, in clear."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from tests.client import PASSWORD, Client
from tests.http.conftest import setup_token, started

ME = "/api/v1/users/me"


async def test_every_secret_handed_out_is_kept_as_a_hash_or_not_at_all(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    data = tmp_path / "data"
    async with started(data, registration="invitation") as running, Client(running.local_url) as ada:
        secrets = {"the password": PASSWORD, "the set-up token": setup_token(running)}
        keep_session(secrets, await ada.setup(secrets["the set-up token"]))
        key = (await ada.post(f"{ME}/keys", {"name": "cron", "scopes": ["write"]}, 201))["key"]
        secrets["an API key"] = key
        repeatable = {**ada.headers(), "Idempotency-Key": "once"}
        again = {"name": "again"}
        async with ada.session.post(ada.absolute(f"{ME}/keys"), json=again, headers=repeatable) as answer:
            secrets["an API key that may be asked for again"] = (await answer.json())["key"]
        async with Client(ada.url, key) as program:
            await program.get(ME)
        url = (await ada.post("/api/v1/invitations", {}, 201))["url"]
        (secrets["an invitation"],) = parse_qs(urlsplit(url).query)["invitation"]
        room = await ada.post("/api/v1/rooms", {"name": "Friday", "password": "a password of a room"}, 201)
        secrets["a room's password"] = "a password of a room"
        invite = await ada.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
        secrets["a room's invitation"] = invite["url"].rsplit("/", 1)[1]
        begun = await ada.post(f"{ME}/totp", {"password": PASSWORD}, 201)
        secrets["the secret of an app"] = begun["secret"]
        app = pyotp.TOTP(begun["secret"])
        codes = (await ada.post(f"{ME}/totp/confirm", {"code": app.now()}))["recovery_codes"]
        secrets |= {f"recovery code {number}": code for number, code in enumerate(codes)}
        async with Client(ada.url) as other:
            body = {"username": "ada", "password": PASSWORD}
            await other.post("/api/v1/auth/login", body, 401)
            session = await other.post("/api/v1/auth/login", {**body, "totp": codes[0]})
            keep_session(secrets, session, "the second ")
            refreshed = await other.post("/api/v1/auth/refresh", {"refresh_token": session["refresh_token"]})
            keep_session(secrets, refreshed, "the third ")
            await other.post("/api/v1/auth/register", {**body, "username": "bob", "invitation": "x"}, 403)
            invited = {"username": "carol", "password": "a second password", "invitation": secrets["an invitation"]}
            keep_session(secrets, await other.post("/api/v1/auth/register", invited, 201), "carol's ")
            secrets["carol's password"] = invited["password"]
            for path in ("/join/" + secrets["a room's invitation"], urlsplit(url).path + "?" + urlsplit(url).query):
                async with other.session.get(other.absolute(path)) as page:
                    assert page.status == 200
        # While the server runs, so that the write-ahead log is looked through too.
        kept = b"".join(path.read_bytes() for path in sorted(data.glob("watchparty.db*")))
        assert b"carol" in kept
    kept += b"".join(path.read_bytes() for path in sorted(data.glob("watchparty.db*")))
    logged = caplog.text.encode()
    for what, secret in secrets.items():
        for form in {secret, secret.replace("-", ""), secret.removeprefix("wp_")}:
            assert form.encode() not in kept, f"{what} stands in the database"
            assert form.encode() not in logged, f"{what} stands in the log"
    assert app.byte_secret() not in kept


def keep_session(secrets: dict[str, str], session: Any, whose: str = "the first ") -> None:
    secrets[f"{whose}access token"] = session["access_token"]
    secrets[f"{whose}refresh token"] = session["refresh_token"]
