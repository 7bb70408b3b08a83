"""Who gets what: one line for each route of the server's table, and what each kind of person is answered there.

A new route needs a line here, or test_matrix.py fails and prints what it was answered, ready to be judged and pasted:

    METHOD  path with {things} of the world  ten statuses  JSON body, if any  "renew", if the call may end the session

In the path and the body {video}, {room} and the like stand for what world.py has put there; {new_room} makes one for
this call alone, for calls that use it up. The columns:

    nobody      not signed in                                   host        whose room it is
    guest       without an account, let into {room}             owner       whose film it is; a member of the room
    elsewhere   without an account, let into another room       other       an account like any, knowing none of these
    member      an account, let into {room}                     admin       an administrator, not in {room}
    cohost      likewise, helping the host                      disabled    whose account or session is no longer good
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.http.world import PEOPLE

TABLE = r"""
GET     /livez                                                             200 200 200 200 200 200 200 200 200 401
GET     /readyz                                                            200 200 200 200 200 200 200 200 200 401
GET     /health                                                            200 200 200 200 200 200 200 200 200 401
GET     /metrics                                                           200 200 200 200 200 200 200 200 200 401
POST    /api/v1/setup                                                      409 409 409 409 409 409 409 409 409 401  {"token": "wrong", "username": "{new_name}", "password": "correct horse"}
POST    /api/v1/auth/register                                              201 201 201 201 201 201 201 201 201 401  {"username": "{new_name}", "password": "correct horse"}
POST    /api/v1/auth/login                                                 200 200 200 200 200 200 200 200 200 401  {"username": "other", "password": "correct horse battery"}
POST    /api/v1/auth/refresh                                               401 401 401 401 401 401 401 401 401 401  {"refresh_token": "wrong"}
GET     /api/v1/users/me                                                   401 403 403 200 200 200 200 200 200 401
PATCH   /api/v1/users/me                                                   401 403 403 200 200 200 200 200 200 401  {}
PUT     /api/v1/users/me                                                   401 403 403 200 200 200 200 200 200 401  {"display_name": "Somebody"}
POST    /api/v1/users/populate                                             401 200 200 200 200 200 200 200 200 401  {"ids": ["{owner_id}"]}
GET     /api/v1/users/{owner_id}                                           401 200 200 200 200 200 200 200 200 401
DELETE  /api/v1/users/me                                                   401 403 403 422 422 422 422 422 422 401  {"password": "wrong"}
PUT     /api/v1/users/me/avatar                                            401 403 403 415 415 415 415 415 415 401  "not a picture"
DELETE  /api/v1/users/me/avatar                                            401 403 403 204 204 204 204 204 204 401
GET     /avatars/{nothing}                                                 404 404 404 404 404 404 404 404 404 401
GET     /api/v1/users/me/sessions                                          401 403 403 200 200 200 200 200 200 401
DELETE  /api/v1/users/me/sessions                                          401 403 403 204 204 204 204 204 204 401
DELETE  /api/v1/users/me/sessions/{nothing}                                401 403 403 404 404 404 404 404 404 401
GET     /api/v1/users/me/keys                                              401 403 403 200 200 200 200 200 200 401
POST    /api/v1/users/me/keys                                              401 403 403 201 201 201 201 201 201 401  {"name": "cron"}
DELETE  /api/v1/users/me/keys/{nothing}                                    401 403 403 404 404 404 404 404 404 401
GET     /api/v1/users/me/totp                                              401 403 403 200 200 200 200 200 200 401
POST    /api/v1/users/me/totp                                              401 403 403 422 422 422 422 422 422 401  {"password": "wrong"}
POST    /api/v1/users/me/totp/confirm                                      401 403 403 409 409 409 409 409 409 401  {"code": "123456"}
DELETE  /api/v1/users/me/totp                                              401 403 403 422 422 422 422 422 422 401  {"password": "wrong", "code": "123456"}
POST    /api/v1/invitations                                                401 403 403 403 403 403 403 403 201 401  {}
GET     /api/v1/invitations                                                401 403 403 200 200 200 200 200 200 401
DELETE  /api/v1/invitations/{nothing}                                      401 403 403 404 404 404 404 404 404 401
POST    /api/v1/videos                                                     401 403 403 201 201 201 201 201 201 401  {"title": "Another"}
GET     /api/v1/videos                                                     401 403 403 200 200 200 200 200 200 401
POST    /api/v1/videos/bulk                                                401 403 403 403 403 403 200 404 200 401  {"ids": ["{video}"], "add_tags": ["a"]}
GET     /api/v1/videos/trash                                               401 403 403 200 200 200 200 200 200 401
DELETE  /api/v1/videos/trash                                               401 403 403 204 204 204 204 204 204 401
POST    /api/v1/videos/{new_trashed}/restore                               401 403 403 404 404 404 200 404 200 401
GET     /api/v1/tags                                                       401 403 403 200 200 200 200 200 200 401
GET     /api/v1/owners                                                     401 403 403 200 200 200 200 200 200 401
POST    /api/v1/videos/{video}/views                                       401 200 404 200 200 200 200 404 200 401  {"watched_seconds": 1}
GET     /api/v1/videos/{video}/posters                                     401 403 403 403 403 403 200 404 200 401
GET     /api/v1/videos/{video}/frame?at=1                                  401 403 403 403 403 403 200 404 200 401
PUT     /api/v1/videos/{video}/poster                                      401 403 403 403 403 403 200 404 200 401  {"at": 1}
DELETE  /api/v1/videos/{video}/poster                                      401 403 403 403 403 403 200 404 200 401
GET     /api/v1/history                                                    401 403 403 200 200 200 200 200 200 401
DELETE  /api/v1/history/{video}                                            401 403 403 404 404 404 404 404 404 401
DELETE  /api/v1/history                                                    401 403 403 204 204 204 204 204 204 401
GET     /api/v1/videos/{video}                                             401 200 404 200 200 200 200 404 200 401
PUT     /api/v1/videos/{video}                                             401 403 403 403 403 403 200 404 200 401  {"title": "Film"}
PATCH   /api/v1/videos/{video}                                             401 403 403 403 403 403 200 404 200 401  {"description": "Long"}
DELETE  /api/v1/videos/{new_video}                                         401 403 403 404 404 404 204 404 204 401
POST    /api/v1/videos/{new_video}/upload                                  401 403 403 404 404 404 201 404 201 401  {}
GET     /api/v1/videos/{video}/status                                      401 200 404 200 200 200 200 404 200 401
GET     /api/v1/videos/{video}/position                                    401 403 403 200 200 200 200 404 200 401
PUT     /api/v1/videos/{video}/position                                    401 403 403 204 204 204 204 404 204 401  {"position": 1}
POST    /api/v1/videos/{video}/extract-audio                               401 403 403 403 403 403 202 404 202 401  {"format": "m4a"}
POST    /api/v1/videos/{video}/resize                                      401 403 403 403 403 403 202 404 202 401  {"height": 90}
POST    /api/v1/videos/{video}/convert                                     401 403 403 403 403 403 202 404 202 401  {"container": "mkv"}
GET     /api/v1/videos/{video}/asset?kind=original                         401 403 404 403 403 403 200 404 200 401
POST    /api/v1/videos/{video}/subtitles                                   401 403 403 403 403 403 201 404 201 401  "1\n00:00:00,000 --> 00:00:01,000\nHello.\n"
GET     /api/v1/videos/{video}/subtitles                                   401 200 404 200 200 200 200 404 200 401
DELETE  /api/v1/videos/{video}/subtitles/{new_subtitle}                    401 403 403 403 403 403 204 404 204 401
POST    /api/v1/videos/{video}/like                                        401 403 403 200 200 200 200 404 200 401
POST    /api/v1/videos/{video}/dislike                                     401 403 403 200 200 200 200 404 200 401  {"on": true}
GET     /api/v1/videos/{video}/comments                                    401 403 403 200 200 200 200 404 200 401
POST    /api/v1/videos/{video}/comments                                    401 403 403 201 201 201 201 404 201 401  {"text": "Hello."}
GET     /api/v1/comments/{comment}                                         401 403 403 200 200 200 200 404 200 401
PATCH   /api/v1/comments/{comment}                                         401 403 403 403 403 403 200 404 403 401  {"text": "Hello!"}
DELETE  /api/v1/comments/{new_comment}                                     401 403 403 403 403 403 204 404 204 401
POST    /api/v1/comments/{new_deleted_comment}/restore                     401 403 403 404 404 404 200 404 404 401
GET     /api/v1/notifications                                              401 403 403 200 200 200 200 200 200 401
POST    /api/v1/notifications/read                                         401 403 403 200 200 200 200 200 200 401  {}
GET     /api/v1/notifications/preferences                                  401 403 403 200 200 200 200 200 200 401
PUT     /api/v1/notifications/preferences                                  401 403 403 200 200 200 200 200 200 401  {}
DELETE  /api/v1/notifications                                              401 403 403 204 204 204 204 204 204 401
DELETE  /api/v1/notifications/{nothing}                                    401 403 403 404 404 404 404 404 404 401
GET     /api/v1/videos/{video}/hls                                         401 200 404 200 200 200 200 404 200 401
POST    /api/v1/videos/{video}/urls                                        401 200 404 200 200 200 200 404 200 401  {"files": ["master.m3u8"]}
GET     /m/{grant}/{video}/{file}                                          200 200 200 200 200 200 200 200 200 401
GET     /api/v1/videos/{video}/duplicates                                  401 403 403 403 403 403 200 404 200 401
GET     /api/v1/users/me/storage                                           401 403 403 200 200 200 200 200 200 401
OPTIONS /api/v1/uploads                                                    204 204 204 204 204 204 204 204 204 401
POST    /api/v1/uploads                                                    401 403 403 412 412 412 412 412 412 401
OPTIONS /api/v1/uploads/{nothing}                                          204 204 204 204 204 204 204 204 204 401
PATCH   /api/v1/uploads/{nothing}                                          412 412 412 412 412 412 412 412 412 401
DELETE  /api/v1/uploads/{nothing}                                          412 412 412 412 412 412 412 412 412 401
POST    /api/v1/uploads/{nothing}                                          400 400 400 400 400 400 400 400 400 401
PUT     /u/{nothing}                                                       403 403 403 403 403 403 403 403 403 401
POST    /api/v1/jobs                                                       401 403 403 403 403 403 202 404 202 401  {"kind": "extract-audio", "video_id": "{video}", "options": {"format": "m4a"}}
GET     /api/v1/jobs                                                       401 403 403 200 200 200 200 200 200 401
GET     /api/v1/jobs/{job}                                                 401 403 403 404 404 404 200 404 200 401
POST    /api/v1/jobs/{job}/cancel                                          401 403 403 404 404 404 409 404 409 401
POST    /api/v1/jobs/{job}/retry                                           401 403 403 404 404 404 409 404 409 401
DELETE  /api/v1/jobs/{new_job}                                             401 403 403 404 404 404 204 404 204 401
GET     /api/v1/queue/stats                                                401 403 403 200 200 200 200 200 200 401
POST    /api/v1/rooms                                                      401 403 403 201 201 201 201 201 201 401  {"name": "Saturday"}
GET     /api/v1/rooms                                                      401 200 200 200 200 200 200 200 200 401
GET     /api/v1/rooms/{room}                                               401 200 404 200 200 200 200 404 200 401
PUT     /api/v1/rooms/{room}                                               401 403 403 403 200 200 403 404 200 401  {"name": "Friday", "admission": "invite", "control": "everyone"}
PATCH   /api/v1/rooms/{room}                                               401 403 403 403 200 200 403 404 200 401  {"name": "Friday"}
DELETE  /api/v1/rooms/{new_room}                                           401 403 403 403 403 204 403 404 204 401
GET     /api/v1/rooms/{room}/messages                                      401 200 404 200 200 200 200 404 200 401
GET     /api/v1/rooms/{room}/messages/{message}                            401 200 404 200 200 200 200 404 200 401
DELETE  /api/v1/rooms/{room}/messages/{message}                            401 403 404 204 204 204 403 404 204 401
GET     /api/v1/rooms/{room}/events                                        401 403 403 403 200 200 403 404 200 401
GET     /api/v1/rooms/{room}/sessions                                      401 403 403 403 200 200 403 404 200 401
GET     /api/v1/rooms/{room}/sessions/{sitting}/events                     401 403 403 403 200 200 403 404 200 401
GET     /api/v1/rooms/{room}/ws                                            401 400 400 400 400 400 400 400 400 401
GET     /api/v1/rooms/{room}/members                                       401 200 404 200 200 200 200 404 200 401
PATCH   /api/v1/rooms/{room}/members/{member_id}                           401 403 404 403 200 200 403 404 200 401  {"muted": false}
DELETE  /api/v1/rooms/{room}/members/{new_member}                          401 403 404 403 204 204 403 404 204 401
GET     /api/v1/rooms/{room}/bans                                          401 403 404 403 200 200 403 404 200 401
PUT     /api/v1/rooms/{room}/bans/{new_member}                             401 403 404 403 200 200 403 404 200 401
DELETE  /api/v1/rooms/{room}/bans/{new_banned}                             401 403 404 403 204 204 403 404 204 401
GET     /api/v1/rooms/{room}/queue                                         401 200 404 200 200 200 200 404 200 401
POST    /api/v1/rooms/{room}/queue                                         401 404 404 404 404 404 201 404 201 401  {"video_id": "{video}"}
PATCH   /api/v1/rooms/{room}/queue/{item}                                  401 403 404 200 200 200 200 404 200 401  {"index": 0}
DELETE  /api/v1/rooms/{room}/queue/{new_item}                              401 403 404 204 204 204 204 404 204 401
POST    /api/v1/rooms/{room}/queue/next                                    401 403 404 200 200 200 200 404 200 401  {"item_id": "{new_item}"}
POST    /api/v1/rooms/{room}/invites                                       401 403 404 201 201 201 201 404 201 401  {}
GET     /api/v1/rooms/{room}/invites                                       401 403 403 200 200 200 200 404 200 401
DELETE  /api/v1/rooms/{new_room}/invites                                   401 403 403 204 204 204 204 404 204 401
DELETE  /api/v1/rooms/{room}/invites/{new_invite}                          401 403 403 404 204 204 404 404 204 401
POST    /api/v1/rooms/join                                                 404 404 404 404 404 404 404 404 404 401  {"token": "wrong"}
POST    /api/v1/rooms/{room}/access-requests                               403 201 403 201 201 201 201 403 403 401  {"name": "Kim"}
GET     /api/v1/rooms/{knocked}/access-requests                            401 403 403 403 200 200 403 403 200 401
POST    /api/v1/rooms/{knocked}/access-requests/{new_request}/approve      401 403 403 403 200 200 403 403 200 401
POST    /api/v1/rooms/{knocked}/access-requests/{new_request}/deny         401 403 403 403 200 200 403 403 200 401
GET     /api/v1/access-requests/{request}                                  200 200 200 200 200 200 200 200 200 401
DELETE  /api/v1/access-requests/{new_request}                              204 204 204 204 204 204 204 204 204 401
GET     /api/v1/rooms/{room}/door                                          404 200 404 200 200 200 200 404 404 401
GET     /api/v1/guest/validate/{nothing}                                   200 200 200 200 200 200 200 200 200 401
GET     /api/v1/events                                                     401 403 403 200 200 200 200 200 200 401
GET     /api/v1/admin/stats                                                401 403 403 403 403 403 403 403 200 401
GET     /api/v1/admin/settings                                             401 403 403 403 403 403 403 403 200 401
PATCH   /api/v1/admin/settings                                             401 403 403 403 403 403 403 403 200 401  {}
GET     /api/v1/admin/audit                                                401 403 403 403 403 403 403 403 200 401
GET     /api/v1/admin/users                                                401 403 403 403 403 403 403 403 200 401
POST    /api/v1/admin/users                                                401 403 403 403 403 403 403 403 201 401  {"username": "{new_name}"}
GET     /api/v1/admin/users/{owner_id}                                     401 403 403 403 403 403 403 403 200 401
PATCH   /api/v1/admin/users/{owner_id}                                     401 403 403 403 403 403 403 403 200 401  {"role": "user"}
DELETE  /api/v1/admin/users/{new_user}?videos=delete                       401 403 403 403 403 403 403 403 204 401
POST    /api/v1/admin/users/{new_user}/sign-out                            401 403 403 403 403 403 403 403 204 401
DELETE  /api/v1/admin/users/{new_user}/totp                                401 403 403 403 403 403 403 403 409 401
POST    /api/v1/admin/users/{new_user}/password-link                       401 403 403 403 403 403 403 403 201 401
POST    /api/v1/auth/password                                              403 403 403 403 403 403 403 403 403 401  {"token": "wrong", "password": "correct horse"}
POST    /api/v1/videos/{video}/like                                        401 403 403 200 200 200 200 404 200 401
POST    /api/v1/videos/{video}/dislike                                     401 403 403 200 200 200 200 404 200 401
GET     /password                                                          200 200 200 200 200 200 200 200 200 401
GET     /api/v1/admin/webhooks                                             401 403 403 403 403 403 403 403 200 401
POST    /api/v1/admin/webhooks                                             401 403 403 403 403 403 403 403 201 401  {"url": "https://example.org/hook", "enabled": false}
GET     /api/v1/admin/webhooks/{nothing}                                   401 403 403 403 403 403 403 403 404 401
PATCH   /api/v1/admin/webhooks/{nothing}                                   401 403 403 403 403 403 403 403 404 401  {}
DELETE  /api/v1/admin/webhooks/{nothing}                                   401 403 403 403 403 403 403 403 404 401
POST    /api/v1/admin/webhooks/{nothing}/secret                            401 403 403 403 403 403 403 403 404 401
POST    /api/v1/admin/webhooks/{nothing}/test                              401 403 403 403 403 403 403 403 404 401
GET     /api/v1/admin/webhooks/{nothing}/deliveries                        401 403 403 403 403 403 403 403 404 401
GET     /api/v1/admin/webhooks/{nothing}/deliveries/{nothing}              401 403 403 403 403 403 403 403 404 401
POST    /api/v1/admin/webhooks/{nothing}/deliveries/{nothing}/replay       401 403 403 403 403 403 403 403 404 401
GET     /api/v1/admin/incoming-webhooks/secret                             401 403 403 403 403 403 403 403 200 401
POST    /api/v1/admin/incoming-webhooks/secret                             401 403 403 403 403 403 403 403 200 401
POST    /api/v1/webhooks/video-processed                                   401 401 401 401 401 401 401 401 401 401  {"video_id": "{video}", "status": "ready"}
GET     /api/v1/admin/backups                                              401 403 403 403 403 403 403 403 200 401
POST    /api/v1/admin/backups                                              401 403 403 403 403 403 403 403 202 401
POST    /api/v1/admin/backups/uploaded                                     401 403 403 403 403 403 403 403 415 401  "no database"
GET     /api/v1/admin/backups/{nothing}                                    401 403 403 403 403 403 403 403 404 401
DELETE  /api/v1/admin/backups/{nothing}                                    401 403 403 403 403 403 403 403 404 401
POST    /api/v1/admin/backups/{nothing}/restore                            401 403 403 403 403 403 403 403 404 401  {"name": "nothing"}
GET     /api/v1/admin/logs                                                 401 403 403 403 403 403 403 403 200 401
GET     /api/v1/admin/queue                                                401 403 403 403 403 403 403 403 200 401
PUT     /api/v1/admin/queue                                                401 403 403 403 403 403 403 403 200 401  {"paused": false}
GET     /api/v1/qr?text=http://localhost/                                  401 200 200 200 200 200 200 200 200 401
GET     /api/v1/party-schema.json                                          200 200 200 200 200 200 200 200 200 401
GET     /api/v1/openapi.json                                               200 200 200 200 200 200 200 200 200 401
GET     /api/docs                                                          200 200 200 200 200 200 200 200 200 401
GET     /api/docs/party                                                    200 200 200 200 200 200 200 200 200 401
GET     /static/{nothing}/{script}                                         200 200 200 200 200 200 200 200 200 401
GET     /                                                                  303 303 303 200 200 200 200 200 200 401
GET     /setup                                                             303 303 303 303 303 303 303 303 303 401
GET     /login                                                             200 200 200 303 303 303 303 303 303 401
GET     /register                                                          200 200 200 303 303 303 303 303 303 401
GET     /upload                                                            303 303 303 200 200 200 200 200 200 401
GET     /settings                                                          303 303 303 200 200 200 200 200 200 401
GET     /videos/{video}                                                    303 303 303 200 200 200 200 200 200 401
GET     /people/{owner_id}                                                 303 303 303 200 200 200 200 200 200 401
GET     /trash                                                             303 303 303 200 200 200 200 200 200 401
GET     /jobs                                                              303 303 303 200 200 200 200 200 200 401
GET     /notifications                                                     303 303 303 200 200 200 200 200 200 401
GET     /admin                                                             303 403 403 403 403 403 403 403 200 401
GET     /rooms                                                             303 303 303 200 200 200 200 200 200 401
GET     /rooms/{room}                                                      200 200 200 200 200 200 200 200 200 401
GET     /join                                                              200 200 200 200 200 200 200 200 200 401
GET     /join/{nothing}                                                    200 200 200 200 200 200 200 200 200 401
PUT     /api/v1/users/me/password                                          401 403 403 204 204 204 204 204 204 401  {"current_password": "correct horse battery", "new_password": "correct horse battery"} renew
POST    /api/v1/auth/logout                                                401 204 204 204 204 204 204 204 204 401  renew
"""


@dataclass(frozen=True)
class Line:
    """One route: what is sent, and which status each of PEOPLE is to get."""

    method: str
    path: str
    statuses: Mapping[str, int]
    body: Any
    renews: bool

    @property
    def template(self) -> str:
        """The path as all lines of its route have it."""
        return blank(self.path.partition("?")[0])


def lines() -> Sequence[Line]:
    """The whole table."""
    return [_line(text) for text in TABLE.strip().splitlines() if text and not text.startswith("#")]


def blank(path: str) -> str:
    """A route's path without the names of what may stand in it."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def written(method: str, path: str, statuses: Sequence[int], rest: str) -> str:
    """A line as it stands in the table."""
    return f"{method:<7} {path:<66} {' '.join(map(str, statuses))}  {rest}".rstrip()


def _line(text: str) -> Line:
    method, path, rest = text.split(maxsplit=2)
    words = rest.split(maxsplit=len(PEOPLE))
    statuses = dict(zip(PEOPLE, map(int, words[: len(PEOPLE)]), strict=True))
    body = "".join(words[len(PEOPLE) :])
    renews = body.endswith("renew")
    body = body.removesuffix("renew").strip()
    return Line(method, path, statuses, json.loads(body) if body else None, renews)
