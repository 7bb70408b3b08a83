"""Bright pictures for ordinary screens: a table from PQ or HLG in BT.2020 to SDR in BT.709, for FFmpeg's lut3d.

What is white on paper (203 cd/m2, ITU-R BT.2408) becomes 90 % of the ordinary white, highlights up to 1000 cd/m2 share
the rest, and shadows keep their brightness: the curve of ITU-R BT.2390-11, 5.4.1, on the largest of the three colours,
so that hues stay. Colours outside BT.709 go towards grey until they are inside.
"""

from __future__ import annotations

import tempfile
import threading
from functools import cache
from math import exp
from pathlib import Path

PQ, HLG = 16, 18
"""ITU-T H.273 transfer characteristics."""

_POINTS = 33
_PEAK = 1000.0
"""The brightest highlight that is told from a brighter one, in cd/m2: what most films are graded on."""
_WHITE = 203.0
"""What becomes the brightest of an ordinary screen."""
_GAMMA = 2.4
"""Of an ordinary screen (ITU-R BT.1886)."""

_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
"""ITU-R BT.2100-2, table 4."""
_HLG_A, _HLG_B, _HLG_C = 0.17883277, 0.28466892, 0.55991073
"""ITU-R BT.2100-2, table 5."""
_HLG_GAMMA = 1.2
"""Of the eye between scene and a screen of 1000 cd/m2."""

_LUMA = (0.2627, 0.6780, 0.0593)
_TO_BT709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))
"""ITU-R BT.2407-0, 2: linear light of BT.2020 seen in BT.709."""
_LUMA_709 = (0.2126, 0.7152, 0.0722)

_Colour = tuple[float, float, float]

_lock = threading.Lock()


def is_bright(transfer: int) -> bool:
    """Whether pictures of this transfer have to go through a table."""
    return transfer in (PQ, HLG)


def table(transfer: int) -> Path:
    """The table's file, made once and gone with the process; some tenths of a second the first time."""
    with _lock:
        return _file(transfer)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="watchparty-", ignore_cleanup_errors=True)


@cache
def _file(transfer: int) -> Path:
    path = Path(_folder().name) / f"{transfer}.cube"
    path.write_text(cube(transfer))
    return path


def cube(transfer: int) -> str:
    """The table in Adobe's .cube form, red running fastest."""
    axis = [number / (_POINTS - 1) for number in range(_POINTS)]
    light = [_scene_light(value) if transfer == HLG else _from_pq(value) for value in axis]
    lines = [f"LUT_3D_SIZE {_POINTS}"]
    for blue in light:
        for green in light:
            for red in light:
                colour = _on_bright_screen((red, green, blue)) if transfer == HLG else (red, green, blue)
                lines.append(" ".join(f"{part:.5f}" for part in _on_ordinary_screen(colour)))
    return "\n".join(lines) + "\n"


def _scene_light(value: float) -> float:
    """What HLG's signal stands for, 0 to 1."""
    return value * value / 3 if value <= 0.5 else (exp((value - _HLG_C) / _HLG_A) + _HLG_B) / 12


def _on_bright_screen(colour: _Colour) -> _Colour:
    """HLG's scene on a screen of 1000 cd/m2, in cd/m2."""
    scale = _PEAK * _luminance(colour, _LUMA) ** (_HLG_GAMMA - 1)
    red, green, blue = colour
    return scale * red, scale * green, scale * blue


def _on_ordinary_screen(colour: _Colour) -> _Colour:
    """From cd/m2 in BT.2020 to the signal, 0 to 1, in BT.709."""
    scale = _dimming(max(colour))
    red, green, blue = (scale * part for part in colour)
    inside = _inside(tuple(a * red + b * green + c * blue for a, b, c in _TO_BT709))
    signal = [min(max(part, 0.0), 1.0) ** (1 / _GAMMA) for part in inside]
    return signal[0], signal[1], signal[2]


@cache
def _dimming(light: float) -> float:
    """What light of this many cd/m2 is multiplied with, so that 1 is the most an ordinary screen can."""
    most, white = _to_pq(_PEAK), _to_pq(_WHITE)
    signal, target = min(_to_pq(light) / most, 1.0), white / most
    knee = 1.5 * target - 0.5
    if signal > knee:
        t = (signal - knee) / (1 - knee)
        signal = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * target
    return _from_pq(signal * most) / _WHITE / max(light, 1e-6)


def _inside(colour: tuple[float, ...]) -> list[float]:
    """Towards grey of the same luminance, just far enough that no part is below 0 or above 1."""
    grey = _luminance(colour, _LUMA_709)
    low, high = min(colour), max(colour)
    kept = 1.0
    if low < 0 < grey:
        kept = grey / (grey - low)
    if high > 1 > grey:
        kept = min(kept, (1 - grey) / (high - grey))
    return [grey + kept * (part - grey) for part in colour]


def _luminance(colour: tuple[float, ...], weights: _Colour) -> float:
    return sum(part * weight for part, weight in zip(colour, weights, strict=True))


def _from_pq(value: float) -> float:
    """Light in cd/m2."""
    root = float(value ** (1 / _M2))
    return float(10_000 * (max(root - _C1, 0.0) / (_C2 - _C3 * root)) ** (1 / _M1))


def _to_pq(light: float) -> float:
    part = (light / 10_000) ** _M1
    return float(((_C1 + _C2 * part) / (1 + _C3 * part)) ** _M2)
