"""The bytes of a file as text: UTF-8 with or without a mark, UTF-16 with one, else GB18030, as Excel in China saves."""

from __future__ import annotations

import codecs

from tui.client.errors import N_, InvalidError

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of a file: 100,000 rows of the longest remarks are a third of it."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a workbook begins: .xlsx is a zip file, .xls an OLE one."""

SAVE_AS_CSV = N_("Save it as CSV (UTF-8), or as JSON lines.")


def decode(data: bytes, name: str) -> str:
    """DATA, the content of the file NAME, as text.

    Raises: InvalidError.
    """
    if len(data) > MOST_BYTES:
        raise InvalidError(
            N_("{file} is larger than {limit} MiB"),
            todo=N_("Split it into several files."),
            file=name,
            limit=MOST_BYTES // 1024 // 1024,
        )
    if data.startswith(_WORKBOOKS):
        raise InvalidError(N_("{file} is a workbook, not a text"), todo=SAVE_AS_CSV, file=name)
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
        else:
            if "\0" in text:
                break
            return text
    else:
        raise InvalidError(
            N_("{file} is neither UTF-8 nor GB18030: line {line} cannot be read"),
            todo=SAVE_AS_CSV,
            file=name,
            line=data.count(b"\n", 0, place) + 1,
        )
    raise InvalidError(N_("{file} is no text"), todo=SAVE_AS_CSV, file=name)
