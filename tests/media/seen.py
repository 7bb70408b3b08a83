"""What is seen of a file, as the system's ffmpeg decodes it."""

import subprocess
from pathlib import Path


def pictures(path: Path, size: tuple[int, int], *, before: str = "") -> list[bytes]:
    """Every picture at this size in red, green and blue; `before` are filters that come first."""
    width, height = size
    filters = f"{before}{',' if before else ''}scale={width}:{height},format=rgb24"
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-vf", filters, "-vsync", "0", "-f", "rawvideo", "-"]
    output = subprocess.run(command, check=True, capture_output=True).stdout
    count = width * height * 3
    return [output[at : at + count] for at in range(0, len(output), count)]


def difference(one: bytes, other: bytes) -> float:
    """Mean absolute difference of a sample of the colours, 0 to 255."""
    return sum(abs(a - b) for a, b in zip(one[::7], other[::7], strict=True)) / len(one[::7])
