"""Calls to the team's server: each an HTTP request with the member's token, or the one stream of what is new."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from tui.client.error_mapping import causes, retry_after
from tui.client.road import find_road
from tui.client.service import RoadSettings, ServiceSettings
from tui.model.errors import (
    N_,
    AuthError,
    ConflictError,
    InvalidError,
    KehuError,
    NetworkError,
    NotFoundError,
    ProtocolError,
    UnsupportedError,
    VendorError,
)

API = "Kehu-Team-Api"
"""The header by which a team's server is known; its value is the version of what it speaks."""

MOST_BYTES = 8 * 1024 * 1024
"""Of an answer: 200 entries of 64 KiB would be 13 MiB, and a page of a history is asked for in smaller ones."""

MOST_EVENT = 256 * 1024
"""Bytes of one event of the feed: an entry has 64 KiB at the most, and JSON may write each byte as several."""

HEARTBEAT = 20.0
"""Seconds after which the server says in the feed that it is still there."""

SILENCE = 3 * HEARTBEAT
"""Seconds without a word in the feed after which the line counts as cut."""

UNIX = "unix:"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the feed."""

    name: str
    data: Mapping[str, Any]
    sequence: int | None = None
    """Its place in the team's journal, where it has one."""


class TeamClient:
    """One desk's conversation with its team's server. TLS is verified; redirects are not followed.

    Every call may be repeated: what is written twice is written once. `transport` replaces the network.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        road: RoadSettings | None = None,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url
        self._token = token
        self._road = road or RoadSettings()
        self._timeout = timeout
        self._transport = transport

    @property
    def place(self) -> str:
        """Who answers, for messages: the host and port, or the socket's path."""
        return self.url.removeprefix(UNIX) if self.url.startswith(UNIX) else self.url.partition("://")[2]

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made at the first call: reading the authorities takes a while.

        Raises: RoadError.
        """
        base, transport = self.url, self._transport
        if self.url.startswith(UNIX):
            base = "http://team"
            # No TLS is spoken there: the authorities, which nobody would ask, take 3 MiB.
            socket = self.url.removeprefix(UNIX)
            transport = transport or httpx.AsyncHTTPTransport(uds=socket, verify=False, trust_env=False)
        elif transport is None:
            settings = ServiceSettings("[team]", "", self.url, "", road=self._road, timeout=self._timeout)
            transport = find_road(settings, os.environ).transport(2)
        return httpx.AsyncClient(
            base_url=base,
            headers={"Accept": "application/json", "User-Agent": "kehu"},
            timeout=self._timeout,
            follow_redirects=False,
            transport=transport,
            trust_env=False,
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    async def call(
        self,
        method: str,
        path: str,
        body: object | None = None,
        params: Mapping[str, str | int | float | None] | None = None,
    ) -> Mapping[str, Any]:
        """Return the JSON object that the server answers; empty where it answers nothing.

        `path` is below the server's address, its parts quoted; of `params` those that are None are left out.
        Raises: KehuError.
        """
        given = {key: value for key, value in (params or {}).items() if value is not None}
        try:
            async with self._client.stream(method, path, params=given, json=body, headers=self._headers()) as response:
                content = await self._content(response)
        except (httpx.HTTPError, OSError) as error:
            raise self._line_error(error) from None  # the original holds the request, and so the token
        return self._answer(response, content)

    async def _content(self, response: httpx.Response) -> bytes:
        content = bytearray()
        async for some in response.aiter_bytes():
            content += some
            if len(content) > MOST_BYTES:
                raise ProtocolError(
                    N_("the team's server {place} answers more than {most} MiB"),
                    place=self.place,
                    most=MOST_BYTES // 1024 // 1024,
                )
        return bytes(content)

    def _answer(self, response: httpx.Response, content: bytes) -> Mapping[str, Any]:
        if API not in response.headers:
            raise ProtocolError(
                N_("{place} is no team's server"),
                todo=N_("Check url in [team] of the configuration."),
                place=self.place,
                status=response.status_code,
            )
        try:
            found = json.loads(content) if content else {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ProtocolError(
                N_("what the team's server {place} answers makes no sense"),
                todo=N_("Try again; if it stays so, tell whoever runs the server."),
                place=self.place,
                status=response.status_code,
            )
        if not response.is_success:
            raise self._refusal(response, found)
        return found

    def _refusal(self, response: httpx.Response, found: Mapping[str, Any]) -> KehuError:
        status = response.status_code
        told = found.get("error")
        told = told if isinstance(told, dict) else {}
        detail, code = _word(told.get("message")), _word(told.get("code"))
        facts: dict[str, Any] = {"place": self.place, "url": self.url, "code": code, "detail": detail}
        facts |= {"status": status, "answer": {"data": found}}
        match status:
            case 401:
                return AuthError(
                    N_("the team's server {place} does not know this desk"),
                    todo=N_("Ask for a code, and join again: kehu team join {url}"),
                    **facts,
                )
            case 403:
                return AuthError(
                    N_("the team's server {place} does not allow this member to do that"),
                    todo=N_("Ask a lead of the team."),
                    **facts,
                )
            case 404:
                return NotFoundError(N_("the team's server {place} has no such thing"), **facts)
            case 405 | 501:
                return UnsupportedError(
                    N_("the team's server {place} cannot do this yet"),
                    todo=N_("It is older than this kehu: ask whoever runs it to bring it up to date."),
                    **facts,
                )
            case 409:
                return ConflictError(N_("a colleague was quicker"), todo=N_("Look again, then decide."), **facts)
            case 429 | 500 | 502 | 503 | 504:
                import time

                return VendorError(
                    N_("the team's server {place} is busy, or in trouble ({http})"),
                    todo=N_("Try again in a moment."),
                    passing=True,
                    retry_after=retry_after(response.headers, time.time()),
                    http=status,
                    **facts,
                )
        return InvalidError(N_("the team's server {place} refuses it ({http})"), http=status, **facts)

    def _line_error(self, error: Exception) -> NetworkError:
        """What to say of `error`: the server was not reached, or the line to it broke."""
        reason = next((text for cause in causes(error) if (text := _reason(cause))), type(error).__name__)
        return NetworkError(
            N_("the team's server {place} does not answer: {reason}"),
            todo=N_("The desk goes on without it, and catches up later."),
            place=self.place,
            reason=reason,
        )

    async def feed(self, after: int) -> AsyncIterator[Event]:
        """Yield what is new in the team after the sequence `after`, what was missed first, until the line breaks.

        Raises: KehuError.
        """
        timeout = httpx.Timeout(self._timeout, read=SILENCE)
        try:
            async with self._client.stream(
                "GET",
                "/v1/feed",
                params={"after": after},
                headers={**self._headers(), "Accept": "text/event-stream"},
                timeout=timeout,
            ) as response:
                if not response.is_success or API not in response.headers:
                    self._answer(response, await self._content(response))
                async for event in events_of(response.aiter_bytes()):
                    yield event
        except (httpx.HTTPError, OSError) as error:
            raise self._line_error(error) from None

    async def aclose(self) -> None:
        """Close the line."""
        if "_client" in self.__dict__:
            await self._client.aclose()


async def events_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """Yield the events that `chunks` of a stream hold (WHATWG HTML, server-sent events); what makes no sense is passed
    over, and so is an event that is longer than `MOST_EVENT`."""
    line = bytearray()
    name, number = "", ""
    data: list[str] = []
    length, after_return = 0, False
    async for chunk in chunks:
        for part in chunk.splitlines(keepends=True):
            if after_return and part == b"\n":  # the other half of a line break that two chunks share
                after_return = False
                continue
            after_return = part.endswith(b"\r")
            if len(line) <= MOST_EVENT:
                line += part
            if not part.endswith((b"\n", b"\r")):
                continue
            text, line = bytes(line).rstrip(b"\r\n").decode("utf-8", "replace"), bytearray()
            if not text:
                event = _event(name, data, number) if length <= MOST_EVENT else None
                name, data, number, length = "", [], "", 0
                if event is not None:
                    yield event
                continue
            length += len(text)
            field, _colon, value = text.partition(":")
            value = value.removeprefix(" ")
            if field == "data" and length <= MOST_EVENT:
                data.append(value)
            elif field == "event":
                name = value
            elif field == "id":
                number = value


def _event(name: str, data: list[str], number: str) -> Event | None:
    if not data:
        return None
    try:
        found = json.loads("\n".join(data))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    sequence = int(number) if number.isascii() and number.isdecimal() and len(number) < SEQUENCE_DIGITS else None
    return Event(name, found, sequence)


SEQUENCE_DIGITS = 19
"""Digits of the least number that SQLite's integers do not hold."""


def _word(value: object) -> str:
    """The server's own words, as a line that is safe to show."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isprintable())[:MOST_WORDS]


MOST_WORDS = 200
"""Characters of the server's own words that are told."""


def _reason(error: BaseException) -> str:
    """What the system or OpenSSL says of `error`."""
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or ""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        return error.strerror or ""
    return ""
