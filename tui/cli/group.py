"""`kehu` with arguments: the options that it takes itself, and its subcommands."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tui.cli.failures import report
from tui.cli.output import put
from tui.cli.session import Option, Session, TranslatedGroup, pass_session
from tui.ending import INTERRUPTED
from tui.locale import N_
from tui.model.errors import KehuError

COMMANDS = {
    "list": "tui.cli.reading:list_",
    "find": "tui.cli.find_sync:find",
    "sync": "tui.cli.find_sync:sync",
    "show": "tui.cli.reading:show",
    "fields": "tui.cli.reading:fields",
    "duplicates": "tui.cli.duplicates:duplicates",
    "add": "tui.cli.edit_commands:add",
    "edit": "tui.cli.edit_commands:edit",
    "delete": "tui.cli.edit_commands:delete",
    "remark": "tui.cli.remark_follow:remark",
    "follow": "tui.cli.remark_follow:follow",
    "next": "tui.cli.next_due:next_",
    "due": "tui.cli.next_due:due",
    "view": "tui.cli.view_commands:view",
    "template": "tui.cli.template_commands:template",
    "outbox": "tui.cli.outbox:outbox",
    "journal": "tui.cli.journal:journal",
    "forget": "tui.cli.erasing:forget",
    "prune": "tui.cli.erasing:prune",
    "report": "tui.cli.report:report",
    "profile": "tui.cli.profile_commands:profile",
    "config": "tui.cli.config_commands:config",
    "doctor": "tui.cli.doctor:doctor",
    "backup": "tui.cli.backup_commands:backup",
    "restore": "tui.cli.backup_commands:restore",
    "sandbox": "tui.cli.sandbox:sandbox",
    "team": "tui.cli.team:team",
    "help": "tui.cli.help_command:help_",
    "completion": "tui.cli.shell_completion:completion",
}
"""Every subcommand, in the order of the help page, and where it is."""


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        put(f"kehu {version('kehu')}")
        ctx.exit()


@click.group(
    "kehu",
    cls=TranslatedGroup,
    places=COMMANDS,
    invoke_without_command=True,
    help=N_("A customer desk in a terminal. Without a command it opens the desk."),
)
@click.option(
    "--version",
    cls=Option,
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help=N_("Show the version."),
)
@pass_session
@click.pass_context
def kehu(ctx: click.Context, session: Session) -> int:
    """Open the desk, unless a subcommand is given."""
    if ctx.invoked_subcommand is not None:
        return 0
    from tui.app.early_keys import kept_keys

    with kept_keys():
        from tui.app.start import open_desk

        return open_desk(session.read_config(), session.profile)


def run_command(arguments: Sequence[str]) -> int:
    """Do what `arguments` say; the exit code.

    Raises: UnwritableError; BrokenPipeError; KeyboardInterrupt.
    """
    session = Session()
    try:
        # Not `kehu.main`: it would take a broken pipe for exit code 1.
        with kehu.make_context("kehu", list(arguments), obj=session) as ctx:
            result = kehu.invoke(ctx)
    except click.exceptions.Exit as done:  # --help and --version are done
        return done.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        session.speak()
        return report(error, as_json=session.json or "--json" in arguments)  # it may not have come to be read
    except KehuError as error:
        return report(error, as_json=session.json)
    return result if isinstance(result, int) else 0
