"""What goes wrong on the road, before the first byte of a call leaves: whose fault it is, and what to do about it.

| stage         | who is to blame                        | told by                                                |
|---------------|----------------------------------------|--------------------------------------------------------|
| connect       | the proxy where there is one, else the | the system's error                                     |
|               | vendor's name or machine               |                                                        |
| secure        | likewise                               | OpenSSL's error, or a refusal by the other end         |
| tunnel        | the proxy                              | its status in answer to CONNECT, its words by SOCKS    |
| secure_tunnel | the vendor, or who stands in its place | OpenSSL's error, or a refusal by the other end         |
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

import httpx

from tui.client.error_mapping import (
    CHECK_ADDRESS,
    LATE,
    REFUSED,
    UNREACHED,
    UNRESOLVED,
    LineFault,
    causes,
    fault_of_line,
)
from tui.client.road import Road
from tui.client.stages import Stage, Way
from tui.model.errors import N_

MOST_WORDS = 100
"""Characters of a proxy's own words that are told."""

_CHECK_PROXY = N_("Check the proxy; it is named by {source} (profile {profile}).")
_CHECK_LOGIN = N_("Write the right USER:PASSWORD@ before the machine's name in {source} (profile {profile}).")
_ASK_PROXY = N_("Ask whoever runs the proxy to let this machine through; it is named by {source} (profile {profile}).")


def _of_road(what: str, todo: str, *, passing: bool = True) -> LineFault:
    """A fault of the road: nothing was sent."""
    return LineFault(what, todo, sent=False, passing=passing)


PROXY_UNRESOLVED = _of_road(N_("the name of the proxy {proxy} does not resolve"), _CHECK_PROXY)
PROXY_REFUSED = _of_road(N_("the proxy {proxy} refused the connection"), _CHECK_PROXY)
PROXY_LATE = _of_road(N_("the proxy {proxy} did not answer within {seconds:g} s"), _CHECK_PROXY)
PROXY_UNREACHED = _of_road(N_("the proxy {proxy} cannot be reached"), _CHECK_PROXY)
PROXY_UNTRUSTED = _of_road(
    N_("the certificate of the proxy {proxy} is not trusted: {reason}"),
    N_("Check {source} (profile {profile}); for a private authority, name its file in ca_file or SSL_CERT_FILE."),
    passing=False,
)
PROXY_NO_TLS = _of_road(
    N_("the proxy {proxy} does not speak TLS as it should"),
    N_("Write http:// in place of https:// in {source} (profile {profile}) if the proxy takes plain connections."),
    passing=False,
)

TUNNEL_SILENT = _of_road(N_("the proxy {proxy} was silent for {seconds:g} s when asked for {host}"), _CHECK_PROXY)
TUNNEL_CUT = _of_road(N_("the proxy {proxy} hung up when asked for {host}"), _CHECK_PROXY)
TUNNEL_GARBAGE = _of_road(
    N_("{proxy} hung up, or is no such proxy"),
    N_("Check the address and its beginning (http, https, socks5) in {source} (profile {profile})."),
    passing=False,
)
TUNNEL_LOGIN = _of_road(
    N_("the proxy {proxy} does not accept this user name and password, or wants some"), _CHECK_LOGIN, passing=False
)
TUNNEL_FORBIDDEN = _of_road(
    N_("the proxy {proxy} does not let this machine through to {host}: {reason}"), _ASK_PROXY, passing=False
)
TUNNEL_FAILED = _of_road(N_("the proxy {proxy} did not reach {host}: {reason}"), _CHECK_PROXY)

TLS_SILENT = _of_road(N_("{host} was silent for {seconds:g} s in place of a TLS handshake"), CHECK_ADDRESS)
TLS_CUT = _of_road(N_("{host} hung up in the TLS handshake"), CHECK_ADDRESS)
NO_TLS = _of_road(N_("{host} does not speak TLS as it should"), CHECK_ADDRESS, passing=False)
NO_COMMON_TLS = _of_road(
    N_("{host} and this machine have no version of TLS in common"),
    N_("Ask the vendor for TLS 1.2 or later."),
    passing=False,
)
UNTRUSTED = _of_road(
    N_("the certificate of {host} is not trusted: {reason}"),
    N_("Check base_url of profile {profile}; for a private authority, name its file in ca_file or SSL_CERT_FILE."),
    passing=False,
)
OUT_OF_DATE = replace(
    UNTRUSTED,
    todo=N_("Set this machine's clock right if it is wrong; else tell the vendor that its certificate is out of date."),
)
OTHER_NAME = replace(
    UNTRUSTED,
    todo=N_("Check base_url of profile {profile}: the certificate is another machine's, or stands for another name."),
)
WANTS_CERTIFICATE = _of_road(
    N_("{host} wants a certificate from this machine, and there is none"),
    N_("Name the file with your certificate and its key in client_cert of profile {profile}."),
    passing=False,
)
CERTIFICATE_REFUSED = _of_road(
    N_("{host} does not accept the certificate in client_cert: {reason}"),
    N_("Ask the vendor for a new one, and name it in client_cert of profile {profile}."),
    passing=False,
)
HANDSHAKE_REFUSED = _of_road(
    N_("{host} refused the TLS handshake: {reason}"),
    N_("If the vendor gave you a certificate, name it in client_cert of profile {profile}; else ask the vendor."),
    passing=False,
)

OUT_OF_DATE_CODES = (9, 10)
"""What OpenSSL calls a certificate that is not valid yet, or no more (X509_V_ERR)."""
OTHER_NAME_CODES = (62, 64)
"""What it calls one that stands for another name, or another address."""

