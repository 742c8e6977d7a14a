"""`kehu profile`: list the profiles, add one, test one, choose the default, take one out."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from tui.cli.config_commands import file_of, refuse_locked
from tui.cli.failures import Misused, say_error
from tui.cli.output import confirmed, on_terminal, print_json, print_table, put, say
from tui.cli.session import ID, Session, TranslatedGroup, command, option, pass_session
from tui.config import choose, demo_profiles, told_choice
from tui.config.file import value_at
from tui.locale import N_, _, ngettext
from tui.model.errors import ConfigError, KehuError

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.desk import Desk

PLACES = {
    "list": "tui.cli.profile_commands:list_",
    "add": "tui.cli.profile_commands:add",
    "test": "tui.cli.profile_commands:test",
    "default": "tui.cli.profile_commands:default",
    "remove": "tui.cli.profile_commands:remove",
}


@click.group(
    "profile",
    cls=TranslatedGroup,
    places=PLACES,
    invoke_without_command=True,
    help=N_("List, add, test or remove profiles."),
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
                    "read_only": item.read_only or config.read_only,
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
    if told := told_choice(config, os.environ):
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
    """Add a profile; on a terminal what is missing is asked for. The secret is never on the command line."""
    from tui.client.service import DIALECTS
    from tui.config.profiles import credential_key
    from tui.config.writing import add_profile

    path = file_of(session)
    before = _before(session)
    if name in before:
        raise Misused(_("there is a profile {name} already").format(name=name), _("Choose another name."))
    asks = sys.stdin.isatty()
    dialect = dialect or _ask_dialect()
    if dialect not in DIALECTS:
        raise Misused(
            _("there is no dialect {name}").format(name=dialect),
            _("Use one of {known}.").format(known=", ".join(DIALECTS)),
        )
    values: dict[str, str | bool] = {"dialect": dialect, "base_url": base_url or _ask(_("Address"), "--base-url")}
    if DIALECTS[dialect].signed:
        values["app_id"] = app_id or _ask(_("Application id"), "--app-id")
    if user_id is None and asks:
        user_id = _ask(_("Who acts, by the vendor's id of the colleague; empty for nobody in particular"), empty=True)
    if user_id:
        values["user_id"] = user_id
    if allow_http:
        values["allow_http"] = True
    given: dict[str, str | bool] = {}
    if variable:
        given["_env"] = variable
    if shell_command:
        given["_command"] = shell_command
    if keyring:
        given["_keyring"] = True
    if stdin or not given:
        given |= {"": _secret(stdin)} if stdin or not asks else _ask_source(name)
    values |= {credential_key(dialect) + source: value for source, value in given.items()}
    refuse_locked(session, *(("profiles", name, key) for key in values))
    config = add_profile(path, name, values, make_default=make_default or not before)
    say(_("added {name} to {file}; try it: kehu profile test {name}").format(name=name, file=config.path))
    if not before:
        say(_("The demo stays: kehu --profile {name}").format(name=next(iter(demo_profiles()))))
    if asks and confirmed(_("Read from the vendor once, to see whether it works?"), default=True):
        _try(session, name)


def _before(session: Session) -> Collection[str]:
    """The names of the profiles that are configured; of a demo, none."""
    if not file_of(session).exists() and session.config_path:
        return ()
    return [item.name for item in session.read_config().profiles.values() if not item.demo]


def _try(session: Session, name: str) -> None:
    """Test the profile `name`; what is wrong is told, and the profile stays."""
    fresh = Session(profile_name=name, config_path=session.config_path)
    try:
        _test(fresh)
    except KehuError as error:
        say_error(error)
        say(_("It is kept. Mend it: kehu config edit; or take it out: kehu profile remove {name}").format(name=name))


def _ask(label: str, flag: str = "", *, empty: bool = False) -> str:
    """What a person types for `label`; without a terminal `flag` has to be given."""
    if not sys.stdin.isatty():
        raise Misused(_("{name} is missing").format(name=flag))
    answer: str = click.prompt(label, default="" if empty else None, show_default=False, err=True)
    return answer.strip()


def _ask_dialect() -> str:
    """The dialect that a person picks from a list, by its name or its number."""
    from tui.client.service import DIALECTS

    if sys.stdin.isatty():
        for number, (name, dialect) in enumerate(DIALECTS.items(), 1):
            say(f"  {number}  {name}  ({dialect.vendor})")
    answer = _ask(_("Dialect"), "--dialect")
    return [*DIALECTS][int(answer) - 1] if answer in map(str, range(1, len(DIALECTS) + 1)) else answer


def _ask_source(name: str) -> dict[str, str | bool]:
    """Where a person says that the token or secret comes from, by what follows its name in the file, and what it is."""
    sources = {
        "": _("the file, which is private"),
        "_env": _("a variable of the environment"),
        "_command": _("a command that prints it"),
        "_keyring": _("the keyring"),
    }
    for number, label in enumerate(sources.values(), 1):
        say(f"  {number}  {label}")
    answer = ""
    while answer not in map(str, range(1, len(sources) + 1)):
        answer = _ask(_("Where the token or secret comes from, 1 to {count}").format(count=len(sources)))
    source = [*sources][int(answer) - 1]
    match source:
        case "_env":
            return {source: _ask(_("The variable's name"))}
        case "_command":
            return {source: _ask(_("The command"))}
        case "_keyring":
            from tui.app.secret_sources import keep_in_keyring

            keep_in_keyring(name, _secret(from_stdin=False))
            return {source: True}
        case _:
            return {source: _secret(from_stdin=False)}


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


@command("remove", help=N_("Take a profile out of the configuration; what is kept of it on disk stays."))
@click.argument("name", type=ID)
@option("--yes", is_flag=True, help=N_("Do not ask, even where changes wait to be sent."))
@pass_session
def remove(session: Session, name: str, yes: bool) -> None:
    """Remove a profile of the agent's file; where changes wait to be sent under it, ask."""
    from tui.app.opening import STORES
    from tui.config.writing import remove_profile

    session.profile_name = name
    config, chosen = session.read_config(), session.profile
    refuse_locked(session, ("profiles", name))
    own = [file for file in config.layers.files if not file.host and value_at(file.values, ("profiles", name))]
    if not own:
        place = config.layers.table().table("profiles").place(name) if not chosen.demo else ""
        raise ConfigError(
            N_("profile {name} is in the host's configuration: {place}") if place else N_("{name} is the demo's"),
            todo=N_("Ask the administrator.") if place else N_("It stays, and harms nobody."),
            name=name,
            place=place,
        )
    database = config.data_dir / STORES / f"{name}.db"
    waiting = 0
    if database.exists():
        counts = session.with_disk(lambda disk: disk.run_now(lambda store: store.changes.counts()))
        waiting = sum(count for state, count in counts.items() if state in ("pending", "sending", "unknown"))
    if waiting and not yes:
        told = ngettext(
            "{count} change of {name} is not settled, and is not sent without it",
            "{count} changes of {name} are not settled, and are not sent without it",
            waiting,
        ).format(count=f"{waiting:,}", name=name)
        if not on_terminal(as_json=session.json):
            raise Misused(told, _("Look at them: kehu outbox --profile {name}; or say --yes.").format(name=name))
        say(told)
        if not confirmed(_("Take it out all the same?")):
            raise click.Abort
    remove_profile(own[-1].path, name)
    say(_("took {name} out of {file}").format(name=name, file=own[-1].path))
    if database.exists():
        say(_("What is kept of it on disk stays: {file}").format(file=database))


@command("default", help=N_("Show the default profile, or choose another one."))
@click.argument("name", type=ID, required=False)
@pass_session
def default(session: Session, name: str | None) -> None:
    """Write `name` into the agent's file as the default profile; without a name, print the one in force."""
    from tui.config.writing import set_key

    config = session.read_config()
    if name is None:
        print_json(config.default_profile) if session.json else put(config.default_profile)
        return
    choose(config, name)
    refuse_locked(session, ("default_profile",))
    set_key(file_of(session), ("default_profile",), name)
    say(_("{name} is the default profile now").format(name=name))
    if os.environ.get("KEHU_PROFILE"):
        say(_("KEHU_PROFILE is set, and goes before it"))


@command("test", help=N_("Read from the vendor once, and say what came of it."))
@click.argument("name", type=ID, required=False)
@pass_session
def test(session: Session, name: str | None) -> None:
    """Read one customer, or what the vendor has instead of a list."""
    session.profile_name = name or session.profile_name
    _test(session)


def _test(session: Session) -> None:
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
