"""The folder and the watching are real; only a system without room for a watch is played."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from watchfiles import awatch

from watchparty.services.folder_news import news, tells


async def no_room_for_events(folder: Path, *, force_polling: bool, **how: Any) -> AsyncIterator[set[tuple[Any, str]]]:
    """As awatch, on a system whose limit of watched folders is reached."""
    if not force_polling:
        raise OSError("OS file watch limit reached.")
    async for changes in awatch(folder, force_polling=True, **{**how, "poll_delay_ms": 100}):
        yield changes


async def breaks_once(folder: Path, **how: Any) -> AsyncIterator[set[tuple[Any, str]]]:
    """As awatch, but it breaks off at the first change that it has to tell of, once."""
    async for changes in awatch(folder, **how):
        if changes and not (marker := folder.with_name("broken")).exists():
            marker.touch()
            raise ExceptionGroup("unhandled errors in a TaskGroup", [RuntimeError("Unable to decode path")])
        yield changes


async def test_what_changes_is_told(tmp_path: Path) -> None:
    await hears(tmp_path, True)


async def test_what_nobody_tells_of_is_found_by_looking(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await hears(tmp_path, False, no_room_for_events)
    assert "from now on" not in caplog.text


async def test_where_there_is_no_room_for_a_watch_the_folder_is_looked_through(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await hears(tmp_path, True, no_room_for_events)
    assert "is looked through every 2 s from now on: OS file watch limit reached." in caplog.text


async def test_a_watch_that_broke_begins_anew_and_says_that_anything_may_have_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    stop, whole = asyncio.Event(), 0
    async with asyncio.timeout(20):
        async for places in news(folder, stop, told=True, watch=breaks_once):
            whole += folder in places
            if whole == 1:
                (folder / "a").write_text("a")
            elif whole == 2:
                stop.set()
    assert "begins anew: Unable to decode path" in caplog.text


async def hears(folder: Path, told: bool, watch: Any = awatch) -> None:
    stop, heard = asyncio.Event(), False
    async with asyncio.timeout(20):
        async for places in news(folder, stop, told=told, watch=watch):
            if not places and not (folder / "a").exists():
                (folder / "a").write_text("a")
            if folder / "a" in places:
                heard = True
                stop.set()
    assert heard


def test_the_setting_decides_unless_it_leaves_it_to_where_the_folder_lies(tmp_path: Path) -> None:
    assert [tells(tmp_path, way) for way in ("events", "polling", "auto")] == [True, False, True]
