"""Why a socket is closed: the codes of RFC 6455, section 7.4.1, and our own from 4000 on."""

LEFT = 1000
GOING_AWAY = 1001
UNFIT = 1008
TOO_BIG = 1009
SIGNED_OUT = 4001
SHOWN_OUT = 4003
ROOM_CLOSED = 4004
TAKEN_OVER = 4005
