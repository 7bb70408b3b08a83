import asyncio
import os
import signal
import time
from pathlib import Path

import psutil

from tests.films import Films, tone
from tests.process import ServerProcess


async def test_ctrl_c_while_a_film_is_looked_at_is_no_fault_of_the_film(
    server_process: ServerProcess, films: Films
) -> None:
    async with server_process.client() as api:
        await api.setup(server_process.setup_token)
        video = await api.upload(films.h264)
        looking = until_there_is_a_child(server_process.process)
    # A terminal's Ctrl-C goes to the whole group of processes; that the child hears it first is the worst case.
    if os.getpgid(looking.pid) == os.getpgid(server_process.process.pid):
        looking.send_signal(signal.SIGINT)
        looking.wait(10)
        time.sleep(0.3)
    assert server_process.stop() == 0
    server_process.start()
    async with server_process.client() as api:
        await api.login()
        assert (await api.until_settled(video["id"]))["status"] == "ready"


def until_there_is_a_child(server: psutil.Process) -> psutil.Process:
    until = time.monotonic() + 10
    while not (children := server.children()):
        assert time.monotonic() < until, "No child looked at the film."
        time.sleep(0.002)
    return children[0]


async def test_keeping_a_film_ready_goes_on_after_kill_9_where_it_was(tmp_path: Path, films: Films) -> None:
    server = ServerProcess(tmp_path / "data", environment={**os.environ, "WATCHPARTY_BACKGROUND": "false"})
    server.start()
    slow = ("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=8:duration=45")
    long = films.made("slow.avi", *slow, *tone(45), "-c:v", "mpeg4", "-q:v", "5")
    try:
        async with server.client() as api:
            await api.setup(server.setup_token)
            video = await api.ready(long)
            await api.call("PATCH", f"/api/v1/videos/{video['id']}", {"keep_ready": True})
            while len(made := cells(server.data)) < 6:
                await asyncio.sleep(0.05)
        server.kill()
        assert (there := cells(server.data)) and made.items() <= there.items()
        server.start()
        async with server.client() as api:
            await api.login()
            until = time.monotonic() + 120
            while True:
                shown = await api.get(f"/api/v1/videos/{video['id']}/status")
                if all(each["ready_segments"] == each["segments"] for each in shown["renditions"]):
                    break
                assert time.monotonic() < until, shown
                await asyncio.sleep(0.2)
            assert shown["keep_ready"]
        # What was whole was not made again.
        assert there.items() <= cells(server.data).items()
        assert not [*(server.data / "cache" / "segments").rglob("*.part")]
    finally:
        if server.running:
            server.stop()


def cells(data: Path) -> dict[Path, int]:
    """When each was made."""
    return {path: path.stat().st_mtime_ns for path in (data / "cache" / "segments").rglob("*.m4s")}
