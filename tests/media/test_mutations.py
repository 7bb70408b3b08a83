"""Damaged films are shown as far as that goes, or refused with a sentence; they break, reach and open nothing else."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.media.mutations import MARK, mutated
from tests.media.torture import film

FILMS = (
    *("h264.mp4", "h264.mkv", "h264.ts", "h264.flv", "fragmented.mp4", "faststart.mp4", "trimmed.mp4", "subtitled.mkv"),
    *("hevc.mp4", "hevc.ts", "hdr_pq.mkv", "vp9.mp4", "vp9_hdr.webm", "av1.mp4", "av1.webm", "mpeg4.avi", "h264.avi"),
    *("interlaced.ts", "dvd.vob", "windows.wmv", "theora.ogv", "phone.3gp", "old.flv", "vp8.webm", "camera.mov"),
    *("stills.avi", "seven.mkv", "sound.m4a", "sound.mp3", "covered.mp3", "sound.flac", "sound.ogg", "high422.mkv"),
)
FEW, MANY, BATCH = 60, 2000, 20
TRACED = ("strace", "-f", "-qq", "-e", "trace=network,open,openat,creat,execve", "-e", "signal=none")
SYSTEM = ("/proc/", "/sys/")
"""How many cores there are, and how much memory."""


@pytest.mark.parametrize("first", range(0, FEW, BATCH))
def test_damaged_films_do_no_harm(first: int, tmp_path: Path) -> None:
    do_no_harm(range(first, first + BATCH), tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(FEW, MANY, BATCH))
def test_many_damaged_films_do_no_harm(first: int, tmp_path: Path) -> None:
    do_no_harm(range(first, first + BATCH), tmp_path)


@pytest.mark.parametrize(
    "call",
    [
        '7  openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3',
        "7  connect(3, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0",
        '7  execve("/bin/sh", ["sh"], 0x7ffc) = 0',
    ],
)
def test_whatever_else_a_process_opens_is_noticed(call: str, tmp_path: Path) -> None:
    mine = f'7  openat(AT_FDCWD, "{tmp_path}/1-h264.mp4", O_RDONLY) = 3'
    mark = f'7  openat(AT_FDCWD, "{MARK}", O_RDONLY) = -1 ENOENT'
    assert reached(f"{call}\n{mark}\n{mine}\n", tmp_path) == []
    assert reached(f"{mark}\n{mine}\n{call}\n", tmp_path) == [call]


def do_no_harm(seeds: range, folder: Path) -> None:
    uploads = folder / "uploads"
    uploads.mkdir()
    chosen = {seed: FILMS[seed * 7 % len(FILMS)] for seed in seeds}
    for seed, name in chosen.items():
        (uploads / f"{seed}-{name}").write_bytes(mutated(film(name).read_bytes(), seed))
    trace = folder / "trace"
    tracer = [*TRACED, "-o", str(trace)] if shutil.which("strace") else []
    good = [str(film(name)) for name in sorted(set(chosen.values()))]
    damaged = [str(uploads / f"{seed}-{name}") for seed, name in chosen.items()]
    command = [*tracer, sys.executable, "-m", "tests.media.mutations", *good, "--", *damaged]
    # The engine keeps tables of colours there.
    own = folder / "own"
    own.mkdir()
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(own)})
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{damaged[len(answers) :][:1]}: {done.returncode}: {done.stderr[-3000:]}"
    assert [answer["file"] for answer in answers] == damaged
    for answer in answers:
        assert "raised" not in answer, f"{answer['file']}: {answer['raised']}"
        assert re.fullmatch(r"shown|[A-Z].*\.", answer["said"]), answer
    if tracer:
        assert reached(trace.read_text(), uploads, own) == []


def reached(trace: str, *folders: Path) -> list[str]:
    """System calls behind the mark that speak to a network, start a program, or open anything outside the folders."""
    assert MARK in trace
    calls = trace.split(MARK, 1)[1].splitlines()[1:]
    opened = re.compile(r'^\d+ +open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"')
    suspicious = []
    for call in calls:
        if "exited with" in call or "resumed>" in call:
            continue
        found = opened.match(call)
        if not found or not found[1].startswith((*map(str, folders), *SYSTEM)):
            suspicious.append(call)
    return suspicious
