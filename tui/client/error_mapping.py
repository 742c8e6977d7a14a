"""What a broken line and an HTTP status mean. What goes wrong before a call leaves is in `road_faults`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from tui.model.errors import (
    N_,
    AuthError,
    ConflictError,
    KehuError,
    NotFoundError,
    ProtocolError,
    VendorError,
)


@dataclass(frozen=True)
class LineFault:
    """What to say of one kind of broken line.

    `{host}`, `{profile}`, `{seconds}` and `{reason}` are filled in; of a proxy, `{proxy}`, its address, and `{source}`,
    what names it.
    """

    what: str
    todo: str
    sent: bool = True
    """The call may have reached the vendor."""
    passing: bool = True
    """Another attempt may go well."""
    garbled: bool = False
    """What came makes no sense: it is a `ProtocolError`."""


CHECK_ADDRESS = N_("Check base_url of profile {profile}, and that this machine reaches it.")
CHECK_LINE = N_("Check the line, then try again.")
_BROKEN = LineFault(N_("the line to {host} broke before the answer was complete"), CHECK_LINE)
_SILENT = LineFault(N_("{host} was silent for {seconds:g} s"), CHECK_LINE)
UNREACHED = LineFault(N_("{host} cannot be reached"), CHECK_ADDRESS, sent=False)
_UNSENDABLE = LineFault(N_("the call cannot be sent as it is"), CHECK_ADDRESS, sent=False, passing=False)
UNRESOLVED = LineFault(N_("the name {host} does not resolve"), CHECK_ADDRESS, sent=False)
REFUSED = LineFault(N_("{host} refused the connection"), CHECK_ADDRESS, sent=False)
LATE = LineFault(N_("{host} did not answer within {seconds:g} s"), CHECK_ADDRESS, sent=False)

LINE: Mapping[type[Exception], LineFault] = {
    httpx.ConnectError: UNREACHED,
    httpx.ConnectTimeout: LATE,
    httpx.PoolTimeout: LineFault(N_("too many calls are under way"), N_("Try again in a moment."), sent=False),
    httpx.ReadTimeout: _SILENT,
    httpx.WriteTimeout: _SILENT,
    httpx.ReadError: _BROKEN,
    httpx.WriteError: _BROKEN,
    httpx.CloseError: _BROKEN,
    httpx.RemoteProtocolError: LineFault(N_("{host} hung up, or did not speak HTTP"), CHECK_ADDRESS),
    httpx.LocalProtocolError: _UNSENDABLE,
    httpx.UnsupportedProtocol: _UNSENDABLE,
    httpx.ProxyError: LineFault(
        N_("the proxy does not lead to {host}"), N_("Check the proxy settings of this machine."), sent=False
    ),
    httpx.DecodingError: LineFault(N_("the answer's compression is broken"), CHECK_LINE, passing=False, garbled=True),
    httpx.TooManyRedirects: LineFault(
        N_("{host} sends the call elsewhere"), CHECK_ADDRESS, passing=False, garbled=True
    ),
    httpx.RequestError: _BROKEN,
    TimeoutError: LineFault(N_("{host} did not finish its answer in time"), CHECK_LINE),
    ConnectionRefusedError: REFUSED,
    OSError: _BROKEN,
}
"""Every error of httpx's `RequestError` family, and what an in-process transport raises in place of one: what it means
once the call is on its way, or where nobody tells how far it came."""


def fault_of_line(error: Exception) -> LineFault:
    """What `error`, one of `LINE`, stands for."""
    return next(LINE[kind] for kind in type(error).__mro__ if kind in LINE)


def causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and whatever led to it, groups opened."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions


PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Where another attempt may go well: too early, too many, or a server in trouble (RFC 9110 and 6585)."""

IN_TROUBLE = frozenset(map(str, range(500, 600)))
"""Codes that a vendor's own envelope borrows from HTTP: the server came to grief, before its work was done or after."""

CHECK_CREDENTIAL = N_("Check the token or secret of profile {profile} against the vendor's console.")
CHECK_PERMISSION = N_("Ask the vendor's administrator for the permission.")
_CHECK_ID = N_("Check the id, and base_url of profile {profile}.")
_WAIT = N_("Try again in a moment.")
_WAIT_SO_LONG = N_("Try again in {wait:.0f} s.")
_NOTHING_HERE = (NotFoundError, N_("the vendor has nothing at this address"), _CHECK_ID)

STATUSES: Mapping[int, tuple[type[KehuError], str, str]] = {
    401: (AuthError, N_("the vendor does not accept the credential of profile {profile}"), CHECK_CREDENTIAL),
    403: (AuthError, N_("the credential of profile {profile} is not allowed to do this"), CHECK_PERMISSION),
    404: _NOTHING_HERE,
    409: (ConflictError, N_("the record was changed by someone else"), N_("Read it again, then repeat the change.")),
    410: _NOTHING_HERE,
}
"""Statuses with an error of their own: the error, what happened, and what to do."""


def status_error(status: int, *, profile: str, retry_after: float | None) -> KehuError:
    """What an HTTP status other than a success says, where the vendor's own code says no more."""
    if status in STATUSES:
        kind, what, todo = STATUSES[status]
        error = kind(what, todo=todo, profile=profile)
        if isinstance(error, NotFoundError):
            error.certain = False
        return error
    if status < 300:
        return ProtocolError(N_("the vendor answered {http}, which is no answer"), todo=_WAIT, http=status)
    if status < 400:
        return ProtocolError(
            N_("the vendor sends the call elsewhere ({http}), and it was not followed"),
            todo=N_("Set base_url of profile {profile} to the address that answers by itself."),
            http=status,
            profile=profile,
        )
    if status == 429:
        what = N_("the vendor takes no more calls for now")
    elif status >= 500:
        what = N_("the vendor's server is in trouble ({http})")
    else:
        what = N_("the vendor refused the call ({http})")
    passing = status in PASSING_STATUSES
    todo = (_WAIT if retry_after is None else _WAIT_SO_LONG) if passing else ""
    return VendorError(what, todo=todo, passing=passing, retry_after=retry_after, http=status, wait=retry_after or 0.0)


def tells_more(verdict: KehuError | None, general: KehuError) -> KehuError:
    """Of what the vendor's code says (`verdict`) and what the status says (`general`), the one that tells more.

    A status of its own kind (401, 404, 429, 503, …) says more than a code that just refuses, and takes over its words.
    """
    if verdict is None or isinstance(verdict, ProtocolError):
        return general
    if type(verdict) is VendorError and (
        type(general) is not VendorError or (isinstance(general, VendorError) and general.passing)
    ):
        general.code, general.detail, general.trace_id = verdict.code, verdict.detail, verdict.trace_id
        if isinstance(general, NotFoundError):
            general.certain = True  # the vendor's own envelope came with the status
        return general
    return verdict


def date_of(headers: httpx.Headers, name: str) -> datetime | None:
    """The HTTP date of a header, where it is one."""
    try:
        date = parsedate_to_datetime(headers[name])
    except (KeyError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def retry_after(headers: httpx.Headers, now: float) -> float | None:
    """Seconds to wait, from a Retry-After of either kind. A date is measured by the vendor's own clock, if it shows."""
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    date = date_of(headers, "Retry-After")
    if date is None:
        return None
    sent = date_of(headers, "Date")
    return max(0.0, date.timestamp() - (sent.timestamp() if sent else now))
