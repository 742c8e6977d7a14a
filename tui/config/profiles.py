"""One profile's table, read and checked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from typing import TypeVar

from tui.client.service import DIALECTS, RoadSettings
from tui.config.link_rules import with_links
from tui.config.model import Profile, SecretSource, SourceKind
from tui.config.settings import Path
from tui.config.table import Table
from tui.model.characters import clean_id
from tui.model.errors import N_, ConfigError

T = TypeVar("T")

NAME = re.compile(r"\w[\w.-]{0,63}")
"""A profile's name is the name of its file as well: letters, digits, `_`, `-` and `.`, at most 64 of them."""

OPTIONS = ("find_path",)
"""Keys that are handed to the dialect as they are."""

_SOURCES: dict[str, SourceKind] = {"": "literal", "_env": "env", "_command": "command", "_keyring": "keyring"}


def read_profiles(table: Table, unsound: Collection[Path]) -> tuple[dict[str, Profile], list[ConfigError]]:
    """Every profile of `[profiles]`, by name, and what is wrong with others.

    Those with a mistake of a single key, which are among `unsound`, are left out; with one of them missing, so are the
    links.
    """
    mistakes: list[ConfigError] = []
    found = {name: _profile(name, table, mistakes) for name in table if (*table.key, name) not in unsound}
    profiles = {name: profile for name, profile in found.items() if profile is not None}
    if len(profiles) < len(list(table)):
        return profiles, mistakes
    try:
        return with_links(profiles, table), mistakes
    except ConfigError as error:
        return profiles, [*mistakes, error]


def _profile(name: str, profiles: Table, mistakes: list[ConfigError]) -> Profile | None:
    """The profile `name`; None with what is wrong with it added to `mistakes`."""
    if not NAME.fullmatch(name):
        mistakes.append(
            profiles.mistake(
                name,
                N_("{file}: {key}: a profile's name is its file's name as well"),
                N_("Use letters, digits, '_', '-' and '.', at most 64 of them, and begin with a letter or digit."),
            )
        )
        return None
    table = profiles.table(name)
    dialect = table.text("dialect")
    wrong: list[ConfigError] = []

    def checked(read: Callable[[], T], default: T) -> T:
        try:
            return read()
        except ConfigError as error:
            wrong.append(error)
            return default

    profile = Profile(
        name=name,
        dialect=dialect,
        base_url=checked(lambda: _base_url(table), ""),
        secret=checked(lambda: _secret(table, dialect), SecretSource("env")),
        app_id=clean_id(table.text("app_id")),
        user_id=clean_id(table.text("user_id")),
        signing=checked(lambda: _signing(table.table("signing")), {}),
        disable=frozenset(table.texts("disable")),
        allow_http=table.flag("allow_http"),
        read_only=table.flag("read_only"),
        road=read_road(table),
        page_size=int(table.number("page_size")),
        timeout=table.number("timeout"),
        next_contact=clean_id(table.text("next_contact")),
        options={key: table.text(key) for key in OPTIONS if key in table},
    )
    if DIALECTS[dialect].signed and "app_id" not in table:
        wrong.append(table.missing("app_id"))
    mistakes += wrong
    return None if wrong else profile


def credential_key(dialect: str) -> str:
    """What `dialect`'s credential is called: a `secret` that signs, or a `token` that is sent."""
    return "secret" if DIALECTS[dialect].signed else "token"


def _secret(table: Table, dialect: str) -> SecretSource:
    credential = credential_key(dialect)
    other = "token" if credential == "secret" else "secret"
    for source in _SOURCES:
        if other + source in table:
            raise table.mistake(
                other + source,
                N_("{file}: {key}: the dialect {dialect} has no {other}"),
                N_("Name it {expected}."),
                dialect=dialect,
                other=other,
                expected=credential + source,
            )
    given = [credential + source for source in _SOURCES if credential + source in table]
    if len(given) != 1:
        raise ConfigError(
            N_("{file}: {key} has several sources of its {credential}: {given}")
            if given
            else N_("{file}: {key} has no {credential}"),
            todo=N_("Keep one of {known}.") if given else N_("Add one of {known}."),
            file=table.place(given[-1] if given else credential),
            key=table.name,
            credential=credential,
            given=", ".join(given),
            known=", ".join(credential + source for source in _SOURCES),
        )
    key = given[0]
    kind = _SOURCES[key.removeprefix(credential)]
    if kind != "keyring":
        return SecretSource(kind, table.text(key), key)
    if not table.flag(key):
        raise table.mistake(key, N_("{file}: {key} is {found}; expected true, or no such line"))
    return SecretSource(kind, "", key)


def _base_url(table: Table) -> str:
    """The address that every path is put behind: no slash at its end.

    Raises: ConfigError; one that may hold a password is not shown in it.
    """
    url = clean_id(table.text("base_url"))
    if mistake := url_mistake(url, table.flag("allow_http")):
        what, todo = mistake
        raise table.mistake("base_url", what, todo)
    return url.rstrip("/")


def url_mistake(url: str, allow_http: bool) -> tuple[str, str] | None:
    """What is wrong with URL as a vendor's address, and what to do; None where it is right."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host = None if parts.port == 0 else parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or not url.isprintable() or " " in url:
        return (
            N_("{file}: {key} is no address: expected https://HOST, with a port and a path where needed"),
            N_("Copy the address from the vendor's own page, without anything after its path."),
        )
    if parts.username is not None or parts.password is not None:
        return (
            N_("{file}: {key} holds a user name or a password"),
            N_("Take out all before the @: credentials have keys of their own."),
        )
    if parts.query or parts.fragment:
        return (
            N_("{file}: {key} holds a query or a fragment"),
            N_("Take out all from the ? or # on: credentials have keys of their own."),
        )
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        return (
            N_("{file}: {key} is {found}: over http:// anyone on the way can read and change what is sent"),
            N_("Use https://, or write allow_http = true below it if the network is trusted."),
        )
    return None


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_road(table: Table) -> RoadSettings:
    """Return how the vendor, or the team's server, is reached. What is wrong with a proxy or a file is told when the
    profile is opened: it is nothing to the others."""
    return RoadSettings(
        proxy=table.text("proxy").strip(),
        trust=table.text("trust"),
        ca_file=_path(table, "ca_file"),
        client_cert=_path(table, "client_cert"),
    )


def _path(table: Table, key: str) -> str:
    """A file's path, seen from the home where it begins with `~`, else from the folder of the file that names it."""
    folder = table.file_of(key).path.parent
    return os.path.abspath(os.path.join(folder, os.path.expanduser(table.text(key)))) if key in table else ""


def _signing(table: Table) -> dict[str, str]:
    if "message" in table:
        from tui.client.signing import sign

        try:
            sign("", "md5", table.text("message"), "hex", app_id="", nonce="", timestamp="")
        except ConfigError as error:
            raise table.mistake(
                "message",
                N_("{file}: {key} is {found}; expected names in braces, each one of {known}"),
                known=error.facts["known"],
            ) from error
    return {key: table.text(key) for key in table}
