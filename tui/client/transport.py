"""One profile's HTTP conversation with its vendor: authorised, capped, retried where that does no harm.

Every failure is one `KehuError`. httpx's errors are never chained to it: they hold the request, whose address or
headers are signed by then, and a crash report that shows local variables would show it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from urllib.parse import quote

import httpx

from tui.client.answers import Answer, Told, to_keep
from tui.client.body import ACCEPT_ENCODING, encoded, parse_object, read_body
from tui.client.errors import (
    N_,
    AuthError,
    ConfigError,
    InvalidError,
    KehuError,
    OutcomeUnknownError,
    ProtocolError,
    VendorError,
)
from tui.client.faults import date_of, line_error, retry_after, status_error, tells_more
from tui.client.service import Pulse, ServiceSettings

ATTEMPTS = 3
"""Of a call that may be repeated: one, and two more."""
FIRST_WAIT = 0.5
"""Seconds before the second attempt; each further wait is twice as long, and jitter takes up to half of it away."""
LONGEST_WAIT = 30.0
"""Seconds that a vendor's Retry-After is waited for; what asks for more is told to the person instead."""
LAST_START = 45.0
"""Seconds after the first attempt began in which a further one may begin."""
SILENCES = 6
"""An attempt as a whole takes at most this many time-outs, so that an answer that drips has an end."""
CLOCK_TOLERANCE = 60.0
"""Seconds that the clocks may differ before an authorisation error names it; the Date header counts whole seconds."""

MOST_WORDS = 500
"""Characters of a vendor's words that an error carries."""
SIGNATURE_HEADERS = ("signature", "sign")
"""What the dialects call the header of a signature; a vendor's words may repeat its value."""
TIMESTAMP_HEADER = "timestamp"
"""The header of a call that is signed with the time; its refusal may be the clock's fault."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""This machine itself."""
HTTP_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
"""Whoever in httpx writes to a log."""

CLOCK_BEHIND = N_("This machine's clock is {seconds} s behind the vendor's: set it right, then try again.")
CLOCK_AHEAD = N_("This machine's clock is {seconds} s ahead of the vendor's: set it right, then try again.")

log = logging.getLogger("tui.client")


class Effect(StrEnum):
    """What a call does at the vendor, and so whether it may be sent again."""

    READ = "read"
    """Changes nothing: tried again with backoff and jitter."""
    REPEATABLE = "repeatable"
    """A write that twice is the same as once: tried again likewise."""
    ONCE = "once"
    """A write that must not happen twice: never tried again."""


@dataclass(frozen=True)
class Reply:
    """A vendor's answer, as a dialect judges it."""

    data: Mapping[str, object]
    method: str
    address: str
    """Without its query."""
    status: int


@dataclass(frozen=True)
class _Hit:
    """An attempt that brought an answer that the dialect is content with."""

    data: Mapping[str, object]
    signatures: Sequence[str] = field(repr=False)
    """What the attempt was signed with, which the answer may repeat."""


@dataclass(frozen=True)
class _Miss:
    """An attempt that brought no answer to use."""

    error: KehuError
    unclear: bool
    """The call may have been applied."""
    again: bool
    """Another attempt may go well."""


