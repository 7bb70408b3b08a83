import asyncio
import itertools
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp

from tests.client import PASSWORD, Client
from tests.films import Films

USERS = "/api/v1/admin/users"


async def named(admin: Client, name: str) -> Any:
    (found,) = (await admin.get(f"{USERS}?q={name}"))["items"]
    return found


async def change(admin: Client, user_id: str, body: Any, status: int = 200) -> Any:
    return await admin.call("PATCH", f"{USERS}/{user_id}", body, status)


async def deeds(admin: Client, subject: str) -> list[str]:
    return [entry["action"] for entry in (await admin.get(f"/api/v1/admin/audit?subject={subject}"))["items"]]


async def test_accounts_are_listed_by_name_a_page_at_a_time(admin: Client) -> None:
    for name in ("eve", "carol", "bob", "dan"):
        await admin.post(USERS, {"username": name, "password": PASSWORD}, 201)
    first = await admin.get(f"{USERS}?limit=3")
    assert [user["username"] for user in first["items"]] == ["ada", "bob", "carol"]
    rest = await admin.get(f"{USERS}?limit=3&cursor={first['next_cursor']}")
    assert [user["username"] for user in rest["items"]] == ["dan", "eve"] and rest["next_cursor"] is None


async def test_accounts_are_found_by_name_role_and_whether_they_are_shut(admin: Client, user: Client) -> None:
    bob = await named(admin, "bob")
    await change(admin, bob["id"], {"disabled": True, "display_name": "Robert 100%"})
    for query, names in (
        ("q=ROBERT", ["bob"]),
        ("q=100%25", ["bob"]),
        ("q=%25", ["bob"]),
        ("role=admin", ["ada"]),
        ("disabled=true", ["bob"]),
        ("disabled=false", ["ada"]),
        ("q=nobody", []),
    ):
        assert [each["username"] for each in (await admin.get(f"{USERS}?{query}"))["items"]] == names, query


async def test_an_account_says_what_it_takes(admin: Client, user: Client, films: Films) -> None:
    video = await user.ready(films.h264)
    bob = await named(admin, "bob")
    assert bob["videos"] == 1 and bob["stored_bytes"] == video["size"]
    assert bob["sessions"] == 1 and bob["last_seen"] >= bob["created_at"] and bob["role"] == "user"


async def test_a_person_is_given_a_quota_of_their_own_no_bound_or_the_servers(
    admin: Client, user: Client, films: Films
) -> None:
    await admin.call("PATCH", "/api/v1/admin/settings", {"quota": 5_000})
    bob = await named(admin, "bob")
    assert bob["quota"] is None
    for own, held in ((1_000, 1_000), (0, 0), (None, 5_000)):
        shown = await change(admin, bob["id"], {"quota": own})
        assert shown["quota"] == own == (await named(admin, "bob"))["quota"]
        assert (await user.get("/api/v1/users/me/storage"))["quota"] == held
        await user.post("/api/v1/videos", {"filename": "a.mp4", "size": 6_000}, 413 if held else 201)
    await change(admin, bob["id"], {"quota": 2_000})
    assert (await change(admin, bob["id"], {"role": "user"}))["quota"] == 2_000, "what is left out stays"
    for wrong in (-1, 1 << 51, "much", 1.5):
        problem = await change(admin, bob["id"], {"quota": wrong}, 422)
        assert [error["pointer"] for error in problem["errors"]] == ["/quota"]
    entries = (await admin.get(f"/api/v1/admin/audit?subject={bob['id']}"))["items"]
    noted = [(one["before"], one["after"]) for one in entries if one["action"] == "user.quota"]
    steps = [None, 1_000, 0, None, 2_000]
    assert noted[::-1] == [({"quota": old}, {"quota": new}) for old, new in itertools.pairwise(steps)]


async def test_a_quota_that_somebody_else_set_meanwhile_is_not_overwritten(admin: Client, user: Client) -> None:
    path = f"{USERS}/{(await named(admin, 'bob'))['id']}"
    async with admin.session.get(admin.url + path, headers=admin.headers()) as answer:
        seen = {**admin.headers(), "If-Match": answer.headers["ETag"]}
    for quota, status in ((1, 200), (2, 412)):
        async with admin.session.patch(admin.url + path, headers=seen, json={"quota": quota}) as answer:
            assert answer.status == status


async def test_a_film_in_the_trash_takes_as_much_to_its_owner_as_to_administrators(
    admin: Client, user: Client, films: Films
) -> None:
    video = await user.ready(films.h264)
    await user.post("/api/v1/videos", {"filename": "a.mp4", "size": 6_000}, 201)
    await user.call("DELETE", f"/api/v1/videos/{video['id']}", status=204)
    taken = video["size"] + 6_000
    assert (await user.get("/api/v1/users/me/storage"))["used"] == taken
    bob = await named(admin, "bob")
    assert (bob["stored_bytes"], bob["videos"]) == (taken, 1), "the upload under way is a film already"
    await user.call("DELETE", "/api/v1/videos/trash", status=204)
    assert (await user.get("/api/v1/users/me/storage"))["used"] == 6_000
    assert (await named(admin, "bob"))["stored_bytes"] == 6_000


