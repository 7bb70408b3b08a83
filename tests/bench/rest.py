"""A GET with a sign-in check and a row from SQLite, by the second and in processor time: ours and starlette's."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.footage import Footage
from tests.process import ServerProcess, free_port

CONNECTIONS = 16
ROUNDS, SECONDS = 7, 2.0


@dataclass(frozen=True)
class Pace:
    """Requests a second, and microseconds of processor time for each."""

    rate: float
    cpu: float


async def measure(footage: Footage, folder: Path) -> None:
    """Turn by turn, so that whatever else the machine does falls on both."""
    server, rival_port = ServerProcess(folder), free_port()
    server.start()
    command = [sys.executable, "-m", "tests.bench.rival", str(folder), str(rival_port)]
    try:
        async with server.client() as api:
            session = await api.setup(server.setup_token)
        with subprocess.Popen(command) as rival:
            try:
                request = _request(session["user"]["id"], session["access_token"])
                await _until_it_answers(rival_port)
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    ours.append(await _pace(server.port, request, server.process.pid))
                    theirs.append(await _pace(rival_port, request, rival.pid))
            finally:
                rival.terminate()
    finally:
        server.stop()
    _tell(ours, theirs)


def _tell(ours: Sequence[Pace], theirs: Sequence[Pace]) -> None:
    print(f"a GET with sign-in check and a SQLite read, {CONNECTIONS} connections (median of {ROUNDS} turns)")
    for name, paces in (("watchparty", ours), ("starlette + uvicorn (h11)", theirs)):
        rate, cpu = (statistics.median(values) for values in zip(*((one.rate, one.cpu) for one in paces), strict=True))
        print(f"  {name:<27}{rate:7.0f} requests/s   {cpu:5.0f} us of processor time a request")
    rates = [mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True)]
    cpus = [other.cpu / mine.cpu for mine, other in zip(ours, theirs, strict=True)]
    rate, cpu = statistics.median(rates), statistics.median(cpus)
    print(f"  ours against theirs: {rate:.2f}x the requests/s, {cpu:.2f}x the requests in a second of processor time")


def _request(user_id: str, token: str) -> bytes:
    lines = [f"GET /api/v1/users/{user_id} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}", "", ""]
    return "\r\n".join(lines).encode()


async def _pace(port: int, request: bytes, pid: int) -> Pace:
    process = psutil.Process(pid)
    before, begun = process.cpu_times(), time.monotonic()
    counts = await asyncio.gather(*(_ask(port, request, begun + SECONDS) for _ in range(CONNECTIONS)))
    seconds, after = time.monotonic() - begun, process.cpu_times()
    count = sum(counts)
    cpu = after.user + after.system - before.user - before.system
    return Pace(count / seconds, 1e6 * cpu / count)


async def _ask(port: int, request: bytes, until: float) -> int:
    """One connection, one request after the other; how many were answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.monotonic() < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
        count += 1
    writer.close()
    return count


async def _until_it_answers(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert time.monotonic() < until, "Starlette did not start."
            await asyncio.sleep(0.1)
        else:
            return writer.close()
