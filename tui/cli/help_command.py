"""`kehu help`: how a command is used."""

from __future__ import annotations

import click

from tui.cli.output import put
from tui.cli.session import ID, command
from tui.locale import N_


@command("help", help=N_("Show how a command is used, or which commands there are."))
@click.argument("names", nargs=-1, type=ID, metavar="[COMMAND]…")
@click.pass_context
def help_(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Print the help page of the command that `names` lead to, the program's own without any.

    Raises: click.exceptions.NoSuchCommand.
    """
    page = ctx.find_root()
    for name in names:
        group = page.command
        found = group.get_command(page, name) if isinstance(group, click.Group) else None
        if found is None:
            raise click.exceptions.NoSuchCommand(name, ctx=page)
        page = click.Context(found, info_name=name, parent=page)
    put(page.get_help())
