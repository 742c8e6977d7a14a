"""The road to a vendor: through which proxy, and trusting whom. It is found before anything is sent.

|                      | proxy                                                  | authorities                       |
|----------------------|--------------------------------------------------------|-----------------------------------|
| the profile          | `proxy`; `none` is straight                            | `ca_file`, `trust`                |
| else the environment | HTTPS_PROXY or HTTP_PROXY, then ALL_PROXY; straight to | SSL_CERT_FILE, else SSL_CERT_DIR  |
|                      | whom NO_PROXY names, and to this machine itself        |                                   |
| else                 | straight                                               | those that come with the program  |

A proxy's variable may be in small letters, which go first, as in curl.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx

from tui.client.proxies import Proxy, is_this_machine, left_out, read_proxy
from tui.client.service import ServiceSettings
from tui.client.trust import Trust, tls_context, trusted
from tui.model.errors import N_, ConfigError, RoadError

STRAIGHT = "none"
"""A profile's `proxy`: none, whatever the environment says."""

PORTS = {"http": 80, "https": 443}
"""The port of an address that names none."""


@dataclass(frozen=True)
class Road:
    """How the calls of `profile` reach its vendor at `host`."""

    profile: str
    host: str
    secure: bool
    """By TLS."""
    proxy: Proxy | None = None
    avoided: str = ""
    """The variable whose proxy the calls do not go through."""
    left_out: str = ""
    """The part of NO_PROXY because of which they do not; empty: because the vendor is this machine itself."""
    trusts: tuple[Trust, ...] = ()
    client_cert: str = ""

    @property
    def speaks_tls(self) -> bool:
        """Some part of it is secured, so that authorities are needed."""
        return self.secure or (self.proxy is not None and self.proxy.scheme == "https")

    @property
    def is_read(self) -> bool:
        """The proxy reads the calls, and can answer in the vendor's place; other proxies lead to the vendor itself."""
        return self.proxy is not None and not self.proxy.is_socks and not self.secure

    def transport(self, connections: int) -> httpx.AsyncHTTPTransport:
        """The network at the end of this road, which keeps up to `connections` open for the next call.

        Raises: RoadError for a file of certificates that cannot be used, and for TLS that cannot be had at all.
        """
        try:
            return self._transport(connections)
        except (OSError, ValueError) as error:
            raise RoadError(
                N_("profile {profile}: this machine cannot speak TLS: {reason}"),
                todo=N_("Check the settings of OpenSSL on this machine, and its variables (OPENSSL_CONF)."),
                profile=self.profile,
                reason=getattr(error, "strerror", None) or type(error).__name__,
            ) from None

    def _transport(self, connections: int) -> httpx.AsyncHTTPTransport:
        proxy = None
        if self.proxy is not None:
            auth = (self.proxy.user, self.proxy.password) if self.proxy.user or self.proxy.password else None
            proxy = httpx.Proxy(
                httpx.URL(scheme=self.proxy.scheme, host=self.proxy.host, port=self.proxy.port),
                ssl_context=self._tls("") if self.proxy.scheme == "https" else None,
                auth=auth,
            )
        return httpx.AsyncHTTPTransport(
            verify=self._tls(self.client_cert),
            trust_env=False,
            proxy=proxy,
            # Any number at once: the caller counts its calls, and httpcore counts a tunnel that broke for ever.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=connections),
        )

    def _tls(self, client_cert: str) -> ssl.SSLContext:
        """What TLS is spoken with. Without TLS authorities are not read, which takes as long as a page of customers,
        but for those that the profile names: a mistake in it is told."""
        trusts = tuple(trust for trust in self.trusts if self.speaks_tls or trust.source == "ca_file")
        return tls_context(trusts, client_cert, self.profile)


def vendor_url(settings: ServiceSettings) -> httpx.URL:
    """The address that every path is put behind.

    Raises: ConfigError where it can be none.
    """
    try:
        url = httpx.URL(settings.base_url)
        host = url.host
    except (httpx.InvalidURL, UnicodeError):  # a name that only looks like one in other letters
        url, host = httpx.URL(), ""
    fit = url.scheme in PORTS and host and url.port != 0 and (url.port or 1) < 2**16
    if not fit or url.userinfo or url.query or url.fragment:
        raise ConfigError(
            N_("base_url of profile {profile} is not the address of an API"),
            todo=N_("Write it as https://host/path, with no user name, query or fragment."),
            profile=settings.profile,
        )
    return url


def find_road(settings: ServiceSettings, environ: Mapping[str, str]) -> Road:
    """The road to the vendor that `settings` and `environ` lead to. No file is read yet.

    Raises: ConfigError where the vendor's address can be none; RoadError for a proxy whose address makes no sense.
    """
    url = vendor_url(settings)
    wanted = settings.road
    road = Road(
        settings.profile,
        url.host,
        secure=url.scheme == "https",
        trusts=trusted(wanted.trust, wanted.ca_file, environ),
        client_cert=wanted.client_cert,
    )
    if wanted.proxy:
        if wanted.proxy == STRAIGHT:
            return road
        return replace(road, proxy=read_proxy(wanted.proxy, "proxy", settings.profile))
    source, address = _variable(environ, f"{url.scheme}_proxy", "all_proxy")
    if not address:
        return road
    _, no_proxy = _variable(environ, "no_proxy")
    part = left_out(no_proxy, url.host, url.port or PORTS[url.scheme])
    if part or is_this_machine(url.host):
        return replace(road, avoided=source, left_out=part)
    return replace(road, proxy=read_proxy(address, source, settings.profile))


def _variable(environ: Mapping[str, str], *names: str) -> tuple[str, str]:
    """The first of `names` that says something in `environ`, and what; in small letters it goes before capitals."""
    for name in names:
        spelling = name if name in environ else name.upper()
        if value := environ.get(spelling, "").strip():
            return spelling, value
    return "", ""
