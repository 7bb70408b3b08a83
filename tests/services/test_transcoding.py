import os
import signal
import time

import psutil

from tests.films import Films
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
