"""`kehu profile`: list the profiles, add one, test one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tui.cli.failures import Misused
from tui.cli.output import print_json, print_table, say
from tui.cli.session import ID, Session, TranslatedGroup, command, option, pass_session
from tui.config import told_choice
from tui.locale import N_, _, ngettext

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.desk import Desk

PLACES = {
    "list": "tui.cli.profile_commands:list_",
    "add": "tui.cli.profile_commands:add",
    "test": "tui.cli.profile_commands:test",
}


@click.group(
    "profile", cls=TranslatedGroup, places=PLACES, invoke_without_command=True, help=N_("List, add or test profiles.")
)
@pass_session
@click.pass_context
def profile(ctx: click.Context, session: Session) -> None:
    """List, unless a subcommand is given."""
    if ctx.invoked_subcommand is None:
        _list(session)


@command("list", help=N_("List the profiles."))
@pass_session
def list_(session: Session) -> None:
    """Print every profile; where its secret comes from, never the secret."""
    _list(session)


def _list(session: Session) -> None:
    config = session.read_config()
    if session.json:
        print_json(
            [
                {
                    "name": item.name,
                    "dialect": item.dialect,
                    "base_url": item.base_url,
                    "user_id": item.user_id,
                    "secret": item.secret.kind,
                    "demo": item.demo,
                    "default": item.name == config.default_profile,
                }
                for item in config.profiles.values()
            ]
        )
        return
    print_table(
        ["", _("Name"), _("Dialect"), _("Where"), _("Acts as"), _("Secret from")],
        [
            (
                "*" if item.name == config.default_profile else "",
                item.name,
                item.dialect,
                item.place,
                item.user_id,
                item.secret.key,
            )
            for item in config.profiles.values()
        ],
    )
    if told := told_choice(os.environ):
        say(told)


@command("add", help=N_("Add a profile to the configuration."))
@click.argument("name", type=ID)
@option("--dialect", metavar="NAME", help=N_("What the vendor speaks: juzi, useasy or ima."))
@option("--base-url", metavar="URL", help=N_("The vendor's address, without a path that its page names."))
@option("--app-id", type=ID, metavar="ID", help=N_("The application id, for a vendor that signs its calls."))
@option("--user", "user_id", type=ID, metavar="USER", help=N_("The staff member who acts."))
@option("--env", "variable", metavar="VARIABLE", help=N_("Read the token or secret from this variable."))
@option("--command", "shell_command", metavar="COMMAND", help=N_("Read it from what this command prints first."))
@option("--keyring", is_flag=True, help=N_("Read it from the keyring."))
@option("--stdin", is_flag=True, help=N_("Read it from standard input now, and keep it in the file, which is private."))
@option("--allow-http", is_flag=True, help=N_("Allow http:// beyond this machine."))
@option("--default", "make_default", is_flag=True, help=N_("Make it the default profile."))
@pass_session
def add(
    session: Session,
    name: str,
    dialect: str | None,
    base_url: str | None,
    app_id: str | None,
    user_id: str | None,
    variable: str | None,
    shell_command: str | None,
    keyring: bool,
    stdin: bool,
    allow_http: bool,
    make_default: bool,
) -> None:
    """Append a profile; on a terminal what is missing is asked for. The secret is never on the command line."""
    from tui.client.service import DIALECTS
    from tui.config import config_file
    from tui.config.profiles import credential_key
    from tui.config.writing import add_profile

    path = session.config_path or config_file(os.environ)
    if path.exists() and name in session.read_config().profiles:
        raise Misused(_("there is a profile {name} already").format(name=name), _("Choose another name."))
    dialect = dialect or _ask(_("Dialect"), "--dialect")
    if dialect not in DIALECTS:
        raise Misused(
            _("there is no dialect {name}").format(name=dialect),
            _("Use one of {known}.").format(known=", ".join(DIALECTS)),
        )
    values: dict[str, str | bool] = {"dialect": dialect, "base_url": base_url or _ask(_("Address"), "--base-url")}
    if DIALECTS[dialect].signed:
        values["app_id"] = app_id or _ask(_("Application id"), "--app-id")
    credential = credential_key(dialect)
    sources: dict[str, str | bool | None] = {
        f"{credential}_env": variable,
        f"{credential}_command": shell_command,
        f"{credential}_keyring": keyring,
    }
    given = {key: value for key, value in sources.items() if value}
    if stdin or not given:
        given[credential] = _secret(stdin)
    values |= {key: value for key, value in given.items() if value}
    if user_id:
        values["user_id"] = user_id
    if allow_http:
        values["allow_http"] = True
    config = add_profile(path, name, values, make_default=make_default)
    say(_("added {name} to {file}; try it: kehu profile test {name}").format(name=name, file=config.path))


def _ask(label: str, flag: str) -> str:
    """What a person types for `label`; without a terminal `flag` has to be given."""
    if not sys.stdin.isatty():
        raise Misused(_("{name} is missing").format(name=flag))
    answer: str = click.prompt(label, err=True)
    return answer


def _secret(from_stdin: bool) -> str:
    """The token or secret itself: typed unseen, or the first line of standard input."""
    if sys.stdin.isatty():
        typed: str = click.prompt(_("Token or secret (not shown)"), hide_input=True, err=True)
        return typed
    secret = sys.stdin.readline().strip() if from_stdin else ""
    if not secret:
        raise Misused(
            _("nothing says where the token or secret comes from"),
            _("Add --env, --command or --keyring, or --stdin and the secret on standard input."),
        )
    return secret


@command("test", help=N_("Read from the vendor once, and say what came of it."))
@click.argument("name", type=ID, required=False)
@pass_session
def test(session: Session, name: str | None) -> None:
    """Read one customer, or what the vendor has instead of a list."""
    session.profile_name = name or session.profile_name
    profile = session.profile
    proxy = _proxy_of(profile)

    async def work(desk: Desk) -> None:
        from tui.app.diagnosis import read_once

        total = await read_once(desk)
        latency = desk.connection_info.latency_ms if desk.connection_info else None
        if session.json:
            facts = {"dialect": profile.dialect, "place": profile.place, "total": total, "latency_ms": latency}
            facts |= {"proxy": proxy or None}
            print_json({"profile": profile.name, **facts})
            return
        parts = [_("{profile} works: {place}").format(profile=profile.name, place=profile.place)]
        if total is not None:
            parts.append(ngettext("{count} customer", "{count} customers", total).format(count=f"{total:,}"))
        if latency is not None:
            parts.append(f"{latency:.0f} ms")
        if proxy:
            parts.append(_("through {proxy}").format(proxy=proxy))
        say(", ".join(parts))

    session.with_desk(work)


def _proxy_of(profile: Profile) -> str:
    """The proxy through which `profile`'s vendor is called; empty where there is none.

    Raises: ConfigError.
    """
    if profile.demo:
        return ""
    from tui.app.opening import road_of

    road = road_of(profile, os.environ)
    return road.proxy.place if road.proxy is not None else ""
