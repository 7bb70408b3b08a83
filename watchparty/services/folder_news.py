"""News of a folder: where something in it has changed, told by the system or found by looking again and again."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from pathlib import Path
from typing import Any

from watchfiles import awatch

from watchparty.services.mounts import is_remote

log = logging.getLogger(__name__)

# Milliseconds: there is news at least this often, be it none; so long a burst of changes may go on before it is told.
PULSE = 1_000
BURST = 400
STEP = 50
# Between two looks at a folder that does not tell: every file in it is asked for each time.
POLL_EVERY = 2_000
# Seconds until a watch that broke is tried again.
REST = 2.0

Watch = Callable[..., AsyncIterator[set[tuple[Any, str]]]]


def tells(folder: Path, way: str) -> bool:
    """Whether to rely on being told of changes: `way` is `events`, `polling`, or `auto`: unless remote. Blocks."""
    return way == "events" or (way == "auto" and not is_remote(folder))


async def news(
    folder: Path, stop: asyncio.Event, *, told: bool, watch: Watch = awatch
) -> AsyncGenerator[set[Path], None]:
    """Paths that have come, changed or gone, until `stop`; none when a second passed without any.

    The folder itself among them says that anything may have changed. Unless changes are `told`, they are looked for;
    so they are where the system has no room for another watch.
    """
    if not told:
        log.info("%s is looked through every %d s", folder, POLL_EVERY // 1000)
    while not stop.is_set():
        heard = False
        try:
            yield {folder}
            async for changes in watch(
                folder,
                stop_event=stop,
                watch_filter=None,
                rust_timeout=PULSE,
                yield_on_timeout=True,
                debounce=BURST,
                step=STEP,
                force_polling=not told,
                poll_delay_ms=POLL_EVERY,
                ignore_permission_denied=True,
            ):
                heard = True
                yield {Path(path) for _, path in changes}
        except (OSError, RuntimeError, ExceptionGroup) as error:
            if heard or not told or isinstance(error, FileNotFoundError):
                log.warning("watching %s broke off and begins anew: %s", folder, _words(error))
                await asyncio.sleep(REST)
            else:
                log.warning(
                    "%s is looked through every %d s from now on: %s", folder, POLL_EVERY // 1000, _words(error)
                )
                told = False


def _words(error: Exception) -> str:
    inner: BaseException = error
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return str(inner)
