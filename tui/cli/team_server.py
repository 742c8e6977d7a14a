"""`kehu team serve, invite, people, revoke, audit, prune, erase, export, import`: what is done on the server's host.

Who may read the database may do these: none of them asks for a token.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.cli.failures import Misused
from tui.cli.output import confirmed, on_terminal, print_json, print_json_line, print_table, put, say
from tui.cli.session import ID, TEXT, FilePath, Session, command, option, pass_session
from tui.cli.streams import finish_output
from tui.locale import N_, _, ngettext
from tui.model.errors import StorageError, UnsupportedError
from tui.model.time_spans import read_span
from tui.text import local_time

if TYPE_CHECKING:
    from tui.team.server.engine import TeamDatabase
    from tui.team.server.wire_models import Member

DATABASE_VARIABLE = "KEHU_TEAM_DATABASE"
"""Names the team's database where --database does not: a password in it is not seen by who lists processes."""

DATABASE_FILE = "team-server.db"
SOCKET = "team.sock"
"""The team's database, and where it is served, in the data folder, where nothing else is named."""

PARTS = ("sqlalchemy", "alembic", "asyncpg", "aiosqlite")
"""What the extra `team` brings."""

LEAST_DAYS = 180
"""Days that log rules ask for: six months (China's Cybersecurity Law, article 21)."""

ROLES = ("agent", "lead", "auditor")

T = TypeVar("T")

_database = option(
    "--database",
    metavar="URL",
    help=N_("postgresql://USER@HOST/NAME, or a SQLite file; KEHU_TEAM_DATABASE, or a file in the data folder."),
)


@command("serve", help=N_("Serve a team until SIGTERM or Ctrl-C: from a SQLite file on a Unix socket, or as told."))
@_database
@option(
    "--listen", "address", metavar="ADDRESS", help=N_("HOST:PORT or unix:PATH, instead of a socket in the data folder.")
)
@option(
    "--cert",
    type=FilePath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("The certificate for TLS, with its chain (PEM)."),
)
@option("--key", type=FilePath(path_type=Path, dir_okay=False), metavar="FILE", help=N_("The certificate's key (PEM)."))
@pass_session
def serve(session: Session, database: str | None, address: str | None, cert: Path | None, key: Path | None) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; one line of JSON tells where, once it listens."""
    _need_server()
    if key is not None and cert is None:
        raise Misused(_("--key belongs to --cert"), _("Name the certificate too."))
    from tui.team.server.listening import Address, Tls
    from tui.team.server.listening import serve as serve_team

    socket = session.read_config().data_dir / SOCKET

    def announce(where: str) -> None:
        print_json_line({"address": where})
        finish_output()

    serve_team(
        _url(session, database),
        Address.parse(address) if address else Address(path=socket),
        None if cert is None else Tls(cert, key),
        shared=address is not None,
        announce=announce,
    )


@command("invite", help=N_("Print a code with which NAME joins the team; it works once, within a day."))
@click.argument("name", type=ID, metavar="NAME")
@option("--role", type=click.Choice(ROLES), help=N_("What they may: agent by itself; lead, auditor."))
@option("--user-id", "user_ids", type=ID, multiple=True, metavar="USER", help=N_("How a vendor knows them."))
@_database
@pass_session
def invite(session: Session, name: str, role: str | None, user_ids: tuple[str, ...], database: str | None) -> None:
    """Make a code for somebody who is new, or at another machine."""
    _need_server()
    from tui.team.server.people import invite as make_code

    found = _with(session, database, lambda opened: make_code(opened, name, role, user_ids, by=_who()))
    if session.json:
        until = datetime.fromtimestamp(found.expires_at, UTC).isoformat()
        print_json({"code": found.code, "expires_at": until, "member": _member_json(found.member)})
        return
    put(found.code)
    text = _("{name} types this code at kehu team join; it works once, until {time}")
    say(text.format(name=found.member.name, time=local_time(found.expires_at)))


@command("people", help=N_("List who is of the team."))
@_database
@pass_session
def people(session: Session, database: str | None) -> None:
    """List the members, those who were revoked too."""
    _need_server()
    from tui.team.server.people import everybody

    found = _with(session, database, everybody)
    if session.json:
        print_json([_member_json(one) for one in found])
    elif found:
        rows = [
            (one.name, _(ROLE_NAMES[one.role]), " ".join(one.user_ids), _("revoked") if one.revoked else "")
            for one in found
        ]
        print_table([_("Name"), _("Role"), _("At the vendors"), ""], rows)
    else:
        say(_("nobody was invited yet: kehu team invite NAME"))


ROLE_NAMES = {"agent": N_("agent"), "lead": N_("lead"), "auditor": N_("auditor")}


@command("revoke", help=N_("End what NAME can do in the team, at once; what they wrote stays."))
@click.argument("name", type=ID, metavar="NAME")
@_database
@pass_session
def revoke(session: Session, name: str, database: str | None) -> None:
    """End a member's tokens and codes."""
    _need_server()
    from tui.team.server.people import revoke as end

    found = _with(session, database, lambda opened: end(opened, name, by=_who()))
    if session.json:
        print_json(_member_json(found))
    else:
        say(_("{name} is of the team no more").format(name=found.name))


