"""A file as rows: CSV with a header, JSON lines, or a sheet of a workbook."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from tui.desk.batch.cell_reader import cell_problem, read_cell
from tui.desk.batch.file_columns import CUSTOMER, FileColumns, JsonPairs
from tui.desk.batch.workbook import OLE, ZIP, SheetRow, sheet_rows
from tui.locale import _
from tui.model.characters import clean_id
from tui.model.errors import N_, InvalidError

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of a file: 100,000 rows of the longest remarks are a third of it."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_LOSSES = re.compile("\N{REPLACEMENT CHARACTER}+")
"""Bytes that are no character; `cell_problem` refuses a cell that has some."""

_WIDE = re.compile("[\u0800-\ufffc\U00010000-\U0010ffff]")
"""Characters of three or four bytes in UTF-8, as which GB 18030's pairs of bytes are hardly ever misread."""

SAVE_AS_CSV = N_("Save it as CSV (UTF-8), or as JSON lines.")


def read_rows(data: bytes, name: str, columns: FileColumns, sheet: str = "") -> list[Entry]:
    """Return the rows of the file `name` with the content `data`, and those that cannot be read.

    `sheet` is the one that is meant of a workbook's.
    Raises: InvalidError where the file as a whole makes no sense.
    """
    _check_size(data, name)
    if data.startswith((ZIP, OLE)):
        return _some(list(_table_rows(sheet_rows(data, name, sheet), columns, name)), name)
    if sheet:
        raise InvalidError(N_("{file} is no workbook, and has no sheets"), todo=N_("Leave --sheet out."), file=name)
    return read_table(decode(data, name), columns, name)


def _check_size(data: bytes, name: str) -> None:
    if len(data) > MOST_BYTES:
        raise InvalidError(
            N_("{file} is larger than {limit} MiB"),
            todo=N_("Split it into several files."),
            file=name,
            limit=MOST_BYTES // 1024 // 1024,
        )


def decode(data: bytes, name: str) -> str:
    """`data`, the content of the file `name`, as text.

    Raises: InvalidError.
    """
    text = _text(data, name)
    if "\0" in text.lstrip().partition("\n")[0]:
        raise InvalidError(N_("{file} is no text"), todo=SAVE_AS_CSV, file=name)
    return text


