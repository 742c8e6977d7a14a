"""The message catalogue, kept in step with the source: `uv run python -m tests.messages`.

Extracts every message of `tui/`, merges it into the 简体中文 catalogue (what is new has no translation yet, what is
gone goes), compiles the catalogue, and says what is left to translate. The pages that tell messages follow:
`tests.docs` makes their parts.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests import docs

ROOT = Path(__file__).parents[1]
PO = ROOT / "tui/locale/zh_CN/LC_MESSAGES/kehu.po"
MO = PO.with_suffix(".mo")

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
"""The calls whose texts are messages; see `tui.locale`."""

HEADER = """\
# 客户 kehu, in 简体中文. `uv run python -m tests.messages` brings it up to date with the source.
"""


def extracted() -> Catalog:
    """Every message in the source, with the files that it stands in."""
    catalog = Catalog()
    found = extract_from_dir(str(ROOT / "tui"), method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=())
    for file, _line, text, _comments, context in found:
        catalog.add(text, locations=[(f"tui/{file}", 0)], context=context)
    return catalog


def translated() -> Catalog:
    """The catalogue as it is on disk."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN")


def merged() -> Catalog:
    """The source's messages, with the translations that are on disk. Nothing is guessed."""
    known = translated() if PO.exists() else Catalog(locale="zh_CN")
    catalog = Catalog(locale="zh_CN", header_comment=HEADER.rstrip(), fuzzy=False)
    for message in messages_of(extracted()):
        kept = known.get(message.id)
        string = kept.string if kept and not kept.fuzzy and kept.pluralizable == message.pluralizable else None
        catalog.add(message.id, string, locations=sorted(set(message.locations)))
    return catalog


def messages_of(catalog: Catalog) -> list[Message]:
    """`catalog`'s messages without its header, by their text."""
    return sorted((message for message in catalog if message.id), key=lambda message: str(message.id))


def untranslated(catalog: Catalog) -> list[Message]:
    """What of `catalog` an agent would read in English."""
    return [
        message
        for message in messages_of(catalog)
        if message.fuzzy
        or not all(message.string if isinstance(message.string, list | tuple) else (message.string or "",))
        or not message.string
    ]


def po_bytes(catalog: Catalog) -> bytes:
    """`catalog` as a .po file that changes only where a message does: no dates, no line numbers."""
    file = io.BytesIO()
    write_po(file, catalog, omit_header=True, include_lineno=False, sort_output=True, width=120)
    head = (
        f"{HEADER}"
        'msgid ""\n'
        'msgstr ""\n'
        '"Language: zh_CN\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return head.encode() + file.getvalue()


def mo_bytes(po: bytes) -> bytes:
    """`po` compiled. The head names what gettext needs and nothing else, so that equal catalogues are equal files."""
    catalog = read_po(io.BytesIO(po), locale="zh_CN")
    # Babel writes when a catalogue was made into its head; without a fixed moment every minute makes another file.
    compiled = Catalog(locale="zh_CN", fuzzy=False, creation_date=datetime.fromtimestamp(0, UTC))
    compiled.mime_headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    ]
    for message in catalog:
        if message.id:
            compiled.add(message.id, message.string)
    file = io.BytesIO()
    write_mo(file, compiled)
    return file.getvalue()


def main() -> int:
    """Write both files, and the pages; 1 where something is left to translate."""
    catalog = merged()
    po = po_bytes(catalog)
    PO.write_bytes(po)
    MO.write_bytes(mo_bytes(po))
    docs.write()
    left = untranslated(catalog)
    for message in left:
        print(message.id)
    print(f"{len(messages_of(catalog))} messages, {len(left)} without a translation", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
