"""Settings that may change while the server runs, over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from watchparty.domain.preference import LEAST_CACHE, MOST_BYTES, NAMES, Preferred
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.etags import etag, is_known, require_match
from watchparty.services.preferences import Preferences

Registration = Literal["open", "invitation", "closed"]
Size = Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)]
Upload = Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES)]
Cache = Annotated[int, msgspec.Meta(ge=LEAST_CACHE, le=MOST_BYTES)]
Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class FixedSetting(msgspec.Struct):
    """A setting that only a restart changes; `source` is default, file, environment or flag."""

    name: str
    value: str | int | bool | list[str] | None
    source: str


class SettingsView(msgspec.Struct):
    """Sizes are in bytes; a `quota` of 0 is none. These hold at once; `fixed` are those that need a restart.

    `sources` says where each comes from: default, file, environment, flag, or changed (while the server ran);
    `configured` is what holds again when a change is taken back.
    """

    registration: Registration
    quota: Size
    max_upload: Upload
    public_to_all: bool
    segment_cache: int
    keep_free: Size
    background: bool
    sources: dict[str, str]
    configured: dict[str, str | int | bool]
    fixed: list[FixedSetting]


class SettingsChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays; null takes a change back, to what the configuration says."""

    registration: Registration | Unset | None = UNSET
    quota: Size | Unset | None = UNSET
    max_upload: Upload | Unset | None = UNSET
    public_to_all: bool | Unset | None = UNSET
    segment_cache: Cache | Unset | None = UNSET
    keep_free: Size | Unset | None = UNSET
    background: bool | Unset | None = UNSET


class PreferenceRoutes:
    """`fixed` are the other settings by name, `sources` where each setting comes from."""

    def __init__(self, preferences: Preferences, fixed: Mapping[str, Any], sources: Mapping[str, str]) -> None:
        self._preferences = preferences
        self._fixed = [FixedSetting(name, value, sources.get(name, "default")) for name, value in fixed.items()]

    def endpoints(self) -> Sequence[Endpoint]:
        path = "/api/v1/admin/settings"
        return [
            Endpoint("GET", path, self.show, "The settings in force, and where each comes from.",
                     answer=SettingsView, access=Access.ADMIN),
            Endpoint("PATCH", path, self.change, "Change settings; they hold at once, and after a restart.",
                     body=SettingsChange, answer=SettingsView, access=Access.ADMIN),
        ]  # fmt: skip

    async def show(self, request: Request[None]) -> Answer:
        headers = self._headers()
        if is_known(request.raw, headers["ETag"]):
            return Answer(status=304, headers=headers)
        return Answer(self._view(), headers=headers)

    async def change(self, request: Request[SettingsChange]) -> Answer:
        given = {name: getattr(request.body, name) for name in NAMES}
        changes = {name: value for name, value in given.items() if value is not UNSET}
        await self._preferences.change(request.person, changes, lambda values: _require(request.raw, values))
        return Answer(self._view(), headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"ETag": etag(self._preferences.values.as_dict()), "Cache-Control": "private, no-cache"}

    def _view(self) -> SettingsView:
        preferences = self._preferences
        return SettingsView(
            **preferences.values.as_dict(),
            sources={name: preferences.source(name) for name in NAMES},
            configured=preferences.configured.as_dict(),
            fixed=self._fixed,
        )


def _require(request: web.Request, values: Preferred) -> None:
    require_match(request, etag(values.as_dict()))
