"""However large a film is, it passes through the server's memory in small pieces."""

import pytest

from tests.films import Films
from tests.journeys.large import MEGABYTE, memory_of_upload
from tests.process import ServerProcess

pytestmark = pytest.mark.alone

ALLOWED = 30 * MEGABYTE


async def test_a_film_of_200_megabytes_does_not_swell_the_server(
    server_process: ServerProcess, films: Films, figures: list[str]
) -> None:
    growth, seconds = await memory_of_upload(server_process, films.silent, 200 * MEGABYTE)
    figures.append(f"upload of 200 MB: {200 / seconds:.0f} MB/s, {growth / MEGABYTE:+.1f} MB of memory")
    assert growth <= ALLOWED


@pytest.mark.soak
async def test_a_film_of_two_gigabytes_does_not_swell_the_server(
    server_process: ServerProcess, films: Films, figures: list[str]
) -> None:
    growth, seconds = await memory_of_upload(server_process, films.silent, 2048 * MEGABYTE)
    figures.append(f"upload of 2 GB: {2048 / seconds:.0f} MB/s, {growth / MEGABYTE:+.1f} MB of memory")
    assert growth <= ALLOWED
