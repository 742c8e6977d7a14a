"""The `[team]` table: where the team's server is."""

from __future__ import annotations

import os

from tui.config.model import TeamSettings
from tui.config.profiles import read_road, url_mistake
from tui.config.table import Table
from tui.model.characters import clean_id
from tui.model.errors import N_, ConfigError

UNIX = "unix:"
"""What the address of a socket in the file system begins with; its path follows."""

SOCKET_PATH = 100
"""Characters of a socket's path: systems take 103 to 107."""


def read_team(table: Table) -> TeamSettings:
    """Return what the file's `[team]` says.

    Raises: ConfigError for the first mistake.
    """
    if mistake := address_mistake(table.text("url"), table.flag("allow_http")):
        raise table.mistake("url", *mistake)
    return TeamSettings(
        url=team_address(table.text("url")),
        road=read_road(table),
        timeout=table.number("timeout"),
    )


def typed_team(text: str, allow_http: bool = False) -> TeamSettings:
    """Return the team at the address `text`, which somebody typed.

    Raises: ConfigError.
    """
    if mistake := address_mistake(text, allow_http):
        what, todo = mistake
        raise ConfigError(what, todo=todo, file="kehu team join", key="URL", found=f'"{text}"')
    return TeamSettings(url=team_address(text))


def team_address(text: str) -> str:
    """Return the one spelling of `text`, an address without a mistake: by it a token is kept."""
    text = clean_id(text)
    if text.startswith(UNIX):
        return UNIX + os.path.normpath(os.path.expanduser(text.removeprefix(UNIX)))
    scheme, separator, rest = text.rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{separator}{host.lower()}{slash}{path}"


def address_mistake(text: str, allow_http: bool) -> tuple[str, str] | None:
    """Return what is wrong with `text` as the address of a team's server, and what to do; None where it is right."""
    text = clean_id(text)
    if not text.startswith(UNIX):
        if text.startswith("/"):
            return (
                N_("{file}: {key} is {found}, a path: expected https://HOST:PORT, or unix: and the path of a socket"),
                N_("Write unix: before it."),
            )
        return url_mistake(text, allow_http)
    path = os.path.expanduser(text.removeprefix(UNIX))
    if not os.path.isabs(path):
        return (
            N_("{file}: {key} is {found}: a socket's path begins with /"),
            N_("Write it whole, such as unix:/run/kehu/team.sock."),
        )
    if len(os.fsencode(path)) > SOCKET_PATH:
        return (
            N_("{file}: {key} is {found}: the path of a socket has at most 100 characters"),
            N_("Have the server listen at a shorter path."),
        )
    return None
