"""A table written row after row to a file or a stream: CSV, TSV, JSON lines or a workbook, in memory that stays flat.

What a spreadsheet would take for something else stays what it is. A workbook's texts are text cells. In CSV a text that
would run as a formula gets an apostrophe in front, and one that would be read as another number, such as `0138` or an
id of 18 digits, is written as `="0138"`; `tui.desk.batch.cell_reader` takes both off again. TSV and JSON lines are for
programs: there numbers stand as they are.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from tui.model.errors import N_, InvalidError, StorageError

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

FORMATS = ("csv", "tsv", "jsonl", "xlsx")
"""What a table can be written as."""

_ENDINGS = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx"}

MOST_SHEET_ROWS = 1_048_576
"""Rows of one sheet, by the workbook's format; what is more goes on in the next sheet."""

MOST_CELL_LENGTH = 32_767
"""Characters of one cell, likewise."""

MODE = 0o600
"""Of a file that is written: there are people in it."""

Cell = str | int | float | date | None
"""A text, a number, a day, or (`datetime`, on this machine's clock) a moment."""

Sink = Callable[[bytes], object]
"""Takes what is written."""


class TableColumn(NamedTuple):
    """One column of a table that is written."""

    key: str
    """Its name in JSON, and for whoever chooses columns."""
    heading: str
    """Its name for a person, in the agent's language."""


class RowWriter(Protocol):
    """Writes the rows of a table, one after the other."""

    cut: int
    """Texts of which the format had no room for all."""

    def write(self, cells: Sequence[Cell], record: object = None) -> None:
        """Write one row: its `cells`, or, as JSON lines, `record` where one is given."""
        ...

    def finish(self) -> None:
        """Write what is left."""
        ...


def format_of(path: Path) -> str:
    """Return the format that the ending of `path` names; empty where it names none."""
    return _ENDINGS.get(path.suffix.lower(), "")


def row_writer(
    sink: Sink, format: str, columns: Sequence[TableColumn], *, header: bool = True, mark: bool = False
) -> RowWriter:
    """Return what writes a table of `columns` in `format` to `sink`.

    `header`: with a first row of headings, which JSON lines never have. `mark`: CSV begins with the mark by which Excel
    knows UTF-8.
    """
    if format == "jsonl":
        return _JsonLines(sink, columns)
    if format == "xlsx":
        return _Workbook(sink, columns if header else (), len(columns))
    writer = _Separated(sink, guard=format == "csv", mark=mark and format == "csv")
    if header:
        writer.write([column.heading for column in columns])
    return writer


# What a cell is, as a text


_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
"""What no file of texts should have, and a workbook may not: all controls but tabs and line breaks."""

_HALVES = re.compile("[\ud800-\udfff]")

_FORMULA = re.compile(r"[=@＝＠\t]|[-+－＋](?![\d\s().-]*$)")
"""How a text begins that a spreadsheet would calculate; full-width signs do so too in Chinese and Japanese ones."""

_RESHAPED = re.compile(r"[-+]?0\d+(\.\d*)?|[+-]?\d{12,}|\+\d+|\d+(\.\d+)?[eE][-+]?\d+|\d{1,2}[-/]\d{1,2}([-/]\d{1,4})?")
"""What a spreadsheet takes for a number or a day, and shows as another one: noughts in front go, and last digits."""


