"""People who connect and then take their time, a few of them or many."""

import asyncio
import contextlib
import socket
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.raw import until_cut
from tests.process import ServerProcess
from watchparty.app import Running
from watchparty.http import files, listening
from watchparty.http.listening import Connection

# Seconds: no test waits so long unless nobody hangs up.
CUT_WITHIN = 120


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


async def test_bodies_that_trickle_are_not_waited_for(
    running: Running, nobody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOVES_WITHIN", 0.5)
    await asyncio.gather(*(_trickle(running.port, "/api/v1/auth/login") for _ in range(20)))
    assert await nobody.get("/livez") == {"status": "ok"}


async def test_a_slow_body_that_keeps_coming_is_taken(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOVES_WITHIN", 1.0)
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(_head("/api/v1/auth/login", 50 * 2048))
    for _ in range(50):
        writer.write(b" " * 2048)
        await asyncio.sleep(0.05)
    assert (await reader.readline()).startswith(b"HTTP/1.1 4")
    writer.close()


async def test_readers_that_do_not_read_are_hung_up_on(
    admin: Client, films: Films, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PIECE_WITHIN", 0.5)
    path = await _large_film(admin, films)
    readers = [await _reader(running.port, path, admin.token or "") for _ in range(20)]
    await asyncio.gather(*(_until_cut_off(reader) for reader in readers))
    assert await admin.get("/livez") == {"status": "ok"}


@pytest.mark.soak
async def test_hundreds_of_slow_people_cost_little_memory(films: Films, tmp_path: Path) -> None:
    """In a process of its own, whose memory is the server's alone, and with the bounds that people meet."""
    server = ServerProcess(tmp_path / "data")
    server.start()
    try:
        async with server.client() as admin:
            await admin.setup(server.setup_token)
            path = await _large_film(admin, films)
            memory = server.process.memory_info
            before = memory().rss
            readers = [await _reader(server.port, path, admin.token or "") for _ in range(500)]
            async with asyncio.TaskGroup() as group:
                for reader in readers:
                    group.create_task(_until_cut_off(reader))
                    group.create_task(_trickle(server.port, "/api/v1/auth/login"))
                    group.create_task(until_cut(server.port, b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "))
                await asyncio.sleep(10)
                during = memory().rss
            assert max(during, memory().rss) - before <= 50 << 20
            assert await admin.get("/livez") == {"status": "ok"}
    finally:
        server.stop()


def _head(path: str, length: int) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", f"Content-Length: {length}")
    return "\r\n".join((*lines, "", "")).encode()


async def _trickle(port: int, path: str) -> None:
    """A byte now and then, until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_head(path, 100_000))
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(CUT_WITHIN):
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1 << 16), 0.2)
    writer.close()


async def _large_film(admin: Client, films: Films) -> str:
    """Where a film lies that is larger than what the system holds back for a reader."""
    film = films.h264.with_name("large.mp4")
    film.write_bytes(films.h264.read_bytes() + b"\0" * (16 << 20))
    video = await admin.upload(film)
    return f"/api/v1/videos/{video['id']}/asset?kind=original"


async def _reader(port: int, path: str, token: str) -> socket.socket:
    """Somebody who has asked and takes nothing."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", port))
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    await loop.sock_sendall(line, head.encode())
    return line


async def _until_cut_off(line: socket.socket) -> None:
    """Reads nothing: the system tells of a connection that was reset by itself."""
    with line:
        async with asyncio.timeout(CUT_WITHIN):
            while not line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                await asyncio.sleep(0.05)
