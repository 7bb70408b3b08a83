"""What openapi.json says about statuses, headers and parameters that many operations share."""

from typing import Any

_ID = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$"}
_TAGS = {"type": "string"}

STATUSES = {
    101: "The connection is a websocket from here on.",
    201: "Made.",
    202: "Begun; it will take a while.",
    204: "Done; there is nothing to tell.",
    206: "The part that was asked for.",
    304: "The version that you have is the latest.",
    416: "The file has no such part.",
}
PROBLEMS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the token is no longer good.",
    403: "This person may not.",
    404: "There is no such thing, or none this person may know of.",
    408: "The bytes stopped coming.",
    409: "It is not in a state that allows this, or exists already.",
    411: "The size must be told beforehand.",
    412: "It has changed since you saw it, or is another version of the protocol.",
    413: "Larger than is accepted.",
    415: "Not a media type that is taken here.",
    422: "Readable, but some values are not acceptable: `errors` names each.",
    423: "Another request is in the middle of it.",
    429: "Too many requests.",
    431: "The address or the headers are too long.",
    460: "The bytes do not add up to their checksum.",
    503: "Not at the moment.",
    507: "The disk has no room left.",
}
HEADERS: dict[str, Any] = {
    "X-Request-ID": {"description": "The request's name in the server's log.", "schema": {"type": "string"}},
    "ETag": {"description": "The version of what is shown.", "schema": {"type": "string"}},
    "Link": {
        "description": 'The next page, as rel="next" (RFC 8288), where there is one.',
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}
# Description and schema by name; of query parameters, whose types say the rest, the description alone.
PARAMETERS: dict[str, tuple[str, Any]] = {
    "id": ("Which one, by its id.", _ID),
    "member_id": ("Which member, by their id.", _ID),
    "invite_id": ("Which invitation, by its id.", _ID),
    "request_id": ("Which request to be let in, by its id.", _ID),
    "message_id": ("Which line, by its id.", _ID),
    "item_id": ("Which place in the queue, by its id.", _ID),
    "session_id": ("Which session of the room, by its id.", _ID),
    "subtitle_id": ("Which subtitles, by their id.", _ID),
    "token": ("A token as it was given.", {"type": "string", "minLength": 1, "maxLength": 1024}),
    "file": ("A name as it stands in a playlist.", {"type": "string", "minLength": 1, "maxLength": 255}),
    "Idempotency-Key": (
        "Sent again with the same key within a day, the request is not done twice: its first answer comes again.",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    ),
    "If-Match": ("Only if this is still the version, an ETag.", _TAGS),
    "If-None-Match": ("Only if this is not the version, an ETag.", _TAGS),
    "Range": ("Only these bytes.", {"type": "string", "pattern": "^bytes=[0-9]+-[0-9]*$"}),
    "limit": ("How many at most.", {}),
    "cursor": ("Where the page before ended: its `next_cursor`.", {}),
    "q": ("What to look for.", {}),
    "tag": ("Only with this tag.", {}),
    "status": ("Only those of this status.", {}),
    "visibility": ("Only those of this visibility.", {}),
    "owner": ("Only of this person, by their id.", {}),
    "sort": ("In which order.", {}),
    "kind": ("Of which kind.", {}),
    "video_id": ("Only of this film.", {}),
    "wait": ("Seconds to wait for news before answering.", {}),
    "format": ("As a file of this format.", {}),
    "filename": ("The file's name.", {}),
    "language": ("The language, as in BCP 47.", {}),
    "label": ("What to call it.", {}),
    "text": ("What to draw.", {}),
}
