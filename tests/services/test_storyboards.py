"""Storyboards on a real server that is killed."""

from tests.films import Films
from tests.process import ServerProcess


async def test_a_storyboard_that_a_kill_interrupted_is_made_after_the_start(
    server_process: ServerProcess, films: Films
) -> None:
    async with server_process.client() as api:
        await api.setup(server_process.setup_token)
        video = await api.ready(films.long_h264)
    # Whatever was on disk by now belongs to no film yet.
    server_process.kill()
    boards = server_process.data / "objects" / "storyboards" / video["id"]
    (boards / "halfmade").mkdir(parents=True)
    (boards / "halfmade" / "000.jpg").write_bytes(b"half")
    server_process.start()
    async with server_process.client() as api:
        await api.login()
        hls = await api.until(f"/api/v1/videos/{video['id']}/hls", "storyboard_url")
        assert (await api.bytes(hls["storyboard_url"])).count(b"-->") == 100
    assert not (boards / "halfmade").exists()
    assert len(list(boards.iterdir())) == 1
