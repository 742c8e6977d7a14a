"""A desk's team, put together: the configuration's server, this member's token, what was received, and the desk."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.secret_sources import KEYRING_SERVICE
from tui.desk.disk import translated
from tui.model.errors import N_, AuthError, ConfigError, KehuError, ProtocolError
from tui.store.store_errors import StoreError

if TYPE_CHECKING:
    from tui.config import Config
    from tui.config.model import TeamSettings
    from tui.desk.desk import Desk
    from tui.desk.disk import Disk
    from tui.model.team import TeamMember, TeamPreset
    from tui.team.client import TeamClient
    from tui.team.desk_team import DeskTeam
    from tui.team.team_line import TeamLine


def token_of(url: str, data_dir: Path) -> str:
    """Return the token by which the team at `url` knows this member; empty where they never joined.

    Raises: ConfigError where the file that has it can be read by others.
    """
    return _from_keyring(url) or _from_file(_token_file(url, data_dir))


def keep_token(url: str, token: str, data_dir: Path) -> str:
    """Keep `token` for the team at `url`, in the keyring, else in a file that is this user's alone; where it is.

    Raises: ConfigError.
    """
    file = _token_file(url, data_dir)
    if _into_keyring(url, token):
        file.unlink(missing_ok=True)
        return "keyring"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_suffix(".fresh")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as out:
            out.write(token + "\n")
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except OSError as error:
        raise ConfigError(
            N_("{file} cannot be written: {reason}"),
            todo=N_("Check who owns the file and its folder, and the space on the disk."),
            file=file,
            reason=error.strerror,
        ) from error
    return str(file)


def _token_file(url: str, data_dir: Path) -> Path:
    from tui.team.received import file_of

    return file_of(url, data_dir).with_suffix(".token")


def _from_file(path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise ConfigError(
                N_("{file} holds the team's token, and others on this machine can read it"),
                todo="chmod 600 {file}",
                file=path,
            )
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            N_("{file} cannot be read: {reason}"),
            todo=N_("Join the team again: kehu team join"),
            file=path,
            reason=getattr(error, "strerror", None) or type(error).__name__,
        ) from error


def _from_keyring(url: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(f"{KEYRING_SERVICE} team", url) or ""
    except KeyringError:
        return ""


def _into_keyring(url: str, token: str) -> bool:
    """Put `token` into the keyring; whether it is there then: a host may have one that keeps nothing."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return False
    try:
        keyring.set_password(f"{KEYRING_SERVICE} team", url, token)
        return bool(keyring.get_password(f"{KEYRING_SERVICE} team", url) == token)
    except KeyringError:
        return False


def settings_of(config: Config) -> TeamSettings:
    """Return the team of the configuration.

    Raises: ConfigError where it names none.
    """
    if config.team is None:
        raise ConfigError(
            N_("the configuration names no team"),
            todo=N_("Ask whoever runs the team's server for its address and a code, and run: kehu team join URL"),
        )
    return config.team


def client_of(settings: TeamSettings, token: str) -> TeamClient:
    """Return what calls the team's server; nothing is called yet."""
    from tui.team.client import TeamClient

    return TeamClient(settings.url, token, road=settings.road, timeout=settings.timeout)


def open_line(config: Config) -> TeamLine:
    """Return the line to the configuration's team; nothing is called yet.

    Raises: ConfigError where there is no team, or this user has not joined it; StorageError.
    """
    from tui.team.received import Received, file_of
    from tui.team.team_line import TeamLine

    settings = settings_of(config)
    token = token_of(settings.url, config.data_dir)
    if not token:
        raise ConfigError(
            N_("you have not joined the team at {url}"),
            todo=N_("Ask for a code, and run: kehu team join"),
            url=settings.url,
        )
    try:
        received = Received.open(file_of(settings.url, config.data_dir))
    except StoreError as error:
        raise translated(error) from error
    return TeamLine(client_of(settings, token), received)


async def join_team(settings: TeamSettings, code: str) -> tuple[str, TeamMember]:
    """Exchange `code`, which works once, for a token; the token, and who it says that this user is.

    Raises: KehuError.
    """
    from tui.team.wire_rows import read_member

    client = client_of(settings, "")
    try:
        answer = await client.call("POST", "/v1/join", {"code": code})
    except AuthError as error:
        raise AuthError(
            N_("the team's server {place} does not take this code"),
            todo=N_("It works once, within a day: ask for a new one."),
            place=client.place,
            code=error.code,
            detail=error.detail,
        ) from error
    finally:
        await client.aclose()
    told, token = answer.get("member"), answer.get("token")
    member = read_member(told) if isinstance(told, dict) else None
    if member is None or not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise ProtocolError(N_("what the team's server {place} answers makes no sense"), place=client.place)
    return token, member


def team_of(line: TeamLine, desk: Desk) -> DeskTeam:
    """Return `desk`'s place in the team of `line`, and have the desk know it."""
    from tui.team.desk_team import DeskTeam

    team = DeskTeam(
        line, desk.disk, desk.settings.source, desk.subscribe, desk.announce, desk.customer, desk.settings.mask
    )
    desk.team = team
    return team


def presets_of(config: Config) -> list[TeamPreset]:
    """Return what the configuration's team shares by name, as it was told last; nothing is asked.

    Raises: StorageError.
    """
    if config.team is None:
        return []
    from tui.team.received import Received, file_of

    path = file_of(config.team.url, config.data_dir)
    if not path.exists():
        return []
    try:
        received = Received.open(path)
        try:
            return received.presets()
        finally:
            received.close()
    except StoreError as error:
        raise translated(error) from error


async def pass_on(config: Config, disk: Disk, source: str) -> None:
    """Send what is on `disk` and the team does not have, for a moment at most; what is left waits for the next time.

    Without a team, or where this user has not joined it, nothing is done.
    """
    if config.team is None:
        return
    try:
        async with in_team(config, disk, source) as team:
            if not team.line.reader or (await team.state()).waiting:
                await team.flush(PATIENCE)
    except KehuError:
        pass  # `kehu team status` tells it


PATIENCE = 3.0
"""Seconds that a command which changed something waits for the team's server."""


@asynccontextmanager
async def in_team(config: Config, disk: Disk, source: str) -> AsyncIterator[DeskTeam]:
    """What is kept on `disk`, about the vendor's account `source`, in its team for one command: no feed is read.

    Raises: KehuError.
    """
    from tui.team.desk_team import DeskTeam

    line = open_line(config)
    team = DeskTeam(line, disk, source, mask=config.mask)
    try:
        await line.remember()
        yield team
    finally:
        await team.close()
