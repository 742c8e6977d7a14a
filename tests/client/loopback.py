"""A vendor on loopback that answers what a test tells it to, byte for byte if need be, and remembers what it saw."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """A call as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: object
    """The JSON of the body; None where there was none."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; a body that is not bytes is sent as JSON."""

    body: object = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} Told\r\n{head}\r\n".encode() + body


HANG_UP = b""
"""A reply of no bytes, after which the connection is closed."""

TURNS = 50
"""Turns of the event loop that a call stays under way where calls at once are counted: all that may come have come."""

Told = Answer | bytes
"""An answer, or raw bytes after which the connection is closed."""
Handler = Callable[[Seen], Awaitable[Told]]


class Loopback:
    """Serves on a free port of 127.0.0.1 between `start` and `stop`.

    Answers come from `then(…)`, in order, the last one again and again; or from `handler`.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self.handler: Handler = self._next
        self._answers: deque[Told] = deque()
        self._tls = tls
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    def then(self, *answers: Told) -> None:
        self._answers = deque(answers)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Begin to serve; after a `stop` on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def _next(self, seen: Seen) -> Told:
        return self._answers.popleft() if len(self._answers) > 1 else self._answers[0]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self.connections += 1
        try:
            while (seen := await _read(reader)) is not None:
                self.seen.append(seen)
                told = await self.handler(seen)
                writer.write(told if isinstance(told, bytes) else told.encoded())
                await writer.drain()
                if isinstance(told, bytes):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the test is over
        finally:
            self._connections.discard(task)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Seen | None:
    """The next call on a connection; None where the client closed it."""
    first = await reader.readline()
    if not first:
        return None
    method, target, _ = first.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    address = urlsplit(target)
    query = dict(parse_qsl(address.query, keep_blank_values=True))
    return Seen(method, address.path, query, headers, json.loads(body) if body else None)
