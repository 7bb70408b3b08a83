"""Runs the built executable where nothing else is: no Python, no environment, an empty home, another user when root.

    python packaging/smoke.py [dist/watchparty]

Set-up, upload, first segment of every rendition, a page and its player; stop, start: all of it still there. Standard
library and PyAV only; PyAV makes the film beforehand and judges the segments, and the executable cannot reach it.
"""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

NOBODY = 65534
PASSWORD = "correct horse battery"
SECONDS = 6


def main() -> None:
    built = Path(sys.argv[1] if len(sys.argv) > 1 else "dist/watchparty").resolve()
    with tempfile.TemporaryDirectory(prefix="watchparty-smoke-") as folder:
        place = Path(folder)
        executable, home = place / built.name, place / "home"
        shutil.copy(built, executable)
        home.mkdir()
        film = make_film(place / "film.mp4")
        if os.geteuid() == 0:
            place.chmod(0o755)
            os.chown(home, NOBODY, NOBODY)
        begun = time.monotonic()
        with running(executable, home) as (server, lines):
            started = time.monotonic() - begun
            server.token = server.call("POST", "/api/v1/setup", setup(lines), 201)["access_token"]
            video_id = server.upload(film)
            server.judge(video_id)
        with running(executable, home) as (server, _):
            login = {"username": "ada", "password": PASSWORD}
            server.token = server.call("POST", "/api/v1/auth/login", login)["access_token"]
            server.judge(video_id)
        print(f"{built.name}: {built.stat().st_size / 1e6:.1f} MB, first answer after {started:.2f} s: works.")


class Server:
    """The executable, as a program on the network sees it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        content = None if body is None else json.dumps(body).encode()
        return json.loads(self.request(method, path, content, status, {"Content-Type": "application/json"}))

    def request(
        self, method: str, path: str, content: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> bytes:
        request = urllib.request.Request(
            path if path.startswith("http") else self.url + path, content, dict(headers or {}), method=method
        )
        if self.token and "/m/" not in path:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                assert answer.status == status, f"{method} {path}: {answer.status}"
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code}: {error.read().decode()}") from error

    def upload(self, film: Path) -> str:
        made = self.call("POST", "/api/v1/videos", {"filename": film.name, "size": film.stat().st_size}, 201)
        self.request("PUT", made["upload"]["url"], film.read_bytes())
        until = time.monotonic() + 30
        while (video := self.call("GET", f"/api/v1/videos/{made['video']['id']}"))["status"] != "ready":
            assert video["status"] != "failed", video["reason"]
            assert time.monotonic() < until, f"The film was still {video['status']} after 30 s."
            time.sleep(0.05)
        return str(video["id"])

    def judge(self, video_id: str) -> None:
        """The film can be watched, in each rendition, and the pages have their player."""
        master = self.call("GET", f"/api/v1/videos/{video_id}/hls")["hls_url"]
        folder = master.rsplit("/", 1)[0]
        playlists = re.findall(r'^([^#\s].*)$|URI="([^"]+)"', self.text(master), re.MULTILINE)
        assert playlists, "The master playlist names nothing."
        for playlist in (a or b for a, b in playlists):
            inner = self.text(f"{folder}/{playlist}")
            init = re.findall(r'URI="([^"]+)"', inner)[0]
            first = re.findall(r"^([^#\s].*)$", inner, re.MULTILINE)[0]
            rendition = f"{folder}/{playlist.rsplit('/', 1)[0]}"
            segment = self.request("GET", f"{rendition}/{init}", None) + self.request(
                "GET", f"{rendition}/{first}", None
            )
            with av.open(io.BytesIO(segment), "r") as opened:
                frames = sum(1 for _ in opened.decode())
            assert frames > 10, f"The first segment of {playlist} has {frames} frames."
        page = self.request("GET", "/login", None).decode()
        assert "<title>" in page, "The sign-in page is not a page."
        version = re.findall(r"/static/([^/]+)/", page)[0]
        for name in ("hls.mjs", "hls.worker.js", "media-chrome.js"):
            assert len(self.request("GET", f"/static/{version}/vendor/{name}", None)) > 50_000, f"{name} is not there."

    def text(self, path: str) -> str:
        return self.request("GET", path, None).decode()


@contextmanager
def running(executable: Path, home: Path) -> Iterator[tuple[Server, list[str]]]:
    """The executable's server, on the data directory that it chooses itself in its home."""
    port = free_port()
    process = subprocess.Popen(
        [str(executable), "serve", "--host", "127.0.0.1", "--port", str(port)],
        env={"HOME": str(home), "PATH": "/nowhere"},
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        user=NOBODY if os.geteuid() == 0 else None,
        group=NOBODY if os.geteuid() == 0 else None,
    )
    assert process.stdout
    lines: list[str] = []
    output = process.stdout
    reader = threading.Thread(target=lambda: lines.extend(iter(output.readline, "")))
    reader.start()
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process, lines)
        yield Server(f"http://127.0.0.1:{port}"), lines
        process.send_signal(signal.SIGINT)
        code = process.wait(20)
        assert code == 0, f"It ended with {code}:\n{''.join(lines)}"
        assert "Traceback" not in "".join(lines), "".join(lines)
    finally:
        process.kill()
        process.wait()
        reader.join()
        output.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[str], lines: list[str]) -> None:
    until = time.monotonic() + 60
    while True:
        assert process.poll() is None and time.monotonic() < until, f"It did not start:\n{''.join(lines)}"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.02)


def setup(lines: list[str]) -> dict[str, str]:
    until = time.monotonic() + 10
    while not (found := re.findall(r"/setup\?token=([\w.~-]+)", "".join(lines))):
        assert time.monotonic() < until, f"No set-up link was printed:\n{''.join(lines)}"
        time.sleep(0.02)
    return {"token": found[-1], "username": "ada", "password": PASSWORD}


def make_film(path: Path) -> Path:
    """Six seconds of H.264 and AAC: a grey that grows lighter, and silence."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as film:
        picture = film.add_stream("libx264", rate=25, options={"preset": "ultrafast", "g": "50"})
        picture.width, picture.height, picture.pix_fmt = 320, 180, "yuv420p"
        sound = film.add_stream("aac", rate=48000, layout="stereo")
        for number in range(25 * SECONDS):
            frame = av.VideoFrame(320, 180, "yuv420p")
            for plane, value in zip(frame.planes, (number % 200 + 20, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            film.mux(picture.encode(frame))
        film.mux(picture.encode(None))
        for number in range(48000 * SECONDS // 1024):
            silence = av.AudioFrame("fltp", "stereo", 1024)
            for channel in silence.planes:
                channel.update(bytes(channel.buffer_size))
            silence.pts, silence.sample_rate, silence.time_base = number * 1024, 48000, Fraction(1, 48000)
            film.mux(sound.encode(silence))
        film.mux(sound.encode(None))
    return path


if __name__ == "__main__":
    main()
