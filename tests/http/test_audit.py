import csv
import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client


async def changed(admin: Client, **settings: Any) -> None:
    await admin.call("PATCH", "/api/v1/admin/settings", settings)


async def test_a_deed_is_noted_with_who_when_from_where_and_what_changed(admin: Client) -> None:
    await changed(admin, registration="closed")
    me = await admin.get("/api/v1/users/me")
    (entry,) = (await admin.get("/api/v1/admin/audit?action=settings"))["items"]
    assert entry["actor"] == {"id": me["id"], "name": "ada"}
    assert entry["action"] == "settings.changed" and entry["subject"] == "settings"
    assert entry["before"] == {"registration": "open"} and entry["after"] == {"registration": "closed"}
    assert entry["address"] == "127.0.0.1" and entry["request_id"] and entry["at"].endswith("Z")


async def test_the_log_is_read_a_page_at_a_time_newest_first(admin: Client) -> None:
    for size in range(5):
        await changed(admin, quota=size + 1)
    seen, path = [], "/api/v1/admin/audit?action=settings.changed&limit=2"
    cursor = ""
    while cursor is not None:
        page = await admin.get(f"{path}&cursor={cursor}" if cursor else path)
        seen += [entry["after"]["quota"] for entry in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [5, 4, 3, 2, 1]


async def test_the_log_is_narrowed_to_an_actor_a_deed_a_subject_and_a_time(admin: Client) -> None:
    await changed(admin, quota=7)
    for query, count in (
        ("actor=ada", 1),
        ("actor=bob", 0),
        ("action=settings", 1),
        ("action=settin", 0),
        ("subject=settings", 1),
        ("subject=x", 0),
        ("since=2000-01-01T00:00:00Z", 1),
        ("until=2000-01-01T00:00:00Z", 0),
        ("since=2999-01-01T00:00:00%2B02:00", 0),
    ):
        entries = (await admin.get(f"/api/v1/admin/audit?{query}"))["items"]
        assert len([each for each in entries if each["action"] == "settings.changed"]) == count, query


async def test_a_question_that_cannot_be_read_is_refused_by_name(admin: Client) -> None:
    for query in ("since=yesterday", "since=2000-01-01T00:00:00", "limit=0", "cursor=x", "format=xml"):
        problem = await admin.get(f"/api/v1/admin/audit?{query}", 422)
        assert problem["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


async def test_the_log_can_be_taken_away_and_no_cell_of_it_is_a_formula(admin: Client) -> None:
    await admin.call("PATCH", "/api/v1/users/me", {"display_name": "=SUM(A1:A9)"})
    await changed(admin, quota=1)
    path = admin.absolute("/api/v1/admin/audit?format=csv&action=settings")
    async with admin.session.get(path, headers=admin.headers()) as answer:
        assert (
            answer.headers["Content-Type"].startswith("text/csv")
            and "audit.csv" in answer.headers["Content-Disposition"]
        )
        head, row = csv.reader(io.StringIO(await answer.text()))
    assert row[head.index("actor_name")] == "'=SUM(A1:A9)"
    assert row[head.index("after")] == '{"quota": 1}'


async def test_only_administrators_read_the_log(admin: Client, user: Client, nobody: Client) -> None:
    await user.get("/api/v1/admin/audit", 403)
    await nobody.get("/api/v1/admin/audit", 401)


async def test_nothing_in_the_log_is_rewritten_or_taken_out(admin: Client, tmp_path: Path) -> None:
    await changed(admin, quota=1)
    database = sqlite3.connect(tmp_path / "data" / "watchparty.db")
    for deed in ("DELETE FROM audit", "UPDATE audit SET action = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
            database.execute(deed)
    database.close()