LOGIN_STATUS = 407
"""What a proxy answers that wants a user name and password, or others (RFC 9110)."""

_ALERT = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_ALERT_(.*)")
"""What OpenSSL calls a refusal by the other end."""

_OF_CERTIFICATE = re.compile(r"(BAD_|UNSUPPORTED_|NO_)?CERTIFICATE(_.*)?|UNKNOWN_CA|ACCESS_DENIED")
"""Refusals that are about our certificate, or the lack of one."""

_CUT_OFF = (ssl.SSLEOFError, ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLZeroReturnError)
"""What OpenSSL meets where the other end says nothing more."""

_VERSIONS = ("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "VERSION_TOO_LOW")


def fault_of(error: Exception, way: Way, road: Road | None) -> tuple[LineFault, str]:
    """What `error` on `way` stands for, and the reason in others' words where there is one. Without `road` the network
    is replaced by something that tells nothing."""
    if road is None or way.stage is None:
        return fault_of_line(error), ""
    match way.stage:
        case Stage.CONNECT:
            return _connecting(error, to_proxy=road.proxy is not None), ""
        case Stage.TUNNEL:
            return _tunnelling(error)
        case Stage.SECURE if road.proxy is not None:
            return _securing_to_proxy(error)
        case Stage.SECURE | Stage.SECURE_TUNNEL:
            return _securing(error, road)
        case Stage.SENT:
            refused = _refused_certificate(error, road) if way.is_new else None
            return refused or (fault_of_line(error), "")


def _refused_certificate(error: Exception, road: Road) -> tuple[LineFault, str] | None:
    """What `error`, in place of the first answer on a new line, says of our certificate; None where nothing.

    By TLS 1.3 (RFC 8446, 4.4) the other end looks at it, and says so, when the call is already on its way. It reads
    nothing of a call before it has accepted the certificate: such a call has reached nobody.
    """
    for alert in _alerts(error):
        if _OF_CERTIFICATE.fullmatch(alert):
            return (CERTIFICATE_REFUSED if road.client_cert else WANTS_CERTIFICATE), _words_of(alert)
    return None


def _connecting(error: Exception, *, to_proxy: bool) -> LineFault:
    if _is_silence(error):
        return PROXY_LATE if to_proxy else LATE
    for cause in causes(error):
        if isinstance(cause, socket.gaierror | UnicodeError):
            return PROXY_UNRESOLVED if to_proxy else UNRESOLVED
        if isinstance(cause, ConnectionRefusedError):
            return PROXY_REFUSED if to_proxy else REFUSED
    return PROXY_UNREACHED if to_proxy else UNREACHED


def _tunnelling(error: Exception) -> tuple[LineFault, str]:
    if _is_silence(error):
        return TUNNEL_SILENT, ""
    words = _printable(str(error))
    if isinstance(error, httpx.ProxyError):
        return _refused_tunnel(words)
    if isinstance(error, httpx.NetworkError | OSError) or "disconnected" in words or "closed" in words:
        return TUNNEL_CUT, ""
    return TUNNEL_GARBAGE, ""


def _refused_tunnel(words: str) -> tuple[LineFault, str]:
    """What a proxy says instead of leading on: `407 Reason`, or what httpcore makes of SOCKS's codes."""
    status = int(words[:3]) if re.match(r"\d{3}\b", words) else 0
    if status == LOGIN_STATUS or words.startswith(("Requested ", "Invalid username")):
        return TUNNEL_LOGIN, ""
    if 400 <= status < 500 or "not allowed" in words:
        return TUNNEL_FORBIDDEN, words
    return TUNNEL_FAILED, words.removeprefix("Proxy Server could not connect: ").rstrip(".")


def _securing_to_proxy(error: Exception) -> tuple[LineFault, str]:
    if _is_silence(error):
        return PROXY_LATE, ""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return PROXY_UNTRUSTED, cause.verify_message
    return PROXY_NO_TLS, ""


def _securing(error: Exception, road: Road) -> tuple[LineFault, str]:
    if _is_silence(error):
        return TLS_SILENT, ""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            by_code = {**dict.fromkeys(OUT_OF_DATE_CODES, OUT_OF_DATE), **dict.fromkeys(OTHER_NAME_CODES, OTHER_NAME)}
            return by_code.get(cause.verify_code, UNTRUSTED), cause.verify_message
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _CUT_OFF):
            return _refused_handshake(cause, road)
    return TLS_CUT, ""


def _refused_handshake(error: ssl.SSLError, road: Road) -> tuple[LineFault, str]:
    if any(version in (error.reason or "") for version in _VERSIONS):
        return NO_COMMON_TLS, ""
    if about := _refused_certificate(error, road):
        return about
    return next(((HANDSHAKE_REFUSED, _words_of(alert)) for alert in _alerts(error)), (NO_TLS, ""))


def _alerts(error: Exception) -> Iterator[str]:
    """The refusals of the other end that led to `error`, by OpenSSL's names."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLError) and (alert := _ALERT.fullmatch(cause.reason or "")):
            yield alert[1]


def _words_of(alert: str) -> str:
    return alert.replace("_", " ").lower()


def _is_silence(error: Exception) -> bool:
    return isinstance(error, TimeoutError | httpx.TimeoutException)


def _printable(words: str) -> str:
    """A proxy's `words`, fit for a screen."""
    return "".join(letter for letter in words if letter.isprintable())[:MOST_WORDS]
