"""`kehu list`, `kehu show` and `kehu fields`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from tui.cli.customer_text import FIELD_HEADINGS, extent, facts_of, field_row, print_customers, table_columns
from tui.cli.exit_codes import DONE, PARTLY, together
from tui.cli.failures import Misused
from tui.cli.json_shapes import JSON, Whereabouts, customer_json, customers_json, field_json, page_json
from tui.cli.masked import Shown, reveal_option, shown_by
from tui.cli.output import print_facts, print_json, print_table, put, say, warn
from tui.cli.session import ID, Session, command, known_fields, option, pass_session, require
from tui.cli.several import Ids, failed_json, for_each, ids_argument, read_ids, tell_failed
from tui.cli.table_output import TableOutput, exporting, output_options
from tui.config import profile_called
from tui.locale import N_, _, ngettext
from tui.model.errors import KehuError

if TYPE_CHECKING:
    from tui.cli.linked import ShownBy, Specs
    from tui.desk.customer_reader import Reading
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.desk.linked.person import Person
    from tui.desk.record import Record
    from tui.desk.walk import Walk
    from tui.model.columns import CustomerColumn
    from tui.model.customer import Customer, FieldSpec, Page, Query


T = TypeVar("T")


@command("list", help=N_("List customers, one page or all of them."))
@option("--page", type=click.IntRange(min=1), default=1, metavar="N", help=N_("Which page; the first is 1."))
@option("--size", type=click.IntRange(min=1), metavar="N", help=N_("Customers a page."))
@option("--owner", type=ID, metavar="USER", help=N_("Only those whom this colleague follows or owns."))
@option(
    "--where",
    "conditions",
    multiple=True,
    metavar="FIELD:OP:VALUE",
    help=N_(
        "Only those of whom this is true, such as phones:eq:13231307283, 客户等级:eq:重要客户 or openSeaIds:empty. "
        "OP is eq (one of the values; commas part them, \\, is one) or empty. Fields go by code or label, choices and "
        "cascades (a/b/c) by key or label. Of several all must be true."
    ),
)
@output_options
@reveal_option
@option(
    "--query",
    metavar="QUERY",
    help=N_("Only those seen here whom the query means, as in kehu find; the vendor is not asked."),
)
@option(
    "--all",
    "everything",
    is_flag=True,
    help=N_("Every page from this one on, as JSON lines unless --format says otherwise: a customer a line."),
)
@pass_session
def list_(
    session: Session,
    page: int,
    size: int | None,
    owner: str | None,
    conditions: tuple[str, ...],
    output: TableOutput,
    query: str | None,
    everything: bool,
) -> int:
    """Print customers."""
    if everything:
        output = output.of_all
    if query is not None:
        asks_vendor = bool(owner or conditions)
        return _list_seen(session, query, page, size, output, asks_vendor=asks_vendor, everything=everything)
    from tui.model.customer import Query

    wanted = [_spelt(text) for text in conditions]
    profile = session.profile

    async def work(desk: Reading, people: LinkedPeople | None = None) -> int:
        most = desk.capabilities.page_size
        rows = size or (most if everything else min(profile.page_size, most))
        found_by = tuple([await desk.condition(*spelt) for spelt in wanted])
        whose = await desk.colleague(owner) if owner else None
        asked = Query(page=page, size=rows, owner=whose, conditions=found_by)
        specs = await known_fields(desk)
        columns = table_columns(output.columns, specs)
        shown = await shown_by(session, desk)
        if output.is_export:
            from tui.desk.customer_export import export_rows

            what = ["list", "--all" if everything else f"--page {page}"]
            what += [f"--owner {whose}"] if whose else []
            what += [f"--where {text}" for text in conditions]
            with exporting(session, desk.disk, output, columns, " ".join(what)) as table:

                async def put(found: Sequence[Customer]) -> None:
                    whose = shown.customers(found)
                    rows = await desk.disk.read(lambda store: export_rows(store, whose, columns, profile.user_id))
                    known = await _known(people, found) if table.takes_records else None
                    table.write_all(rows, lambda: customers_json(whose, profile, specs, known))

                if everything:
                    return await _all(desk, asked, put)
                found = await _page(desk, asked)
                await put(found.items)
            _say_page(found)
            return 0
        found = await _page(desk, asked)
        known = await _known(people, found.items)
        printed = found.model_copy(update={"items": shown.customers(found.items)})
        if session.json:
            print_json(page_json(printed, profile, specs, known))
        else:
            await _print_page(desk, printed, columns, known or {}, shown, header=output.header)
            if not found.items and not found.total:
                say(await _why_nobody(desk, asked))
        return 0

    return session.with_people(work) if wanted else session.with_reading(work)


def _list_seen(
    session: Session,
    query: str,
    page: int,
    size: int | None,
    output: TableOutput,
    *,
    asks_vendor: bool,
    everything: bool,
) -> int:
    """Print whom `query` means of those seen here."""
    from tui.cli.find_sync import print_all_found, print_found

    if asks_vendor:
        raise Misused(
            _("--query is answered from what was seen here, --owner and --where by the vendor"),
            _("Write owner:USER or FIELD:VALUE in the query."),
        )
    if everything:
        print_all_found(session, query, output)
    else:
        print_found(session, query, page, size or session.profile.page_size, output)
    return 0


async def _known(people: LinkedPeople | None, customers: Sequence[Customer]) -> Whereabouts | None:
    """In which profiles `customers`, who were searched for, are."""
    return await people.known_in(customers) if people is not None else None


def _spelt(text: str) -> tuple[str, str, str]:
    """Return field, operator and values of a condition."""
    field, operator, values = [part.strip() for part in (*re.split("[:：]", text, maxsplit=2), "", "")][:3]
    if not field or not operator:
        raise Misused(
            _("--where does not take {text}").format(text=text),
            _("Write FIELD:OP:VALUE, such as phones:eq:13231307283; a comma in a value is \\,."),
        )
    return field, operator.casefold(), values


async def _why_nobody(desk: Reading, query: Query) -> str:
    """Return what there is to say where nobody is found: by what was searched, and whether the colleague is known."""
    from tui.desk.queries import told
    from tui.model.naming import nearest

    asked = told(query, desk.told_fields)
    if not asked:
        return _("no customers")
    lines = [_("no customers with {conditions}").format(conditions=asked)]
    owners = {owner.user_id: owner for owner in await desk.owners()} if query.owner else {}
    if query.owner and query.owner not in owners:
        near = nearest(query.owner, owners)
        lines.append(_("no colleague {name} was seen here").format(name=query.owner))
        if near:
            lines.append(_("Did you mean {near}?").format(near=f"{near} {owners[near].name}".rstrip()))
    return " · ".join(lines)


async def _page(desk: Reading, query: Query) -> Page:
    """One page from the vendor; from the directory where the vendor has no list."""
    if desk.capabilities.can("list"):
        return await desk.page(query)
    from tui.model.customer import Page

    listing = await desk.listing(query)
    say(_("{reason}: these are the customers seen here").format(reason=desk.why_not("list")))
    records = [await desk.seen_customer(row.id) for row in listing.rows]
    items = tuple(record.customer for record in records if record)
    return Page(page=query.page, size=query.size, total=listing.total, items=items)


async def _all(desk: Reading, query: Query, put: Callable[[Sequence[Customer]], Awaitable[None]]) -> int:
    """`put` everybody from `query`'s page on, each once, however the list moves meanwhile; the exit code."""
    import sqlite3

    from tui.cli.progress import ProgressLine
    from tui.desk.walk import Walk, WalkPosition

    # Who was told waits on disk: a million ids would be a hundred megabytes.
    told = sqlite3.connect("", isolation_level=None)
    told.execute("CREATE TABLE told (key TEXT PRIMARY KEY) WITHOUT ROWID")
    progress = ProgressLine(_("reading the list"), silent=True, beside_data=True)

    async def keep(customers: tuple[Customer, ...], place: WalkPosition) -> int:
        # A record without an id is told apart from another by all that is in it.
        found = {customer.id or repr(customer.raw): customer for customer in customers}
        insert = "INSERT OR IGNORE INTO told VALUES (?)"
        fresh = [customer for key, customer in found.items() if told.execute(insert, (key,)).rowcount]
        await put(fresh)
        progress(told.total_changes, place.total)
        return sum(bool(customer.id) for customer in fresh)

    def read(number: int) -> Awaitable[Page]:
        return _page(desk, query.model_copy(update={"page": number}))

    before = query.page - 1
    walk = Walk(read, keep, page=before, count=before * query.size)
    try:
        await walk.all()
        if desk.capabilities.can("list"):
            await walk.check_head()
    finally:
        progress.clear()
        await walk.close()
        told.close()
    _say_unreadable(walk.nameless)
    if walk.proved:
        return 0
    warn(_unproved(walk))
    return PARTLY


