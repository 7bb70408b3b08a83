"""People's pictures: drawn anew from what they send, and kept small."""

import asyncio
from collections.abc import AsyncIterable

from watchparty.domain.errors import NotFound, TooLarge, WrongMediaType
from watchparty.domain.source import Unplayable
from watchparty.domain.user import Person, User
from watchparty.media.avatar import LARGEST, avatar
from watchparty.services.ids import new_id
from watchparty.services.users import Users
from watchparty.storage.database import Database, Tx
from watchparty.storage.users import UserStore


class Avatars:
    def __init__(self, database: Database, store: UserStore, users: Users) -> None:
        self._database = database
        self._store = store
        self._users = users
        # A large picture takes a moment of a core and some hundred megabytes: one after the other.
        self._drawing = asyncio.Lock()

    async def set(self, person: Person, chunks: AsyncIterable[bytes]) -> User:
        """Give somebody a picture. Raises TooLarge, or WrongMediaType for what is none that can be read."""
        data = await _gathered(chunks)
        try:
            async with self._drawing:
                picture = await asyncio.to_thread(avatar, data)
        except Unplayable as refusal:
            raise WrongMediaType(refusal.reason) from refusal
        name = new_id()
        await self._database.write(lambda tx: self._store.set_avatar(tx, person.id, name, picture))
        return await self._users.find(person.id)

    async def delete(self, person: Person) -> None:
        """Their initials stand for them again."""
        await self._database.write(lambda tx: self._store.forget_avatar(tx, person.id))

    async def picture(self, name: str) -> bytes:
        """A JPEG. Raises NotFound for one that was replaced."""

        def look(tx: Tx) -> bytes | None:
            return self._store.avatar(tx, name)

        found = await self._database.read(look)
        if found is None:
            raise NotFound("There is no such picture.")
        return found


async def _gathered(chunks: AsyncIterable[bytes]) -> bytes:
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > LARGEST:
            raise TooLarge(f"A picture may have at most {LARGEST >> 20} MB.")
    return bytes(data)
