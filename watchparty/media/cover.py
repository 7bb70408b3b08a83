"""The picture that a sound file carries along: the cover of an album or an audio book."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame

from watchparty.media.keyframes import packets
from watchparty.media.opening import opened
from watchparty.media.still import decoded, fitted

LARGEST = 20 << 20
"""Bytes."""
_KINDS = {b"\xff\xd8\xff": "mjpeg", b"\x89PNG": "png"}
"""What covers are decoded with, by their first bytes; the container's own word for it is not asked."""


def cover(path: str, longest: int) -> VideoFrame | None:
    """The cover, its longer side at most `longest` pixels; None when there is none that can be shown."""
    with opened(path) as container:
        data = _attached(container)
    if data is None or len(data) > LARGEST:
        return None
    kind = next((kind for magic, kind in _KINDS.items() if data.startswith(magic)), None)
    frame = decoded(kind, data) if kind else None
    return None if frame is None else fitted(frame, longest)


def _attached(container: InputContainer) -> bytes | None:
    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            # It comes before everything else.
            first = next(packets(container, stream), None)
            return bytes(first) if first is not None else None
    return None
