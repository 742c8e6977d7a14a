"""How a command's table is printed or written: `--format`, `--columns`, `--no-header`, `--output`, `--overwrite`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.failures import Misused
from tui.cli.output import StraightTable, say, warn
from tui.cli.session import FilePath, Session, columns_option, option
from tui.cli.streams import write_bytes
from tui.locale import N_, _, ngettext
from tui.text import local_time

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.desk.table_file import Cell, RowWriter, TableColumn
    from tui.model.columns import CustomerColumn

TABLE = "table"

FORMATS = (TABLE, "csv", "tsv", "jsonl", "xlsx")
"""What a table can be printed as; `tui.desk.table_file` writes all but the first."""

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class TableOutput:
    """What is wanted of a table. `format` is empty where nothing says what it is."""

    format: str = ""
    columns: tuple[str, ...] = ()
    header: bool = True
    path: Path | None = None
    overwrite: bool = False
    everybody: bool = False
    """Not one page, but all there are."""

    @property
    def is_table(self) -> bool:
        """It is for a person, in straight columns."""
        return self.format in ("", TABLE)

    @property
    def is_export(self) -> bool:
        """It goes to a file, is printed as one, or has everybody in it."""
        return not self.is_table or self.path is not None or self.everybody

    @property
    def of_all(self) -> TableOutput:
        """The same of everybody: JSON lines where nothing says what it is."""
        return replace(self, format=self.format or "jsonl", everybody=True)

    @property
    def _takes_records(self) -> bool:
        return self.format == "jsonl" and not self.columns

    @property
    def target(self) -> str:
        """As what and where to it is written, for the journal."""
        return f"{self.format or TABLE} {self.path or STDOUT}"

    def moment(self, at: float | None) -> Cell:
        """The moment `at`, in epoch seconds: short in a table, whole elsewhere."""
        if self.is_table or at is None:
            return local_time(at)
        return datetime.fromtimestamp(at)  # noqa: DTZ006  # by this machine's clock

    @contextmanager
    def writing(
        self, columns: Sequence[TableColumn], *, whole: str = "", empty: bool = False, chosen: bool = False
    ) -> Iterator[CountedTable]:
        """Yield what takes the rows of a table of `columns`, of which those that are named are written; `chosen`: all.

        In a table for a person a column that is empty throughout is left out, unless `empty`, and the one with the key
        `whole` is never cut.
        Raises: InvalidError for a name that is no column's; StorageError where the file cannot be written.
        """
        places = None if chosen else _chosen(columns, self.columns)
        shown = [columns[place] for place in places] if places else columns
        if self.path is None:
            table = CountedTable(
                self._writer(write_bytes, shown, whole, empty=empty), places, takes_records=self._takes_records
            )
            yield table
            table.finish()
            return
        from tui.desk.table_file import whole_file

        with whole_file(self.path, overwrite=self.overwrite) as file:
            writer = self._writer(file.write, shown, whole, empty=empty, to_file=True)
            table = CountedTable(writer, places, takes_records=self._takes_records)
            yield table
            table.finish()
        text = ngettext("{count} row written to {file}", "{count} rows written to {file}", table.count)
        say(text.format(count=f"{table.count:,}", file=self.path))

    def _writer(
        self,
        sink: Callable[[bytes], object],
        columns: Sequence[TableColumn],
        whole: str,
        *,
        empty: bool,
        to_file: bool = False,
    ) -> RowWriter:
        if self.is_table:
            headings = [column.heading for column in columns]
            kept = next((index for index, column in enumerate(columns) if column.key == whole), None)
            return StraightTable(headings, whole=kept, header=self.header, empty=empty, sink=sink if to_file else None)
        from tui.desk.table_file import row_writer

        return row_writer(sink, self.format, columns, header=self.header, mark=to_file)


class CountedTable:
    """A table that is written, of whose rows the cells at `places` are taken, or all.

    `takes_records`: it is JSON lines, and nobody chose columns, so that a row is told by its record.
    """

    def __init__(self, writer: RowWriter, places: Sequence[int] | None, *, takes_records: bool) -> None:
        self._writer = writer
        self._places = places
        self.takes_records = takes_records
        self.count = 0
        """Rows so far."""

    def write(self, cells: Sequence[Cell], record: object = None) -> None:
        """Write a row of all columns' `cells`, or its `record` where it takes those."""
        if self._places is not None:
            cells = [cells[place] for place in self._places]
        self._writer.write(cells, record if self.takes_records else None)
        self.count += 1

    def write_all(self, rows: Sequence[Sequence[Cell]], records: Callable[[], Sequence[object]]) -> None:
        """Write several rows; `records` are asked for where it takes those."""
        told = records() if self.takes_records else [None] * len(rows)
        for cells, record in zip(rows, told, strict=True):
            self.write(cells, record)

    def finish(self) -> None:
        """Write what is left, and tell what had no room."""
        self._writer.finish()
        if cut := self._writer.cut:
            text = ngettext(
                "{count} text is longer than a cell of a workbook, and was cut: csv and jsonl have all of it",
                "{count} texts are longer than a cell of a workbook, and were cut: csv and jsonl have all of them",
                cut,
            )
            warn(text.format(count=f"{cut:,}"))


