"""One profile's table, read and checked."""

from __future__ import annotations

import os
import re

from tui.client.service import DIALECTS, OPERATIONS, TRUSTS, RoadSettings
from tui.config.link_rules import with_links
from tui.config.model import Profile, SecretSource, SourceKind
from tui.config.table import Table, unknown
from tui.model.characters import clean_id
from tui.model.errors import N_, ConfigError

PAGE_SIZE_LIMIT = 1000
"""Rows a page at the most: juzi's documented limit, the highest of the three."""

TIMEOUT_LIMIT = 600.0
"""Seconds; beyond ten minutes a call is not slow but lost."""

NAME = re.compile(r"\w[\w.-]{0,63}")
"""A profile's name is the name of its file as well: letters, digits, `_`, `-` and `.`, at most 64 of them."""

OPTIONS = ("find_path",)
"""Keys that are handed to the dialect as they are."""

_SOURCES: dict[str, SourceKind] = {"": "literal", "_env": "env", "_command": "command", "_keyring": "keyring"}
_KEYS = (
    *("dialect", "base_url", "app_id", "user_id", "signing", "disable", "allow_http"),
    *("proxy", "trust", "ca_file", "client_cert", "page_size", "timeout", "links", "next_contact"),
    *OPTIONS,
)


def read_profiles(table: Table) -> dict[str, Profile]:
    """Every profile of the file's `[profiles]`, by name.

    Raises: ConfigError for the first mistake.
    """
    return with_links({name: _profile(name, table) for name in table}, table)


def _profile(name: str, profiles: Table) -> Profile:
    if not NAME.fullmatch(name):
        raise profiles.mistake(
            name,
            N_("{file}: {key}: a profile's name is its file's name as well"),
            N_("Use letters, digits, '_', '-' and '.', at most 64 of them, and begin with a letter or digit."),
        )
    table = profiles.table(name)
    dialect = table.choice("dialect", DIALECTS)
    credential = credential_key(dialect)
    _check_credential_keys(table, dialect, credential)
    table.allow(*_KEYS, *(credential + source for source in _SOURCES))
    return Profile(
        name=name,
        dialect=dialect,
        base_url=_base_url(table),
        secret=_secret(table, credential),
        app_id=clean_id(table.text("app_id", None if DIALECTS[dialect].signed else "")),
        user_id=clean_id(table.text("user_id", "")),
        signing=_signing(table.table("signing")),
        disable=_disabled(table),
        allow_http=table.flag("allow_http"),
        road=read_road(table),
        page_size=table.whole("page_size", 100, 1, PAGE_SIZE_LIMIT),
        timeout=table.number("timeout", 20.0, 0.1, TIMEOUT_LIMIT),
        next_contact=clean_id(table.text("next_contact", "")),
        options={key: table.text(key, empty=True) for key in OPTIONS if key in table},
    )


def credential_key(dialect: str) -> str:
    """What `dialect`'s credential is called: a `secret` that signs, or a `token` that is sent."""
    return "secret" if DIALECTS[dialect].signed else "token"


def _check_credential_keys(table: Table, dialect: str, credential: str) -> None:
    """A key of the other kind of credential is told apart from a slip of the pen."""
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


def _secret(table: Table, credential: str) -> SecretSource:
    given = [credential + source for source in _SOURCES if credential + source in table]
    if len(given) != 1:
        raise ConfigError(
            N_("{file}: {key} has several sources of its {credential}: {given}")
            if given
            else N_("{file}: {key} has no {credential}"),
            todo=N_("Keep one of {known}.") if given else N_("Add one of {known}."),
            file=table.file,
            key=table.name,
            credential=credential,
            given=", ".join(given),
            known=", ".join(credential + source for source in _SOURCES),
        )
    key = given[0]
    kind = _SOURCES[key.removeprefix(credential)]
    if kind != "keyring":
        return SecretSource(kind, table.text(key, secret=kind == "literal"), key)
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
        proxy=table.text("proxy", "", secret=True).strip(),
        trust=table.choice("trust", TRUSTS) if "trust" in table else "",
        ca_file=_path(table, "ca_file"),
        client_cert=_path(table, "client_cert"),
    )


def _path(table: Table, key: str) -> str:
    """A file's path, seen from the home where it begins with `~`, else from the configuration's folder."""
    text = table.text(key, "")
    return os.path.abspath(os.path.join(table.file.parent, os.path.expanduser(text))) if text else ""


def _signing(table: Table) -> dict[str, str]:
    if not list(table):
        return {}
    from tui.client.signing import ALGORITHMS, ENCODINGS, sign

    table.allow("algorithm", "message", "encoding")
    signing = {}
    if "algorithm" in table:
        signing["algorithm"] = table.choice("algorithm", ALGORITHMS)
    if "encoding" in table:
        signing["encoding"] = table.choice("encoding", ENCODINGS)
    if "message" in table:
        signing["message"] = table.text("message")
        try:
            sign("", "md5", signing["message"], "hex", app_id="", nonce="", timestamp="")
        except ConfigError as error:
            raise table.mistake(
                "message",
                N_("{file}: {key} is {found}; expected names in braces, each one of {known}"),
                known=error.facts["known"],
            ) from error
    return signing


def _disabled(table: Table) -> frozenset[str]:
    names = table.texts("disable")
    for name in names:
        if name not in OPERATIONS:
            raise unknown(
                N_("{file}: {key} names {name}, which is no call"),
                name,
                OPERATIONS,
                file=table.file,
                key=table.path("disable"),
            )
    return frozenset(names)
