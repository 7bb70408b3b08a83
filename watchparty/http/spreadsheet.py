"""Rows for spreadsheets: CSV (RFC 4180) in UTF-8, in which no cell is taken for a formula."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

TYPE = "text/csv; charset=utf-8; header=present"
# What makes a spreadsheet take a cell for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def rows(values: Iterable[Sequence[str | float | None]]) -> bytes:
    """Lines of a file; None is an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in values)
    return text.getvalue().encode()


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value)
    return f"'{value}" if value.startswith(_FORMULAS) else value