def _unproved(walk: Walk) -> str:
    """Why `walk` may have missed somebody."""
    if walk.missed:
        text = _("the vendor counts {total} customers, and {missed} of them came on no page; list them again")
        return text.format(total=f"{walk.place.total or 0:,}", missed=f"{walk.missed:,}")
    return _("the list moved while it was read, and somebody may be missing; list them again")


async def _print_page(
    desk: Reading, page: Page, columns: Sequence[CustomerColumn], known: Whereabouts, shown: Shown, *, header: bool
) -> None:
    """Print the customers of `page`, and on standard error which they are."""
    if page.items:
        listing = await desk.with_values(desk.listing_of(page, columns), columns)
        print_customers([shown.row(row, columns) for row in listing.rows], known, columns, header=header)
    _say_page(page)


def _say_page(page: Page) -> None:
    """Tell which customers of how many those of `page` are."""
    if page.items:
        say(extent(page.page, page.size, len(page.items), page.total))
    elif page.total:
        say(_("page {page} is empty: there are {total}").format(page=page.page, total=f"{page.total:,}"))
    _say_unreadable(sum(customer.unreadable for customer in page.items))


def _say_unreadable(count: int) -> None:
    if count:
        text = ngettext("{count} record cannot be read", "{count} records cannot be read", count)
        warn(text.format(count=count))


