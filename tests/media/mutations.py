"""Films damaged on purpose, and the child process that goes through them as the engine would.

    python -m tests.media.mutations GOOD... -- DAMAGED...

prints one JSON line per damaged film. Whatever is opened for a first time (libraries, codecs) the good films bring in;
then MARK is asked for, so that who traces the process knows from where on nothing but the films may be opened.
"""

import contextlib
import faulthandler
import json
import random
import re
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.media.written import cell, init
from watchparty.domain import playlist
from watchparty.domain.ladder import Rendition, ladder
from watchparty.domain.source import Unplayable
from watchparty.media.child import _limit_resources
from watchparty.media.inspect import inspect
from watchparty.media.shelf import put_away

MARK = "/from-here-on-films-alone"
HANGS_SECONDS = 90
"""Longer than any of it takes, on a machine that does much else."""

_HEAD = 4096
_BOXES = (
    rb"moov|trak|mdia|minf|stbl|stsd|stts|ctts|stsc|stsz|stco|stss|elst|avcC|hvcC|vpcC|av1C|esds|moof|traf|trun|tfhd"
    rb"|mdat"
)
_EBML = (
    rb"\x1a\x45\xdf\xa3|\x18\x53\x80\x67|\x11\x4d\x9b\x74|\x16\x54\xae\x6b|\x1c\x53\xbb\x6b|\x1f\x43\xb6\x75"
    rb"|\x63\xa2|\xa3"
)


def mutated(film: bytes, seed: int) -> bytes:
    """The film damaged in one to three ways; the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(film)
    for _ in range(chance.randint(1, 3)):
        chance.choice(_WAYS)(data, chance)
    return bytes(data)


def _flipped(data: bytearray, chance: random.Random) -> None:
    """Some bytes changed, half of the time among the first, where everything is described."""
    end = min(_HEAD, len(data)) if chance.random() < 0.5 else len(data)
    for _ in range(chance.choice([1, 8, 200])):
        data[chance.randrange(end)] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) // 20, len(data)) :]


def _block(data: bytearray, chance: random.Random) -> slice:
    size = min(chance.choice([16, 500, 20_000]), len(data) // 4)
    at = chance.randrange(len(data) - size)
    return slice(at, at + size)


def _removed(data: bytearray, chance: random.Random) -> None:
    del data[_block(data, chance)]


def _doubled(data: bytearray, chance: random.Random) -> None:
    block = _block(data, chance)
    data[block.stop : block.stop] = data[block]


def _swapped(data: bytearray, chance: random.Random) -> None:
    block = _block(data, chance)
    other = chance.randrange(len(data) - (block.stop - block.start))
    moved = slice(other, other + block.stop - block.start)
    data[block], data[moved] = data[moved], data[block]


def _missized(data: bytearray, chance: random.Random) -> None:
    """The size of a box (before its name) or of an EBML element (behind its id), or a number inside, made wild."""
    places = [found.start() for found in re.finditer(_BOXES, data)]
    wild = struct.pack(">I", chance.choice([0, 1, 7, 8, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, chance.getrandbits(32)]))
    if places:
        at = chance.choice(places) + chance.choice([-4, 4, 8, 12])
    else:
        places = [found.end() for found in re.finditer(_EBML, data)]
        at = chance.choice(places) if places else chance.randrange(len(data))
    data[max(0, at) : max(0, at) + 4] = wild


_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flipped, _cut, _removed, _doubled, _swapped, _missized, _missized),
)


def gone_through(path: Path) -> str:
    """What became of it: "shown", or the sentence it was refused with."""
    try:
        inspection = inspect(str(path))
        for rendition in _some(ladder(inspection.source, inspection.grid)):
            count = len(playlist.durations(rendition, inspection.grid))
            init(path, rendition)
            for index in {0, count // 2}:
                cell(path, inspection, rendition, index)
    except Unplayable as refusal:
        return refusal.reason
    finally:
        put_away()
    return "shown"


def _some(renditions: tuple[Rendition, ...]) -> list[Rendition]:
    """One of each kind: the copy, the lowest rung, the first sound."""
    return list({(rendition.kind, rendition.mode): rendition for rendition in reversed(renditions)}.values())


def main(arguments: list[str]) -> None:
    between = arguments.index("--")
    good, damaged = arguments[:between], arguments[between + 1 :]
    _limit_resources()
    for name in good:
        assert gone_through(Path(name)) == "shown", name
    with contextlib.suppress(FileNotFoundError):
        Path(MARK).read_bytes()
    for name in damaged:
        faulthandler.dump_traceback_later(HANGS_SECONDS, exit=True)
        try:
            said = {"file": name, "said": gone_through(Path(name))}
        except Exception:
            said = {"file": name, "raised": traceback.format_exc()}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
