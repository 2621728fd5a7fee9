"""Tables: YouTube Takeout's `subscriptions.csv`, whose header is in the person's language, and other CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from magpie.links.imports.reading import Kind, Reading, Trouble, address_of_id, is_address

MAX_COLUMNS = 64
_NAMES = frozenset(
    {"name", "title", "channel title", "channel name", "channel_name", "custom_name", "text", "feed title"}
)


def read(text: str) -> Reading:
    """Every row with an address, or with the id of a YouTube channel or playlist."""
    reading = Reading(Kind.CSV)
    rows = list(_rows(text, reading))
    if rows and _is_takeout(rows):
        reading.kind = Kind.TAKEOUT
    name_at = _name_column(rows[0][1]) if rows else None
    for number, (line, cells) in enumerate(rows):
        url = _address(cells)
        if url is not None:
            reading.add(url, _name(cells, name_at), line)
        elif number > 0:  # the first row is the header
            reading.problem(Trouble.NO_ADDRESS, "There is no address in this row.", line, ",".join(cells))
    return reading


def _rows(text: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, and the lines where they end."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    while True:
        try:
            cells = [cell.strip() for cell in next(lines)[:MAX_COLUMNS]]
        except StopIteration:
            return
        except csv.Error as error:  # a field without end, mostly: the quotes are not closed
            message = f"The rest cannot be read as a table: {error}."
            reading.problem(Trouble.REST_NO_TABLE, message, lines.line_num)
            return
        if any(cells):
            yield lines.line_num, cells


def _delimiter(text: str) -> str:
    beginning = text[:4096]
    return max(",;\t", key=beginning.count)


def _address(cells: list[str]) -> str | None:
    for cell in cells:
        if is_address(cell):
            return cell
    return next((url for cell in cells if (url := address_of_id(cell))), None)


def _is_takeout(rows: list[tuple[int, list[str]]]) -> bool:
    """Three columns: id, address and name of a channel."""
    body = [cells for _line, cells in rows[1:]]
    return bool(body) and all(
        len(cells) == 3 and (address_of_id(cells[0]) or "/none").endswith(cells[1].rpartition("/")[2])
        for cells in body
    )


def _name_column(header: list[str]) -> int | None:
    return next((index for index, cell in enumerate(header) if cell.lower() in _NAMES), None)


def _name(cells: list[str], column: int | None) -> str | None:
    if column is not None and column < len(cells):
        return cells[column]
    # Of a table without a word that we know: the last cell that says something.
    texts = [cell for cell in cells if cell and not is_address(cell) and not address_of_id(cell)]
    return texts[-1] if column is None and len(cells) <= 3 and texts else None