class Transport:
    """The one `httpx.AsyncClient` of a profile: TLS verified, redirects not followed, calls and answers bounded.

    `auth` authorises each attempt afresh. `judge` raises the error that the vendor's own code in an answer stands for,
    and returns for a success. `transport` replaces the network. `pause` waits and `now` tells the time, in seconds.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        auth: httpx.Auth,
        judge: Callable[[Reply], None],
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._base = _base_url(settings)
        self._base_text = str(self._base).rstrip("/")
        self._auth = auth
        self._judge = judge
        self._transport = transport
        self._pause = pause
        self._now = now
        self._slots = asyncio.Semaphore(settings.concurrency)
        self.pulse: Pulse | None = None
        """Of the last call that was answered, whatever the answer was."""

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        # Made at the first call: reading the system's certificates takes longer than the desk's first frame may.
        _hush_http_loggers()
        return httpx.AsyncClient(
            auth=self._auth,
            base_url=self._base,
            headers={"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING, "User-Agent": "kehu"},
            timeout=self._settings.timeout,
            limits=httpx.Limits(
                max_connections=self._settings.concurrency, max_keepalive_connections=self._settings.concurrency
            ),
            follow_redirects=False,
            transport=self._transport,
            # Plain HTTP has no certificate to check, and reading the trusted ones takes as long as a page of customers.
            verify=self._base.scheme == "https",
            # A proxy from the environment is not for this machine itself, and must not be told its tokens.
            trust_env=self._base.host not in LOOPBACK,
        )

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
    ) -> Mapping[str, object]:
        """The JSON object that the vendor answers to a read, once the dialect's `judge` is content with it.

        PATH is below base_url, its ids quoted; BODY is sent as JSON.

        Raises: KehuError.
        """
        return (await self._answered(method, path, Effect.READ, params, body)).data

    async def write(
        self,
        method: str,
        path: str,
        effect: Effect,
        *,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
    ) -> Told:
        """The same for a write with EFFECT, and the answer as it may be kept.

        Raises: KehuError. A write that may have been applied raises `OutcomeUnknownError` where it must not be sent
        again; where it may, its error is `unclear`.
        """
        hit = await self._answered(method, path, effect, params, body)
        return Told(hit.data, self._to_keep(hit.data, hit.signatures))

    async def _answered(
        self, method: str, path: str, effect: Effect, params: Mapping[str, str] | None, body: object | None
    ) -> _Hit:
        """The answer to a call, tried as often as EFFECT allows."""
        content = encoded(body, params or {})
        began = time.monotonic()
        unclear = False
        attempt = 0
        while True:
            attempt += 1
            outcome = await self._attempt(method, path, params, content)
            if not isinstance(outcome, _Miss):
                return outcome
            unclear = unclear or outcome.unclear
            wait = None if effect is Effect.ONCE or not outcome.again else _wait(attempt, outcome.error, began)
            if wait is None:
                break
            log.debug("%s %s: attempt %d failed, next in %.1f s", method, path, attempt, wait)
            await self._pause(wait)
        if effect is Effect.ONCE and unclear:
            raise self._unknown(outcome.error) from outcome.error
        outcome.error.unclear = unclear and effect is Effect.REPEATABLE
        raise outcome.error

    async def aclose(self) -> None:
        """Close the connections; twice does no harm."""
        if "_client" in self.__dict__:
            await self._client.aclose()

    def discreet(self, words: str, *signatures: str) -> str:
        """A vendor's WORDS, without the secret or SIGNATURES that it may repeat, and no longer than a screen bears."""
        words = self._without_secrets(words, signatures)
        return words if len(words) <= MOST_WORDS else words[:MOST_WORDS] + "…"

    def _without_secrets(self, words: str, signatures: Sequence[str]) -> str:
        for secret in {self._settings.secret, quote(self._settings.secret, safe=""), *signatures} - {""}:
            words = words.replace(secret, "…")
        return words

    def _to_keep(self, data: Mapping[str, object], signatures: Sequence[str]) -> Answer:
        """DATA, which the vendor answered, fit for the journal."""
        return to_keep(data, lambda words: self._without_secrets(words, signatures))

    async def _attempt(
        self, method: str, path: str, params: Mapping[str, str] | None, content: bytes | None
    ) -> _Hit | _Miss:
        """One attempt. No local variable here holds the request: it is signed, and a crash report may show it."""
        address = f"{self._base_text}/{path.lstrip('/')}"
        headers = {"Content-Type": "application/json"} if content is not None else None
        try:
            async with self._slots:
                began = time.perf_counter()
                async with (
                    asyncio.timeout(self._settings.timeout * SILENCES),
                    self._client.stream(method, path, params=params, content=content, headers=headers) as response,
                ):
                    self._feel_pulse(response.headers, time.perf_counter() - began)
                    sent = response.request.headers
                    body = await read_body(response, self._settings.max_body)
        except KehuError as error:
            log.debug("%s %s: %s", method, address, type(error).__name__)
            error.method, error.address = method, address
            return _Miss(error.with_traceback(None), unclear=isinstance(error, ProtocolError), again=False)
        except (httpx.RequestError, OSError) as error:
            log.debug("%s %s: %s", method, address, type(error).__name__)
            told, fault = line_error(
                error, host=self._base.host, profile=self._settings.profile, seconds=self._settings.timeout
            )
            told.method, told.address = method, address
            return _Miss(told, unclear=fault.sent, again=fault.passing)
        except httpx.InvalidURL:
            told = InvalidError(N_("the values are too long for the address of a call"), method=method, address=address)
            return _Miss(told, unclear=False, again=False)
        log.debug("%s %s: %d, %d bytes", method, address, response.status_code, len(body))
        return self._read(Reply({}, method, address, response.status_code), response.headers, body, sent)

    def _feel_pulse(self, headers: httpx.Headers, seconds: float) -> None:
        date = date_of(headers, "Date")
        self.pulse = Pulse(seconds * 1000, date.timestamp() - self._now() if date else None)

    def _read(self, reply: Reply, headers: httpx.Headers, body: bytes, sent: httpx.Headers) -> _Hit | _Miss:
        """The answer, or what it says went wrong: by the vendor's own code where it has one, else by the status.

        SENT are the headers of the call.
        """
        data, verdict = self._verdict(reply, body)
        signatures = [sent[name] for name in SIGNATURE_HEADERS if name in sent]
        wait = retry_after(headers, self._now())
        clear = not isinstance(verdict, ProtocolError)
        if 200 <= reply.status < 300:
            if verdict is None:
                return _Hit(data, signatures)
            error = verdict
        else:
            error = tells_more(verdict, status_error(reply.status, profile=self._settings.profile, retry_after=wait))
            clear = reply.status < 500 or (clear and isinstance(verdict, KehuError))
        error.method, error.address, error.status = reply.method, reply.address, reply.status
        http = {} if data and 200 <= reply.status < 300 else {"http": reply.status}
        error.answer = {**http, **self._to_keep(data, signatures)}
        error.code = self.discreet(error.code, *signatures)
        error.detail = self.discreet(error.detail, *signatures)
        error.trace_id = self.discreet(error.trace_id, *signatures)
        if isinstance(error, AuthError) and TIMESTAMP_HEADER in sent:
            self._blame_clock(error)
        if isinstance(error, VendorError) and error.retry_after is None:
            error.retry_after = wait
        return _Miss(error, unclear=not clear, again=isinstance(error, VendorError) and error.passing)

    def _verdict(self, reply: Reply, body: bytes) -> tuple[Mapping[str, object], KehuError | None]:
        """The JSON object that the body is, if any, and the error that it stands for, by the vendor's own code."""
        data: Mapping[str, object] = {}
        try:
            data = parse_object(body)
            self._judge(replace(reply, data=data))
        except KehuError as error:
            return data, error.with_traceback(None)
        return data, None

    def _blame_clock(self, error: AuthError) -> None:
        """Name the clock as what may be wrong with a signed call, where it is far off."""
        ahead = self.pulse.clock_ahead_s if self.pulse else None
        if ahead is not None and abs(ahead) > CLOCK_TOLERANCE:
            error.todo = CLOCK_BEHIND if ahead > 0 else CLOCK_AHEAD
            error.facts["seconds"] = round(abs(ahead))

    def _unknown(self, error: KehuError) -> OutcomeUnknownError:
        return OutcomeUnknownError(
            N_("{host} was sent this once, and gave no clear answer: it may have been applied"),
            todo=N_("Look whether it was applied, and send it again only if it was not."),
            host=self._base.host,
            code=error.code,
            detail=error.detail,
            method=error.method,
            address=error.address,
            status=error.status,
            trace_id=error.trace_id,
            answer=error.answer,
        )


def _wait(attempt: int, error: KehuError, began: float) -> float | None:
    """Seconds to wait after ATTEMPT, or None where it was the last. BEGAN is the first one's monotonic time."""
    if attempt >= ATTEMPTS:
        return None
    asked = error.retry_after if isinstance(error, VendorError) else None
    wait = FIRST_WAIT * 2 ** (attempt - 1) * random.uniform(0.5, 1) if asked is None else asked  # noqa: S311  # jitter
    return wait if wait <= LONGEST_WAIT and time.monotonic() - began + wait <= LAST_START else None


def _base_url(settings: ServiceSettings) -> httpx.URL:
    try:
        url = httpx.URL(settings.base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query or url.fragment:
        raise ConfigError(
            N_("base_url of profile {profile} is not the address of an API"),
            todo=N_("Write it as https://host/path, with no user name, query or fragment."),
            profile=settings.profile,
        )
    return url


def _hush_http_loggers() -> None:
    """Silence the loggers that write whole addresses and headers; `log` above tells of every attempt instead."""
    for name in HTTP_LOGGERS:
        logging.getLogger(name).addFilter(_nothing)


def _nothing(record: logging.LogRecord) -> bool:
    return False
