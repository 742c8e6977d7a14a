"""`kehu team join, status, claim, release`: this desk's place in its team, and what other commands ask of it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from tui.cli.failures import Misused
from tui.cli.output import print_json, put, say
from tui.cli.session import ID, Session, command, option, pass_session
from tui.locale import N_, _, ngettext
from tui.model.characters import fold
from tui.model.errors import NotFoundError
from tui.model.naming import nearest
from tui.model.team import TeamPreset
from tui.model.times import read_moment
from tui.text import ago, day_and_time, plain

if TYPE_CHECKING:
    from tui.config.model import TeamSettings
    from tui.desk.disk import Disk
    from tui.model.team import HeldClaim, TeamMember, TeamState
    from tui.team.desk_team import DeskTeam

T = TypeVar("T")

STDIN = "-"


@command(
    "join",
    help=N_(
        "Join a team with the code that whoever runs its server gave you.\n\nThe code works once. The token that the "
        "server gives for it is kept in the keyring, or in a file of your own."
    ),
)
@click.argument("url", type=ID, required=False)
@option("--code", metavar="-", help=N_("Read the code from standard input, with -; it is never on the command line."))
@option("--allow-http", is_flag=True, help=N_("Allow http:// beyond this machine."))
@pass_session
def join(session: Session, url: str | None, code: str | None, allow_http: bool) -> int:
    """Exchange a code for a token, and have the configuration name the team."""
    import asyncio

    from tui.app.team import join_team, keep_token

    config = session.read_config()
    settings = _settings(session, url, allow_http)
    token, member = asyncio.run(join_team(settings, _code(code)))
    where = keep_token(settings.url, token, config.data_dir)
    file = None if config.team is not None else _write_down(session, settings, allow_http)
    if session.json:
        print_json(
            {"url": settings.url, "name": member.name, "token": where, "config": None if file is None else str(file)}
        )
        return 0
    say(_("joined the team at {url} as {name}").format(url=settings.url, name=plain(member.name)))
    if file is not None:
        say(_("{file} names the team from now on").format(file=file))
    return 0


def _settings(session: Session, url: str | None, allow_http: bool) -> TeamSettings:
    """The team that is joined: the one that is typed, or that of the configuration.

    Raises: Misused; ConfigError.
    """
    from tui.app.team import settings_of
    from tui.config.team import typed_team

    config = session.read_config()
    if url is None:
        return settings_of(config)
    settings = typed_team(url, allow_http)
    if config.team is None:
        return settings
    if config.team.url != settings.url:
        raise Misused(
            _("the configuration names another team: {url}").format(url=config.team.url),
            _("Join that one, or change url in [team] first."),
        )
    return config.team


def _code(given: str | None) -> str:
    """The code: typed unseen, or the first line of standard input.

    Raises: Misused.
    """
    from tui.model.characters import clean_id

    if given is not None and given != STDIN:
        raise Misused(
            _("a code on the command line can be read by everybody on this machine"),
            _("Write --code - and give it on standard input, or leave the option out and type it."),
        )
    if given is None and sys.stdin.isatty():
        code: str = click.prompt(_("Code (not shown)"), hide_input=True, err=True)
    else:
        code = sys.stdin.readline()
    if not clean_id(code):
        raise Misused(_("no code was given"), _("Whoever runs the team's server makes one: kehu team invite NAME"))
    return clean_id(code)


def _write_down(session: Session, settings: TeamSettings, allow_http: bool) -> os.PathLike[str]:
    """Have the configuration's file name the team; which file that is."""
    from tui.cli.config_commands import file_of, refuse_locked
    from tui.config.writing import add_team

    path = file_of(session)
    refuse_locked(session, ("team", "url"))
    values: dict[str, str | bool] = {"url": settings.url}
    if allow_http and settings.url.startswith("http://"):
        values["allow_http"] = True
    add_team(path, values)
    return path


@command("status", help=N_("Say how this desk stands with its team: whether it answers, who you are, what waits."))
@pass_session
def status(session: Session) -> int:
    """Ask the server, and count what it does not have yet."""
    from tui.model.errors import KehuError

    failed: list[KehuError] = []
    config, source = session.read_config(), session.profile.source

    async def ask(disk: Disk) -> TeamState:
        from tui.app.team import in_team

        async with in_team(config, disk, source) as team:
            try:
                await team.line.greet()
            except KehuError as error:
                failed.append(error)
            return await team.state()

    def work(disk: Disk) -> TeamState:
        import asyncio

        return asyncio.run(ask(disk))

    state = session.with_disk(work)
    if session.json:
        print_json(_json(state, failed[0] if failed else None))
    else:
        _tell(state, bool(failed))
    if failed:
        raise failed[0]
    return 0


def _json(state: TeamState, error: Exception | None) -> dict[str, object]:
    member = state.member
    return {
        "url": state.url,
        "reachable": error is None,
        "member": {"id": member.id, "name": member.name, "role": member.role, "user_ids": list(member.user_ids)},
        "sequence": state.sequence,
        "waiting": state.waiting,
        "refused": state.refused,
        "seen_at": None if state.seen_at is None else round(state.seen_at, 3),
    }


