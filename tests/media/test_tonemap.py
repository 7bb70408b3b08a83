"""Bright pictures on ordinary screens: what colours come out of PQ and HLG."""

import subprocess
from collections.abc import Callable
from math import log, sqrt
from pathlib import Path

import pytest

from tests.media.seen import pictures
from tests.media.test_encode import head
from tests.media.written import init
from watchparty.domain.ladder import Rendition
from watchparty.media.inspect import inspect
from watchparty.media.poster import poster

Colour = tuple[float, float, float]

RUNG = Rendition("180p", "video", "encode", 320, 180, 2_000_000, 3_000_000, "avc1.64000d", 0, 25.0, level=13)
TO_BT2020 = ((0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956))
"""ITU-R BT.2087-0."""

ORDINARY: dict[str, Colour] = {
    "skin": (180, 138, 112),
    "red": (170, 20, 20),
    "green": (20, 170, 20),
    "blue": (20, 20, 170),
    "grey": (128, 128, 128),
}
"""As an ordinary screen's signal, where 255 is 203 cd/m2; bright pictures have to come back as these."""
NEUTRAL = (1.0, 100.0, 203.0, 1000.0)
"""Greys, in cd/m2."""
BEYOND: Colour = (1000.0, 0.0, 0.0)
"""Light of BT.2020's red, which no ordinary screen has."""


def _pq(light: float) -> float:
    part = (max(light, 0.0) / 10_000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * part) / (1 + 18.6875 * part)) ** 78.84375)


def _as_pq(light: Colour) -> Colour:
    red, green, blue = light
    return _pq(red), _pq(green), _pq(blue)


def _as_hlg(light: Colour) -> Colour:
    """From the light of a screen of 1000 cd/m2 back to the scene, and its signal."""
    luminance = 0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2]
    scene = [max(part, 0.0) / 1000 * (luminance / 1000) ** (1 / 1.2 - 1) for part in light]
    signal = [
        sqrt(3 * part) if part <= 1 / 12 else 0.17883277 * log(12 * part - 0.28466892) + 0.55991073 for part in scene
    ]
    return signal[0], signal[1], signal[2]


def _lights() -> list[Colour]:
    """In cd/m2 and BT.2020, in the order of the patches."""
    lights: list[Colour] = []
    for colour in ORDINARY.values():
        linear = [203 * (part / 255) ** 2.4 for part in colour]
        red, green, blue = (sum(a * b for a, b in zip(row, linear, strict=True)) for row in TO_BT2020)
        lights.append((red, green, blue))
    lights.extend((light, light, light) for light in NEUTRAL)
    return [*lights, BEYOND]


def _clip(path: Path, transfer: str, signal: Callable[[Colour], Colour]) -> Path:
    """Ten upright patches in 10 bits, limited range, by x265."""
    colour = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:range=limited"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-s", "320x180", "-r", "25"]
    codec = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", f"log-level=none:crf=2:{colour}"]
    subprocess.run([*command, "-i", "-", *codec, str(path)], check=True, input=50 * _frame(signal))
    return path


def _frame(signal: Callable[[Colour], Colour]) -> bytes:
    brightness, first, second = bytearray(), bytearray(), bytearray()
    for light in _lights():
        red, green, blue = signal(light)
        y = 0.2627 * red + 0.6780 * green + 0.0593 * blue
        brightness += round(64 + 876 * y).to_bytes(2, "little") * 32
        first += round(512 + 896 * (blue - y) / 1.8814).to_bytes(2, "little") * 16
        second += round(512 + 896 * (red - y) / 1.4746).to_bytes(2, "little") * 16
    return bytes(brightness * 180 + first * 90 + second * 90)


def _patches(picture: bytes) -> dict[str, Colour]:
    """The colour in the middle of each."""
    found: dict[str, Colour] = {}
    names = [*ORDINARY, *(f"{light:.0f}" for light in NEUTRAL), "beyond"]
    for number, name in enumerate(names):
        at = (90 * 320 + number * 32 + 16) * 3
        found[name] = (picture[at], picture[at + 1], picture[at + 2])
    return found


@pytest.fixture(scope="module", params=["pq", "hlg"])
def clip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bright") / f"{request.param}.mkv"
    if request.param == "pq":
        return _clip(path, "smpte2084", _as_pq)
    return _clip(path, "arib-std-b67", _as_hlg)


def _encoded(clip: Path, folder: Path) -> dict[str, Colour]:
    whole = folder / "whole.mp4"
    whole.write_bytes(init(clip, RUNG) + b"".join(made.data for made in head(clip, [RUNG]) if made is not None))
    return _patches(pictures(whole, (320, 180))[20])


def test_what_an_ordinary_screen_can_show_keeps_its_colour(clip: Path, tmp_path: Path) -> None:
    seen = _encoded(clip, tmp_path)
    for name, colour in ORDINARY.items():
        assert seen[name] == pytest.approx(colour, abs=12), name


def test_greys_are_grey_and_brighter_ones_brighter(clip: Path, tmp_path: Path) -> None:
    seen = _encoded(clip, tmp_path)
    greys = [seen[f"{light:.0f}"] for light in NEUTRAL]
    assert all(max(grey) - min(grey) <= 3 for grey in greys)
    assert [grey[1] for grey in greys] == pytest.approx([28, 189, 231, 255], abs=5)


def test_a_red_that_no_ordinary_screen_has_is_still_a_clear_red(clip: Path, tmp_path: Path) -> None:
    red, green, blue = _encoded(clip, tmp_path)["beyond"]
    assert red > 235
    assert max(green, blue) < 140
    assert abs(green - blue) < 60


def test_a_smaller_rung_made_of_a_larger_has_its_colours(clip: Path, tmp_path: Path) -> None:
    small = Rendition("90p", "video", "encode", 160, 90, 2_000_000, 3_000_000, "avc1.64000b", 0, 25.0, level=11)
    cells = [made.data for made in head(clip, [small, RUNG]) if made is not None and made.rendition == small.name]
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(init(clip, small) + b"".join(cells))
    seen, large = _patches(pictures(whole, (320, 180))[20]), _encoded(clip, tmp_path)
    for name, colour in large.items():
        assert seen[name] == pytest.approx(colour, abs=8), name


def test_a_poster_has_the_colours_of_the_film(clip: Path, tmp_path: Path) -> None:
    picture = tmp_path / "poster.jpg"
    picture.write_bytes(poster(str(clip), inspect(str(clip)).source) or b"")
    seen, film = _patches(pictures(picture, (320, 180))[0]), _encoded(clip, tmp_path)
    for name, colour in film.items():
        assert seen[name] == pytest.approx(colour, abs=10), name
