"""`kehu find`: the directory searched as in the desk, with no vendor asked and nothing of the network loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tui.cli.customer_text import print_customers, seen_extent, table_columns
from tui.cli.json_shapes import Whereabouts, customers_json, page_json
from tui.cli.masked import Shown, reveal_option
from tui.cli.output import print_json, say
from tui.cli.query_argument import QUERY_HELP, QueryCommand, asked_page, asked_query, query_text
from tui.cli.session import ID, TEXT, Session, closing, command, known_fields, option, pass_session
from tui.cli.table_output import CountedTable, TableOutput, exporting, output_options
from tui.ending import INTERRUPTED
from tui.locale import N_, _
from tui.model.errors import KehuError

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.disk import Disk
    from tui.desk.sync import SyncReport
    from tui.model.columns import CustomerColumn
    from tui.model.customer import Customer, FieldSpec, Page
    from tui.store.rows import Listing


@command("sync", help=N_("Read the vendor's list into the directory, where kehu find and the desk search it."))
@option("--owner", type=ID, metavar="USER", help=N_("Only those whom this colleague follows or owns."))
@option("--anew", is_flag=True, help=N_("From the first page on, instead of where it was interrupted."))
@pass_session
def sync(session: Session, owner: str | None, anew: bool) -> int:
    """Fill the directory; Ctrl-C stops after the page under way, and the next sync goes on from there."""
    from tui.cli.progress import ProgressLine, stoppable
    from tui.desk.sync import told

    async def work(desk: Desk) -> SyncReport:
        await known_fields(desk)  # which of them are hidden is to be known as soon as there is anybody to hide
        whose = await desk.colleague(owner) if owner else None
        left_off = None if anew else await desk.sync.left_off(whose)
        already = left_off.page * left_off.size if left_off else 0
        if left_off and not session.json:
            say(_("going on after the first {count}").format(count=f"{already:,}"))
        progress = ProgressLine(_("reading the list"), silent=True, already=already)
        try:
            with stoppable(progress, silent=session.json) as stop:
                return await desk.sync.run(whose, anew=anew, on_progress=progress, stop=stop)
        except KehuError:
            if not session.json and (state := await desk.sync.left_off(whose)):
                count = f"{state.page * state.size:,}"
                say(_("the first {count} are in the directory; kehu sync goes on from there").format(count=count))
            raise

    report = session.with_desk(work)
    if session.json:
        print_json({name: fact for name, fact in asdict(report).items() if name != "nameless" or fact})
    else:
        say(told(report))
    return 0 if report.complete else INTERRUPTED


@click.command(
    "find",
    cls=QueryCommand,
    help=N_("Search the customers seen here, by words or by the query language."),
    epilog=QUERY_HELP,
)
@click.argument("text", nargs=-1, type=TEXT, required=True, metavar="QUERY…")
@option("--limit", type=click.IntRange(min=1), default=100, metavar="N", help=N_("Customers a page."))
@option("--page", type=click.IntRange(min=1), default=1, metavar="N", help=N_("Which page; the first is 1."))
@option("--all", "everything", is_flag=True, help=N_("Everybody, as JSON lines unless --format says otherwise."))
@output_options
@reveal_option
@pass_session
def find(session: Session, text: tuple[str, ...], limit: int, page: int, everything: bool, output: TableOutput) -> None:
    """Print whom the query finds. To find nobody is an answer, and no failure."""
    if everything:
        print_all_found(session, query_text(text), output.of_all)
    else:
        print_found(session, query_text(text), page, limit, output)


def print_found(session: Session, wanted: str, page: int, limit: int, output: TableOutput) -> None:
    """Print a page, from 1, of whom the query `wanted` means, as `output` says.

    Raises: QueryError.
    """
    profile = session.profile
    columns = output.columns

    def work(disk: Disk) -> None:
        found = asked_page(session, disk, wanted, page, limit)
        whole = session.json or output.is_export
        customers = _customers(disk, found) if whole or profile.links else ()
        known = _known_in(disk, session, customers)
        fields = disk.run_now(lambda store: store.directory.fields()) if whole or found.rows or columns else None
        specs = fields[0] if fields else ()
        headings = table_columns(columns, specs)
        shown = Shown(session, disk, specs)
        if session.json:
            print_json(page_json(_page(found, shown.customers(customers)), profile, specs, known))
        elif output.is_export:
            with exporting(session, disk, output, headings, wanted) as table:
                _write(session, disk, table, shown.customers(customers), headings, specs)
        elif found.rows:
            if columns:
                found = disk.run_now(lambda store: store.with_values(found, headings, profile.user_id))
            print_customers(shown.rows(found.rows, headings), known, headings, header=output.header)
        if found.rows and not session.json:
            say(seen_extent(found))
        if not found.rows:
            say(_nobody(wanted, page, disk.run_now(lambda store: store.directory.count())))

    session.with_disk(work)


def print_all_found(session: Session, wanted: str, output: TableOutput) -> None:
    """Print everybody whom the query `wanted` means, as `output` says.

    Raises: QueryError.
    """

    def work(disk: Disk) -> None:
        from tui.desk.customer_export import ids_meant

        query, names = asked_query(session, disk, wanted)
        constants = {"profile": names.profile, "dialect": names.dialect}
        fields = disk.run_now(lambda store: store.directory.fields())
        specs = fields[0] if fields else ()
        headings = table_columns(output.columns, specs)
        shown = Shown(session, disk, specs)
        with exporting(session, disk, output, headings, wanted) as table:
            for ids in disk.run_now(lambda store: ids_meant(store, query, constants)):
                known = disk.run_now(lambda store, ids=ids: store.directory.get_many(ids))  # type: ignore[misc]
                customers = shown.customers(known[id][0] for id in ids if id in known)
                _write(session, disk, table, customers, headings, specs)
        if not table.count:
            say(_nobody(wanted, 1, disk.run_now(lambda store: store.directory.count())))

    session.with_disk(work)


def _write(
    session: Session,
    disk: Disk,
    table: CountedTable,
    customers: Sequence[Customer],
    columns: Sequence[CustomerColumn],
    specs: Sequence[FieldSpec],
) -> None:
    """Write a row for each of `customers`."""
    from tui.desk.customer_export import export_rows

    rows = disk.run_now(lambda store: export_rows(store, customers, columns, session.profile.user_id))
    known = _known_in(disk, session, customers) if table.takes_records else None
    table.write_all(rows, lambda: customers_json(customers, session.profile, specs, known))


def _customers(disk: Disk, found: Listing) -> tuple[Customer, ...]:
    """The customers that `found` shows, whole."""
    ids = [row.id for row in found.rows]
    known = disk.run_now(lambda store: store.directory.get_many(ids))
    return tuple(known[id][0] for id in ids if id in known)


def _page(found: Listing, customers: tuple[Customer, ...]) -> Page:
    """`customers` as a page; `total` is None until the last one is reached."""
    from tui.model.customer import Page

    return Page(page=found.page, size=found.size, total=found.total, items=customers)


def _known_in(disk: Disk, session: Session, customers: Sequence[Customer]) -> Whereabouts:
    """In which profiles `customers` are, as far as is known on disk."""
    if not session.profile.links:
        return {customer.id: (session.profile.name,) for customer in customers}
    import asyncio

    from tui.app.opening import people_of
    from tui.desk.linked.link import Answers

    async def run() -> Whereabouts:
        async with closing(people_of(session.profile, session.read_config(), Answers(disk))) as people:
            return await people.known_in(customers)

    return asyncio.run(run())


def _nobody(text: str, page: int, known: int) -> str:
    if not known:
        return _("no customer was seen here yet: kehu sync reads the vendor's list")
    if page > 1:
        return _("page {page} is empty").format(page=page)
    return _("nobody of the {count} customers seen here matches {text}").format(count=f"{known:,}", text=text)
