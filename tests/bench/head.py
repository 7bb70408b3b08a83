"""A process that encodes a film's ladder and prints how much memory it took at most, in megabytes.

python -m tests.bench.head FILM [HEIGHT ...]
"""

import resource
import sys
from collections.abc import Collection
from pathlib import Path

import av

from watchparty.domain.grid import uncopied
from watchparty.domain.ladder import Rendition, ladder
from watchparty.domain.source import Source
from watchparty.media.encode import encoded_pictures
from watchparty.media.inspect import inspect
from watchparty.media.nice import return_memory

HEIGHTS = (1080, 720, 480, 360)


def rungs(source: Source, heights: Collection[int] = HEIGHTS) -> list[Rendition]:
    """The largest first, as if nothing of the source could be copied."""
    whole = ladder(source, uncopied(1, None, 0, None))
    found = [rendition for rendition in whole if rendition.kind == "video" and rendition.height in heights]
    return sorted(found, key=lambda rendition: -rendition.height)


def version() -> str:
    return av.ffmpeg_version_info


def main(film: str, heights: Collection[int]) -> None:
    inspection = inspect(film)
    source = inspection.source
    assert source.video is not None
    wanted = rungs(source, heights)
    made = encoded_pictures(film, source.video, source.start, inspection.grid.encode, wanted, 0, 0)
    assert sum(1 for each in made if each) == len(wanted) * (len(inspection.grid.encode) - 1)
    return_memory()
    print(_most_megabytes())


def _most_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)


if __name__ == "__main__":
    main(sys.argv[1], [int(height) for height in sys.argv[2:]] or HEIGHTS)