@command(
    "show",
    help=N_("Show customers, by their ids or by something else; - reads the ids from standard input, one a line."),
)
@ids_argument()
@option(
    "--by",
    type=ID,
    metavar="NAME",
    help=N_("What ID is, such as phone or email: what the vendor looks customers up by."),
)
@option("--linked", is_flag=True, help=N_("With the records that the linked profiles have of the same person."))
@output_options
@reveal_option
@pass_session
def show(session: Session, keys: tuple[str, ...], by: str | None, linked: bool, output: TableOutput) -> int:
    """Print each customer, or the whole person; the exit code."""
    ids = read_ids(keys)
    as_rows = output.is_export or bool(output.columns)
    if linked and as_rows:
        raise Misused(_("--linked shows a whole person, and no row of a table"), _("Use --json with it."))

    async def work(desk: Reading) -> int:
        read = await for_each(ids, lambda key: look_up(desk, key, by), at_once=desk.capabilities.lookups_at_once)
        specs = await known_fields(desk)
        shown = await shown_by(session, desk)
        found = [(key, one if isinstance(one, KehuError) else shown.customer(one)) for key, one in read]
        if as_rows and not session.json:
            return await _show_rows(session, desk, found, specs, output)
        return _tell_each(
            session,
            ids,
            found,
            lambda customer: customer_json(customer, session.profile, specs),
            lambda customer: print_facts(facts_of(customer, specs)),
        )

    async def work_linked(desk: Reading, people: LinkedPeople) -> int:
        from tui.cli.linked import look_everywhere, person_json, print_person, shown_everywhere, specs_of

        specs = await known_fields(desk)

        async def look(key: str) -> tuple[Person, Specs, ShownBy]:
            person = await look_everywhere(people, await _read(desk, key, by))
            everywhere = await specs_of(people, person, specs)
            return person, everywhere, await shown_everywhere(session, desk, people, person)

        config = session.read_config()

        def told(one: tuple[Person, Specs, ShownBy]) -> JSON:
            person, everywhere, shown = one
            names = [person.source.profile, *(linked.source.profile for linked in person.linked)]
            return person_json(person, {name: profile_called(config, name) for name in names}, everywhere, shown)

        found = await for_each(ids, look)
        return _tell_each(session, ids, found, told, lambda one: print_person(*one))

    return session.with_people(work_linked) if linked else session.with_reading(work)


