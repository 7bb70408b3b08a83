"""Having a browser save what it is sent, under a name."""

from urllib.parse import quote


def attachment(filename: str) -> dict[str, str]:
    """RFC 6266: a name in plain letters for the old, and the real one as RFC 8187 has it."""
    plain = "".join(_plain(each) for each in filename)
    whole = quote(filename, safe="")
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"}


def _plain(character: str) -> str:
    safe = character.isascii() and character.isprintable() and character not in '"\\%'
    return character if safe else "_"
