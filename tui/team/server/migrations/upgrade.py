"""Bring a team's database to this version's tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tui.model.errors import N_, ConfigError


def upgrade(connection: Connection) -> None:
    """Run the steps that `connection`'s database does not have yet, in the transaction that it is in.

    Raises: ConfigError where the database has steps that this kehu does not know.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    steps = ScriptDirectory.from_config(config)
    at = revision(connection)
    if at == steps.get_current_head():
        return
    if at is not None and at not in {step.revision for step in steps.walk_revisions()}:
        raise ConfigError(
            N_("the team's database is of a newer kehu: it is at step {found}, and this one knows {known}"),
            todo=N_("Install the newer kehu on this host too."),
            found=at,
            known=steps.get_current_head(),
        )
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """Return the last step that `connection`'s database has; None for none."""
    return MigrationContext.configure(connection).get_current_revision()
