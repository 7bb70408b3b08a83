"""What a film is offered as."""

from dataclasses import replace

import pytest

from tests.domain.sources import SOUND, source_of
from watchparty.domain.grid import Grid
from watchparty.domain.ladder import ladder, why_encoded

ENCODED = Grid((), (0, 180_000, 540_000), "Because.")
COPIED = Grid((0, 540_000), (0, 180_000, 540_000), None)


def names(width: int, height: int, grid: Grid, **changes: object) -> list[str]:
    source = source_of(width, height, **changes)
    return [rendition.name for rendition in ladder(source, grid) if rendition.kind == "video"]


@pytest.mark.parametrize(
    ("size", "rungs"),
    [
        ((1920, 1080), ["360p", "480p", "720p", "1080p"]),
        ((1280, 720), ["360p", "480p", "720p"]),
        ((854, 480), ["360p", "480p"]),
        ((426, 240), ["240p"]),
        ((320, 181), ["180p"]),
        ((1920, 800), ["360p", "480p", "720p", "800p"]),
        ((3840, 2160), ["360p", "480p", "720p", "1080p", "1440p", "2160p"]),
        ((1080, 1920), ["360p", "480p", "720p", "1080p"]),
    ],
)
def test_rungs_go_up_to_the_source_s_own_height(size: tuple[int, int], rungs: list[str]) -> None:
    assert names(*size, ENCODED) == rungs


def test_beside_the_copy_there_is_a_whole_ladder_for_browsers_that_cannot_show_it() -> None:
    assert names(1920, 1080, COPIED) == ["source", "360p", "480p", "720p", "1080p"]
    assert names(426, 240, COPIED) == ["source", "240p"]


def test_only_the_copy_of_h264_is_for_every_browser() -> None:
    copy, *rungs = ladder(source_of(1280, 720), COPIED)
    assert copy.universal and all(rung.universal for rung in rungs)
    for codecs in ("hvc1.2.4.L93.B0", "vp09.00.31.08", "av01.0.05M.10"):
        copy, *rungs = ladder(source_of(1280, 720, codecs=codecs), COPIED)
        assert not copy.universal and all(rung.universal for rung in rungs)


@pytest.mark.parametrize(
    ("codec", "grid", "why"),
    [
        ("h264", COPIED, None),
        ("h264", ENCODED, "Because."),
        ("hevc", COPIED, "The picture is HEVC, which not every browser shows."),
        ("av1", COPIED, "The picture is AV1, which not every browser shows."),
        ("vp9", ENCODED, "Because."),
    ],
)
def test_a_film_says_why_it_is_encoded(codec: str, grid: Grid, why: str | None) -> None:
    assert why_encoded(source_of(1280, 720, codec=codec), grid) == why


def test_the_copy_keeps_the_range_of_its_colours_and_rungs_are_of_the_usual_one() -> None:
    for transfer, video_range in ((1, "SDR"), (16, "PQ"), (18, "HLG")):
        copy, *rungs = ladder(source_of(1280, 720, transfer=transfer), COPIED)
        assert copy.video_range == video_range
        assert {rung.video_range for rung in rungs} == {"SDR"}


def test_sides_are_even_and_keep_the_shape() -> None:
    for rendition in ladder(source_of(1919, 1079), ENCODED):
        assert rendition.width % 2 == rendition.height % 2 == 0
    assert [(each.width, each.height) for each in ladder(source_of(1080, 1920), ENCODED)][:2] == [
        (360, 640),
        (480, 854),
    ]


def test_no_rung_takes_more_than_the_source_and_a_tenth() -> None:
    source = source_of(1920, 1080, bit_rate=1_000_000)
    assert [rendition.bit_rate for rendition in ladder(source, ENCODED)] == [800_000, 1_100_000, 1_100_000, 1_100_000]


@pytest.mark.parametrize(
    ("size", "rate", "codecs"),
    [
        ((640, 360), (25, 1), "avc1.64001e"),
        ((1280, 720), (25, 1), "avc1.64001f"),
        ((1920, 1080), (25, 1), "avc1.640028"),
        ((1920, 1080), (60, 1), "avc1.64002a"),
        ((1920, 1080), (120, 1), "avc1.64002a"),
    ],
)
def test_the_level_announced_allows_the_size_and_rate(
    size: tuple[int, int], rate: tuple[int, int], codecs: str
) -> None:
    assert ladder(source_of(*size, frame_rate=rate), ENCODED)[-1].codecs == codecs


def test_every_sound_track_is_a_rendition_copied_where_browsers_take_it() -> None:
    tracks = (SOUND, replace(SOUND, index=2, codec="dts", codecs="dca", channels=6, copyable=False, language="eng"))
    first, second = ladder(replace(source_of(1280, 720), video=None, audios=tracks), ENCODED)
    assert (first.name, first.mode, first.channels, first.codecs) == ("audio-1", "copy", 2, "mp4a.40.2")
    assert (second.name, second.mode, second.channels, second.codecs) == ("audio-2", "encode", 2, "mp4a.40.2")
    assert second.language == "eng"


@pytest.mark.parametrize(
    ("rate", "sent"), [(48_000, 48_000), (44_100, 44_100), (96_000, 48_000), (22_050, 44_100), (8_000, 48_000)]
)
def test_sound_is_encoded_at_a_rate_browsers_take_that_its_own_divides(rate: int, sent: int) -> None:
    track = replace(SOUND, copyable=False, sample_rate=rate)
    (rendition,) = ladder(replace(source_of(1280, 720), video=None, audios=(track,)), ENCODED)
    assert rendition.sample_rate == sent


def test_copied_sound_keeps_the_phase_of_its_frames() -> None:
    for begins in (-1024, 0, 1024 * 7):
        (rendition,) = ladder(replace(source_of(1, 1), video=None, audios=(replace(SOUND, begins=begins),)), ENCODED)
        assert rendition.phase == 0
    (rendition,) = ladder(replace(source_of(1, 1), video=None, audios=(replace(SOUND, begins=-1000),)), ENCODED)
    assert rendition.phase == 24
