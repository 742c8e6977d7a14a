"""`kehu add`, `kehu edit` and `kehu delete`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.cli.customer_text import facts_of
from tui.cli.delivery_output import raise_if_failed, tell_drops, tell_outcome
from tui.cli.exit_codes import DONE, together
from tui.cli.failures import Misused
from tui.cli.json_shapes import batch_json, change_json, customer_json
from tui.cli.masked import Shown, shown_by
from tui.cli.output import print_facts, print_json, print_table, put, say
from tui.cli.reading import look_up
from tui.cli.remark_follow import file_options
from tui.cli.session import Session, command, option, pass_session, require
from tui.cli.several import Ids, failed_json, failure_of, for_each, ids_argument, read_ids, tell_failed
from tui.desk.outcome import Kind
from tui.locale import N_, _, listed
from tui.model.errors import KehuError
from tui.model.masking import Masker
from tui.text import plain

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.outcome import Delivery, FieldChange
    from tui.model.customer import Customer, FieldSpec, FieldValues

SET_HELP = N_(
    "A field's new value; empty clears it. NAME is name, company, tags, description and so on, or a custom field's "
    "code (custom.CODE always means that). Lists take --set once a row, contacts as VALUE or VALUE|MEMO."
)


def parse_sets(sets: Sequence[str], specs: Sequence[FieldSpec]) -> FieldValues:
    """What `--set NAME=VALUE …` asks for; a name that stands several times makes rows.

    A time without a zone is this machine's, as in a form and as `kehu show` prints it.

    Raises: Misused; InvalidError for an unknown field, with its nearest neighbour, or a value that its type refuses.
    """
    from tui.model.field_names import find_field
    from tui.model.typed_values import parse_value

    rows: dict[str, list[str]] = {}
    for text in sets:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise Misused(_("--set does not take {text}").format(text=text), _("Write NAME=VALUE."))
        rows.setdefault(find_field(specs, name).code, []).append(value)
    return {code: parse_value(find_field(specs, code), texts, zone=None) for code, texts in rows.items()}


CLEAR = "--clear-empty"

map_option = option(
    "--map",
    "pairs",
    multiple=True,
    metavar="HEADING=NAME",
    help=N_(
        "What a heading of the file means: a field's code or label, id, or nothing, which leaves it out. It is kept "
        "for files with the same headings."
    ),
)


def _send_fields(
    session: Session, kind: Kind, file: str, others: Mapping[str, object], pairs: Sequence[str], how: Mapping[str, Any]
) -> int:
    """Create or edit the customers of a file; `others` are options that do not go with it."""
    from tui.cli.batch import FileOptions, send_file
    from tui.cli.remark_follow import check_file_alone

    check_file_alone((), others)
    mapping = {}
    for text in pairs:
        heading, equals, name = text.partition("=")
        if not equals or not heading.strip():
            raise Misused(_("--map does not take {text}").format(text=text), _("Write HEADING=NAME."))
        mapping[heading.strip()] = name.strip()
    options = {**how, "sheet": how["sheet"] or ""}
    return send_file(session, kind, FileOptions(file, session.profile.user_id, mapping=mapping, **options))


def _check_file_options(pairs: Sequence[str], how: Mapping[str, object]) -> None:
    """Raise Misused for an option that belongs to a file, where there is none."""
    given = {"--map": pairs, **{CLEAR if name == "clear" else f"--{name}": value for name, value in how.items()}}
    if mixed := [name for name, value in given.items() if value]:
        raise Misused(_("{names} goes with --file alone").format(names=", ".join(mixed)))


@command(
    "add",
    help=N_(
        "Create a customer, or those in a file; a field that is not named gets its default (kehu fields), as in the "
        "desk's form."
    ),
)
@option("--set", "sets", multiple=True, metavar="NAME=VALUE", help=SET_HELP)
@file_options
@map_option
@pass_session
def add(
    session: Session, /, sets: tuple[str, ...], file: str | None, pairs: tuple[str, ...], dry_run: bool, **how: Any
) -> int:
    """Create a customer and print it as the vendor has it, or create those of a file."""
    if file is not None:
        return _send_fields(session, Kind.CREATE, file, {"--set": sets}, pairs, {**how, "dry_run": dry_run})
    _check_file_options(pairs, how)
    if not sets:
        raise Misused(_("{name} is missing").format(name="--set"), _("Write NAME=VALUE, or name a file with --file."))

    async def work(desk: Desk) -> int:
        from tui.desk.defaults import with_defaults
        from tui.model.customer import Customer

        require(desk, "create")
        specs = await desk.fields()
        values = parse_sets(sets, specs)
        if dry_run:
            whole = with_defaults(specs, values)
            await desk.check(whole, creating=True)
            changes = desk.preview(Customer(id=""), whole)
            if session.json:
                print_json([change_json(change) for change in changes])
            else:
                _print_changes(changes, specs)
            return DONE
        result = _report(session, await desk.create(values), specs, _("created"), await shown_by(session, desk))
        if session.json:
            print_json(result.document)
        return result.code

    return session.with_desk(work)


@command(
    "edit",
    help=N_(
        "Change fields of customers, or of those in a file; nothing else is sent. - reads the ids from standard input, "
        "one a line."
    ),
)
@ids_argument(required=False)
@option("--set", "sets", multiple=True, metavar="NAME=VALUE", help=SET_HELP)
@file_options
@map_option
@option(CLEAR, "clear", is_flag=True, help=N_("An empty cell of the file clears its field."))
@pass_session
def edit(
    session: Session,
    /,
    keys: tuple[str, ...],
    sets: tuple[str, ...],
    file: str | None,
    pairs: tuple[str, ...],
    dry_run: bool,
    **how: Any,
) -> int:
    """Change each customer and print it as the vendor has it, or those of a file; the exit code."""
    if file is not None:
        others = {"ID": keys, "--set": sets}
        return _send_fields(session, Kind.UPDATE, file, others, pairs, {**how, "dry_run": dry_run})
    _check_file_options(pairs, how)
    if not keys:
        raise Misused(_("no customer is named"), _("Name an ID, or a file with --file."))
    if not sets:
        raise Misused(_("{name} is missing").format(name="--set"), _("Write NAME=VALUE, or name a file with --file."))
    ids = read_ids(keys)

    async def work(desk: Desk) -> int:
        require(desk, "update")
        specs = await desk.fields()
        values = parse_sets(sets, specs)
        shown = await shown_by(session, desk)

        async def one(key: str) -> Result:
            before = await look_up(desk, key)
            changes = desk.preview(before, values)
            if dry_run:
                return _would_change(session, ids, before, [_shown(one, shown.masker) for one in changes], specs)
            if not changes:
                say(_("nothing to change: all of it is so already"))
            tell_drops(session, changes, shown.masker)
            return _report(session, await desk.update(before, values), specs, _("saved"), shown)

        return _tell_results(session, ids, await for_each(ids, one))

    return session.with_desk(work)


@command(
    "delete",
    help=N_("Delete customers at the vendor, for good. - reads the ids from standard input, one a line."),
)
@ids_argument()
@option("--yes", is_flag=True, help=N_("Really delete them."))
@pass_session
def delete(session: Session, keys: tuple[str, ...], yes: bool) -> int:
    """Delete each customer; the exit code."""
    ids = read_ids(keys)
    if not yes:
        raise Misused(
            _("this deletes {key} for good").format(key=listed(ids.keys)), _("Add --yes if that is what you want.")
        )

    async def work(desk: Desk) -> int:
        require(desk, "delete")

        async def one(key: str) -> Delivery:
            customer = await look_up(desk, key)
            delivery = await desk.delete(customer)
            raise_if_failed(session, delivery)
            if delivery.ok and not session.json:
                say(_("deleted {name}").format(name=customer.name or customer.id))
            return delivery

        found = await for_each(ids, one)
        lost = [(key, one) for key, one in found if isinstance(one, KehuError)]
        done = [one for _key, one in found if not isinstance(one, KehuError)]
        if session.json:
            failures = [failure for delivery in done for failure in delivery.failures]
            applied = sum(delivery.applied for delivery in done)
            print_json(batch_json(applied, [*(failure_of(*one) for one in lost), *failures]))
        for key, error in lost:
            tell_failed(session, key, error)
        return together([*(error for _key, error in lost), *(tell_outcome(session, delivery) for delivery in done)])

    return session.with_desk(work)


class Result(NamedTuple):
    """What became of one customer: what a program reads of it, and the exit code."""

    document: object
    code: int


def _tell_results(session: Session, ids: Ids, results: Sequence[tuple[str, Result | KehuError]]) -> int:
    """Tell which of the customers failed, and a program what became of each; the exit code."""
    for key, one in results:
        if isinstance(one, KehuError):
            tell_failed(session, key, one)
    if session.json:
        documents = [failed_json(key, one) if isinstance(one, KehuError) else one.document for key, one in results]
        print_json(documents if ids.several else documents[0])
    return together([one if isinstance(one, KehuError) else one.code for _key, one in results])


def _report(session: Session, delivery: Delivery, specs: Sequence[FieldSpec], done: str, shown: Shown) -> Result:
    """Tell what became of a create or an edit."""
    raise_if_failed(session, delivery)
    customer = shown.customer(delivery.customer) if delivery.customer is not None else None
    if not session.json and customer is not None:
        print_facts(facts_of(customer, specs))
    if delivery.applied and not delivery.surprises:
        say(done)
    as_json = customer_json(customer, session.profile, specs) if customer else None
    return Result(as_json or batch_json(delivery.applied, delivery.failures), tell_outcome(session, delivery))


def _would_change(
    session: Session, ids: Ids, customer: Customer, changes: Sequence[FieldChange], specs: Sequence[FieldSpec]
) -> Result:
    """Tell what an edit would change; of several customers, of which one."""
    told = [change_json(change) for change in changes]
    if not session.json:
        if ids.several:
            put(plain(f"{customer.name} {customer.id}".strip()))
        _print_changes(changes, specs)
    return Result({"id": customer.id, "changes": told} if ids.several else told, DONE)


def _shown(change: FieldChange, masker: Masker) -> FieldChange:
    """`change` as it may be seen."""
    before, after = (masker.value(change.code, value) for value in (change.before, change.after))
    drops = tuple(masker.text(change.code, drop) for drop in change.drops)
    return replace(change, before=before, after=after, drops=drops)


def _print_changes(changes: Sequence[FieldChange], specs: Sequence[FieldSpec]) -> None:
    from tui.model.display import texts

    if not changes:
        say(_("nothing to change: all of it is so already"))
        return
    known = {spec.code: spec for spec in specs}
    rows = [
        (
            _(change.label),
            ", ".join(texts(change.before, known.get(change.code))) or "–",
            ", ".join(texts(change.after, known.get(change.code))) or "–",
            ", ".join(change.drops),
        )
        for change in changes
    ]
    print_table([_("Field"), _("Before"), _("After"), _("Dropped")], rows)