def _tell(state: TeamState, failed: bool) -> None:
    member = state.member
    put(_("team: {url}").format(url=state.url))
    if member.name:
        role = _(ROLE_NAMES.get(member.role, member.role)) if member.role else ""
        put(_("you: {name} ({role})").format(name=plain(member.name), role=plain(role)))
    if failed:
        seen = ago(time.time() - state.seen_at) if state.seen_at is not None else _("never")
        put(_("answered last: {when}").format(when=seen))
    put(_("entries read: up to {sequence}").format(sequence=f"{state.sequence:,}"))
    text = ngettext("{count} entry waits to be sent", "{count} entries wait to be sent", state.waiting)
    put(text.format(count=f"{state.waiting:,}") if state.waiting else _("nothing waits to be sent"))
    if state.refused:
        text = ngettext("{count} entry was refused", "{count} entries were refused", state.refused)
        put(text.format(count=f"{state.refused:,}"))


ROLE_NAMES = {"agent": N_("agent"), "lead": N_("lead"), "auditor": N_("auditor")}


def with_team(session: Session, work: Callable[[DeskTeam, Disk], Awaitable[T]]) -> T:
    """What `work` returns, given the team of the chosen profile, whose server answers, and what the profile keeps here.

    Raises: KehuError.
    """
    config, source = session.read_config(), session.profile.source

    async def run(disk: Disk) -> T:
        from tui.app.team import in_team

        async with in_team(config, disk, source) as team:
            await team.line.greet()
            return await work(team, disk)

    def begin(disk: Disk) -> T:
        import asyncio

        return asyncio.run(run(disk))

    return session.with_disk(begin)


LONGEST = timedelta(days=1)
"""For how long a customer can be claimed at once; the server may allow less."""


def _seconds(text: str) -> float:
    """How long `text`, such as `2h` or `90m`, is.

    Raises: Misused.
    """
    now = datetime.now(UTC)
    moment = read_moment(f"+{text}", now)
    if moment is None or not now < moment <= now + LONGEST:
        raise Misused(
            _("--for does not take {text}").format(text=text),
            _("Write a time of up to a day, such as 2h or 90m."),
        )
    return (moment - now).total_seconds()


@command(
    "claim",
    help=N_(
        "Have a customer be yours for a while: colleagues are told, and asked before they write to it.\n\nIt ends by "
        "itself; given again, it begins anew."
    ),
)
@click.argument("key", type=ID, metavar="ID")
@option("--for", "length", default="2h", metavar="TIME", help=N_("For how long: 2h, 90m; at most a day."))
@pass_session
def claim(session: Session, key: str, length: str) -> int:
    """Claim one customer."""
    seconds = _seconds(length)

    async def work(team: DeskTeam, disk: Disk) -> tuple[str, HeldClaim]:
        id, name = await _known(disk, key)
        return name, await team.claim(id, seconds)

    name, held = with_team(session, work)
    if session.json:
        until = datetime.fromtimestamp(held.until, UTC).astimezone()
        print_json({"customer": held.customer, "until": until.isoformat(timespec="seconds"), "fence": held.fence})
    else:
        until_text = day_and_time(held.until)
        say(_("{name} is yours until {time}").format(name=plain(name), time=until_text))
    return 0


@command("release", help=N_("Give a customer back that you have claimed."))
@click.argument("key", type=ID, metavar="ID")
@pass_session
def release(session: Session, key: str) -> int:
    """Give one customer back."""

    async def work(team: DeskTeam, disk: Disk) -> tuple[str, bool]:
        id, name = await _known(disk, key)
        return name, await team.release(id)

    name, was = with_team(session, work)
    if session.json:
        print_json({"released": was})
    else:
        text = _("{name} is anybody's again") if was else _("{name} was not yours")
        say(text.format(name=plain(name)))
    return 0


async def _known(disk: Disk, key: str) -> tuple[str, str]:
    """The customer's id and name, as far as the customer was seen here; else `key` itself."""
    found = await disk.run(lambda store: store.directory.get(key))
    return (found[0].id, found[0].name or found[0].id) if found else (key, key)


def share(
    session: Session, kind: Literal["view", "follow", "remark"], name: str, body: dict[str, object] | None
) -> None:
    """Have a view or a template be there for all the team; one without a body is so no more.

    What was saved here under the name goes: else it would stand before the shared one.
    Raises: KehuError, such as NotFoundError where there is none to be taken away.
    """

    async def work(team: DeskTeam, disk: Disk) -> None:
        known = {(one.kind, one.name) for one in await team.presets()}
        if body is None and (kind, name) not in known:
            raise NotFoundError(N_("nothing called {name} is shared"), name=name)
        await team.share(TeamPreset(kind, name, body))
        if body is not None:
            await disk.run(lambda store: store.presets.remove(kind, name))

    with_team(session, work)


def member_called(text: str, people: Sequence[TeamMember]) -> TeamMember:
    """Return the one of `people` whom `text`, a name or an id, means.

    Raises: NotFoundError, with the nearest; Misused where several are called so.
    """
    exact = [one for one in people if text in (one.id, *one.user_ids)]
    found = exact or [one for one in people if fold(one.name) == fold(text)]
    if len(found) > 1:
        raise Misused(
            _("several colleagues are called {name}").format(name=text),
            _("Name one by the id: {known}.").format(known=", ".join(one.id for one in found)),
        )
    if not found:
        near = nearest(text, [one.name for one in people])
        raise NotFoundError(
            N_("there is no colleague {name} in the team"),
            todo=N_("Did you mean {near}?") if near else N_("kehu team people shows them all."),
            name=text,
            near=near,
        )
    return found[0]
