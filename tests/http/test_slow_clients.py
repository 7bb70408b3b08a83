"""People who connect and then take their time, a few of them or many."""

import asyncio

import pytest

from tests.client import Client
from tests.http.raw import until_cut
from watchparty.app import Running
from watchparty.http import listening
from watchparty.http.listening import Connection


async def test_headers_that_never_end_are_not_waited_for(
    running: Running, nobody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "FIRST_REQUEST", 0.3)
    told = [b"", b"GET", b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] * 20
    answers = await asyncio.gather(*(until_cut(running.port, part) for part in told))
    assert answers == [b""] * len(told)
    assert await nobody.get("/livez") == {"status": "ok"}


async def test_whoever_has_asked_may_take_longer_for_the_rest(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[Connection] = []
    made = Connection.connection_made

    def noted(connection: Connection, transport: asyncio.BaseTransport) -> None:
        connections.append(connection)
        made(connection, transport)

    monkeypatch.setattr(Connection, "connection_made", noted)
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    writer.write(head + b"Content-Length: 2\r\nConnection: close\r\n\r\n{")
    await writer.drain()
    while not connections or not connections[0]._request_count:
        await asyncio.sleep(0.01)
    connections[0]._hang_up_on_silence()  # as if the time were over
    writer.write(b"}")
    assert (await reader.read()).startswith(b"HTTP/1.1 422 ")
    writer.close()
    await writer.wait_closed()
