import contextlib
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
        # As a terminal does it: the whole group of processes hears it.
        begun = time.monotonic()
        os.kill(server_process.process.pid, signal.SIGINT)
        for child in server_process.process.children(recursive=True):
            with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):  # it was quick
                if os.getpgid(child.pid) == os.getpgid(server_process.process.pid):
                    child.send_signal(signal.SIGINT)
        assert server_process.stop() == 0
        assert time.monotonic() - begun < 10
    server_process.start()
    async with server_process.client() as api:
        await api.login()
        assert (await api.until_settled(video["id"]))["status"] == "ready"
