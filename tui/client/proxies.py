"""A proxy's address as people write it, and whom NO_PROXY leaves out.

The same address is read by curl, git and pip, and is often pasted with a password as it is: what stands before the last
`@` is user name and password, whatever characters they have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import unquote

import httpx

from tui.model.errors import N_, RoadError

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""The kinds of proxy that are known here, and the port of each where its address names none."""

OTHER_SOCKS = ("socks", "socks4", "socks4a")
"""SOCKS of the fourth version, or of one that is not said."""

SOCKS_ROOM = 255
"""Bytes of a user name, and of a password, that SOCKS5 has room for (RFC 1929)."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_NAME = re.compile(r"[^\s\x00-\x20\x7f:@%\\<>\"'`{}|^\[\]]+")
_IPV6 = re.compile(r"\[([^\]]*)\](?::(.*))?")


@dataclass(frozen=True)
class Proxy:
    """Where calls go first."""

    scheme: str
    host: str
    port: int
    source: str
    """What named it: a variable, or a profile's `proxy`."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Its address, without user name and password."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_socks(self) -> bool:
        """It speaks SOCKS5; the others speak HTTP."""
        return self.scheme.startswith("socks")


def read_proxy(text: str, source: str, profile: str) -> Proxy:
    """The proxy at the address `text`, which `source` holds, for `profile`.

    Without a scheme it is an HTTP proxy, as everywhere. `%40` and the like stand for characters, as everywhere.
    Raises: RoadError naming `source`, what it holds (without user name and password), and what to write.
    """
    scheme, credentials, place = _parts(text)
    host, port = _host_and_port(place)
    user, password = (unquote(half) for half in credentials.partition(":")[::2])
    proxy = Proxy(scheme, host, _port(port, scheme), source, user, password)
    todo = N_("Write it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ if need be.")
    if scheme in OTHER_SOCKS:
        what = N_("profile {profile}: {source} is {found}: of SOCKS there is only SOCKS5 here")
        todo = N_("Write socks5:// in place of {scheme}:// if the proxy speaks that, as almost all do.")
    elif scheme not in PORTS:
        what = N_("profile {profile}: {source} is {found}: there is no such kind of proxy")
    elif not host:
        what = N_("profile {profile}: {source} is {found}: it names no machine")
    elif not proxy.port:
        what = N_("profile {profile}: {source} is {found}: its port is not a number from 1 to 65535")
    elif not _is_utf_8(user + password):
        what = N_("profile {profile}: {source} is {found}: its user name or password is not UTF-8")
    elif proxy.is_socks and max(len(user.encode()), len(password.encode())) > SOCKS_ROOM:
        what = N_("profile {profile}: {source} is {found}: its user name or password is too long for SOCKS5")
        todo = N_("Each has room for {limit} bytes.")
    else:
        return proxy
    shown = place if not port or port.isdigit() else f"{host}:…"  # a password may stand where it does not belong
    found = f"{scheme}://{'…@' if credentials else ''}{shown}"
    raise RoadError(what, todo=todo, profile=profile, source=source, found=found, scheme=scheme, limit=SOCKS_ROOM)


def _parts(text: str) -> tuple[str, str, str]:
    """Scheme, user name and password, and host with port, of the address `text`."""
    text = text.strip()
    scheme, found, rest = text.partition("://")
    if not found or not _SCHEME.fullmatch(scheme):
        scheme, rest = "http", text
    credentials, _, place = rest.rpartition("@")
    return scheme.lower(), credentials, re.split(r"[/?#]", place, maxsplit=1)[0]


def _host_and_port(place: str) -> tuple[str, str]:
    """Host, empty where it can be none, and port as it is written."""
    if bracketed := _IPV6.fullmatch(place):
        host, port = bracketed[1], bracketed[2] or ""
        return (host if isinstance(_address(host), IPv6Address) else "", port)
    host, _, port = place.partition(":")
    try:
        fit = _NAME.fullmatch(host) and httpx.URL(scheme="http", host=host).host.strip(".")
    except (httpx.InvalidURL, UnicodeError):
        fit = ""
    return (host if fit else "", port)


def _is_utf_8(text: str) -> bool:
    """Whether `text` can be sent: a byte in the environment that is not UTF-8 is half of a pair in it."""
    return text == text.encode("utf-8", "replace").decode()


def _port(text: str, scheme: str) -> int:
    """The port that `text` names; 0 where it can be none."""
    if not text:
        return PORTS.get(scheme, 1)
    port = int(text[:6]) if text.isascii() and text.isdigit() else 0
    return port if port < 2**16 else 0


def left_out(no_proxy: str, host: str, port: int) -> str:
    """The part of `no_proxy`, as the variable holds it, by which `host` is called without a proxy; empty: none.

    Its parts stand between commas or spaces. `*` is everybody; a name is that machine and all below it, with or without
    a dot or `*.` before it; an address, or a range such as `10.0.0.0/8` or `fd00::/8`, is compared as a number; `:PORT`
    holds for that port alone. What is none of these is passed over.
    """
    host = _plain_name(host)
    address = _address(host)
    for part in re.split(r"[,\s]+", no_proxy):
        name = part.rpartition("://")[2].rstrip("/")
        name, only = _without_port(name)
        if not name or (only and only != str(port)):
            continue
        if name == "*" or (_in_range(address, name) if address else _is_below(host, name)):
            return part
    return ""


def _without_port(part: str) -> tuple[str, str]:
    """`part` of NO_PROXY without its port, and that."""
    if bracketed := re.fullmatch(r"\[([^\]]*)\](/\d+)?(?::(\d+))?", part):
        return bracketed[1] + (bracketed[2] or ""), bracketed[3] or ""
    if part.count(":") == 1:
        name, _, port = part.partition(":")
        return name, port
    return part, ""


def _is_below(host: str, name: str) -> bool:
    name = _plain_name(name.removeprefix("*").lstrip("."))
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _in_range(address: IPv4Address | IPv6Address, name: str) -> bool:
    try:
        return address in ip_network(name, strict=False)
    except ValueError:
        return False


def _plain_name(name: str) -> str:
    """A machine's name as the network has it: in small letters, without the dot at its end, in letters of ASCII."""
    name = name.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """`host` as an address, without the network that it may name; None where it is a name."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_this_machine(host: str) -> bool:
    """Whether `host` is this machine itself, by its name or its address."""
    address = _address(host)
    name = _plain_name(host)
    return address.is_loopback if address else name == "localhost" or name.endswith(".localhost")
