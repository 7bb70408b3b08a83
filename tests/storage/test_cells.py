"""The cache of produced cells."""

import os
import threading
import time
from pathlib import Path

import pytest

from watchparty.storage.cells import CellCache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "segments"


class Disk:
    """How much of a disk is free, as far as the cache can tell."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size, self.others = folder, size, 0

    def __call__(self, folder: Path) -> int:
        return self.size - self.others - sum(path.stat().st_size for path in self.folder.rglob("*.*"))


def there(cache: CellCache, video_id: str = "film") -> list[int]:
    return [index for index in range(50) if cache.has(video_id, "720p", index)]


def on_disk(folder: Path, video_id: str = "film") -> list[int]:
    return sorted(int(path.stem) for path in (folder / video_id).rglob("*.m4s"))


def test_a_kept_cell_is_found_again_after_a_restart(folder: Path) -> None:
    path = CellCache(folder, 1000, 0).put("film", "720p", 3, b"cell")
    assert path is not None
    cache = CellCache(folder, 1000, 0)
    assert cache.get("film", "720p", 3) == path
    assert path.read_bytes() == b"cell"
    assert (cache.size, cache.count("film", "720p")) == (4, 1)


def test_the_least_recently_used_go_first(folder: Path) -> None:
    cache = CellCache(folder, 30, 0)
    for index in range(3):
        cache.put("film", "720p", index, bytes(10))
    cache.get("film", "720p", 0)
    cache.put("film", "720p", 3, bytes(10))
    assert [index for index in range(5) if cache.has("film", "720p", index)] == [0, 2, 3]
    assert cache.count("film", "720p") == 3
    assert cache.size == 30
    assert not (folder / "film" / "720p" / "00001.m4s").exists()


def test_a_cell_larger_than_the_cap_is_not_kept_and_costs_no_other(folder: Path) -> None:
    cache = CellCache(folder, 30, 0)
    cache.put("film", "720p", 0, bytes(10))
    assert cache.put("film", "720p", 1, bytes(31)) is None
    assert cache.has("film", "720p", 0)
    assert cache.count("film", "720p") == 1


def test_a_smaller_cap_holds_from_the_next_start_on(folder: Path) -> None:
    cache = CellCache(folder, 100, 0)
    for index in range(10):
        cache.put("film", "720p", index, bytes(10))
    assert CellCache(folder, 35, 0).size <= 35
    assert len(list(folder.rglob("*.m4s"))) <= 3


def test_the_disk_s_last_bytes_are_left_to_others(folder: Path) -> None:
    assert CellCache(folder, 1000, 1 << 62).put("film", "720p", 0, b"cell") is None
    assert not list(folder.rglob("*.m4s"))


def test_what_was_half_written_is_gone_after_a_restart(folder: Path) -> None:
    CellCache(folder, 1000, 0).put("film", "720p", 0, b"cell")
    (folder / "film" / "720p" / "0123.part").write_bytes(b"ce")
    (folder / "film" / "720p" / "00001.m4s").touch()
    cache = CellCache(folder, 1000, 0)
    assert cache.has("film", "720p", 0)
    assert cache.count("film", "720p") == 1
    assert sorted(path.name for path in folder.rglob("*.*")) == ["00000.m4s"]


def test_making_a_cell_twice_counts_it_once(folder: Path) -> None:
    cache = CellCache(folder, 1000, 0)
    for size in (10, 20, 5):
        cache.put("film", "720p", 0, bytes(size))
    assert (cache.size, cache.count("film", "720p")) == (5, 1)


def test_a_forgotten_film_leaves_nothing_and_others_stay(folder: Path) -> None:
    cache = CellCache(folder, 1000, 0)
    cache.put("film", "720p", 0, b"cell")
    cache.put("other", "720p", 0, b"cell")
    cache.forget("film")
    assert cache.get("film", "720p", 0) is None
    assert cache.get("other", "720p", 0) is not None
    assert [path.name for path in folder.iterdir()] == ["other"]


@pytest.mark.parametrize("name", ["..", "a/b", "", "a\0", "x" * 200])
def test_a_name_that_is_no_name_opens_nothing(name: str, folder: Path) -> None:
    with pytest.raises(ValueError, match="not a name"):
        CellCache(folder, 1000, 0).put(name, "720p", 0, b"cell")


def test_many_threads_may_use_it_at_once(folder: Path) -> None:
    cache = CellCache(folder, 500, 0)

    def work(film: int) -> None:
        for index in range(40):
            cache.put(f"film{film}", "720p", index, os.urandom(10))
            cache.get(f"film{film}", "720p", index - 1)

    threads = [threading.Thread(target=work, args=(film,)) for film in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.size == sum(path.stat().st_size for path in folder.rglob("*.m4s")) <= 500


def test_what_was_made_unasked_goes_before_what_somebody_fetched(folder: Path) -> None:
    cache = CellCache(folder, 40, 0)
    for index in range(4):
        cache.put("film", "720p", index, bytes(10), unasked=index in {1, 2})
    cache.get("film", "720p", 1)
    for index in (10, 11):
        cache.put("film", "720p", index, bytes(10))
    # 2 was never fetched; then 0 is the one made longest ago.
    assert there(cache) == [1, 3, 10, 11] == on_disk(folder)


def test_a_cell_can_be_kept_without_costing_what_was_used_of_late(folder: Path) -> None:
    cache = CellCache(folder, 30, 0)
    for index in range(3):
        cache.put("film", "720p", index, bytes(10), unasked=index > 0)
    assert cache.put("film", "720p", 3, bytes(10), unasked=True, sparing=60) is None
    assert there(cache) == [0, 1, 2]
    long_ago = time.time() - 100
    for index in (0, 2):
        os.utime(folder / "film" / "720p" / f"{index:05d}.m4s", (long_ago, long_ago))
    cache = CellCache(folder, 30, 0)
    assert cache.put("film", "720p", 3, bytes(10), unasked=True, sparing=60) is not None
    assert len(there(cache)) == 3 and 1 in there(cache)


def test_the_order_of_use_survives_a_restart(folder: Path) -> None:
    cache = CellCache(folder, 1000, 0)
    now = time.time()
    for index in range(4):
        path = cache.put("film", "720p", index, bytes(10), unasked=index in {1, 2})
        assert path is not None
        os.utime(path, (path.stat().st_atime and now - 100 + index, now - 100 + index))
    for index in (0, 1):
        path = cache.get("film", "720p", index)
        assert path is not None and cache.touch(path)
    assert there(CellCache(folder, 30, 0)) == [0, 1, 3]
    assert there(CellCache(folder, 20, 0)) == [0, 1]


def test_the_touch_of_a_cell_that_somebody_took_away_says_so(folder: Path) -> None:
    cache = CellCache(folder, 1000, 0)
    path = cache.put("film", "720p", 0, b"cell")
    assert path is not None
    path.unlink()
    assert not cache.touch(path)


def test_the_floor_holds_also_when_others_fill_the_disk(folder: Path) -> None:
    disk = Disk(folder, 1000)
    cache = CellCache(folder, 800, 200, free=disk)
    for index in range(40):
        cache.put("film", "720p", index, bytes(10))
    disk.others = 500
    cache.trim()
    assert disk(folder) >= 200
    assert there(cache) == on_disk(folder) == [*range(10, 40)]
    disk.others = 900
    cache.trim()
    assert on_disk(folder) == []
    assert cache.put("film", "720p", 0, b"cell") is None


def test_what_a_room_is_about_to_need_stays_whatever_is_made(folder: Path) -> None:
    cache = CellCache(folder, 100, 0)
    for index in range(10):
        cache.put("film", "720p", index, bytes(10))
    cache.protect({"film": [range(2, 5)]})
    for index in range(10, 30):
        cache.put("film", "720p", index, bytes(10))
    assert there(cache)[:3] == [2, 3, 4]
    assert cache.size <= 100
    cache.protect({})
    for index in range(30, 40):
        cache.put("film", "720p", index, bytes(10))
    assert there(cache) == [*range(30, 40)]


def test_kept_films_are_never_evicted_and_do_not_count(folder: Path) -> None:
    cache = CellCache(folder, 50, 0, kept=["kept"])
    for index in range(20):
        assert cache.put("kept", "720p", index, bytes(10), unasked=True)
        cache.put("film", "720p", index, bytes(10))
    assert there(cache, "kept") == [*range(20)]
    assert there(cache) == [*range(15, 20)]
    usage = cache.usage()
    assert (usage.bytes, usage.kept_bytes, usage.cap_bytes) == (50, 200, 50)
    assert cache.by_video() == {"kept": 200, "film": 50}
    # As after a restart.
    again = CellCache(folder, 50, 0, kept=["kept"])
    assert (there(again, "kept"), there(again)) == ([*range(20)], [*range(15, 20)])


def test_a_film_that_is_kept_no_longer_is_cache_like_any_other(folder: Path) -> None:
    cache = CellCache(folder, 50, 0)
    for index in range(5):
        cache.put("film", "720p", index, bytes(10))
    cache.keep("film", True)
    assert cache.size == 0
    for index in range(5):
        cache.put("other", "720p", index, bytes(10))
    cache.keep("film", False)
    assert cache.size == 100
    cache.trim()
    assert (there(cache), there(cache, "other")) == ([], [*range(5)])


def test_a_kept_film_stops_at_the_floor(folder: Path) -> None:
    disk = Disk(folder, 1000)
    cache = CellCache(folder, 1000, 500, kept=["kept"], free=disk)
    for index in range(20):
        cache.put("film", "720p", index, bytes(10))
    made = [cache.put("kept", "720p", index, bytes(10), unasked=True) for index in range(60)]
    # What can be made again goes for it; the floor stays.
    assert [path is not None for path in made] == [True] * 50 + [False] * 10
    assert disk(folder) == 500
    cache.trim()
    assert len(there(cache, "kept")) == 50


def test_a_clock_set_back_keeps_nothing_alive(folder: Path) -> None:
    cache = CellCache(folder, 1000, 0)
    for index in range(10):
        path = cache.put("film", "720p", index, bytes(10))
        assert path is not None
        os.utime(path, (time.time() + 86_400 + index,) * 2)
    assert there(CellCache(folder, 50, 0)) == [5, 6, 7, 8, 9]


def test_renditions_that_others_have_replaced_go_also_of_a_kept_film(folder: Path) -> None:
    cache = CellCache(folder, 1000, 0, kept=["film"])
    for name in ("720p", "480p", "360p"):
        cache.put("film", name, 0, b"cell")
        cache.put("other", name, 0, b"cell")
    cache.retain("film", ["720p", "1080p"])
    assert cache.by_video() == {"film": 4, "other": 12}
    assert sorted(path.name for path in (folder / "film").iterdir()) == ["720p"]
    cache.forget("film")
    assert cache.usage().kept_bytes == 0
