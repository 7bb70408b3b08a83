"""The pages: who is shown which, and what no page may hold."""

import re

import aiohttp
import pytest

from tests.client import PASSWORD, Client
from tests.http.conftest import setup_token
from watchparty.app import Running
from watchparty.http.pages import onward_path

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
FOR_MEMBERS = ["/", "/upload", "/settings", "/jobs", "/notifications", "/rooms", "/api/docs"]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE)


async def opened(client: Client, path: str) -> tuple[aiohttp.ClientResponse, str]:
    """The page as the browser gets it, redirects not followed."""
    headers = {**BROWSER, **client.headers()}
    async with client.session.get(client.absolute(path), headers=headers, allow_redirects=False) as answer:
        return answer, await answer.text()


async def led_to(client: Client, path: str) -> str:
    answer, _ = await opened(client, path)
    assert answer.status == 303, f"{path}: {answer.status}"
    return answer.headers["Location"]


async def test_before_there_is_an_account_the_front_page_says_where_the_set_up_link_is(nobody: Client) -> None:
    answer, text = await opened(nobody, "/")
    assert answer.status == 200
    assert "prints a <strong>Set up</strong> link" in text
    assert await led_to(nobody, "/login") == "/"
    assert await led_to(nobody, "/register") == "/"


async def test_the_set_up_page_carries_its_token_and_tells_it_to_no_other_site(
    running: Running, nobody: Client
) -> None:
    token = setup_token(running)
    answer, text = await opened(nobody, f"/setup?token={token}")
    assert answer.status == 200
    assert f'name="token" value="{token}"' in text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_the_set_up_page_closes_with_the_first_account(admin: Client, nobody: Client) -> None:
    assert await led_to(nobody, "/setup?token=anything") == "/login"


async def test_an_invitations_page_tells_its_token_to_no_other_site(nobody: Client) -> None:
    answer, _ = await opened(nobody, "/join/some-token")
    assert answer.status == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_somebody_signed_out_is_led_to_the_door_and_afterwards_where_they_wanted_to_go(
    admin: Client, nobody: Client
) -> None:
    assert await led_to(nobody, "/") == "/login"
    door = await led_to(nobody, "/upload?from=there")
    assert door == "/login?next=/upload%3Ffrom%3Dthere"
    _, text = await opened(nobody, door)
    assert 'next="/upload?from=there"' in text


async def test_somebody_signed_in_does_not_stand_at_the_door(user: Client) -> None:
    assert await led_to(user, "/login") == "/"
    assert await led_to(user, "/register?next=/rooms") == "/rooms"


@pytest.mark.parametrize("path", FOR_MEMBERS)
async def test_a_page_opens_for_people_with_an_account(user: Client, path: str) -> None:
    answer, text = await opened(user, path)
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert "<h1>" in text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_no_page_has_script_or_style_inside(running: Running, user: Client, nobody: Client) -> None:
    signed_in = [await opened(user, path) for path in [*FOR_MEMBERS, "/videos/x", "/rooms/x", "/nowhere"]]
    signed_out = [await opened(nobody, path) for path in ["/login", "/register", "/join/x", "/rooms/x", "/nowhere"]]
    for answer, text in [*signed_in, *signed_out]:
        assert text.startswith("<!doctype html>"), answer.url
        assert INLINE.search(text) is None, answer.url


async def test_everything_a_page_loads_is_there(user: Client) -> None:
    for path in [*FOR_MEMBERS, "/videos/x", "/rooms/x"]:
        _, text = await opened(user, path)
        urls = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', text))
        assert len(urls) > 5
        for url in urls:
            async with user.session.get(user.absolute(url)) as answer:
                assert answer.status == 200, url
                assert "immutable" in answer.headers["Cache-Control"]


async def test_a_name_with_markup_in_it_is_text(user: Client) -> None:
    await user.call("PATCH", "/api/v1/users/me", {"display_name": "<img src=x onerror=alert(1)>"})
    _, text = await opened(user, "/settings")
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


async def test_administrators_alone_are_told_how_to_invite_people(admin: Client, user: Client) -> None:
    assert "Invite people" in (await opened(admin, "/settings"))[1]
    assert "Invite people" not in (await opened(user, "/settings"))[1]


async def test_administrators_alone_are_shown_how_full_the_cache_is(admin: Client, user: Client) -> None:
    assert "<wp-cache" in (await opened(admin, "/jobs"))[1]
    assert "wp-cache" not in (await opened(user, "/jobs"))[1]


async def test_only_administrators_are_led_to_the_administration_and_let_in(admin: Client, user: Client) -> None:
    assert 'href="/admin"' in (await opened(admin, "/"))[1]
    assert 'href="/admin"' not in (await opened(user, "/"))[1]
    assert "<wp-admin" in (await opened(admin, "/admin?tab=people"))[1]
    headers = {**user.headers(), "Accept": "text/html"}
    async with user.session.get(user.absolute("/admin"), headers=headers) as answer:
        page = await answer.text()
    assert answer.status == 403 and "Only administrators look after the server." in page and "<wp-admin" not in page


async def test_a_guest_is_shown_to_their_room_instead_of_the_jobs(admin: Client, nobody: Client) -> None:
    room = await admin.post("/api/v1/rooms", {"name": "Friday"}, 201)
    session = (await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 201))["session"]
    async with Client(admin.url, session["access_token"]) as guest:
        assert await led_to(guest, "/jobs") == f"/rooms/{room['id']}"


async def test_an_address_without_a_page_answers_people_with_a_page_and_programs_with_a_problem(user: Client) -> None:
    answer, text = await opened(user, "/nothing-here")
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "There is nothing at this address." in text
    async with user.session.get(user.absolute("/nothing-here"), headers={"Accept": "*/*"}) as told:
        assert (told.status, told.content_type) == (404, "application/problem+json")


async def test_a_browser_whose_access_token_has_gone_is_renewed_on_its_way_to_a_page(
    nobody: Client, admin: Client
) -> None:
    body = {"username": "ada", "password": PASSWORD}
    async with nobody.session.post(nobody.absolute("/api/v1/auth/login"), json=body) as answer:
        refresh = answer.cookies["wp_refresh"].value
    headers = {**BROWSER, "Cookie": f"wp_access=gone; wp_refresh={refresh}"}
    async with nobody.session.get(nobody.absolute("/settings"), headers=headers) as page:
        assert page.status == 200
        assert "Signed in as <strong>ada</strong>" in await page.text()
        assert page.cookies["wp_refresh"].value not in {"", refresh}


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("/rooms/abc?x=1#there", "/rooms/abc?x=1#there"),
        ("", "/"),
        ("rooms", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("/\t/elsewhere.example/", "/"),
        ("/rooms\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_onward_stays_on_this_server(wanted: str, taken: str) -> None:
    assert onward_path(wanted) == taken
