"""Audit records as text: CSV for spreadsheets, JSON lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from magpie.audit.models import AuditRecord

COLUMNS = ("id", "at", "user_id", "username", "action", "subject", "outcome", "ip", "user_agent", "details")
# What spreadsheets take for the beginning of a formula, the wide forms of East Asian keyboards among them
# (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")


def as_json_lines(records: Iterable[AuditRecord]) -> Iterator[str]:
    """One JSON object a line, with the API's fields."""
    for record in records:
        yield json.dumps(_fields(record), ensure_ascii=False) + "\n"


def as_csv(records: Iterable[AuditRecord]) -> Iterator[str]:
    """A heading and one row a record; no cell begins as a formula does."""
    yield _row(COLUMNS)
    for record in records:
        values = _fields(record)
        values["details"] = json.dumps(values["details"], ensure_ascii=False) if values["details"] else ""
        yield _row([_harmless(values[name]) for name in COLUMNS])


def _fields(record: AuditRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in COLUMNS}
    return values | {"at": record.at.isoformat()}


def _harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    # Some programs skip blanks before they look whether it is a formula.
    return f"'{text}" if text.startswith(FORMULA) or text.strip().startswith(FORMULA) else text


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()