def _text(data: bytes, name: str) -> str:
    """`data` in the encoding of its mark, else in UTF-16 by its first letter, in UTF-8 or in GB 18030.

    A few bytes that are none in what else is UTF-8, such as of a character that was cut off, become U+FFFD and cost
    their cell; read as GB 18030 the file would go out as other characters altogether.
    Raises: InvalidError.
    """
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    marked += [encoding for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")) if data[:2].find(0) == place]
    for encoding in marked[:1] or ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
        if encoding != "gb18030":
            text = data.decode(encoding, "replace")
            if len(_LOSSES.findall(text)) <= len(_WIDE.findall(text)):
                return text
    raise InvalidError(
        N_("{file} is neither UTF-8 nor GB18030: line {line} cannot be read"),
        todo=SAVE_AS_CSV,
        file=name,
        line=data.count(b"\n", 0, place) + 1,
    )


DELIMITERS = ",;\t，"
"""What may part the cells: a comma, Excel's semicolon where the comma is a decimal sign, a tab, a full-width comma."""

_SEPARATOR_LINE = "sep="
"""What Excel puts, or wants, before the header to name the delimiter."""

MOST_CELL = 1024 * 1024
"""Characters of one cell: an unclosed quote swallows the rest of the file, and is told instead."""


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """Why a row cannot be sent: where it stands, what was found and what is expected, in the agent's language."""

    line: int
    """From 1; 0 for what is of no file."""
    column: str
    code: str
    text: str
    customer: str = ""
    user_id: str = ""

    def __str__(self) -> str:
        if not self.line:
            told = _("{customer}: {reason}")
        else:
            told = _("line {line}, {column}: {reason}") if self.column else _("line {line}: {reason}")
        return told.format(customer=self.customer, line=self.line, column=self.column, reason=self.text)


class Problem(NamedTuple):
    """What is wrong with one cell of a row, in the agent's language."""

    column: str
    code: str
    text: str


def refuse(line: int, problems: Sequence[Problem], customer: str = "", user_id: str = "") -> RowRefusal:
    """Return the refusal of a row that has `problems`, at most one a column: the first is its column and code."""
    first, *others = problems
    told = [first.text, *(f"{problem.column}: {problem.text}" for problem in others)]
    return RowRefusal(line, first.column, first.code, "; ".join(told), customer, user_id)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: its first line, counted from 1, and its cells by column. None: nothing is given; CSV gives no empty."""

    line: int
    cells: Mapping[str, str | None]
    problems: tuple[Problem, ...] = ()
    """Cells that hold no value, each with why."""


Entry = FileRow | RowRefusal


def read_table(text: str, columns: FileColumns, file: str) -> list[Entry]:
    """The rows of `text`, and those that cannot be read; empty ones are passed over.

    Raises: InvalidError where the file as a whole makes no sense: an unknown or missing column, an unclosed quote.
    """
    start = text.lstrip()[:1]
    if start == "[":
        raise InvalidError(
            N_("{file} is one JSON list"), todo=N_("Write JSON lines: one object a line, no brackets."), file=file
        )
    rows = _json_rows(text, columns) if start == "{" else _table_rows(_records(text, file), columns, file)
    return _some(list(rows), file)


def _some(rows: list[Entry], file: str) -> list[Entry]:
    if not rows:
        raise InvalidError(N_("{file} has no rows"), todo=N_("Write a header, and a row a line below it."), file=file)
    return rows


# Cells under a header


def _table_rows(records: Iterator[SheetRow], columns: FileColumns, file: str) -> Iterator[Entry]:
    header = next(records, SheetRow(1, [], {}))
    heading = [read_cell(CUSTOMER, cell) for cell in header.cells]
    columns.begin(heading)
    found = [columns.find(cell) for cell in heading]
    for cell, column in zip(heading, found, strict=True):
        if column is None and clean_id(cell):
            raise columns.unknown(cell, file, header.line)
    columns.check([column for column in found if column], file, header.line)
    for record in records:
        yield _table_row(record, found)


def _records(text: str, file: str) -> Iterator[SheetRow]:
    """The records of CSV that are not empty, each with its first line."""
    csv.field_size_limit(MOST_CELL)
    lines = io.StringIO(text, newline="")
    delimiter, skipped = _delimiter(lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    first = 1
    while True:
        first = skipped + reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidError(
                N_("{file}, line {line}: this is no CSV: {reason}"),
                todo=N_("See that every quote is closed, and that quotes inside are doubled."),
                file=file,
                line=first,
                reason=str(error),
            ) from error
        if any(map(clean_id, record)):
            yield SheetRow(first, record, {})


def _delimiter(lines: io.StringIO) -> tuple[str, int]:
    """What parts the cells, and how many lines are passed over; `lines` then stand at the header."""
    named = lines.readline()
    if named.lower().startswith(_SEPARATOR_LINE):
        return named[len(_SEPARATOR_LINE) : len(_SEPARATOR_LINE) + 1].strip("\r\n") or ",", 1
    lines.seek(0)
    header = next((line for line in lines if line.strip()), "")
    lines.seek(0)
    return max(DELIMITERS, key=header.count), 0


def _table_row(record: SheetRow, columns: list[str | None]) -> Entry:
    line, cells, told = record
    for number, cell in enumerate(cells, 1):
        nameless = number > len(columns) or columns[number - 1] is None
        if nameless and clean_id(cell):
            return RowRefusal(
                line,
                str(number),
                "column",
                _("found “{found}” under no heading; is a cell with a comma in it not quoted?").format(
                    found=short(cell)
                ),
            )
    named = [(place, column) for place, column in enumerate(columns[: len(cells)]) if column]
    problems = {column: told[place] for place, column in named if place in told}
    return _row(line, {column: read_cell(column, cells[place]) or None for place, column in named}, problems)


def _row(line: int, cells: Mapping[str, str | None], problems: Mapping[str, str] = MappingProxyType({})) -> FileRow:
    """The row of `cells`, and what is wrong with those that hold no value: `problems`, and what is found here."""
    told = {column: cell_problem(column, text) for column, text in cells.items() if text} | dict(problems)
    return FileRow(line, cells, tuple(Problem(column, "cell", problem) for column, problem in told.items() if problem))


# JSON lines


def _json_rows(text: str, columns: FileColumns) -> Iterator[Entry]:
    for line, source in enumerate(text.split("\n"), 1):
        if source.strip():
            yield _json_row(line, source, columns)


def _json_row(line: int, source: str, columns: FileColumns) -> Entry:
    try:
        record = json.loads(
            source, object_pairs_hook=JsonPairs, parse_int=_Number, parse_float=_Number, parse_constant=_NoValue
        )
    except (ValueError, RecursionError) as error:
        return RowRefusal(line, "", "json", _("this is no JSON: {reason}").format(reason=error))
    if not isinstance(record, JsonPairs):
        return RowRefusal(line, "", "json", _("found “{found}”, expected an object").format(found=short(source)))
    cells: dict[str, str | None] = {}
    columns.begin([name for name, _value in record])
    for heading, value in (cell for name, given in record for cell in columns.cells_of(name, given)):
        column = columns.find(heading)
        if column == "":
            continue
        if column is None:
            text = _("unknown column {name}").format(name=heading)
            hint = columns.unknown(heading, "", line).hint(_)
            return RowRefusal(line, heading, "column", _("{message}. {hint}").format(message=text, hint=hint))
        if column in cells:
            return RowRefusal(line, column, "column", _("it is given twice"))
        if not isinstance(value, str | None) or isinstance(value, _NoValue):
            return RowRefusal(line, column, "json", _("found {found}, expected a text").format(found=_told(value)))
        cells[column] = None if value is None else read_cell(column, value)
    return _row(line, cells)


class _Number(str):
    """A JSON number, letter for letter: no id is rounded, and 12.50 stays as it was written."""


class _NoValue(str):
    """`NaN`, `Infinity` or `-Infinity`, which JSON does not know and Python writes."""


def _told(value: object) -> str:
    """`value`, which is no text, for a message."""
    if isinstance(value, _NoValue):
        return str(value)
    told = dict(value) if isinstance(value, JsonPairs) else value
    return short(json.dumps(told, ensure_ascii=False))


def short(text: str, limit: int = 40) -> str:
    """`text` in one line of at most `limit` characters, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
