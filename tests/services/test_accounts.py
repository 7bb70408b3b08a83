"""Accounts disabled, brought back, given and relieved of a role; and who may make one."""

from pathlib import Path

import pytest

from tests.services.accounts import PASSWORD, House, house
from watchparty.domain.errors import Conflict, Invalid, NotAllowed, NotSignedIn
from watchparty.domain.user import Person, Role
from watchparty.services.users import GRACE, NewAccount


def is_in(house: House, person: Person) -> bool:
    return house.people.sessions.is_live(person.session_id)


async def test_the_last_administrator_is_neither_disabled_nor_demoted_nor_deleted(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        users = it.people.users
        ada = await it.add("ada", Role.ADMIN)
        second = await it.add("ben", Role.ADMIN)
        await users.disable(second.id)
        with pytest.raises(Conflict):
            await users.disable(ada.id)
        with pytest.raises(Conflict):
            await users.set_role(ada.id, Role.USER)
        with pytest.raises(Conflict):
            await users.delete(ada.id, keeps_videos=True)
        await users.enable(second.id)
        await users.set_role(ada.id, Role.USER)
        assert (await users.find(ada.id)).role is Role.USER


async def test_a_disabled_account_is_out_and_in_again_once_it_is_enabled(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.add("ada", Role.ADMIN)
        bob = await it.add("bob")
        person = await it.sign_in("bob")
        key, secret = await it.people.api_keys.add(person, "cron", ["read"], None)
        ended: list[str] = []
        it.people.sessions.on_end(ended.append)
        await it.people.users.disable(bob.id)
        assert sorted(ended) == sorted([person.session_id, key.id])
        with pytest.raises(NotSignedIn, match="disabled"):
            await it.sign_in("bob")
        await it.people.users.enable(bob.id)
        assert is_in(it, await it.sign_in("bob"))
        with pytest.raises(NotSignedIn):  # the key died with its account, and stays dead
            it.people.sessions.identify(secret)


async def test_an_account_disabled_while_its_password_is_being_checked_is_not_signed_in(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.add("ada", Role.ADMIN)
        bob = await it.add("bob")
        await it.people.users.disable(bob.id)
        with pytest.raises(NotSignedIn, match="disabled"):
            await it.people.sessions.open(bob)  # as it was read before


async def test_who_is_made_administrator_is_one_at_once_and_who_is_not_any_more_is_signed_out(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.add("ada", Role.ADMIN)
        bob = await it.add("bob")
        token = (await it.people.users.login("bob", PASSWORD)).access_token
        await it.people.users.set_role(bob.id, Role.ADMIN)
        person = it.people.sessions.identify(token)
        assert person.is_admin
        await it.people.users.set_role(bob.id, Role.USER)
        assert not is_in(it, person)


async def test_what_another_process_ends_ends_here_too(tmp_path: Path) -> None:
    async with house(tmp_path) as server:
        await server.add("ada", Role.ADMIN)
        bob = await server.add("bob")
        person, ada = await server.sign_in("bob"), await server.sign_in("ada")
        async with house(tmp_path) as command_line:
            await command_line.people.users.disable(bob.id)
        await server.people.sessions.write_down()
        assert (is_in(server, person), is_in(server, ada)) == (False, True)


async def test_looking_for_ended_sessions_ends_no_guest_and_no_key(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.add("ada", Role.ADMIN)
        ada = await it.sign_in("ada")
        _, secret = await it.people.api_keys.add(ada, "cron", ["read"], None)
        guest = (await it.people.sessions.open_guest("room", "Gus")).person
        it.clock.at -= 86_400  # somebody sets the clock back
        await it.people.sessions.write_down()
        assert is_in(it, ada) and is_in(it, guest)
        it.people.sessions.identify(secret)


async def test_a_password_set_by_others_signs_out_everywhere(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        bob = await it.add("bob")
        person = await it.sign_in("bob")
        await it.people.users.set_password(bob.id, "another one, longer")
        assert not is_in(it, person)
        with pytest.raises(NotSignedIn):
            await it.sign_in("bob")
        await it.people.users.login("bob", "another one, longer")


async def test_a_deleted_account_is_brought_back_by_signing_in_within_seven_days_and_not_later(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.add("ada", Role.ADMIN)
        await it.add("bob")
        person = await it.sign_in("bob")
        with pytest.raises(Invalid):
            await it.people.users.leave(person, "not the password", keeps_videos=False)
        await it.people.users.leave(person, PASSWORD, keeps_videos=False)
        assert not is_in(it, person)
        it.clock.at += GRACE - 1
        person = await it.sign_in("bob")
        assert (await it.people.users.find(person.id)).leaves_at is None
        await it.people.users.leave(person, PASSWORD, keeps_videos=False)
        it.clock.at += GRACE + 1
        with pytest.raises(NotSignedIn):
            await it.sign_in("bob")


async def test_an_account_that_an_administrator_deleted_does_not_come_back_by_itself(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.add("ada", Role.ADMIN)
        bob = await it.add("bob")
        await it.people.users.delete(bob.id, keeps_videos=False)
        with pytest.raises(NotSignedIn):
            await it.sign_in("bob")
        await it.people.users.enable(bob.id)
        await it.sign_in("bob")


async def test_an_account_is_made_with_an_invitation_as_often_as_it_says_and_until_it_ends(tmp_path: Path) -> None:
    async with house(tmp_path, registration="invitation") as it:
        await it.add("ada", Role.ADMIN)
        ada = await it.sign_in("ada")
        register = it.people.users.register
        with pytest.raises(NotAllowed, match="invitation"):
            await register(NewAccount("eve", PASSWORD))
        _, token = await it.people.invitations.invite(ada, note="", expires_in=3600, max_uses=2)
        for name in ("bob", "carol"):
            assert (await register(NewAccount(name, PASSWORD), token)).person.role is Role.USER
        with pytest.raises(NotAllowed, match="not valid"):
            await register(NewAccount("eve", PASSWORD), token)
        _, token = await it.people.invitations.invite(ada, note="", expires_in=3600, max_uses=2)
        it.clock.at += 3601
        with pytest.raises(NotAllowed, match="not valid"):
            await register(NewAccount("eve", PASSWORD), token)


async def test_an_invitation_is_not_used_up_by_a_name_that_is_taken(tmp_path: Path) -> None:
    async with house(tmp_path, registration="invitation") as it:
        await it.add("ada", Role.ADMIN)
        ada = await it.sign_in("ada")
        _, token = await it.people.invitations.invite(ada, note="", expires_in=3600, max_uses=1)
        with pytest.raises(Conflict):
            await it.people.users.register(NewAccount("ada", PASSWORD), token)
        await it.people.users.register(NewAccount("bob", PASSWORD), token)


async def test_where_registration_is_closed_an_invitation_opens_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, registration="closed") as it:
        await it.add("ada", Role.ADMIN)
        _, token = await it.people.invitations.invite(await it.sign_in("ada"), note="", expires_in=3600, max_uses=1)
        with pytest.raises(NotAllowed):
            await it.people.users.register(NewAccount("bob", PASSWORD), token)


async def test_people_invite_others_where_that_is_allowed_and_see_their_own_invitations(tmp_path: Path) -> None:
    async with house(tmp_path, invites="everyone") as it:
        await it.add("ada", Role.ADMIN)
        await it.add("bob")
        ada, bob = await it.sign_in("ada"), await it.sign_in("bob")
        theirs, _ = await it.people.invitations.invite(bob, note="for Carol", expires_in=3600, max_uses=1)
        await it.people.invitations.invite(ada, note="", expires_in=3600, max_uses=1)
        assert [each.note for each in await it.people.invitations.list(bob)] == ["for Carol"]
        assert len(await it.people.invitations.list(ada)) == 2
        await it.people.invitations.revoke(ada, theirs.id)
        assert not await it.people.invitations.list(bob)
