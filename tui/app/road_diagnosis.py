"""How each profile's vendor is reached, and what names it so: proxy, certificates. Nothing is called."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.diagnosis import Finding, of_error
from tui.config import Config, Profile
from tui.config.file import is_private
from tui.locale import _
from tui.model.errors import ConfigError, RoadError

if TYPE_CHECKING:
    from tui.client.road import Road

UNREAD_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables by which other programs find authorities."""


def of_road(profile: Profile, environ: Mapping[str, str]) -> Iterator[Finding]:
    """What is in force for `profile`, and whether the files that it needs can be used."""
    if profile.demo:
        return
    from tui.app.opening import road_of

    try:
        road = road_of(profile, environ)
    except ConfigError as error:
        yield of_error("proxy" if isinstance(error, RoadError) else "address", error)
        return
    yield Finding("proxy", True, _proxy(road))
    fault = _fault(road)
    at_shown = fault is not None and fault.facts.get("source") == "client_cert"
    if fault is None or at_shown:
        yield Finding("certificates", True, _trusted(road), _unread(road, environ))
    if fault is not None:
        yield of_error("client certificate" if at_shown else "certificates", fault)
    elif road.client_cert:
        yield _shown(Path(road.client_cert))


def of_other_profiles(config: Config, profile: Profile, environ: Mapping[str, str]) -> Iterator[Finding]:
    """The same for all but `profile`, each in a line. What is wrong there is not what `kehu` ends with here."""
    for other in config.profiles.values():
        findings = [] if other.name == profile.name else list(of_road(other, environ))
        wrong = [finding for finding in findings if finding.ok is False]
        told = "; ".join(finding.found for finding in findings)
        if wrong:
            yield Finding("other profile", False, wrong[0].found, wrong[0].todo)
        elif findings:
            yield Finding("other profile", True, f"{other.name}: {told}", findings[-1].todo)


def _fault(road: Road) -> RoadError | None:
    """What keeps calls from being made on `road`, whose files are read for it."""
    try:
        road.transport(1)
    except RoadError as error:
        return error
    return None


def _proxy(road: Road) -> str:
    """Through which proxy the vendor is called, or why through none."""
    if road.proxy is not None:
        return f"{road.proxy.place} ({road.proxy.source})"
    if not road.avoided:
        text = _("none: straight to {host}")
    elif road.left_out:
        text = _("none: NO_PROXY has {part}, and so the proxy of {source} is not for {host}")
    else:
        text = _("none: the proxy of {source} is not for this machine itself")
    return text.format(host=road.host, part=road.left_out, source=road.avoided)


def _trusted(road: Road) -> str:
    """Whose certificates are trusted."""
    if not road.speaks_tls:
        return _("none needed: all is http://")
    told = {
        "bundled": _("the authorities that come with kehu"),
        "system": _("this machine's authorities"),
        "file": _("the authorities in {path} ({source})"),
        "folder": _("the authorities in the folder {path} ({source})"),
    }
    return ", ".join(told[trust.kind].format(path=trust.path, source=trust.source) for trust in road.trusts)


def _unread(road: Road, environ: Mapping[str, str]) -> str:
    """What to do for other programs' variables to count, where nothing else was chosen."""
    names = [name for name in UNREAD_VARIABLES if environ.get(name)]
    if not names or not road.speaks_tls or any(trust.source for trust in road.trusts):
        return ""
    text = _("kehu does not read {names}: if the vendor is not trusted, name the file in ca_file or SSL_CERT_FILE.")
    return text.format(names=", ".join(names))


def _shown(path: Path) -> Finding:
    """Which certificate the vendor is shown where it asks for one."""
    if is_private(path):
        return Finding("client certificate", True, str(path))
    text = _("{path}, whose private key others on this machine can read").format(path=path)
    return Finding("client certificate", None, text, f"chmod 600 {shlex.quote(str(path))}")
