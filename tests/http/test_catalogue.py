"""The library as it is looked through, and many films changed at once."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started


async def add(client: Client, title: str, **fields: Any) -> str:
    made = await client.post("/api/v1/videos", {"title": title, **fields}, 201)
    return str(made["video"]["id"])


async def titles(client: Client, query: str = "") -> list[str]:
    return [video["title"] for video in (await client.get(f"/api/v1/videos?{query}"))["items"]]


async def test_the_library_is_searched_filtered_and_sorted_at_once(admin: Client, user: Client) -> None:
    await add(admin, "Playtime", tags=["Comedy", "glass"], description="An office, and Tativille.")
    await add(admin, "Mon Oncle", tags=["comedy"])
    bobs = await add(user, "Oncle Boonmee", tags=["ghosts"], visibility="unlisted")
    assert await titles(admin, "q=oncle&tag=COMEDY") == ["Mon Oncle"]
    assert await titles(admin, "q=oncle&sort=title") == ["Mon Oncle", "Oncle Boonmee"]
    assert await titles(admin, "q=tativ") == ["Playtime"]
    assert await titles(user) == ["Oncle Boonmee"]
    owner = (await user.get(f"/api/v1/videos/{bobs}"))["owner"]["id"]
    assert await titles(admin, f"owner={owner}&visibility=unlisted&status=pending&sort=views") == ["Oncle Boonmee"]
    tags = (await admin.get("/api/v1/tags"))["items"]
    assert [(one["tag"].lower(), one["videos"]) for one in tags] == [("comedy", 2), ("ghosts", 1), ("glass", 1)]
    owners = (await admin.get("/api/v1/owners"))["items"]
    assert [(one["owner"]["display_name"], one["videos"]) for one in owners] == [("ada", 2), ("bob", 1)]
    assert [one["tag"] for one in (await user.get("/api/v1/tags"))["items"]] == ["ghosts"]
    for text in ('"', "a AND (", "NEAR:*", "%00", "物語"):
        await admin.get(f"/api/v1/videos?q={quote(text)}")


async def test_what_was_found_comes_in_pages(admin: Client) -> None:
    for number in range(5):
        await add(admin, f"Film {number}", description="film " * number)
    seen, path = [], "/api/v1/videos?q=film&limit=2"
    while path:
        async with admin.session.get(admin.absolute(path), headers=admin.headers()) as answer:
            page = await answer.json()
            assert answer.status == 200
            seen += [video["title"] for video in page["items"]]
            path = str(answer.links["next"]["url"]) if page["next_cursor"] else ""
    assert sorted(seen) == [f"Film {number}" for number in range(5)]


async def test_many_films_are_changed_at_once_and_the_answer_says_what_was(admin: Client) -> None:
    one, two = await add(admin, "One", tags=["a"]), await add(admin, "Two", tags=["B"], visibility="public")
    change = {"ids": [one, two, one], "visibility": "public", "add_tags": ["b"], "remove_tags": ["A"]}
    changed = (await admin.post("/api/v1/videos/bulk", change))["items"]
    assert [each["id"] for each in changed] == [one]
    assert changed[0]["before"] == {"visibility": "private", "tags": ["a"], "keep_ready": False}
    assert changed[0]["after"] == {"visibility": "public", "tags": ["b"], "keep_ready": False}
    kept = (await admin.post("/api/v1/videos/bulk", {"ids": [one, two], "keep_ready": True}))["items"]
    assert [each["after"]["keep_ready"] for each in kept] == [True, True]
    assert (await admin.post("/api/v1/videos/bulk", {"ids": [one, two], "keep_ready": True}))["items"] == []
    gone = (await admin.post("/api/v1/videos/bulk", {"ids": [one, two], "delete": True}))["items"]
    assert [each["after"] for each in gone] == [None, None]
    assert await titles(admin) == []
    assert len((await admin.get("/api/v1/videos/trash"))["items"]) == 2


async def test_films_are_changed_together_or_not_at_all(admin: Client, user: Client) -> None:
    mine, public = await add(user, "Mine"), await add(admin, "Public", visibility="public")
    hers = await add(admin, "Hers")
    await user.post("/api/v1/videos/bulk", {"ids": [mine, hers], "visibility": "public"}, 404)
    await user.post("/api/v1/videos/bulk", {"ids": [mine, public], "delete": True}, 404)
    full = await add(user, "Full", tags=[f"tag {number}" for number in range(30)])
    problem = await user.post("/api/v1/videos/bulk", {"ids": [mine, full], "add_tags": ["more"]}, 422)
    assert problem["errors"][0]["pointer"] == "/add_tags" and "Full" in problem["detail"]
    video = await user.get(f"/api/v1/videos/{mine}")
    assert (video["visibility"], video["tags"]) == ("private", [])
    wrongs: list[dict[str, Any]] = [
        {"ids": []},
        {"ids": ["x"] * 101},
        {"ids": [mine], "delete": True, "add_tags": ["a"]},
    ]
    for wrong in wrongs:
        await user.post("/api/v1/videos/bulk", wrong, 422)


async def test_somebody_who_may_watch_cannot_change_a_film_among_many(
    admin: Client, user: Client, films: Films
) -> None:
    public = (await admin.ready(films.silent, visibility="public"))["id"]
    mine = await add(user, "Mine")
    await user.post("/api/v1/videos/bulk", {"ids": [mine, public], "add_tags": ["x"]}, 403)
    assert (await user.get(f"/api/v1/videos/{mine}"))["tags"] == []


@pytest.mark.parametrize("public_to_all", [False, True])
async def test_what_is_public_is_shown_to_all_where_that_is_wanted(
    tmp_path: Any, films: Films, public_to_all: bool
) -> None:
    async with (
        started(tmp_path / "data", public_to_all=public_to_all) as running,
        Client(f"http://127.0.0.1:{running.port}") as nobody,
        Client(nobody.url) as admin,
    ):
        await admin.setup(setup_token(running))
        public = (await admin.ready(films.silent, title="Public", visibility="public"))["id"]
        hidden = (await admin.ready(films.silent, title="Hidden", visibility="unlisted"))["id"]
        if not public_to_all:
            for path in ("videos", "tags", f"videos/{public}", f"videos/{public}/hls"):
                await nobody.get(f"/api/v1/{path}", 401)
            return
        assert await titles(nobody) == ["Public"]
        assert (await nobody.get(f"/api/v1/videos/{public}"))["mine"] is False
        await nobody.get(f"/api/v1/videos/{hidden}", 404)
        await nobody.get(f"/api/v1/videos/{hidden}/hls", 404)
        master = await nobody.master(public)
        assert (await nobody.bytes(master)).startswith(b"#EXTM3U")
        await nobody.call("PATCH", f"/api/v1/videos/{public}", {"title": "x"}, 401)
        await admin.call("PATCH", "/api/v1/admin/settings", {"public_to_all": False})
        await nobody.bytes(master, 403)
        await nobody.get(f"/api/v1/videos/{public}", 401)
        await admin.call("PATCH", "/api/v1/admin/settings", {"public_to_all": True})
        master = await nobody.master(public)
        await admin.call("PATCH", f"/api/v1/videos/{public}", {"visibility": "private"})
        await nobody.bytes(master, 403)
        await nobody.get(f"/api/v1/videos/{public}", 404)
