"""The cache of produced cells."""

import os
import threading
from pathlib import Path

import pytest

from watchparty.storage.cells import CellCache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "segments"


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
