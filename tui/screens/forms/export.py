"""Writing what is listed, or the marked customers, to a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.locale import _, ngettext
from tui.screens.main.under_way import listed_ids, under_way
from tui.screens.widget_texts import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import ChoiceInput, PickOption, TextInput

if TYPE_CHECKING:
    from tui.desk.table_file import Cell, RowWriter
    from tui.model.columns import CustomerColumn
    from tui.screens.main.main_screen import MainScreen

FORMATS = ("xlsx", "csv", "tsv", "jsonl")


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """Where to, and as what."""

    path: Path
    format: str


class ExportDialog(Dialog[ExportAsked]):
    """Asks for a file and its format; `about` says what is written to it."""

    SIZE = "-short"

    def __init__(self, about: str) -> None:
        super().__init__(_("Write to a file"), words=words())
        self._about = about

    def compose_body(self) -> ComposeResult:
        name = _("customers-{day}.xlsx").format(day=f"{datetime.now().astimezone():%Y-%m-%d}")
        formats = [PickOption(format, format) for format in FORMATS]
        note = _("The ending of the file says it, where nothing is chosen.")
        yield Form(
            [
                FormField("path", _("File"), TextInput(words=self.words), name, note=self._about),
                FormField("format", _("Format"), ChoiceInput(formats, words=self.words), note=note),
            ],
            enter_sends=True,
            words=self.words,
        )

    def on_mount(self) -> None:
        """Take the file's name at once."""
        self.query_one(Form).focus_first()

    def on_form_changed(self, event: Form.Changed) -> None:
        """A mistake was seen; the next letter mends it."""
        event.stop()
        self.complain("")

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Enter writes it."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Close with the file and its format, unless there is a file of that name."""
        from tui.desk.table_file import format_of

        values = {key: str(value).strip() for key, value in self.query_one(Form).values().items()}
        path = Path(values["path"]).expanduser()
        format = values["format"] or format_of(path)
        if not values["path"]:
            self.complain(_("name a file"))
        elif not format:
            self.complain(_("{file} does not say what it is: choose a format").format(file=path.name))
        elif path.exists():
            self.complain(_("{file} is there already: name another").format(file=path))
        elif not path.parent.is_dir():
            self.complain(_("there is no folder {folder}").format(folder=path.parent))
        else:
            self.finish(ExportAsked(path, format))


class _StoppedError(Exception):
    """The agent stopped it: the file is not there."""


async def export(main: MainScreen) -> None:
    """Write the marked customers, or, where nobody is marked, all who are listed, to a file; the journal tells of it.

    They have the list's columns, whole but for what is hidden here, and their ids. The desk can be used meanwhile.
    """
    pane = main.list_pane
    marked = list(pane.marks)
    text = ngettext("{count} marked customer", "{count} marked customers", len(marked))
    about = text.format(count=f"{len(marked):,}") if marked else _("all that are listed, on every page")
    asked = await main.app.push_screen_wait(ExportDialog(about))
    if asked is None:
        return
    what = f"{len(marked)} marked" if marked else pane.asked or pane.search_text or "list"
    try:
        count, missed = await _write(main, asked, marked, what)
    except _StoppedError:
        main.tell(_("Stopped: no file was written."), "warn")
        return
    text = ngettext("{count} customer written to {file}", "{count} customers written to {file}", count)
    told = [text.format(count=f"{count:,}", file=asked.path.resolve())]
    if missed:
        text = ngettext("{count} is not known here", "{count} are not known here", missed)
        told.append(text.format(count=f"{missed:,}"))
    main.tell(" · ".join(told), "warn" if missed else "ok")


async def _write(main: MainScreen, asked: ExportAsked, marked: Sequence[str], what: str) -> tuple[int, int]:
    """Write the file; how many customers are in it, and how many of those that were meant are not."""
    from tui.desk.customer_export import file_columns, known_rows, note_export
    from tui.desk.table_file import row_writer, whole_file

    desk = main.desk
    columns = _columns(main)
    masker = await desk.masker()
    count = missed = 0
    with under_way(main, "export", _("Writing")) as writing, whole_file(asked.path) as file:
        writer = row_writer(file.write, asked.format, file_columns(columns), mark=True)
        async with aclosing(_pieces(main, marked)) as pieces:
            async for ids, total in pieces:
                rows = await desk.disk.read(
                    partial(known_rows, ids=ids, columns=columns, user_id=desk.settings.user_id, masker=masker)
                )
                await asyncio.to_thread(_put, writer, rows)
                count += len(rows)
                missed += len(ids) - len(rows)
                writing.progress(count, total)
                if writing.stop.is_set():
                    raise _StoppedError
        await asyncio.to_thread(writer.finish)
    target = f"{asked.format} {asked.path}"
    await desk.disk.run(lambda store: note_export(store, desk.settings, what, count, target))
    return count, missed


def _put(writer: RowWriter, rows: Sequence[Sequence[Cell]]) -> None:
    for row in rows:
        writer.write(row)


async def _pieces(main: MainScreen, marked: Sequence[str]) -> AsyncGenerator[tuple[Sequence[str], int | None], None]:
    """Yield the ids of whom is written, each once and a few at a time, and how many there are, where that is known."""
    from tui.desk.customer_export import AT_ONCE

    told: set[str] = set()

    async def found() -> AsyncGenerator[tuple[Sequence[str], int | None], None]:
        if marked:
            yield marked, len(marked)
        else:
            async with aclosing(listed_ids(main)) as pages:
                async for page in pages:
                    yield page

    async with aclosing(found()) as pages:
        async for ids, total in pages:
            fresh = [id for id in ids if id not in told]
            told.update(fresh)
            for start in range(0, len(fresh), AT_ONCE):
                yield fresh[start : start + AT_ONCE], total


def _columns(main: MainScreen) -> Sequence[CustomerColumn]:
    """Return the list's columns, with the id before them."""
    from tui.model.columns import COLUMNS, TABLE_COLUMNS

    if not main.list_pane.chosen_columns:
        return TABLE_COLUMNS
    return (COLUMNS["id"], *(column for column in main.list_pane.columns if column.key != "id"))
