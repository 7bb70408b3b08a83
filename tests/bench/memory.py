"""What an upload of two gigabytes costs the server in memory, and how fast it goes."""

from pathlib import Path

from tests.bench.footage import Footage
from tests.journeys.large import MEGABYTE, memory_of_upload
from tests.process import ServerProcess


async def measure(footage: Footage, folder: Path) -> None:
    server = ServerProcess(folder)
    server.start()
    try:
        growth, seconds = await memory_of_upload(server, footage.films.silent, 2048 * MEGABYTE)
        print(f"upload of 2 GB: {2048 / seconds:.0f} MB/s, {growth / MEGABYTE:+.1f} MB of memory at most")
    finally:
        server.stop()
