"""`kehu forget` and `kehu prune`: erasing a person here, and what is older than it need be."""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tui.cli.failures import Misused
from tui.cli.output import confirmed, on_terminal, print_json, say
from tui.cli.session import ID, Session, command, option, pass_session
from tui.locale import N_, _, listed, ngettext
from tui.model.change import Kind
from tui.model.errors import ConflictError, NotFoundError
from tui.model.journal_entry import note_of

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.store.erasure import ErasedHere

DAY = 86400
UNITS = {"d": DAY, "w": 7 * DAY, "m": 30 * DAY, "y": 365 * DAY}
"""Seconds of what an age is told in; a month has 30 days here."""

SHORTEST_LOG = 180
"""Days for which the Cybersecurity Law (article 21) has a network's logs kept at least."""


def _told(erased: ErasedHere) -> str:
    """How much `erased` is, in a few words."""
    counts = (
        (erased.customers, ngettext("{count} customer", "{count} customers", erased.customers)),
        (erased.entries, ngettext("{count} entry of the journal", "{count} entries of the journal", erased.entries)),
        (erased.changes, ngettext("{count} settled change", "{count} settled changes", erased.changes)),
        (erased.drafts, ngettext("{count} draft", "{count} drafts", erased.drafts)),
        (erased.contacts, ngettext("{count} next contact", "{count} next contacts", erased.contacts)),
        (erased.links, ngettext("{count} link", "{count} links", erased.links)),
    )
    return listed(text.format(count=f"{count:,}") for count, text in counts if count) or _("nothing")


@command(
    "forget",
    help=N_(
        "Erase a customer here: directory, search, journal, settled changes, drafts, next contacts and links, to the "
        "last byte.\n\nThe vendor's record stays: kehu delete ID deletes that, before."
    ),
)
@click.argument("key", type=ID, metavar="ID")
@option("--yes", is_flag=True, help=N_("Do not ask."))
@pass_session
def forget(session: Session, key: str, yes: bool) -> None:
    """Erase one customer; an entry of the journal says that somebody was erased, not who."""

    def work(disk: Disk) -> None:
        known = disk.run_now(lambda store: store.directory.get(key))
        id = known[0].id if known else key
        about = disk.run_now(lambda store: store.erasure.about(id))
        if not about.anything:
            raise NotFoundError(N_("nothing is kept here of {key}"), key=key)
        if waiting := disk.run_now(lambda store: store.erasure.waiting(id)):
            raise ConflictError(
                N_("{count} changes of this customer are not settled"),
                todo=N_("Send them or throw them away first: kehu outbox"),
                count=waiting,
            )
        if not yes:
            question = _("Erase here for good: {what}?").format(what=_told(about))
            if not on_terminal(as_json=session.json):
                raise Misused(question, _("Add --yes if that is what you want."))
            if not confirmed(question):
                say(_("nothing was erased"))
                return
        erased = disk.run_now(lambda store: store.erasure.forget(id))
        _note(session, disk, {"customer": N_("a customer")})
        _tell(session, disk, erased)

    session.with_disk(work)


@command(
    "prune",
    help=N_(
        "Erase what is older than it need be: the journal, settled changes, drafts, done contacts, and customers not "
        "seen since of whom nothing waits or is due. Without --yes it says how much that is."
    ),
)
@option("--older-than", "age", required=True, metavar="AGE", help=N_("Such as 180d, 26w, 6m or 1y."))
@option("--yes", is_flag=True, help=N_("Really erase it."))
@pass_session
def prune(session: Session, age: str, yes: bool) -> None:
    """Erase what is old, or say how much there is."""
    seconds = _seconds(age)

    def work(disk: Disk) -> None:
        moment = time.time() - seconds
        if not yes:
            found = disk.run_now(lambda store: store.erasure.older(moment))
            if session.json:
                print_json({"dry_run": True, **asdict(found)})
            else:
                say(_("older than {age}: {what}").format(age=age, what=_told(found)))
                say(_("nothing was erased; add --yes to erase it"))
            return
        if seconds < SHORTEST_LOG * DAY:
            say(_("logs are to be kept for six months where the Cybersecurity Law applies (article 21)"))
        erased = disk.run_now(lambda store: store.erasure.prune(moment))
        if erased.anything:
            _note(session, disk, {"age": N_("what was old")})
        _tell(session, disk, erased)

    session.with_disk(work)


def _seconds(age: str) -> int:
    found = re.fullmatch(r"(\d{1,5})\s*([dwmy])", age.strip().casefold())
    if found is None or not int(found[1]):
        raise Misused(_("--older-than does not take {text}").format(text=age), _("Write 180d, 26w, 6m or 1y."))
    return int(found[1]) * UNITS[found[2]]


def _note(session: Session, disk: Disk, fields: dict[str, str]) -> None:
    from tui.app.opening import settings_of

    who = settings_of(session.profile, session.read_config())
    entry = note_of(
        Kind.FORGET,
        {"fields": fields},
        source=who.source,
        author=who.author,
        os_user=who.os_user,
        host=who.host,
        profile=who.profile,
    )
    disk.run_now(lambda store: store.journal.append([entry]))


def _tell(session: Session, disk: Disk, erased: ErasedHere) -> None:
    """Tell what was erased, and where copies of it may be left."""
    copies = disk.run_now(lambda store: store.erasure.copies())
    if session.json:
        print_json({**asdict(erased), "copies": [str(path) for path in copies]})
    else:
        say(_("erased: {what}").format(what=_told(erased)))
    if copies:
        say(_("copies of an earlier file still have it; delete them: {files}").format(files=listed(map(str, copies))))
    others = [name for name in session.read_config().profiles if name != session.profile.name]
    if others and not session.json:
        say(_("other profiles keep their own: {profiles}").format(profiles=listed(others)))