@command("audit", help=N_("Print what was revealed, exported, deleted and erased, by whom and when."))
@option("--since", metavar="TIME", help=N_("Only from this day or time on: 2024-11-20, today, 30d, 上周 …"))
@option("--until", metavar="TIME", help=N_("Only until this day or time, that day included."))
@option("--kinds", type=TEXT, default="", metavar="A,B", help=N_("Entries of these kinds, or all."))
@_database
@pass_session
def audit(session: Session, since: str | None, until: str | None, kinds: str, database: str | None) -> None:
    """Print the entries, the first that arrived first; as JSON lines with --json."""
    _need_server()
    import json

    from tui.team.server.retention import audited, named_kinds

    first, last = _bound(since, "--since", 0), _bound(until, "--until", 253_402_300_799)

    async def work(opened: TeamDatabase) -> int:
        count = 0
        async for text in audited(opened, first, last, named_kinds(kinds)):
            entry = json.loads(text)
            count += 1
            if session.json:
                print_json_line(entry)
            else:
                put(_audit_line(entry))
        return count

    if not _with(session, database, work) and not session.json:
        say(_("nothing of that was done"))


def _audit_line(entry: dict[str, Any]) -> str:
    """An entry on one line: when, who, what, whose, and the facts."""
    from tui.text import plain

    facts = " ".join(f"{name}={value}" for name, value in entry["body"].items())
    parts = (local_time(entry["received_at"]), entry["author_name"], entry["kind"], entry["source"], entry["customer"])
    return plain("  ".join(part for part in (*parts, facts) if part))


@command("prune", help=N_("Remove entries that are older than so many days, and next contacts that were done by then."))
@option("--older-than", required=True, metavar="DAYS", help=N_("Such as 180d; log rules ask for six months."))
@option("--below-six-months", is_flag=True, help=N_("Take fewer than 180 days."))
@option("--yes", is_flag=True, help=N_("Do not ask."))
@_database
@pass_session
def prune(session: Session, older_than: str, below_six_months: bool, yes: bool, database: str | None) -> int:
    """Remove what is old, for good."""
    _need_server()
    from tui.team.server.retention import prune as remove

    found = re.fullmatch(r"\s*(\d{1,5})\s*d?\s*", older_than)
    if found is None:
        raise Misused(
            _("--older-than takes a number of days, not {found}").format(found=older_than), _("Write it like 180d.")
        )
    days = int(found[1])
    if days < LEAST_DAYS and not below_six_months:
        raise Misused(
            _("{days} days are less than the six months for which logs are to be kept").format(days=days),
            _("Write 180d or more; or, where no such rule is yours, add --below-six-months."),
        )
    if not _sure(session, _("Remove what is older than {days} days, for good?").format(days=days), yes):
        return 1
    done = _with(session, database, lambda opened: remove(opened, days * 86400, by=_who()))
    if session.json:
        print_json({"entries": done.entries, "next_contacts": done.next_contacts})
    else:
        say(_removed(done.entries, done.next_contacts))
    return 0


@command("erase", help=N_("Remove what the team keeps of a person, for good; that it was done stays."))
@click.argument("customer", type=ID, metavar="CUSTOMER")
@option("--source", type=ID, metavar="SOURCE", help=N_("At which vendor's account they have that id."))
@option("--yes", is_flag=True, help=N_("Do not ask."))
@_database
@pass_session
def erase(session: Session, customer: str, source: str | None, yes: bool, database: str | None) -> int:
    """Remove a person's data: CUSTOMER is their id at a vendor, or their union id."""
    _need_server()
    from tui.team.server.retention import erase as remove

    if not _sure(session, _("Remove what the team keeps of {customer}, for good?").format(customer=customer), yes):
        return 1
    done = _with(session, database, lambda opened: remove(opened, customer, source, by=_who()))
    if session.json:
        records = [{"source": one, "customer": id} for one, id in done.customers]
        print_json({"customers": records, "entries": done.entries, "next_contacts": done.next_contacts})
    else:
        say(_removed(done.entries, done.next_contacts))
    return 0


