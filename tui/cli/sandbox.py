"""`kehu sandbox`: the three vendors on a port of this machine, for other programs, tests and training."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

import click

from tui.cli.failures import Misused
from tui.cli.output import print_json_line, say
from tui.cli.session import FilePath, Session, command, option, pass_session
from tui.cli.streams import finish_output
from tui.config import SANDBOX
from tui.locale import N_, _
from tui.model.errors import ConfigError

PORT = 8321
"""Where the sandbox listens unless told otherwise: no well-known service does."""

MOST = 1_000_000
"""People that a database is proved with."""


@command("sandbox", help=N_("Serve the three vendors' dialects on this machine alone, until Ctrl-C."))
@option("--port", type=click.IntRange(0, 65535), default=PORT, metavar="N", help=N_("The port; 0 is any free one."))
@option(
    "--customers",
    type=click.IntRange(1, MOST),
    metavar="N",
    help=N_("How many people there are, up to 1,000,000; the demo's 5,000 where it is left out."),
)
@option(
    "--database",
    type=FilePath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("Where they are kept, instead of the data folder."),
)
@option("--latency", type=click.FloatRange(min=0), metavar="SECONDS", help=N_("Wait this long before every answer."))
@option(
    "--fail",
    "faults",
    multiple=True,
    metavar="KIND:MATCH:OPTION=VALUE,…",
    help=N_("Fail on purpose, such as drop-after:add_follow:count=1 or status:GET /juzi:status=429."),
)
@pass_session
def sandbox(
    session: Session,
    port: int,
    customers: int | None,
    database: Path | None,
    latency: float | None,
    faults: tuple[str, ...],
) -> None:
    """Serve until SIGINT or SIGTERM."""
    import sqlite3

    from tui.sandbox.app import DEFAULT_CUSTOMERS
    from tui.sandbox.faults import Faults
    from tui.sandbox.seed import SeedMismatchError
    from tui.sandbox.serve import serve

    try:
        wrong = Faults.parse(*faults, *([f"latency::seconds={latency}"] if latency else []))
    except ValueError as error:
        raise Misused(
            _("--fail does not take this: {reason}").format(reason=error),
            _("Write KIND:MATCH:OPTION=VALUE, such as drop-after:add_follow:count=1."),
        ) from error
    path = database or session.read_config().data_dir / SANDBOX
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        serve(path, port, customers or DEFAULT_CUSTOMERS, wrong, announce=_announce, tell=say)
    except (OSError, sqlite3.Error, SeedMismatchError) as error:
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise Misused(_("port {port} cannot be had").format(port=port), _("Choose another with --port.")) from error
        raise ConfigError(
            N_("the sandbox cannot use {file}: {reason}"),
            todo=N_("Name another file with --database."),
            file=path,
            reason=str(error),
        ) from error


def _announce(facts: Mapping[str, object]) -> None:
    """Tell, now, where it listens."""
    print_json_line(facts)
    finish_output()
