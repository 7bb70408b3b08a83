"""Passwords: bcrypt, on a worker thread, at most a few at once."""

import asyncio
import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor

import bcrypt

ROUNDS = 12
# A hash takes a core for a quarter of a second: one thread leaves the others to films.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bcrypt")


async def hash_password(password: str) -> str:
    """The bcrypt hash of a password of any length, as text."""
    return await asyncio.get_running_loop().run_in_executor(_thread, hash_now, password)


async def check_password(password: str, hashed: str) -> bool:
    """Whether the password is the one that was hashed."""
    return await asyncio.get_running_loop().run_in_executor(_thread, _check_now, password, hashed)


def hash_now(password: str) -> str:
    """The same as `hash_password`, for callers that may block."""
    return bcrypt.hashpw(_digest(password), bcrypt.gensalt(ROUNDS)).decode()


def _check_now(password: str, hashed: str) -> bool:
    return bcrypt.checkpw(_digest(password), hashed.encode())


def _digest(password: str) -> bytes:
    # bcrypt reads 72 bytes and no NUL; the base64 of a SHA-256 is 44 bytes without one, whatever the password.
    return base64.b64encode(hashlib.sha256(password.encode()).digest())