def _removed(entries: int, contacts: int) -> str:
    first = ngettext("{count} entry removed", "{count} entries removed", entries).format(count=f"{entries:,}")
    second = ngettext("{count} next contact removed", "{count} next contacts removed", contacts)
    return f"{first}, {second.format(count=f'{contacts:,}')}"


@command("export", help=N_("Write the whole team to FILE, to be imported into another database or kept."))
@click.argument("file", type=FilePath(path_type=Path, dir_okay=False), metavar="FILE")
@_database
@pass_session
def export(session: Session, file: Path, database: str | None) -> None:
    """Write everything, as of one moment; FILE appears once it is whole."""
    _need_server()
    from tui.team.server.transfer import export_team

    if file.exists():
        raise Misused(_("{file} is there already").format(file=file), _("Name another file."))
    counts = _with(session, database, lambda opened: export_team(opened, file), file)
    _tell_counts(session, counts, _("{file} has the whole team; it is for you alone").format(file=file))


@command("import", help=N_("Read a team from FILE into a database in which there is none."))
@click.argument("file", type=FilePath(path_type=Path, dir_okay=False, exists=True), metavar="FILE")
@_database
@pass_session
def import_(session: Session, file: Path, database: str | None) -> None:
    """Read everything, or nothing where the file is not whole."""
    _need_server()
    from tui.team.server.transfer import import_team

    counts = _with(session, database, lambda opened: import_team(opened, file, by=_who()), file)
    _tell_counts(session, counts, _("the team is here now; members go on with the tokens that they have"))


def _tell_counts(session: Session, counts: dict[str, int], text: str) -> None:
    if session.json:
        print_json(dict(sorted(counts.items())))
    else:
        print_table([_("Table"), _("Rows")], [(name, f"{count:,}") for name, count in sorted(counts.items())])
        say(text)


# What they share


def _need_server() -> None:
    """Go on where what the server needs is installed.

    Raises: UnsupportedError.
    """
    if missing := [name for name in PARTS if find_spec(name) is None]:
        raise UnsupportedError(
            N_("a team's server needs {missing}, which is not installed"),
            todo=N_("Install kehu[team]: pipx install 'kehu[team]', or uv tool install 'kehu[team]'."),
            missing=", ".join(missing),
        )


def _url(session: Session, named: str | None) -> str:
    return named or os.environ.get(DATABASE_VARIABLE) or str(session.read_config().data_dir / DATABASE_FILE)


def _who() -> str:
    """Who works on the server's host, for the journal."""
    import getpass
    import socket

    return f"{getpass.getuser()}@{socket.gethostname()}"


def _with(
    session: Session,
    named: str | None,
    work: Callable[[TeamDatabase], Awaitable[T]],
    file: Path | None = None,
) -> T:
    """What `work` returns, given the team's database, brought to this version; `file` is what else it works on.

    Raises: KehuError.
    """
    import asyncio

    from tui.team.server.engine import TeamDatabase

    async def run() -> T:
        database = TeamDatabase(_url(session, named))
        try:
            await database.migrate()
            return await work(database)
        except OSError as error:
            if file is None or error.filename is None:
                raise database.away(error) from error
            raise StorageError(N_("{file}: {reason}"), file=file, reason=error.strerror or str(error)) from error
        except Exception as error:
            if not database.is_away(error):
                raise
            raise database.away(error) from error
        finally:
            await database.close()

    return asyncio.run(run())


def _bound(text: str | None, name: str, none: float) -> float:
    if text is None:
        return none
    span = read_span(text, datetime.now().astimezone())
    moment = None if span is None else span.start if name == "--since" else span.end
    if moment is None:
        raise Misused(
            _("{option} takes a day or a time, not {found}").format(option=name, found=text),
            _("Write it like 2024-11-20, today or 30d."),
        )
    return moment.timestamp()


def _sure(session: Session, question: str, yes: bool) -> bool:
    """Whether a person, or --yes, says so."""
    if yes:
        return True
    if not on_terminal(as_json=session.json):
        raise Misused(_("this cannot be taken back"), _("Add --yes."))
    return confirmed(question)


def _member_json(member: Member) -> dict[str, object]:
    return {
        "id": member.id,
        "name": member.name,
        "role": member.role,
        "user_ids": member.user_ids,
        "revoked": member.revoked,
    }
