"""Two-step sign-in over HTTP: set up, asked about, and switched off."""

import io
from collections.abc import Sequence

import msgspec
import segno

from watchparty.http.endpoint import Endpoint, Request
from watchparty.services.two_steps import TwoSteps
from watchparty.services.users import Users


class TwoStepView(msgspec.Struct):
    """`recovery_codes`: how many are left."""

    enabled: bool
    recovery_codes: int


class BeginTwoStep(msgspec.Struct, forbid_unknown_fields=True):
    password: str


class TwoStepSecret(msgspec.Struct):
    """What an app makes codes from: `otpauth_url`, the same as a picture (`qr_svg`), or the secret to be typed."""

    secret: str
    otpauth_url: str
    qr_svg: str


class ConfirmTwoStep(msgspec.Struct, forbid_unknown_fields=True):
    """A code that the app shows."""

    code: str


class RecoveryCodes(msgspec.Struct):
    """Each signs one in once instead of a code; shown this once."""

    recovery_codes: list[str]


class EndTwoStep(msgspec.Struct, forbid_unknown_fields=True):
    """`code`: of the app, or a recovery code."""

    password: str
    code: str


class TwoStepRoutes:
    def __init__(self, users: Users, two_steps: TwoSteps) -> None:
        self._users = users
        self._two_steps = two_steps

    def endpoints(self) -> Sequence[Endpoint]:
        totp = "/api/v1/users/me/totp"
        return [
            Endpoint("GET", totp, self.show, "Whether signing in asks for a code.", answer=TwoStepView, personal=True),
            Endpoint("POST", totp, self.begin, "A new secret for an app; codes are asked for once one was confirmed.",
                     body=BeginTwoStep, answer=TwoStepSecret, status=201, personal=True),
            Endpoint("POST", f"{totp}/confirm", self.confirm, "Show that the app has the secret, and switch it on.",
                     body=ConfirmTwoStep, answer=RecoveryCodes, personal=True),
            Endpoint("DELETE", totp, self.end, "Sign in by password alone again.",
                     body=EndTwoStep, status=204, personal=True),
        ]  # fmt: skip

    async def show(self, request: Request[None]) -> TwoStepView:
        state = await self._two_steps.state(request.person.id)
        return TwoStepView(state.is_on, state.recovery_codes)

    async def begin(self, request: Request[BeginTwoStep]) -> TwoStepSecret:
        begun = await self._users.begin_two_step(request.person, request.body.password)
        return TwoStepSecret(begun.secret, begun.url, _qr(begun.url))

    async def confirm(self, request: Request[ConfirmTwoStep]) -> RecoveryCodes:
        return RecoveryCodes(await self._two_steps.confirm(request.person, request.body.code))

    async def end(self, request: Request[EndTwoStep]) -> None:
        await self._users.end_two_step(request.person, request.body.password, request.body.code)


def _qr(text: str) -> str:
    """Drawn into the answer: an address of its own would have the secret in it."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", border=2, scale=6, xmldecl=False, svgns=True)
    return picture.getvalue().decode()
