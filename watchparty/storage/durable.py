"""Having the disk itself hold what was written, and under which name."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """A file's bytes are on the disk when it returns; blocks."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """The names in a folder are: before that, a power cut may forget one; blocks."""
    if os.name == "nt":
        return  # Windows keeps names durable by itself and cannot open folders
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(part: Path, target: Path) -> None:
    """Give a finished file its name, whole and for good; blocks."""
    sync(part)
    part.replace(target)
    sync_folder(target.parent)
