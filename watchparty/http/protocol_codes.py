"""What the codes on the party socket mean: those of errors, of notices, and those with which a socket is closed."""

from watchparty.domain.closing import (
    GOING_AWAY,
    LEFT,
    ROOM_CLOSED,
    SHOWN_OUT,
    SIGNED_OUT,
    TAKEN_OVER,
    TOO_BIG,
    UNFIT,
)

ERRORS = {
    "bad_json": "The frame is not JSON.",
    "bad_message": "The message has not the fields it needs, or something else stands in one.",
    "unknown_type": "There is no message of this type.",
    "bad_seen": "There is no such revision, or not yet.",
    "bad_position": "There is no such position in this film.",
    "bad_rate": "The film cannot be played at this rate.",
    "bad_text": "The text cannot be shown: nothing to read in it, or characters that control.",
    "bad_emoji": "A reaction is one emoji.",
    "slow_mode": "This room is in slow mode: wait as long as retry_after says, in seconds.",
    "no_such_message": "There is no such message in this room.",
    "too_long": "The text is too long.",
    "too_large": "The message is too large; the socket is closed.",
    "too_many": "Too many messages at once. Wait a moment.",
    "hello_first": "Say hello before anything but ping.",
    "said_already": "Hello is said once.",
    "not_allowed": "One's role does not allow this here.",
    "muted": "A host has muted one.",
    "not_kept": "The message could not be saved; it may be sent again.",
    "no_such_item": "This film is not in the queue any more, or cannot be brought back.",
    "queue_full": "The queue holds no more films.",
    "nothing_next": "There is nothing in the queue.",
    "not_counting": "No film is about to begin.",
    "not_watching": "Only people who are watching can vote.",
    "cannot_play": "This film of the queue cannot be played.",
    "no_video": "There is no film in this room yet.",
    "no_such_video": "There is no such film, or not for oneself.",
    "video_not_ready": "The film is still being prepared.",
    "already_playing": "It plays already, or is about to.",
    "already_paused": "It is paused already.",
    "not_waiting": "The room is not waiting for anybody.",
    "host_wins": "A host has changed something that one had not seen yet.",
    "superseded": "Somebody else did the same a moment before.",
    "older_seek": "A later seek has been carried out already.",
}

NOTICES = {
    "excused": "The room goes on without somebody it has waited for long enough.",
    "queue_deleted": "A film of the queue was deleted.",
    "not_ready": "The next film of the queue is still being prepared.",
    "access_requested": "To hosts: somebody asks to be let in.",
    "access_withdrawn": "To hosts: somebody asks no longer.",
    "access_decided": "To hosts: another host has answered a request.",
}

CLOSES = {
    LEFT: "Said by a player: its person has left. Nobody is kept a place.",
    GOING_AWAY: "The server is stopping: come back by yourself. Said by a player: the page is closed or loaded again.",
    UNFIT: "Too much nonsense or too many messages, no hello within ten seconds, or the room went away meanwhile.",
    TOO_BIG: "A message was too large.",
    SIGNED_OUT: "The session has ended. Do not come back with the same token.",
    SHOWN_OUT: "A host has shown one out. Do not come back by yourself.",
    ROOM_CLOSED: "The room is deleted.",
    TAKEN_OVER: "The same seat was resumed on another socket. Do not come back.",
}
