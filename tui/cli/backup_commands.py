"""`kehu backup` and `kehu restore`: all that is kept here, in one file."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.output import print_json, say
from tui.cli.session import FilePath, Session, command, option, pass_session
from tui.locale import N_, _, ngettext


@command("backup", help=N_("Write all that is kept here to one file, while desks go on."))
@click.argument("file", type=FilePath(path_type=Path))
@option("--secrets", is_flag=True, help=N_("With the tokens and secrets that stand in files."))
@pass_session
def backup(session: Session, file: Path, secrets: bool) -> None:
    """Back up every profile, what was received from the team, the sandbox, and the agent's configuration."""
    from tui.app.backup import back_up
    from tui.text import human_size

    parts = back_up(session.read_config(), file, secrets=secrets)
    size = file.stat().st_size
    if session.json:
        print_json({"file": str(file), "size": size, "parts": parts, "secrets": secrets})
        return
    text = ngettext("{count} part in {file}, {size}", "{count} parts in {file}, {size}", len(parts))
    say(text.format(count=len(parts), file=file, size=human_size(size)))
    if not secrets:
        say(_("Tokens and secrets are not in it; --secrets takes them along."))


@command("restore", help=N_("Put a backup in the place of what is kept here, which is kept aside."))
@click.argument("file", type=FilePath(path_type=Path))
@pass_session
def restore(session: Session, file: Path) -> None:
    """Restore; refused, with nothing changed, while a desk is open or where the file is damaged or a newer kehu's."""
    from tui.app.backup import restore
    from tui.cli.config_commands import file_of

    done = restore(session.read_config(), file, file_of(session))
    if session.json:
        aside, config = (str(path) if path else None for path in (done.aside, done.config))
        print_json({"parts": list(done.files), "aside": aside, "config": config})
        return
    text = ngettext("{count} part is restored", "{count} parts are restored", len(done.files))
    say(text.format(count=len(done.files)))
    if done.aside:
        say(_("What was there is in {folder}").format(folder=done.aside))
    if done.config:
        say(_("The configuration of the backup is in {file}; its secrets may be missing").format(file=done.config))
