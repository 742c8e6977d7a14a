"""What spreadsheets write in place of a value: a guard round a text, an error, a number of which digits are gone."""

from __future__ import annotations

import re

from tui.desk.batch.file_columns import CUSTOMER, TIMESTAMP, UNION_ID, USER
from tui.locale import _
from tui.model.characters import clean_id, clean_text, normal
from tui.model.sendable import unfit_character

IDS = frozenset({CUSTOMER, UNION_ID, USER})
"""Columns of ids."""

_GUARD = re.compile(r'=\s*"((?:[^"]|"")*)"')
"""How exports keep a spreadsheet from taking a text for a number: `="0138"`."""

_MARK = re.compile(r"'(?=[-+=@]?[\d.,+-]+$|[-=@+－＝＠＋\t])")
"""A spreadsheet's own mark of a text, or an export's against formulas; before words an apostrophe is one of theirs."""

_ERRORS = re.compile(
    r"#(?:N/A|N/D|NV|GETTING_DATA|(?:NAME|REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN|BUSY|PYTHON"
    r"|EXTERNAL|TIMEOUT|ERROR|BEZUG|WERT|ZAHL|NOM|VALEUR|NOMBRE|NUL|NOME|VALORE|RIF"
    r"|[¡¿](?:VALOR|NOMBRE|REF|DIV/0|NUM|NULO))[!?])|#{4,}|Err:\d{3}",
    re.IGNORECASE,
)
"""The errors of Excel, WPS and LibreOffice, in the languages that have their own; and what is shown of a number in a
column that is too narrow."""

_NO_VALUE = frozenset({"nan", "NaN", "NaT", "<NA>", "NULL", "null", "None", "\\N", "undefined"})
"""What pandas, databases and scripts write into a cell that has no value, letter for letter."""

_LOST = "\N{REPLACEMENT CHARACTER}"
"""What a program puts in place of a character that it could not read; `decode` does so too."""

_ROUNDED = re.compile(r"-?\d(?:[.,]\d+)?[eE]\+\d{1,3}|-?\d[.,]\d+[eE]\d{1,3}")
"""A long number as a spreadsheet shows it: its last digits are gone."""

_AS_FLOAT = re.compile(r"(\d+)\.0+")
"""An id that a program held as a floating-point number, of which 15 digits are exact."""

_EXACT_DIGITS = 15


def read_cell(column: str, cell: str) -> str:
    """Return what the `cell` of `column` holds, without a spreadsheet's guard and without what nobody sees."""
    cell = _cleaned(column, cell)
    if guarded := _GUARD.fullmatch(cell):
        return _cleaned(column, guarded[1].replace('""', '"'))
    if column in IDS or column == TIMESTAMP:
        cell = cell.removeprefix("'")  # no vendor's id begins so
        whole = _AS_FLOAT.fullmatch(cell)
        return whole[1] if whole and len(whole[1]) <= _EXACT_DIGITS else cell
    return _MARK.sub("", cell, count=1)


def _cleaned(column: str, cell: str) -> str:
    """The `cell` of `column` without what nobody sees; of people's own words the emoji stay whole."""
    return clean_id(cell) if column in IDS or column == TIMESTAMP else clean_text(cell)


def cell_problem(column: str, text: str) -> str:
    """Return why `text`, a cell of `column` as it was read, is no value, in the agent's language; empty for a value."""
    if unfit := unfit_character(text):
        return _("character {place} ({found}) cannot be sent: it is a control character, or half an emoji").format(
            place=unfit.place, found=unfit.name
        )
    if lost := text.find(_LOST) + 1:
        return _("character {place} (U+FFFD) is broken: what it was is lost, in this file or before it").format(
            place=lost
        )
    if text in _NO_VALUE:
        return _("found {found}: that is a program's word for no value; leave the cell empty").format(found=text)
    plain = normal(text)
    if _ERRORS.fullmatch(plain):
        return _("found {found}: that is the spreadsheet's error, and no value").format(found=plain)
    if column in IDS and (_ROUNDED.fullmatch(plain) or _AS_FLOAT.fullmatch(plain)):
        return _("found {found}: the spreadsheet has rounded this id; format the column as text").format(found=plain)
    if _ROUNDED.fullmatch(plain):
        return _("found {found}: the spreadsheet has rounded this number; format the column as text").format(
            found=plain
        )
    return ""


def may_be_rounded(id: str) -> bool:
    """Return whether `id` looks like a long number of which a spreadsheet kept 15 digits: noughts follow them."""
    return id.isdecimal() and len(id) > _EXACT_DIGITS + 1 and not id[_EXACT_DIGITS:].strip("0")