async def test_a_new_person_chooses_a_password_by_a_link_that_works_once(admin: Client, nobody: Client) -> None:
    made = await admin.post(USERS, {"username": "Carol", "display_name": "Carol C", "role": "admin"}, 201)
    assert made["user"]["username"] == "carol" and made["user"]["role"] == "admin"
    await nobody.post("/api/v1/auth/login", {"username": "carol", "password": PASSWORD}, 401)
    token = parse_qs(urlsplit(made["link"]["url"]).query)["token"][0]
    await nobody.post("/api/v1/auth/password", {"token": token, "password": "short"}, 422)
    session = await nobody.post("/api/v1/auth/password", {"token": token, "password": PASSWORD})
    assert session["user"]["id"] == made["user"]["id"] and session["refresh_token"]
    await nobody.post("/api/v1/auth/password", {"token": token, "password": PASSWORD}, 403)
    await nobody.post("/api/v1/auth/login", {"username": "carol", "password": PASSWORD})
    assert await deeds(admin, made["user"]["id"]) == ["user.password-chosen", "user.created"]


async def test_a_new_link_ends_the_one_before_and_using_it_everything_that_was_open(
    admin: Client, user: Client
) -> None:
    bob = await named(admin, "bob")
    links = [await admin.post(f"{USERS}/{bob['id']}/password-link", status=201) for _ in range(2)]
    old, new = (parse_qs(urlsplit(link["url"]).query)["token"][0] for link in links)
    await user.get("/api/v1/users/me")
    await admin.post("/api/v1/auth/password", {"token": old, "password": PASSWORD}, 403)
    await admin.post("/api/v1/auth/password", {"token": new, "password": "another password"})
    await user.get("/api/v1/users/me", 401)
    await admin.post("/api/v1/auth/login", {"username": "bob", "password": PASSWORD}, 401)
    log = str(await admin.get("/api/v1/admin/audit"))
    assert old not in log and new not in log and "another password" not in log


async def test_a_link_does_not_replace_the_second_step_which_an_administrator_can_end(
    admin: Client, user: Client
) -> None:
    bob = await named(admin, "bob")
    begun = await user.post("/api/v1/users/me/totp", {"password": PASSWORD}, 201)
    await user.post("/api/v1/users/me/totp/confirm", {"code": pyotp.TOTP(begun["secret"]).now()})
    assert (await named(admin, "bob"))["two_step"] is True
    link = await admin.post(f"{USERS}/{bob['id']}/password-link", status=201)
    token = parse_qs(urlsplit(link["url"]).query)["token"][0]
    await admin.post("/api/v1/auth/password", {"token": token, "password": "another password"}, 401)
    user.token, login = None, {"username": "bob", "password": "another password"}
    await user.post("/api/v1/auth/login", login, 401)
    await user.call("DELETE", f"{USERS}/{bob['id']}/totp", status=401)
    await admin.call("DELETE", f"{USERS}/{bob['id']}/totp", status=204)
    await admin.call("DELETE", f"{USERS}/{bob['id']}/totp", status=409)
    await user.post("/api/v1/auth/login", login)
    assert (await deeds(admin, bob["id"]))[0] == "user.two-step-ended"


async def test_the_page_of_a_link_does_not_tell_its_address_to_others(admin: Client) -> None:
    async with admin.session.get(admin.absolute("/password?token=x")) as answer:
        assert answer.status == 200 and answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Choose your password" in await answer.text()


async def test_whoever_is_shut_out_is_out_at_once_until_they_are_let_in(admin: Client, user: Client) -> None:
    bob = await named(admin, "bob")
    assert (await change(admin, bob["id"], {"disabled": True}))["disabled"] is True
    await user.get("/api/v1/users/me", 401)
    user.token = None
    await user.post("/api/v1/auth/login", {"username": "bob", "password": PASSWORD}, 401)
    await change(admin, bob["id"], {"disabled": False})
    await user.login("bob")
    assert await deeds(admin, bob["id"]) == ["user.enabled", "user.disabled"]


async def test_a_new_role_holds_at_once(admin: Client, user: Client) -> None:
    bob = await named(admin, "bob")
    await user.get(USERS, 403)
    await change(admin, bob["id"], {"role": "admin"})
    await user.get(USERS)
    await change(admin, bob["id"], {"role": "user"})
    await user.get(USERS, 401)
    user.token = None
    await user.login("bob")
    await user.get(USERS, 403)
    entries = (await admin.get(f"/api/v1/admin/audit?subject={bob['id']}"))["items"]
    assert [(entry["before"], entry["after"]) for entry in entries] == [
        ({"role": "admin"}, {"role": "user"}),
        ({"role": "user"}, {"role": "admin"}),
    ]


