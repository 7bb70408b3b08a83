"""HLS playlists, to the letter."""

from dataclasses import replace

from tests.domain.sources import SOUND, source_of
from watchparty.domain import playlist
from watchparty.domain.grid import Grid
from watchparty.domain.ladder import ladder

GRID = Grid((0, 450_000, 990_000), (0, 180_180, 450_000, 720_000, 990_000), None)


def test_the_list_of_a_rendition_holds_its_cells_with_exact_durations() -> None:
    source = source_of(640, 360)
    assert playlist.media(ladder(source, GRID)[0], GRID) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-TARGETDURATION:6\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="init.mp4"\n'
        "#EXTINF:5.000000,\n"
        "00000.m4s\n"
        "#EXTINF:6.000000,\n"
        "00001.m4s\n"
        "#EXT-X-ENDLIST\n"
    )


def test_all_lists_of_a_film_have_one_target_duration() -> None:
    source = replace(source_of(1280, 720), audios=(SOUND,))
    targets = {
        line
        for rendition in ladder(source, GRID)
        for line in playlist.media(rendition, GRID).splitlines()
        if "TARGETDURATION" in line
    }
    assert targets == {"#EXT-X-TARGETDURATION:6"}


def test_durations_of_sound_are_whole_frames_and_make_up_the_film() -> None:
    source = replace(source_of(1280, 720), audios=(SOUND,))
    sound = ladder(source, GRID)[-1]
    listed = playlist.durations(sound, GRID)
    assert all(abs(seconds * 48_000 / 1024 - round(seconds * 48_000 / 1024)) < 1e-9 for seconds in listed)
    assert abs(sum(listed) - 11) < 1024 / 48_000


def test_the_master_list_names_every_rendition_the_smallest_first() -> None:
    source = replace(source_of(1280, 720), audios=(SOUND,))
    assert playlist.master(source, ladder(source, GRID)) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",'
        'URI="audio-1/audio.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=1392000,AVERAGE-BANDWIDTH=928000,CODECS="avc1.64001e,mp4a.40.2",'
        'RESOLUTION=640x360,FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO="sound"\n'
        "360p/video.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=2292000,AVERAGE-BANDWIDTH=1528000,CODECS="avc1.64001e,mp4a.40.2",'
        'RESOLUTION=854x480,FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO="sound"\n'
        "480p/video.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=4392000,AVERAGE-BANDWIDTH=2928000,CODECS="avc1.64001f,mp4a.40.2",'
        'RESOLUTION=1280x720,FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO="sound"\n'
        "720p/video.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=60192000,AVERAGE-BANDWIDTH=40128000,CODECS="avc1.640028,mp4a.40.2",'
        'RESOLUTION=1280x720,FRAME-RATE=25.000,VIDEO-RANGE=SDR,AUDIO="sound"\n'
        "source/video.m3u8\n"
    )


def test_a_film_without_sound_has_no_group_of_sounds() -> None:
    text = playlist.master(source_of(1280, 720), ladder(source_of(1280, 720), GRID))
    assert "AUDIO" not in text
    assert "mp4a" not in text


def test_sound_alone_is_a_variant_of_its_own() -> None:
    source = replace(source_of(1280, 720), video=None, audios=(SOUND,))
    lines = playlist.master(source, ladder(source, replace(GRID, copy=()))).splitlines()
    assert lines[3:] == [
        '#EXT-X-STREAM-INF:BANDWIDTH=192000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"',
        "audio-1/audio.m3u8",
    ]


def test_several_sounds_have_different_names_and_one_is_the_default() -> None:
    tracks = tuple(
        replace(SOUND, index=index, language=language, default=False)
        for index, language in ((1, "ger"), (2, "eng"), (3, "eng"))
    )
    source = replace(source_of(640, 360), audios=tracks)
    lines = [line for line in playlist.master(source, ladder(source, GRID)).splitlines() if "TYPE=AUDIO" in line]
    assert [line.split('NAME="')[1].split('"')[0] for line in lines] == ["ger", "eng (2)", "eng (3)"]
    assert ["DEFAULT=YES" in line for line in lines] == [True, False, False]


def test_what_a_file_says_of_itself_cannot_break_out_of_its_quotes() -> None:
    nasty = replace(SOUND, title='a",URI="http://127.0.0.1/x\n#EXT-X-ENDLIST\x00', language='e"n')
    source = replace(source_of(640, 360), audios=(nasty,))
    text = playlist.master(source, ladder(source, GRID))
    (line,) = [line for line in text.splitlines() if "TYPE=AUDIO" in line]
    assert line.count('"') == 2 * 5
    assert "\n#EXT-X-ENDLIST" not in text