def _tell_each(
    session: Session,
    ids: Ids,
    found: Sequence[tuple[str, T | KehuError]],
    as_json: Callable[[T], JSON],
    print_one: Callable[[T], None],
) -> int:
    """Print each of those `found`, and tell which were not; the exit code."""
    if session.json:
        documents = [failed_json(key, one) if isinstance(one, KehuError) else as_json(one) for key, one in found]
        print_json(documents if ids.several else documents[0])
    else:
        for place, (key, one) in enumerate(found):
            if isinstance(one, KehuError):
                tell_failed(session, key, one)
                continue
            if place:
                put("")
            print_one(one)
    return together([one if isinstance(one, KehuError) else DONE for _key, one in found])


async def _show_rows(
    session: Session,
    desk: Reading,
    found: Sequence[tuple[str, Customer | KehuError]],
    specs: Sequence[FieldSpec],
    output: TableOutput,
) -> int:
    """Print those `found` as rows of the columns that are named, or of all there are; the exit code."""
    from tui.desk.customer_export import export_rows
    from tui.model.columns import known_columns

    customers = [one for _key, one in found if not isinstance(one, KehuError)]
    columns = table_columns(output.columns, specs) if output.columns else known_columns(specs)
    with exporting(session, desk.disk, output, columns, f"show {' '.join(key for key, _one in found)}") as table:
        rows = await desk.disk.read(lambda store: export_rows(store, customers, columns, desk.settings.user_id))
        for row, customer in zip(rows, customers, strict=True):
            table.write(row, customer_json(customer, session.profile, specs))
    for key, one in found:
        if isinstance(one, KehuError):
            tell_failed(session, key, one)
    return together([one if isinstance(one, KehuError) else DONE for _key, one in found])


async def look_up(desk: Reading, key: str, by: str | None = None) -> Customer:
    """The customer `key`: by its id, which for juzi may be the union id, or `by` something else.

    Raises: Misused where the vendor does not look up like that; KehuError.
    """
    return (await _read(desk, key, by)).customer


async def _read(desk: Reading, key: str, by: str | None) -> Record:
    lookups = desk.capabilities.lookups
    if by is not None and by not in lookups:
        raise Misused(
            _("this vendor does not look customers up by {by}").format(by=by),
            _("Use one of {known}.").format(known=", ".join(lookups)),
        )
    return await desk.customer(key, by or lookups[0])


@command("fields", help=N_("Show the field configuration."))
@pass_session
def fields(session: Session) -> None:
    """Print every field, freshly read."""

    async def work(desk: Reading) -> None:
        require(desk, "fields")
        specs = await desk.fields(refresh=True)
        if session.json:
            print_json([field_json(spec) for spec in specs])
        else:
            headings = [_(heading) for heading in FIELD_HEADINGS]
            print_table(headings, [field_row(spec) for spec in specs], whole=_("Code"))

    session.with_reading(work)
