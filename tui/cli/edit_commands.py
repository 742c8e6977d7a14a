"""`kehu add`, `kehu edit` and `kehu delete`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.customer_text import facts_of
from tui.cli.delivery_output import raise_if_failed, report_batch, tell_drops, tell_outcome
from tui.cli.failures import Misused
from tui.cli.json_shapes import batch_json, change_json, customer_json
from tui.cli.output import print_facts, print_json, print_table, say
from tui.cli.reading import look_up
from tui.cli.session import ID, Session, command, option, pass_session, require
from tui.locale import N_, _

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.outcome import Delivery, FieldChange
    from tui.model.customer import FieldSpec, FieldValues

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


@command(
    "add",
    help=N_("Create a customer; a field that is not named gets its default (kehu fields), as in the desk's form."),
)
@option("--set", "sets", multiple=True, required=True, metavar="NAME=VALUE", help=SET_HELP)
@option("--dry-run", is_flag=True, help=N_("Show what would be sent, defaults included, and create nothing."))
@pass_session
def add(session: Session, sets: tuple[str, ...], dry_run: bool) -> int:
    """Create a customer and print it as the vendor has it."""

    async def work(desk: Desk) -> int:
        from tui.desk.defaults import with_defaults
        from tui.model.customer import Customer

        require(desk, "create")
        specs = await desk.fields()
        values = parse_sets(sets, specs)
        if dry_run:
            whole = with_defaults(specs, values)
            await desk.check(whole, creating=True)
            _print_changes(session, desk.preview(Customer(id=""), whole), specs)
            return 0
        delivery = await desk.create(values)
        return _report(session, delivery, specs, _("created"))

    return session.with_desk(work)


@command("edit", help=N_("Change fields of a customer; nothing else is sent."))
@click.argument("key", type=ID, metavar="ID")
@option("--set", "sets", multiple=True, required=True, metavar="NAME=VALUE", help=SET_HELP)
@option("--dry-run", is_flag=True, help=N_("Show what would change, and change nothing."))
@pass_session
def edit(session: Session, key: str, sets: tuple[str, ...], dry_run: bool) -> int:
    """Change a customer and print it as the vendor has it."""

    async def work(desk: Desk) -> int:
        require(desk, "update")
        specs = await desk.fields()
        values = parse_sets(sets, specs)
        before = await look_up(desk, key)
        changes = desk.preview(before, values)
        if dry_run:
            _print_changes(session, changes, specs)
            return 0
        if not changes:
            say(_("nothing to change: all of it is so already"))
        tell_drops(session, changes)
        delivery = await desk.update(before, values)
        return _report(session, delivery, specs, _("saved"))

    return session.with_desk(work)


@command("delete", help=N_("Delete a customer at the vendor, for good."))
@click.argument("key", type=ID, metavar="ID")
@option("--yes", is_flag=True, help=N_("Really delete it."))
@pass_session
def delete(session: Session, key: str, yes: bool) -> int:
    """Delete a customer."""
    if not yes:
        raise Misused(_("this deletes {key} for good").format(key=key), _("Add --yes if that is what you want."))

    async def work(desk: Desk) -> int:
        require(desk, "delete")
        customer = await look_up(desk, key)
        delivery = await desk.delete(customer)
        return report_batch(session, delivery, _("deleted {name}").format(name=customer.name or customer.id))

    return session.with_desk(work)


def _report(session: Session, delivery: Delivery, specs: Sequence[FieldSpec], done: str) -> int:
    raise_if_failed(session, delivery)
    customer = delivery.customer
    if session.json:
        as_json = customer_json(customer, session.profile, specs) if customer else None
        print_json(as_json or batch_json(delivery.applied, delivery.failures))
    elif customer is not None:
        print_facts(facts_of(customer, specs))
    if delivery.applied and not delivery.surprises:
        say(done)
    return tell_outcome(session, delivery)


def _print_changes(session: Session, changes: Sequence[FieldChange], specs: Sequence[FieldSpec]) -> None:
    from tui.model.display import texts

    if session.json:
        print_json([change_json(change) for change in changes])
        return
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
