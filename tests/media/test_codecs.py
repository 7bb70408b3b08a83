"""What browsers are told of a picture before they fetch any of it."""

import pytest

from tests.media.torture import film
from watchparty.media.inspect import inspect


@pytest.mark.parametrize(
    ("name", "codecs", "video_range"),
    [
        ("h264.ts", "avc1.64000c", "SDR"),
        ("hevc.mp4", "hvc1.1.6.L60.90", "SDR"),
        ("hevc.ts", "hvc1.1.6.L60.90", "SDR"),
        ("hdr_pq.mkv", "hvc1.2.4.L60.90", "PQ"),
        ("hdr_hlg.mp4", "hvc1.2.4.L60.90", "HLG"),
        ("vp9.webm", "vp09.00.30.08", "SDR"),
        ("vp9_hdr.webm", "vp09.02.11.10.01.09.16.09.00", "PQ"),
        ("av1.mp4", "av01.0.00M.08", "SDR"),
        ("av1.webm", "av01.0.00M.10", "SDR"),
    ],
)
def test_a_picture_is_announced_exactly(name: str, codecs: str, video_range: str) -> None:
    track = inspect(str(film(name))).source.video
    assert track is not None
    assert (track.codecs, track.video_range) == (codecs, video_range)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("hevc_open.mkv", "keyframes depend on what comes before"),
        ("open_gop.mkv", "keyframes depend on what comes before"),
        ("long_gop.mp4", "cut only every 20 seconds"),
        ("high10.mp4", "10 bits a colour"),
        ("high422.mkv", "colours are stored in a way"),
        ("interlaced.mp4", "is interlaced"),
        ("rotated.mp4", "stored turned"),
        ("trimmed.mp4", "trimmed"),
        ("h264.avi", "does not say when each picture is shown"),
        ("mpeg4.avi", "is MPEG-4, which browsers do not show"),
    ],
)
def test_a_picture_that_cannot_go_out_as_it_is_says_why(name: str, why: str) -> None:
    refusal = inspect(str(film(name))).grid.copy_refusal
    assert refusal is not None and why in refusal
