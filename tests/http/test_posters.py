"""Posters that people choose."""

import io
import subprocess
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.test_library import files_below


def picture(folder: Path, name: str, size: str = "3000x2000") -> bytes:
    path = folder / name
    source = ["-f", "lavfi", "-i", f"color=c=red:size={size}:rate=1:duration=1", "-frames:v", "1"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *source, str(path)], check=True)
    return path.read_bytes()


async def put(client: Client, video_id: str, data: bytes, status: int = 200) -> None:
    headers = {**client.headers(), "Content-Type": "application/octet-stream"}
    url = client.absolute(f"/api/v1/videos/{video_id}/poster")
    async with client.session.put(url, data=io.BytesIO(data), headers=headers) as answer:
        assert answer.status == status, await answer.text()


async def poster(client: Client, video_id: str) -> bytes:
    url = client.absolute(f"/api/v1/videos/{video_id}/asset?kind=poster")
    async with client.session.get(url, headers=client.headers()) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        return await answer.read()


def posters(folder: Path) -> int:
    return len([path for path in (folder / "data" / "objects" / "posters").rglob("*") if path.is_file()])


async def test_a_poster_is_chosen_replaced_and_given_up_again(admin: Client, films: Films, tmp_path: Path) -> None:
    video = await admin.ready(films.h264)
    await admin.until(f"/api/v1/videos/{video['id']}", "poster_url")
    found = await poster(admin, video["id"])
    for name in ("red.png", "red.jpg", "red.webp"):
        brought = picture(tmp_path, name)
        await put(admin, video["id"], brought)
        shown = await poster(admin, video["id"])
        assert shown.startswith(b"\xff\xd8\xff") and shown not in (found, brought)
        assert _size(shown, tmp_path) == "1280x854"
    assert posters(tmp_path) == 2
    moments = (await admin.get(f"/api/v1/videos/{video['id']}/posters"))["items"]
    assert len(moments) == 3 and moments == sorted(moments, key=lambda each: each["at"])
    async with admin.session.get(admin.absolute(moments[1]["url"]), headers=admin.headers()) as answer:
        offered = await answer.read()
    await admin.call("PUT", f"/api/v1/videos/{video['id']}/poster", {"at": moments[1]["at"]})
    assert await poster(admin, video["id"]) == offered
    await admin.call("DELETE", f"/api/v1/videos/{video['id']}/poster")
    assert await poster(admin, video["id"]) == found
    assert posters(tmp_path) == 1


NO_PICTURES = {
    "text": b"GIF89a not a picture",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "script": b"#EXTM3U\nfile:///etc/passwd\n",
    "cut short": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "nothing": b"",
}


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_what_is_no_picture_is_refused(admin: Client, tmp_path: Path, name: str) -> None:
    video = (await admin.post("/api/v1/videos", {"title": "Film"}, 201))["video"]
    await put(admin, video["id"], NO_PICTURES[name], 415)
    assert not files_below(tmp_path / "data")


async def test_pictures_that_are_too_large_and_moments_there_are_none_of_are_refused(
    admin: Client, films: Films, tmp_path: Path
) -> None:
    video = await admin.ready(films.h264)
    await put(admin, video["id"], bytes(11 << 20), 413)
    await put(admin, video["id"], picture(tmp_path, "bomb.png", "7000x7000"), 415)
    for at in (1e6, -1, "x"):
        await admin.call("PUT", f"/api/v1/videos/{video['id']}/poster", {"at": at}, 422)
    await admin.get(f"/api/v1/videos/{video['id']}/frame", 422)


def _size(data: bytes, folder: Path) -> str:
    path = folder / "shown.jpg"
    path.write_bytes(data)
    command = ["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0:s=x", str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
