"""Two-step sign-in: codes of an app, taken once, and codes for when the phone is lost."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest

from tests.services.accounts import PASSWORD, House, house
from watchparty.domain.errors import Conflict, Invalid, TooMany, TotpRequired
from watchparty.domain.user import Person
from watchparty.services.two_steps import STEP


@contextlib.asynccontextmanager
async def with_an_app(folder: Path) -> AsyncIterator[tuple[House, Person, pyotp.TOTP, list[str]]]:
    """Somebody who has set it up, their app, and their recovery codes. A new code is due."""
    async with house(folder) as it:
        await it.add("ada")
        ada = await it.sign_in("ada")
        app = pyotp.parse_uri((await it.people.users.begin_two_step(ada, PASSWORD)).url)
        assert isinstance(app, pyotp.TOTP)
        codes = await it.people.two_steps.confirm(ada, app.at(it.clock.time()))
        it.clock.at += 10 * STEP
        it.clock.mono += 600
        yield it, ada, app, codes


async def test_signing_in_asks_for_a_code_once_it_was_confirmed(tmp_path: Path) -> None:
    async with with_an_app(tmp_path) as (it, _, app, _codes):
        with pytest.raises(TotpRequired):
            await it.sign_in("ada")
        with pytest.raises(TotpRequired):
            await it.sign_in("ada", "000000" if app.at(it.clock.time()) != "000000" else "111111")
        await it.sign_in("ada", app.at(it.clock.time()))


async def test_before_a_first_code_was_confirmed_nothing_is_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.add("ada")
        ada = await it.sign_in("ada")
        await it.people.users.begin_two_step(ada, PASSWORD)
        await it.sign_in("ada")
        with pytest.raises(Invalid):
            await it.people.two_steps.confirm(ada, "not a code")


async def test_a_code_is_taken_once(tmp_path: Path) -> None:
    async with with_an_app(tmp_path) as (it, _, app, _codes):
        code = app.at(it.clock.time())
        await it.sign_in("ada", code)
        with pytest.raises(TotpRequired):
            await it.sign_in("ada", code)
        with pytest.raises(TotpRequired):  # nor an earlier one after it
            await it.sign_in("ada", app.at(it.clock.time() - STEP))


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_phone_may_be_half_a_minute_early_or_late(tmp_path: Path, steps: int, taken: bool) -> None:
    async with with_an_app(tmp_path) as (it, _, app, _codes):
        code = app.at(it.clock.time() + steps * STEP)
        if taken:
            await it.sign_in("ada", code)
        else:
            with pytest.raises(TotpRequired):
                await it.sign_in("ada", code)


async def test_each_recovery_code_signs_in_once_however_it_is_written(tmp_path: Path) -> None:
    async with with_an_app(tmp_path) as (it, ada, _app, codes):
        assert len(set(codes)) == 10
        await it.sign_in("ada", codes[0])
        with pytest.raises(TotpRequired):
            await it.sign_in("ada", codes[0])
        await it.sign_in("ada", codes[1].upper().replace("-", " "))
        assert (await it.people.two_steps.state(ada.id)).recovery_codes == 8


async def test_guessing_codes_is_slow_even_with_the_password(tmp_path: Path) -> None:
    async with with_an_app(tmp_path) as (it, _, app, _codes):
        for _ in range(5):
            with pytest.raises(TotpRequired):
                await it.sign_in("ada", "123")
        with pytest.raises(TooMany):
            await it.sign_in("ada", app.at(it.clock.time()))
        it.clock.mono += 60
        await it.sign_in("ada", app.at(it.clock.time()))


async def test_switching_it_off_takes_the_password_and_a_code(tmp_path: Path) -> None:
    async with with_an_app(tmp_path) as (it, ada, app, _codes):
        with pytest.raises(Conflict):
            await it.people.users.begin_two_step(ada, PASSWORD)
        with pytest.raises(Invalid):
            await it.people.users.end_two_step(ada, "not the password", app.at(it.clock.time()))
        with pytest.raises(Invalid):
            await it.people.users.end_two_step(ada, PASSWORD, "123")
        await it.people.users.end_two_step(ada, PASSWORD, app.at(it.clock.time()))
        await it.sign_in("ada")


async def test_an_administrator_takes_it_from_somebody_who_lost_everything(tmp_path: Path) -> None:
    async with with_an_app(tmp_path) as (it, ada, _app, _codes):
        await it.people.two_steps.reset(ada.id)
        await it.sign_in("ada")


async def test_the_database_alone_makes_nobodys_codes(tmp_path: Path) -> None:
    async with with_an_app(tmp_path) as (it, ada, app, _codes):
        row = await it.database.read(
            lambda tx: dict(tx.execute("SELECT * FROM two_step WHERE user_id = ?", (ada.id,)).fetchone())
        )
    assert app.secret not in str(row) and app.byte_secret().hex() not in str(row)