def _chosen(columns: Sequence[TableColumn], names: Sequence[str]) -> Sequence[int] | None:
    """Return the places of the columns that `names` mean, by key or heading; None where nobody chose."""
    if not names:
        return None
    from tui.model.characters import fold
    from tui.model.errors import InvalidError
    from tui.model.naming import nearest

    known = {fold(name): place for place, column in enumerate(columns) for name in (column.heading, column.key)}
    for name in names:
        if fold(name) not in known:
            near = nearest(name, known)
            raise InvalidError(
                N_("there is no column {name!r}"),
                todo=N_("Did you mean {near}?") if near else N_("Use some of: {known}."),
                field=name,
                name=name,
                near=near,
                known=", ".join(column.key for column in columns),
            )
    return list(dict.fromkeys(known[fold(name)] for name in names))


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give `function` how its table is wanted, as `output`."""

    @wraps(function)
    def run(
        *args: Any,
        format_: str | None,
        columns: tuple[str, ...],
        no_header: bool,
        output: Path | None,
        overwrite: bool,
        **others: Any,
    ) -> Any:
        wanted = _wanted(format_ or "", columns, header=not no_header, path=output, overwrite=overwrite)
        return function(*args, output=wanted, **others)

    options = (
        option(
            "--format",
            "format_",
            type=click.Choice(FORMATS),
            help=N_(
                "What to print: a table, cut to the terminal and whole in a pipe; csv, in which a spreadsheet takes no "
                "text for a formula or a number; tsv, plain for programs; jsonl, an object a line; xlsx, a workbook. "
                "Without it the ending of --output tells."
            ),
        ),
        columns_option,
        option("--no-header", is_flag=True, help=N_("Leave the headings out.")),
        option(
            "--output",
            type=FilePath(path_type=Path, allow_dash=True),
            metavar="FILE",
            help=N_(
                "Write to FILE, which is there once it is whole, and which nobody else may read; CSV begins with the "
                "mark by which Excel knows UTF-8."
            ),
        ),
        option("--overwrite", is_flag=True, help=N_("Put it in the place of a FILE that is there already.")),
    )
    for decorate in reversed(options):
        run = decorate(run)
    return run


def _wanted(format: str, columns: tuple[str, ...], *, header: bool, path: Path | None, overwrite: bool) -> TableOutput:
    to_stdout = path is None or str(path) == STDOUT
    if overwrite and to_stdout:
        raise Misused(_("{names} goes with --output alone").format(names="--overwrite"))
    if path is not None and not to_stdout and not format:
        from tui.desk.table_file import format_of

        format = format_of(path)
    if format == "xlsx" and to_stdout and sys.stdout.isatty():
        raise Misused(_("a workbook is nothing for a terminal to show"), _("Add --output FILE."))
    wanted = TableOutput(format, columns, header, None if to_stdout else path, overwrite)
    if (wanted.is_export or not header) and click.get_current_context().ensure_object(Session).json:
        raise Misused(
            _("--json is one document, and no table"), _("Leave --json out; --format jsonl prints a line for each row.")
        )
    return wanted


def as_columns(headings: Mapping[str, str]) -> Sequence[TableColumn]:
    """Return the columns with `headings`, by key; in the agent's language."""
    from tui.desk.table_file import TableColumn

    return [TableColumn(key, _(heading)) for key, heading in headings.items()]


# What leaves the desk is in the journal


def note(session: Session, output: TableOutput, what: str, count: int) -> None:
    """Write into the journal that `count` rows of `what` were exported, where `output` is an export."""
    if output.is_export and count:
        session.with_disk(lambda disk: note_on(disk, session, output, what, count))


def note_on(disk: Disk, session: Session, output: TableOutput, what: str, count: int) -> None:
    """The same, with what is kept on `disk`."""
    from tui.app.opening import settings_of
    from tui.desk.customer_export import note_export

    who = settings_of(session.profile, session.read_config())
    disk.run_now(lambda store: note_export(store, who, what, count, output.target))


@contextmanager
def exporting(
    session: Session, disk: Disk, output: TableOutput, columns: Sequence[CustomerColumn], what: str
) -> Iterator[CountedTable]:
    """Yield what takes rows of customers in `columns`; `what` says which customers they are.

    The journal tells of an export, however far it came.
    """
    from tui.desk.customer_export import file_columns

    table: CountedTable | None = None
    written = False
    try:
        with output.writing(file_columns(columns), whole="id", empty=True, chosen=True) as table:
            yield table
        written = True
    finally:
        if (
            table is not None and output.is_export and (written or output.path is None)
        ):  # a file that was not finished is not there
            note_on(disk, session, output, what, table.count)
