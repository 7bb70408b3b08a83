"""Backups over HTTP: made, taken away, brought, put back."""

from collections.abc import Sequence

import msgspec
from aiohttp import web

from watchparty.domain.backup import Backup
from watchparty.http.downloads import attachment
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.uploads import pieces
from watchparty.http.video_assets import NOT_KEPT, Ranged
from watchparty.http.views import rfc3339
from watchparty.services.backups import Backups

TYPE = "application/vnd.sqlite3"


class BackupView(msgspec.Struct):
    """`kind` is by-hand, schedule, before-restore, before-migration or uploaded; `size` in bytes.

    `holds` names what is in it, `schema` the migration that its database stands at.
    """

    name: str
    kind: str
    made_at: str
    size: int
    schema: int
    holds: list[str]


class BackupList(msgspec.Struct):
    """Newest first, all of them. `progress` (0 to 1) is of the one being made, `failure` why the last could not be."""

    items: list[BackupView]
    next_cursor: str | None
    progress: float | None
    failure: str | None


class MakingView(msgspec.Struct):
    """Follow it in the list."""

    progress: float


class Restore(msgspec.Struct, forbid_unknown_fields=True):
    """`name` is the backup's once more, so that nobody does this by mistake."""

    name: str


class RestoreView(msgspec.Struct):
    """The backup was found good; the server starts anew by itself, and then it holds."""

    restarting: bool


class BackupRoutes:
    def __init__(self, backups: Backups) -> None:
        self._backups = backups

    def endpoints(self) -> Sequence[Endpoint]:
        all_of_them, one, admin = "/api/v1/admin/backups", "/api/v1/admin/backups/{name}", Access.ADMIN
        return [
            Endpoint("GET", all_of_them, self.page, "The backups, and the one that is being made.",
                     answer=BackupList, access=admin),
            Endpoint("POST", all_of_them, self.make, "Make a backup of the database while the server goes on.",
                     answer=MakingView, status=202, access=admin),
            Endpoint("POST", f"{all_of_them}/uploaded", self.take, "Bring a backup that was taken away.",
                     takes=TYPE, answer=BackupView, status=201, access=admin),
            Endpoint("GET", one, self.download, "A backup as a file, or a range of it.",
                     answer=bytes, access=admin, raw=True),
            Endpoint("DELETE", one, self.delete, "Delete a backup.", status=204, access=admin),
            Endpoint("POST", f"{one}/restore", self.restore, "Have a backup take the place of the present, which "
                     "becomes a backup itself; the server restarts.", body=Restore, answer=RestoreView, status=202,
                     access=admin),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> BackupList:
        backups = await self._backups.list()
        return BackupList([_view(each) for each in backups], None, self._backups.progress, self._backups.failure)

    async def make(self, request: Request[None]) -> MakingView:
        await self._backups.make(request.person)
        return MakingView(self._backups.progress or 0.0)

    async def take(self, request: Request[None]) -> Answer:
        backup = await self._backups.take(request.person, pieces(request.raw))
        return Answer(_view(backup), headers={"Location": f"/api/v1/admin/backups/{backup.name}"})

    async def download(self, request: Request[None]) -> web.StreamResponse:
        backup, path = await self._backups.find(request.path["name"])
        if request.raw.headers.get("Range", "bytes=0-").startswith("bytes=0-"):
            await self._backups.noted(request.person, "backup.downloaded", backup.name)
        return Ranged(path, headers={"Cache-Control": NOT_KEPT, "Content-Type": TYPE, **attachment(backup.name)})

    async def delete(self, request: Request[None]) -> None:
        await self._backups.delete(request.person, request.path["name"])

    async def restore(self, request: Request[Restore]) -> RestoreView:
        await self._backups.restore(request.person, request.path["name"], request.body.name)
        return RestoreView(restarting=True)


def _view(backup: Backup) -> BackupView:
    return BackupView(backup.name, backup.kind, rfc3339(backup.made_at), backup.size, backup.schema, holds=["database"])
