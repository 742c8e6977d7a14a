"""A workbook's sheet as rows of texts, read row after row; what is hostile or lost in it is refused with its place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

from tui.locale import _
from tui.model.characters import fold
from tui.model.errors import N_, InvalidError

if TYPE_CHECKING:
    from openpyxl import Workbook

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How a workbook begins: .xlsx is a zip file; an old .xls, and one with a password, is an OLE file."""

MOST_UNPACKED = 512 * 1024 * 1024
"""Bytes of all that is packed in a workbook: a million rows of a list of customers are a quarter of it."""

MOST_TEXTS = 128 * 1024 * 1024
"""Bytes of its table of texts, which has to be held in memory."""

_EXACT = 10**15
"""From here on a spreadsheet has rounded a number: it keeps 15 digits."""

_PIECE = 1 << 20
_OVERLAP = 64
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z0-9:]+)"')
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")


class SheetRow(NamedTuple):
    """One row of a sheet: its number, from 1, its cells as texts, and what is wrong with some, by their places."""

    line: int
    cells: list[str]
    problems: dict[int, str]


def sheet_rows(data: bytes, name: str, sheet: str = "") -> Iterator[SheetRow]:
    """Yield the rows of the workbook `data`, the content of the file `name`, that are not empty.

    They are of the sheet called `sheet`, by default of the first that is shown and has something in it. A formula is
    its value as the spreadsheet kept it.
    Raises: InvalidError for what is no workbook, is locked, or unpacks to more than a list of customers could be; for a
    sheet that is not there; for cells that are merged.
    """
    archive = _archive(data, name)
    with _damage_told(name):
        parts = _sheet_parts(archive)
        with closing_book(data, values=True) as book:
            title = _chosen(book, name, sheet)
            formulas, merged = _looked_through(archive, parts[title])
            if merged:
                raise InvalidError(
                    N_("{file}: the cells {range} are merged, and nobody can say which rows their value is for"),
                    todo=N_("Unmerge them, write the value into each row, and save the file."),
                    file=name,
                    range=merged,
                )
            if formulas:
                with closing_book(data, values=False) as written:
                    yield from _rows(book, written, title)
            else:
                yield from _rows(book, None, title)


@contextmanager
def closing_book(data: bytes, *, values: bool) -> Iterator[Workbook]:
    """Yield the workbook `data`, read row by row: with the `values` of formulas, or with the formulas themselves."""
    from openpyxl import load_workbook  # half a second: loaded by whoever reads one

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    """Tell of what only a damaged file makes the reader stumble over."""
    try:
        yield
    except (InvalidError, GeneratorExit):
        raise
    except Exception as error:
        raise InvalidError(
            N_("{file} is damaged, or no workbook that can be read: {reason}"),
            todo=N_("Open it in a spreadsheet and save it as .xlsx or CSV (UTF-8)."),
            file=name,
            reason=f"{type(error).__name__}: {error}"[:200],
        ) from error


def _archive(data: bytes, name: str) -> zipfile.ZipFile:
    """Return what is packed in `data`.

    Raises: InvalidError for what is no workbook, or a hostile one.
    """
    if data.startswith(OLE):
        locked = _PASSWORD in data
        raise InvalidError(
            N_("{file} is protected by a password") if locked else N_("{file} is an old workbook (.xls)"),
            todo=N_("Save it without the password, as .xlsx.") if locked else N_("Save it as .xlsx."),
            file=name,
        )
    with _damage_told(name):
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise InvalidError(
            N_("{file} is a packed file, and no .xlsx workbook"), todo=N_("Save it as .xlsx or CSV (UTF-8)."), file=name
        )
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or any(
        entry.filename.endswith("sharedStrings.xml") and entry.file_size > MOST_TEXTS for entry in entries
    ):
        raise InvalidError(
            N_("{file} unpacks to more than {limit} MiB"),
            todo=N_("Split it into several files, or save it as CSV (UTF-8)."),
            file=name,
            limit=MOST_UNPACKED // 1024 // 1024,
        )
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and _DECLARED.search(_beginning(archive, entry)):
            raise InvalidError(N_("{file} declares a document type in {part}"), file=name, part=entry.filename)
    return archive


def _beginning(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as part:
            return part.read(_PIECE).replace(b"\0", b"")  # in UTF-16 every other byte of it is one
    except (RuntimeError, zipfile.BadZipFile, NotImplementedError, OSError, EOFError):  # it is told by whoever reads it
        return b""


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return where each sheet is packed, by its name."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # it declares no document type
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # likewise
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    parts = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            id = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            target = targets.get(id, "")
            parts[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _chosen(book: Workbook, name: str, sheet: str) -> str:
    """Return the name of the sheet to read."""
    titles: list[str] = [one.title for one in book.worksheets]
    if sheet:
        found = [title for title in titles if title == sheet] or [one for one in titles if fold(one) == fold(sheet)]
        if not found:
            raise InvalidError(
                N_("{file} has no sheet {name}"),
                todo=N_("There are: {known}."),
                file=name,
                name=sheet,
                known=", ".join(titles),
            )
        return found[0]
    shown: list[str] = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    for title in shown or titles:
        if next(_rows(book, None, title), None) is not None:
            return title
    raise InvalidError(N_("{file} has no rows"), todo=N_("Write a header, and a row a line below it."), file=name)


def _looked_through(archive: zipfile.ZipFile, part: str) -> tuple[bool, str]:
    """Return whether there are formulas in the sheet that is packed as `part`, and which cells are merged first."""
    formulas, kept = False, b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            text = kept + piece
            formulas = formulas or _FORMULA.search(text) is not None
            if merged := _MERGED.search(text):
                return formulas, merged[1].decode()
            kept = text[-_OVERLAP:]
    return formulas, ""


def _rows(book: Workbook, formulas: Workbook | None, title: str) -> Iterator[SheetRow]:
    """Yield the rows of the sheet `title` of `book` that are not empty, beside the same in `formulas`."""
    written = _cells(formulas, title) if formulas is not None else repeat(())
    for line, (row, beside) in enumerate(zip(_cells(book, title), written, strict=False), 1):
        cells, problems = [], {}
        for place, cell in enumerate(row):
            text, problem = _text(cell.value)
            if cell.value is None and place < len(beside) and beside[place].data_type == "f":
                problem = _("found the formula {formula}, and no value of it").format(formula=beside[place].value)
            cells.append(text)
            if problem:
                problems[place] = problem
        while cells and not cells[-1].strip() and len(cells) - 1 not in problems:
            cells.pop()
        if cells:
            yield SheetRow(line, cells, problems)


def _cells(book: Workbook, title: str) -> Iterator[Sequence[Any]]:
    sheet = book[title]
    sheet.reset_dimensions()  # what the file says of them may be anything
    return iter(sheet.iter_rows())


def _text(value: object) -> tuple[str, str]:
    """Return the `value` of a cell as a text, and what is wrong with it."""
    match value:
        case None:
            return "", ""
        case bool():
            return str(value).upper(), ""
        case int() | float() if abs(value) >= _EXACT:
            found = _("found {found}: of a number a spreadsheet keeps 15 digits; format the column as text")
            return f"{value:.0f}", found.format(found=f"{value:.0f}")
        case float():
            return (str(int(value)) if value.is_integer() else f"{value:.15g}"), ""
        case datetime() if value.time() == time():
            return value.date().isoformat(), ""
        case datetime():
            return value.isoformat(" ", "seconds"), ""
        case date():
            return value.isoformat(), ""
        case _:
            return str(value), ""
