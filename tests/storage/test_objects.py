"""The contract of an object store, held by the one there is."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from watchparty.domain.errors import NotFound
from watchparty.domain.signature import Signer
from watchparty.storage.objects import LocalObjects, ObjectStore
from watchparty.storage.partials import Digest, Partial


@pytest.fixture
def objects(tmp_path: Path) -> LocalObjects:
    store = LocalObjects(tmp_path / "objects", tmp_path / "uploads", Signer(b"k" * 32))
    store.prepare()
    return store


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken() -> AsyncIterator[bytes]:
    yield b"half"
    raise ConnectionResetError


async def read(objects: ObjectStore, key: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in objects.open(key, start, length)])


async def test_what_was_put_is_there_whole_and_in_part(objects: ObjectStore) -> None:
    stat = await objects.put("originals/a", pieces(b"hello ", b"world"))
    assert (stat.key, stat.size) == ("originals/a", 11)
    assert await read(objects, "originals/a") == b"hello world"
    assert await read(objects, "originals/a", 6) == b"world"
    assert await read(objects, "originals/a", 3, 4) == b"lo w"
    assert (await objects.stat("originals/a")).size == 11


async def test_a_put_that_breaks_off_leaves_nothing_at_all(objects: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError):
        await objects.put("originals/a", broken())
    with pytest.raises(NotFound):
        await objects.stat("originals/a")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_a_put_that_is_given_up_at_any_moment_leaves_all_or_nothing(objects: ObjectStore, tmp_path: Path) -> None:
    for delay in range(12):
        put = asyncio.create_task(objects.put(f"originals/{delay}", pieces(b"x" * 100_000)))
        await asyncio.sleep(delay / 2000)
        put.cancel()
        (outcome,) = await asyncio.gather(put, return_exceptions=True)
        kept = [stat.key for stat in await objects.list("originals")]
        assert (f"originals/{delay}" in kept) == (not isinstance(outcome, asyncio.CancelledError))
    assert not [*(tmp_path / "uploads").iterdir()]


async def test_a_finished_file_is_adopted_and_its_draft_is_gone(objects: ObjectStore, tmp_path: Path) -> None:
    async with objects.draft() as draft:
        draft.write_bytes(b"hello")
        stat = await objects.adopt(draft, "outputs/film/job.mp4")
        assert (stat.key, stat.size) == ("outputs/film/job.mp4", 5)
    assert await read(objects, "outputs/film/job.mp4") == b"hello"
    assert not [*(tmp_path / "uploads").iterdir()]


async def test_a_draft_that_nobody_adopts_leaves_nothing(objects: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with objects.draft() as draft:
            draft.write_bytes(b"half")
            raise ZeroDivisionError
    async with objects.draft():
        """Nothing was written at all."""
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_an_adoption_that_is_given_up_at_any_moment_leaves_all_or_nothing(
    objects: ObjectStore, tmp_path: Path
) -> None:
    async def adopted(key: str) -> None:
        async with objects.draft() as draft:
            draft.write_bytes(b"x" * 100_000)
            await objects.adopt(draft, key)

    for delay in range(12):
        adopting = asyncio.create_task(adopted(f"outputs/{delay}"))
        await asyncio.sleep(delay / 2000)
        adopting.cancel()
        (outcome,) = await asyncio.gather(adopting, return_exceptions=True)
        kept = [stat.key for stat in await objects.list("outputs")]
        assert (f"outputs/{delay}" in kept) == (not isinstance(outcome, asyncio.CancelledError))
    assert not [*(tmp_path / "uploads").iterdir()]


async def test_what_a_dead_server_had_half_written_is_dropped_at_the_next_start(
    objects: LocalObjects, tmp_path: Path
) -> None:
    async with objects.draft() as draft:
        draft.write_bytes(b"half")
        objects.prepare()
        assert not [*(tmp_path / "uploads").iterdir()]


async def test_deleting_is_quiet_and_takes_empty_folders_along(objects: ObjectStore, tmp_path: Path) -> None:
    await objects.put("originals/deep/a", pieces(b"x"))
    await objects.delete("originals/deep/a")
    await objects.delete("originals/deep/a")
    assert await objects.list("originals") == []
    assert not (tmp_path / "objects" / "originals").exists()


async def test_a_listing_tells_keys_and_sizes(objects: ObjectStore) -> None:
    await objects.put("originals/a/1", pieces(b"x"))
    await objects.put("originals/b/2", pieces(b"yy"))
    await objects.put("posters/c", pieces(b"z"))
    assert sorted((stat.key, stat.size) for stat in await objects.list("originals")) == [
        ("originals/a/1", 1),
        ("originals/b/2", 2),
    ]


@pytest.mark.parametrize(
    "key", ["", "one", "/etc/passwd", "a/../b", "../a/b", "a//b", "a/.hidden", "a\\b/c", "a/b\0", "a/b/", "a/b\n"]
)
def test_a_key_cannot_lead_anywhere_else(objects: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError):
        objects.path(key)


def test_a_signature_is_good_for_its_key_and_time_only(objects: ObjectStore) -> None:
    signature = objects.sign("a/b", 100)
    assert objects.is_signed("a/b", 100, signature)
    assert not objects.is_signed("a/b", 101, signature)
    assert not objects.is_signed("a/c", 100, signature)
    assert not objects.is_signed("a/b", 100, signature[:-1] + "x")


async def test_a_file_that_came_in_pieces_becomes_an_object_and_such_a_file_again(
    objects: LocalObjects, tmp_path: Path
) -> None:
    with Partial(objects.partial("one"), 0) as partial:
        partial.append(b"hello ")
        partial.append(b"world")
    objects.prepare()
    assert await objects.partials() == ["one"], "it outlives a start"
    await objects.adopt(objects.partial("one"), "originals/a/one")
    assert await read(objects, "originals/a/one") == b"hello world"
    assert await objects.partials() == []
    await objects.release("originals/a/one", "one")
    assert await objects.list("originals") == []
    assert objects.partial("one").read_bytes() == b"hello world"
    with pytest.raises(NotFound):
        await objects.release("originals/a/one", "one")


def test_pieces_go_on_behind_the_last_good_byte(objects: ObjectStore) -> None:
    path, digest = objects.partial("one"), Digest()
    with Partial(path, 0) as partial:
        partial.append(b"hello, all of")
    with Partial(path, 6) as partial:
        partial.append(b"world")
        partial.digest(digest, 5)
    assert path.read_bytes() == b"hello,world"
    assert digest.whole(path) == hashlib.sha256(b"hello,world").hexdigest()
    with Partial(path, 1000) as partial:
        assert partial.size == 11, "what a disk has lost is not made up"
    for name in ("../one", "a/b", "", "a.b"):
        with pytest.raises(ValueError):
            objects.partial(name)
