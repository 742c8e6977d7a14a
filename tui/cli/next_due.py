"""`kehu next` and `kehu due`: whom to contact when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from tui.cli.failures import Misused
from tui.cli.output import print_json, put, say
from tui.cli.session import ID, Session, command, option, pass_session
from tui.cli.table_output import TableOutput, as_columns, note, output_options
from tui.locale import N_, _, ngettext
from tui.model.masking import Masker, masker_of
from tui.model.next_contact import Due, due_of
from tui.model.times import DayOrMoment, read_day_or_moment
from tui.text import day_and_time, plain

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.disk import Disk
    from tui.desk.next_contacts import DueCustomer
    from tui.desk.table_file import Cell
    from tui.model.team import TeamContact
    from tui.team.desk_team import DeskTeam

DUE_NAMES = {Due.OVERDUE: N_("overdue"), Due.TODAY: N_("today"), Due.SOON: N_("soon"), Due.LATER: N_("later")}

EVER = timedelta(days=36_500)
"""Ahead: every contact that was set."""

SOMETHING_DUE = 1
"""Exit code of `kehu due --exit-code` where somebody is to be contacted."""


def read_time(text: str, option_name: str) -> DayOrMoment:
    """Return the day or the moment that `text`, the value of an option, is.

    Raises: Misused.
    """
    found = read_day_or_moment(text, datetime.now(UTC))
    if found is None:
        raise Misused(
            _("{name} does not take {text}").format(name=option_name, text=text),
            _("Write a day or a time to come, such as 2027-01-20, 明天 9:30, +3d or 下周一."),
        )
    return found


@command(
    "next",
    help=N_(
        "Say when to contact a customer next, that it is done, or show what was set.\n\nIt is kept in the vendor's own "
        "field where the profile names one (next_contact), and here otherwise."
    ),
)
@click.argument("key", type=ID, metavar="[ID]", required=False)
@option("--at", metavar="TIME", help=N_("When: 明天 9:30, +3d, 下周一, 2027-01-20, 2027-01-20 14:00."))
@option("--note", metavar="T", help=N_("Why, in a line."))
@option("--done", is_flag=True, help=N_("The customer was contacted."))
@option("--clear", is_flag=True, help=N_("The customer is not to be contacted after all."))
@option("--to", "colleague", metavar="NAME", help=N_("Hand it over to a colleague of the team."))
@pass_session
def next_(
    session: Session,
    key: str | None,
    at: str | None,
    note: str | None,
    done: bool,
    clear: bool,
    colleague: str | None,
) -> int:
    """Set, end or show next contacts."""
    if (at is not None) + done + clear > 1:
        raise Misused(_("--at, --done and --clear exclude each other"), _("Give one of them."))
    if note is not None and at is None:
        raise Misused(_("--note goes with --at alone"))
    if colleague is not None and (done or clear):
        raise Misused(_("--to goes with --at, or alone"))
    if at is None and not done and not clear and colleague is None:
        _list(session, EVER, TableOutput(), key)
        return 0
    if key is None:
        raise Misused(_("no customer is named"), _("Name an ID."))
    when = None if at is None else read_time(at, "--at")
    if colleague is None:
        return _change(session, key, when, note or "", made=done)
    failed = _change(session, key, when, note or "", made=False) if when is not None else 0
    return failed or _hand_over(session, key, colleague)


def _hand_over(session: Session, key: str, colleague: str) -> int:
    """Have the next contact with the customer `key` be made by `colleague`."""
    from tui.cli.team_desk import member_called, with_team
    from tui.model.customer import Customer

    async def work(team: DeskTeam, disk: Disk) -> tuple[str, str]:
        to = member_called(colleague, await team.people())
        known = await disk.run(lambda store: store.directory.get(key))
        customer = known[0] if known else Customer(id=key)
        await team.hand_over(customer, to)
        return customer.name or customer.id, to.name

    name, to = with_team(session, work)
    if session.json:
        print_json({"customer": key, "owner": to})
    else:
        say(_("{colleague} contacts {name} next").format(colleague=plain(to), name=plain(name)))
    return 0


def _change(session: Session, key: str, when: DayOrMoment | None, note: str, *, made: bool) -> int:
    from tui.cli.delivery_output import report_batch
    from tui.cli.reading import look_up

    async def work(desk: Desk) -> int:
        if when is not None:
            desk.day.check(when, note)
        seen = None if desk.day.at_vendor else await desk.seen_customer(key)
        customer = seen.customer if seen else await look_up(desk, key)
        name = customer.name or customer.id
        if when is not None:
            delivery = await desk.day.set(customer, when, note)
            text = day_and_time(when.at.timestamp(), whole_day=when.whole_day)
            return report_batch(session, delivery, _("next contact with {name}: {time}").format(name=name, time=text))
        ended = await (desk.day.finish(customer) if made else desk.day.remove(customer))
        if ended is None:
            say(_("no contact with {name} was to be made").format(name=name))
            return 0
        done = _("contact with {name} done") if made else _("contact with {name} taken away")
        return report_batch(session, ended, done.format(name=name))

    return session.with_desk(work)


@command(
    "due",
    help=N_(
        "List who is to be contacted by the end of today, the most overdue first.\n\nIt exits with 0 whoever is due; "
        "with --exit-code it exits with 1 where somebody is, for cron and scripts."
    ),
)
@option("--days", type=click.IntRange(min=0, max=3650), default=0, metavar="N", help=N_("And in the N days after."))
@option("--count", is_flag=True, help=N_("Print how many they are, and nothing else."))
@option("--exit-code", is_flag=True, help=N_("Exit with 1 where somebody is due, with 0 where nobody is."))
@option("--team", "of_team", is_flag=True, help=N_("Whom everybody in the team is to contact, by colleague."))
@output_options
@pass_session
def due(session: Session, days: int, count: bool, exit_code: bool, of_team: bool, output: TableOutput) -> int:
    """Print who is due."""
    ahead = timedelta(days=days)
    if count and output != TableOutput():
        raise Misused(_("--count prints one number, and no table"))
    if of_team:
        found = _list_team(session, ahead, output, count=count)
    elif not count:
        found = _list(session, ahead, output)
    else:
        found = len(session.with_disk(lambda disk: _due(disk, ahead)))
        if session.json:
            print_json({"count": found})
        else:
            put(str(found))
    return SOMETHING_DUE if exit_code and found else 0


def _due(disk: Disk, ahead: timedelta) -> Sequence[DueCustomer]:
    from tui.desk.next_contacts import due_customers

    return disk.run_now(lambda store: due_customers(store, datetime.now(UTC), ahead))


COLUMNS = {"due": N_("Due"), "at": N_("When"), "name": N_("Name"), "note": N_("Note"), "customer": N_("Id")}


def _list(session: Session, ahead: timedelta, output: TableOutput, key: str | None = None) -> int:
    """Print who is to be contacted, or the customer `key` alone where it is given; how many they are."""

    def work(disk: Disk) -> Sequence[DueCustomer]:
        masker = _masker(session, disk)
        found = [_shown(one, masker) for one in _due(disk, ahead)]
        if key is None:
            return found
        known = disk.run_now(lambda store: store.directory.get(key))
        id = known[0].id if known else key
        return [one for one in found if one.contact.customer_id == id]

    found = session.with_disk(work)
    if session.json:
        print_json([_json(one, session.profile.name) for one in found])
    elif found or output.is_export:
        with output.writing(as_columns(COLUMNS), whole="customer") as table:
            for one in found:
                table.write(_row(one, output), _json(one, session.profile.name))
        note(session, output, f"due --days {ahead.days}", table.count)
        text = ngettext("{count} customer", "{count} customers", len(found))
        say(text.format(count=f"{len(found):,}"))
    else:
        say(_("nobody is to be contacted"))
    return len(found)


def _masker(session: Session, disk: Disk) -> Masker:
    """What hides values, by what is kept on `disk`."""
    fields = disk.run_now(lambda store: store.directory.fields())
    return masker_of(session.read_config().mask, fields[0] if fields else ())


def _shown(one: DueCustomer, masker: Masker) -> DueCustomer:
    """`one` as it may be seen."""
    return replace(
        one, name=masker.text("name", one.name), contact=replace(one.contact, note=masker.prose(one.contact.note))
    )


TEAM_COLUMNS = {"owner": N_("Colleague"), **COLUMNS}


def _list_team(session: Session, ahead: timedelta, output: TableOutput, *, count: bool) -> int:
    """Print whom everybody in the team is to contact, colleague after colleague; how many they are."""
    from tui.cli.team_desk import with_team
    from tui.desk.next_contacts import after_days

    now = datetime.now(UTC)

    async def work(team: DeskTeam, disk: Disk) -> Sequence[TeamContact]:
        found = await team.due(after_days(now, ahead).timestamp())
        return sorted(found, key=lambda one: (one.owner_name, one.owner, one.at))

    found = with_team(session, work)
    if count and session.json:
        print_json({"count": len(found)})
    elif count:
        put(str(len(found)))
    elif session.json:
        print_json([_team_json(one, now) for one in found])
    elif found or output.is_export:
        with output.writing(as_columns(TEAM_COLUMNS), whole="customer") as table:
            for one in found:
                due = _(DUE_NAMES[due_of(one.at, one.whole_day, now)])
                when = day_and_time(one.at, whole_day=one.whole_day)
                table.write(
                    (one.owner_name, due, when, one.customer_name or "–", one.note, one.customer), _team_json(one, now)
                )
        note(session, output, f"due --team --days {ahead.days}", table.count)
        text = ngettext("{count} customer", "{count} customers", len(found))
        say(text.format(count=f"{len(found):,}"))
    else:
        say(_("nobody is to be contacted"))
    return len(found)


def _team_json(one: TeamContact, now: datetime) -> dict[str, Any]:
    at = datetime.fromtimestamp(one.at, UTC).astimezone()
    return {
        "owner": one.owner,
        "owner_name": one.owner_name,
        "customer": one.customer,
        "name": one.customer_name,
        "source": one.source,
        "at": at.date().isoformat() if one.whole_day else at.isoformat(),
        "whole_day": one.whole_day,
        "due": due_of(one.at, one.whole_day, now).value,
        "note": one.note,
    }


def _row(one: DueCustomer, output: TableOutput) -> Sequence[Cell]:
    contact = one.contact
    when: Cell = day_and_time(contact.at, whole_day=contact.whole_day)
    if not output.is_table:
        when = contact.moment.astimezone().date() if contact.whole_day else output.moment(contact.at)
    return (_(DUE_NAMES[one.due]), when, one.name or "–", contact.note, contact.customer_id)


def _json(one: DueCustomer, profile: str) -> dict[str, Any]:
    contact = one.contact
    at = contact.moment.astimezone()
    return {
        "customer": contact.customer_id,
        "name": one.name,
        "profile": profile,
        "at": at.date().isoformat() if contact.whole_day else at.isoformat(),
        "whole_day": contact.whole_day,
        "due": one.due.value,
        "note": contact.note,
        "author": contact.author,
        "at_vendor": contact.at_vendor,
    }
