"""What a listener would notice in a tone that went through the engine."""

from __future__ import annotations  # array is generic for the type checker alone

import math
from array import array


def signal_to_noise(samples: array[float], low: int, high: int, frequency: float, rate: int) -> float:
    """How well a sine of `frequency` fits samples `low` to `high`, in dB; a click or a shift shows at once."""
    turn = 2 * math.pi * frequency / rate
    part = samples[low:high]
    sines = [math.sin(turn * (low + number)) for number in range(len(part))]
    cosines = [math.cos(turn * (low + number)) for number in range(len(part))]
    a = 2 * sum(x * s for x, s in zip(part, sines, strict=True)) / len(part)
    b = 2 * sum(x * c for x, c in zip(part, cosines, strict=True)) / len(part)
    noise = sum((x - a * s - b * c) ** 2 for x, s, c in zip(part, sines, cosines, strict=True))
    signal = sum((a * s + b * c) ** 2 for s, c in zip(sines, cosines, strict=True))
    return 10 * math.log10(signal / max(noise, 1e-12))
