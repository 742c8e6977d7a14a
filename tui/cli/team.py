"""`kehu team`: the team's server, and this desk's place in the team."""

from __future__ import annotations

import click

from tui.cli.session import TranslatedGroup
from tui.locale import N_

TEAM_PLACES = {
    "join": "tui.cli.team_desk:join",
    "status": "tui.cli.team_desk:status",
    "claim": "tui.cli.team_desk:claim",
    "release": "tui.cli.team_desk:release",
    "serve": "tui.cli.team_server:serve",
    "invite": "tui.cli.team_server:invite",
    "people": "tui.cli.team_server:people",
    "revoke": "tui.cli.team_server:revoke",
    "audit": "tui.cli.team_server:audit",
    "prune": "tui.cli.team_server:prune",
    "erase": "tui.cli.team_server:erase",
    "export": "tui.cli.team_server:export",
    "import": "tui.cli.team_server:import_",
}
"""Every subcommand, in the order of the help page: the desk's are in `team_desk`, the server's in `team_server`."""


@click.group("team", cls=TranslatedGroup, places=TEAM_PLACES, help=N_("Work as a team: share what the vendors do not."))
def team() -> None:
    """Do nothing without a subcommand."""
