"""The `kehu` command: without arguments it opens the desk, its subcommands run headless."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from tui.cli.base import Group, Option, Session, pass_session
from tui.cli.failures import BROKEN_PIPE, INTERRUPTED, report
from tui.client.errors import KehuError
from tui.locale import N_, set_language

COMMANDS = {
    "list": "tui.cli.reading:list_",
    "find": "tui.cli.finding:find",
    "show": "tui.cli.reading:show",
    "fields": "tui.cli.reading:fields",
    "duplicates": "tui.cli.duplicates:duplicates",
    "add": "tui.cli.changing:add",
    "edit": "tui.cli.changing:edit",
    "delete": "tui.cli.changing:delete",
    "remark": "tui.cli.noting:remark",
    "follow": "tui.cli.noting:follow",
    "outbox": "tui.cli.outbox:outbox",
    "journal": "tui.cli.journal:journal",
    "profile": "tui.cli.profiles:profile",
    "doctor": "tui.cli.doctor:doctor",
    "sandbox": "tui.cli.sandbox:sandbox",
}
"""Every subcommand, in the order of the help page, and where it is."""


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"kehu {version('kehu')}")
        ctx.exit()


@click.group(
    "kehu",
    cls=Group,
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
    config, profile = session.read_config(), session.profile
    from tui.app import run

    return run(config, profile)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with ARGUMENTS, those of the process by default; its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal's encoding lacks is no crash
    set_language("auto", os.environ)
    session = Session()
    try:
        # Not `kehu.main`: it would take a broken pipe for exit code 1.
        with kehu.make_context("kehu", list(arguments), obj=session) as ctx:
            result = kehu.invoke(ctx)
        sys.stdout.flush()
    except click.exceptions.Exit as done:  # --help and --version are done
        return done.exit_code
    except BrokenPipeError:
        # Python would try again to write what is left when it ends, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        session.speak()
        return report(error, as_json=session.json or "--json" in arguments)  # it may not have come to be read
    except KehuError as error:
        return report(error, as_json=session.json)
    return result if isinstance(result, int) else 0