async def test_the_last_administrator_cannot_be_shut_out_demoted_or_deleted(admin: Client, user: Client) -> None:
    ada, bob = await named(admin, "ada"), await named(admin, "bob")
    for body in ({"disabled": True}, {"role": "user"}):
        await change(admin, ada["id"], body, 409)
    await admin.call("DELETE", f"{USERS}/{ada['id']}?videos=keep", status=409)
    # One who cannot sign in does not count.
    await change(admin, bob["id"], {"role": "admin", "disabled": True})
    await change(admin, ada["id"], {"role": "user"}, 409)
    await change(admin, bob["id"], {"disabled": False})
    await change(admin, ada["id"], {"role": "user"})


async def test_two_administrators_cannot_shut_each_other_out(admin: Client, user: Client) -> None:
    ada, bob = await named(admin, "ada"), await named(admin, "bob")
    await change(admin, bob["id"], {"role": "admin"})

    async def shut(who: Client, user_id: str) -> int:
        path = who.absolute(f"{USERS}/{user_id}")
        async with who.session.patch(path, json={"disabled": True}, headers=who.headers()) as answer:
            return answer.status

    statuses = await asyncio.gather(shut(admin, bob["id"]), shut(user, ada["id"]))
    assert sorted(statuses)[0] == 200 and sorted(statuses)[1] in (401, 409)


async def test_of_many_who_change_what_they_saw_one_does(admin: Client, user: Client) -> None:
    bob = await named(admin, "bob")
    path = admin.absolute(f"{USERS}/{bob['id']}")
    async with admin.session.get(path, headers=admin.headers()) as answer:
        tag = answer.headers["ETag"]

    async def patched(number: int) -> int:
        headers = {**admin.headers(), "If-Match": tag}
        async with admin.session.patch(path, json={"display_name": f"Bob {number}"}, headers=headers) as answer:
            return answer.status

    assert sorted(await asyncio.gather(*map(patched, range(6)))) == [200] + [412] * 5
    async with admin.session.get(path, headers={**admin.headers(), "If-None-Match": tag}) as answer:
        assert answer.status == 200


async def test_signing_somebody_out_ends_every_device_of_theirs(admin: Client, user: Client) -> None:
    async with Client(user.url) as phone:
        await phone.login("bob")
        bob = await named(admin, "bob")
        assert bob["sessions"] == 2
        await admin.post(f"{USERS}/{bob['id']}/sign-out", status=204)
        await user.get("/api/v1/users/me", 401)
        await phone.get("/api/v1/users/me", 401)
    assert (await named(admin, "bob"))["sessions"] == 0


async def test_a_deleted_persons_films_stay_when_that_is_wanted(admin: Client, user: Client, films: Films) -> None:
    video = await user.ready(films.h264)
    bob = await named(admin, "bob")
    await admin.call("DELETE", f"{USERS}/{bob['id']}", status=422)
    await admin.call("DELETE", f"{USERS}/{bob['id']}?videos=keep", status=204)
    await user.get("/api/v1/users/me", 401)
    await user.post("/api/v1/auth/login", {"username": "bob", "password": PASSWORD}, 401)
    assert (await admin.get(f"/api/v1/videos/{video['id']}"))["status"] == "ready"
    assert (await named(admin, "bob"))["leaves_at"]
    (entry,) = (await admin.get(f"/api/v1/admin/audit?subject={bob['id']}&action=user.deleted"))["items"]
    assert entry["before"]["username"] == "bob" and entry["after"] == {"keeps_videos": True}


async def test_a_person_who_cannot_be_is_refused_by_name(admin: Client) -> None:
    for body, pointer in (
        ({}, "/username"),
        ({"username": "a b"}, "/username"),
        ({"username": "carol", "role": "guest"}, "/role"),
        ({"username": "carol", "password": "short"}, "/password"),
        ({"username": "carol", "email": "nobody"}, "/email"),
        ({"username": "carol", "display_name": "x" * 41}, "/display_name"),
        ({"username": "carol", "disabled": True}, "/disabled"),
    ):
        problem = await admin.post(USERS, body, 422)
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_a_taken_name_is_a_conflict_and_leaves_no_note(admin: Client, user: Client) -> None:
    await admin.post(USERS, {"username": "bob"}, 409)
    assert (await admin.get("/api/v1/admin/audit?action=user.created"))["items"] == []


async def test_only_administrators_reach_accounts(admin: Client, user: Client, nobody: Client) -> None:
    one = f"{USERS}/{(await named(admin, 'bob'))['id']}"
    for method, path, body in (
        ("GET", USERS, None),
        ("POST", USERS, {"username": "x"}),
        ("GET", one, None),
        ("PATCH", one, {"role": "admin"}),
        ("DELETE", f"{one}?videos=keep", None),
        ("POST", f"{one}/sign-out", None),
        ("POST", f"{one}/password-link", None),
    ):
        await user.call(method, path, body, 403)
        await nobody.call(method, path, body, 401)
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", "?videos=keep"), ("POST", "/sign-out")):
        await admin.call(method, f"{USERS}/nobody{path}", {} if method == "PATCH" else None, 404)