def cell_text(cell: Cell) -> str:
    """Return `cell` as a text without controls; lines end with a line feed alone."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if not isinstance(cell, str):
        return str(cell)
    if cell.isascii() and cell.isprintable():
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", _CONTROLS.sub("", text))


def guarded(text: str, *, numbers: bool) -> str:
    """Return `text` so that a spreadsheet takes it for a text: a formula, and with `numbers` what it would reshape."""
    if numbers and _RESHAPED.fullmatch(text):
        return f'="{text}"'
    return f"'{text}" if _FORMULA.match(text) else text


def cell_json(cell: Cell) -> object:
    """Return `cell` as JSON has it: moments in ISO 8601 with their zone."""
    if isinstance(cell, datetime):
        with suppress(OverflowError, OSError, ValueError):
            cell = cell.astimezone()
        return cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


# Several values in one cell


PARTS = "; "
"""Between the values of one cell."""

_PARTED = re.compile(r"(?<!\\)[;；\n]")


def join_values(values: Iterable[str]) -> str:
    """Return `values` as one cell; a semicolon in one of them has a backslash in front."""
    return PARTS.join(re.sub(r"([;；])", r"\\\1", value) for value in values)


def split_values(cell: str) -> list[str]:
    """Return the values that `cell` holds, which semicolons or line breaks part."""
    values = (re.sub(r"\\([;；])", r"\1", part).strip() for part in _PARTED.split(cell))
    return [value for value in values if value]


# The formats


class _Separated:
    """Writes CSV, `guard`ed, or TSV, where a line is a row and a tab parts two cells whatever is in them."""

    cut = 0

    def __init__(self, sink: Sink, *, guard: bool, mark: bool) -> None:
        self._sink = sink
        self._guard = guard
        self._mark = "\ufeff" if mark else ""

    def write(self, cells: Sequence[Cell], record: object = None) -> None:
        texts = [self._text(cell) for cell in cells]
        if self._guard:
            line = io.StringIO()
            csv.writer(line, lineterminator="\n").writerow(texts)
            text = line.getvalue()
        else:
            text = "\t".join(" ".join(re.split("[\t\n]+", text)) for text in texts) + "\n"
        self._sink((self._mark + text).encode())
        self._mark = ""

    def _text(self, cell: Cell) -> str:
        text = cell_text(cell)
        return guarded(text, numbers=self._guard) if isinstance(cell, str) else text

    def finish(self) -> None:
        if self._mark:
            self._sink(self._mark.encode())


class _JsonLines:
    """Writes an object a line: the record, or the cells by their columns' keys."""

    cut = 0

    def __init__(self, sink: Sink, columns: Sequence[TableColumn]) -> None:
        self._sink = sink
        self._keys = [column.key for column in columns]

    def write(self, cells: Sequence[Cell], record: object = None) -> None:
        if record is None:
            record = dict(zip(self._keys, map(cell_json, cells), strict=True))
        text = _HALVES.sub("\N{REPLACEMENT CHARACTER}", json.dumps(record, ensure_ascii=False))
        self._sink(text.encode() + b"\n")

    def finish(self) -> None:
        pass


class _Workbook:
    """Writes a workbook: its sheets go to temporary files as they grow, and are put together at the end."""

    def __init__(self, sink: Sink, header: Sequence[TableColumn], width: int) -> None:
        from openpyxl import Workbook  # half a second: loaded by whoever writes one
        from openpyxl.cell import WriteOnlyCell

        self.cut = 0
        self._cell: type[WriteOnlyCell] = WriteOnlyCell
        self._sink = sink
        self._header = [column.heading for column in header]
        self._width = width
        self._book = Workbook(write_only=True)
        self._rows = MOST_SHEET_ROWS

    def write(self, cells: Sequence[Cell], record: object = None) -> None:
        if self._rows >= MOST_SHEET_ROWS:
            self._begin_sheet()
        self._append(cells)

    def finish(self) -> None:
        if not self._book.worksheets:
            self._begin_sheet()
        with tempfile.TemporaryFile() as whole:
            self._book.save(whole)
            whole.seek(0)
            while piece := whole.read(1 << 20):
                self._sink(piece)

    def _begin_sheet(self) -> None:
        from openpyxl.utils import get_column_letter

        self._sheet = self._book.create_sheet()
        self._rows = 0
        for number in range(1, self._width + 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = 18
        if self._header:
            self._sheet.freeze_panes = "A2"
            self._append(self._header)

    def _append(self, cells: Sequence[Cell]) -> None:
        self._sheet.append([self._whole(cell) for cell in cells])
        self._rows += 1

    def _whole(self, cell: Cell) -> object:
        if not isinstance(cell, str):
            return cell
        text = cell_text(cell)
        if len(text) > MOST_CELL_LENGTH:
            text = text[: MOST_CELL_LENGTH - 1] + "…"
            self.cut += 1
        if not text.startswith(("=", "#")):
            return text
        made = self._cell(self._sheet, text)
        made.data_type = "s"  # else a formula, or an error's name
        return made


# The file


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[IO[bytes]]:
    """Yield what is to become the file `path`, which is there once all of it is written, and not before.

    Nobody but its owner may read it. What is no regular file, such as a device or a pipe, is written to as it stands.
    Raises: InvalidError where there is one already, unless `overwrite`; StorageError where it cannot be written.
    """
    path = path.resolve()
    try:
        mode = path.stat().st_mode
    except OSError:
        mode = 0
    with _told(path):
        if mode and not stat.S_ISREG(mode):
            with path.open("wb") as stream:
                yield stream
            return
        if mode and not overwrite:
            raise InvalidError(
                N_("{file} is there already"),
                todo=N_("Name another file, or add --overwrite."),
                field="output",
                file=str(path),
            )
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.chmod(name, MODE)
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageError(
            N_("{file} cannot be written: {reason}"),
            todo=N_("Make room, or name a file in a folder that you may write to; nothing was left there."),
            file=str(path),
            reason=error.strerror or str(error),
        ) from error
