"""Telling an emoji from a text: reactions float over everybody's picture, so that nothing else may."""

import re

# What emoji begin with, after Unicode 16 (emoji-data.txt); whole blocks where hardly anything else is in them.
_BASE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e"
    "\U0001f191-\U0001f19a\U0001f201\U0001f202\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f250\U0001f251"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f7f0"
    "\U0001f90c-\U0001f9ff\U0001fa70-\U0001faff"
)
_TONE = "\U0001f3fb-\U0001f3ff"
_PART = f"[{_BASE}](?:\ufe0f|[{_TONE}])?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
# ED-17 of UTS 51: flags, keycaps, and pictures with a tone or a tag, joined with zero-width joiners.
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|[{_TONE}]|{_PART}(?:\u200d{_PART})*")
# The same as JSON Schema and ECMA-262 have it, with the end of the text at its end.
PATTERN = rf"^(?:{_EMOJI.pattern})(?![\s\S])"


def is_emoji(text: str) -> bool:
    """Whether this is one emoji, and nothing beside it."""
    return _EMOJI.fullmatch(text) is not None
