"""The team's server in the test's own process, on a Unix socket, and members who call it with real HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tui.team.server import people
from tui.team.server.asgi import TeamServer
from tui.team.server.engine import TeamDatabase
from tui.team.server.limits import Limits
from tui.team.server.listening import GracefulServer, configuration

SOURCE = "juzi:juzi.example.com/1"


class Caller:
    """Somebody who calls a server, with a token or without."""

    def __init__(self, client: httpx.AsyncClient, token: str = "", facts: dict[str, Any] | None = None) -> None:
        self._client = client
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        self.token = token
        self.facts = facts or {}

    @property
    def id(self) -> str:
        """The member's."""
        id: str = self.facts["id"]
        return id

    async def call(self, method: str, path: str, body: object = None, **query: object) -> httpx.Response:
        """Make a call."""
        params = {name: str(value) for name, value in query.items() if value is not None}
        content = None if body is None else json.dumps(body)  # half a character too
        return await self._client.request(method, path, content=content, params=params, headers=self._headers)

    async def get(self, path: str, **query: object) -> Any:
        """Return what a call that succeeds answers."""
        return _answer(await self.call("GET", path, **query))

    async def post(self, path: str, body: object) -> Any:
        """The same, with a body."""
        return _answer(await self.call("POST", path, body))

    async def put(self, path: str, body: object) -> Any:
        """The same, to change something."""
        return _answer(await self.call("PUT", path, body))

    async def delete(self, path: str, **query: object) -> Any:
        """The same, to take something away."""
        return _answer(await self.call("DELETE", path, **query))

    async def add(self, *entries: dict[str, Any]) -> list[dict[str, Any]]:
        """Add entries; what became of each."""
        results: list[dict[str, Any]] = (await self.post("/v1/entries", {"entries": entries}))["results"]
        return results

    @asynccontextmanager
    async def feed(self, after: int | None = None) -> AsyncIterator[Heard]:
        """Listen."""
        query = {} if after is None else {"after": str(after)}
        async with self._client.stream("GET", "/v1/feed", params=query, headers=self._headers, timeout=30) as answer:
            assert answer.status_code == 200, await answer.aread()
            yield Heard(answer.aiter_lines())


class Heard:
    """What the feed tells."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self, patience: float = 20) -> tuple[str, dict[str, Any]]:
        """Return the next event, and what it tells; wait for it at most `patience` seconds."""
        event = ""
        async with asyncio.timeout(patience):
            async for line in self._lines:
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return event, json.loads(line.removeprefix("data: "))
        raise EOFError

    async def some_lines(self, count: int) -> AsyncIterator[str]:
        """Yield lines as they come."""
        async for line in self._lines:
            yield line
            count -= 1
            if not count:
                return

    async def rest(self) -> AsyncIterator[str]:
        """Yield what events are called, until the server ends the feed."""
        try:
            while True:
                yield (await self.next())[0]
        except EOFError:
            return

    async def until_ready(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what was missed."""
        found = []
        while (one := await self.next())[0] != "ready":
            found.append(one)
        return found


def _answer(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


@dataclass
class Served:
    """A server that runs."""

    app: TeamServer
    path: Path
    client: httpx.AsyncClient

    @property
    def database(self) -> TeamDatabase:
        """Its database."""
        return self.app.context.database

    @property
    def nobody(self) -> Caller:
        """Somebody without a token."""
        return Caller(self.client)

    async def member(self, name: str, role: str = "agent") -> Caller:
        """Invite somebody, who joins."""
        code = (await people.invite(self.database, name, role, by="root@host")).code
        joined = await self.nobody.post("/v1/join", {"code": code})
        return Caller(self.client, joined["token"], joined["member"])

    def as_member(self, other: Caller) -> Caller:
        """Return `other`, who calls this server."""
        return Caller(self.client, other.token, other.facts)


@asynccontextmanager
async def serving(url: str, path: Path, limits: Limits | None = None) -> AsyncIterator[Served]:
    """Serve the database at `url` on the Unix socket `path`."""
    app = TeamServer(TeamDatabase(url), limits)
    await app.start()
    ready = asyncio.Event()
    server = GracefulServer(configuration(), app, ready.set)
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(str(path))
        listener.listen()
        running = asyncio.create_task(server.serve([listener]))
        await ready.wait()
        try:
            transport = httpx.AsyncHTTPTransport(
                verify=False, uds=str(path)
            )  # there is no TLS, and certificates load slowly
            async with httpx.AsyncClient(transport=transport, base_url="http://team", timeout=30) as client:
                yield Served(app, path, client)
        finally:
            server.end()
            await running
            await app.close()


def entry(customer: str = "c1", **changed: Any) -> dict[str, Any]:
    """Return a follow-up as a desk sends it."""
    return {
        "id": str(uuid4()),
        "source": SOURCE,
        "customer": customer,
        "union_id": None,
        "kind": "follow",
        "at": time.time(),
        "body": {"state": "sent", "request": {"text": "电话未接"}},
        **changed,
    }
