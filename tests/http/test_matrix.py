"""Every route, called by everybody: who gets in where is written down in matrix.py, and held here."""

import json
from pathlib import Path

import pytest

from tests.films import Films
from tests.http.conftest import started
from tests.http.matrix import Line, blank, lines, written
from tests.http.world import PEOPLE, World, noted_routes, opened_world


async def test_everybody_gets_at_every_route_what_the_matrix_says(
    tmp_path: Path, films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_world(tmp_path / "data", films.h264, monkeypatch) as world:
        surprises = [found for line in lines() if (found := await _surprise(world, line))]
    assert not surprises, "\n".join(["These people were answered something else:", *surprises])


async def test_every_route_has_its_line_in_the_matrix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = noted_routes(monkeypatch)
    async with started(tmp_path / "data"):
        there = {(method, blank(path)) for method, path in routes if method != "HEAD"}
    known = {(line.method, line.template) for line in lines()}
    assert there - known == set(), "Routes without a line in tests/http/matrix.py"
    assert known - there == set(), "Lines of routes that there are none of"


async def _surprise(world: World, line: Line) -> str | None:
    """The line as it would have to be; None when all is as it says."""
    found = [await _status(world, line, who) for who in PEOPLE]
    if found == list(line.statuses.values()):
        return None
    body = "" if line.body is None else json.dumps(line.body, ensure_ascii=False)
    return written(line.method, line.path, found, f"{body} renew" if line.renews else body)


async def _status(world: World, line: Line, who: str) -> int:
    client = world.people[who]
    url = client.absolute(await world.fill(line.path))
    body = line.body if isinstance(line.body, str) else json.dumps(line.body)
    kind = "application/octet-stream" if isinstance(line.body, str) else "application/json"
    data = None if line.body is None else (await world.fill(body)).encode()
    headers = client.headers() | ({} if data is None else {"Content-Type": kind})
    # Only the head of the answer: some go on for as long as one listens.
    async with client.session.request(line.method, url, data=data, headers=headers, allow_redirects=False) as answer:
        status = answer.status
    if line.renews:
        await world.renew(who)
    return status
