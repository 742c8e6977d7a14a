"""The team's server as an ASGI app: reads a call, asks whose it is, has it answered, and words what is wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from tui.team.server import claims, entries, handover, people, retention, shared_presets
from tui.team.server.endpoints import JSON_TYPE, Asked, TeamCall, TeamContext, encoded, read
from tui.team.server.engine import TeamDatabase
from tui.team.server.feed import Feed
from tui.team.server.limits import Allowance, Limits
from tui.team.server.openapi import describe, plain_page
from tui.team.server.wire_models import (
    API,
    FeedAsked,
    JoinAsked,
    StatusAnswer,
    StatusLimits,
    TeamEntry,
    TeamRefusal,
)

BODY_SECONDS: Final = 30.0
"""How long the body of a call may take to come in."""

TIDY_SECONDS: Final = 300.0
"""How often the rows of those who are long gone are taken away."""

_RETRY_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger("kehu.team")


async def _status(context: TeamContext, asked: Asked) -> bytes:
    async with context.database.reading() as connection:
        now = await context.database.now(connection)
        team = await context.database.team(connection)
        sequence = await context.database.sequence(connection)
    limits = {name: getattr(context.limits, name) for name in StatusLimits.model_fields}
    return encoded(
        {
            "api": API,
            "version": version("kehu"),
            "team": team,
            "member": asked.member.model_dump(),
            "sequence": sequence,
            "time": now,
            "database": "postgresql" if context.database.is_postgresql else "sqlite",
            "limits": limits,
        }
    )


async def _feed(context: TeamContext, asked: Asked) -> Response:
    async with context.database.reading() as connection:
        sequence = await context.database.sequence(connection)
    after = sequence if asked.query.after is None else asked.query.after
    if after > sequence:
        raise TeamRefusal(
            409,
            "ahead",
            "this desk has seen more than the team's database has: it was restored from a backup",
            "Begin with the sequence that /v1/status tells.",
        )
    return StreamingResponse(
        context.feed.listen(asked.member, after, sequence),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


CALLS: Final = (
    TeamCall(
        "GET",
        "/v1/status",
        "Who one is, how far the team's journal is, and what the server's limits are.",
        _status,
        StatusAnswer,
    ),
    *people.CALLS,
    *entries.CALLS,
    TeamCall(
        "GET",
        "/v1/feed",
        "What is new, as server-sent events: what was missed first.",
        _feed,
        TeamEntry,
        query=FeedAsked,
        streams="text/event-stream",
        refusals={409: "This desk has seen more than the database has, which was restored."},
    ),
    *claims.CALLS,
    *handover.CALLS,
    *shared_presets.CALLS,
    *retention.CALLS,
)
"""Every call that takes a token."""

SOURCES: Final = {
    "entry": entries.changed,
    "claim": claims.changed,
    "people": people.changed,
    "next": handover.changed,
    "preset": shared_presets.changed,
}
"""What desks are told of, by the name of its event."""


class TeamServer:
    """The ASGI app over `database`; `start` it before the first call, and `close` it."""

    def __init__(self, database: TeamDatabase, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self.context = TeamContext(database, limits, Feed(database, limits, SOURCES))
        self._calls = Allowance(limits.calls_a_second, limits.calls_at_once)
        self._joins = Allowance(limits.joins_a_minute / 60, limits.joins_a_minute)
        self._failures = Allowance(limits.joins_a_minute / 60, limits.joins_a_minute * 10)
        self._tidying: asyncio.Task[None] | None = None
        self._app = Starlette(
            routes=[
                Route("/v1/join", self._join, methods=["POST"]),
                *(Route(call.path, self._endpoint(call), methods=[call.method]) for call in CALLS),
                Route("/openapi.json", lambda request: Response(_described(), media_type=JSON_TYPE)),
                Route("/docs", lambda request: HTMLResponse(plain_page(CALLS))),
            ],
            exception_handlers={
                TeamRefusal: _refused,
                HTTPException: _unknown,
                RecursionError: _too_deep,
                Exception: self._failed,
            },
            lifespan=self._lifespan,
        )
        self._app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call, or the life of the server."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["kehu-team-api"] = str(API)
            await send(message)

        await self._app(scope, receive, send_marked)

    async def start(self) -> None:
        """Bring the database along, and begin to hear what is new.

        Raises: ConfigError; what the database's driver raises where it cannot be reached.
        """
        await self.context.database.migrate()
        await self.context.feed.start()
        self._tidying = asyncio.create_task(self._tidy())

    async def close(self) -> None:
        """End every stream, and let go of the database."""
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
        await self.context.feed.close()
        await self.context.database.close()

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await self.close()

    async def _tidy(self) -> None:
        while True:
            try:
                await claims.forget_absent(self.context)
            except Exception as error:
                if not self.context.database.is_away(error):
                    raise
            await asyncio.sleep(TIDY_SECONDS)

    def _endpoint(self, call: TeamCall) -> Any:
        async def answer(request: Request) -> Response:
            member = await self._member(request)
            self._calls.spend(member.id)
            if member.role not in call.roles:
                raise TeamRefusal(403, "role", f"this is for: {', '.join(call.roles)}; you are: {member.role}")
            query = read(call.query, _query(request), "query") if call.query else None
            body = read(call.body, await self._body(request), "body") if call.body else None
            answered = await call.handle(self.context, Asked(member, query, body, request.path_params))
            return answered if isinstance(answered, Response) else Response(answered, media_type=JSON_TYPE)

        return answer

    async def _join(self, request: Request) -> Response:
        self._joins.spend(_address(request))
        asked = read(JoinAsked, await self._body(request), "body")
        token, member = await people.join(self.context.database, asked.code)
        return Response(encoded({"token": token, "member": member.model_dump()}), media_type=JSON_TYPE)

    async def _member(self, request: Request) -> Any:
        scheme, _blank, token = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer" or not token:
                raise TeamRefusal(401, "token", "a token is needed", "Join the team: kehu team join.")
            return await people.member_with(self.context.database, token.strip())
        except TeamRefusal:
            self._failures.spend(_address(request))
            raise

    async def _body(self, request: Request) -> Any:
        limit = self.context.limits.body_bytes
        too_large = TeamRefusal(413, "too_large", f"the call has more than {limit} bytes", "Send less at a time.")
        announced = request.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced[:20]) > limit:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for piece in request.stream():
                    body += piece
                    if len(body) > limit:
                        raise too_large
        except TimeoutError:
            raise TeamRefusal(400, "malformed", f"the body took more than {BODY_SECONDS:g} s to come in") from None
        try:
            return json.loads(body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise TeamRefusal(400, "malformed", "the body is no JSON") from None

    async def _failed(self, request: Request, error: Exception) -> Response:
        """Word what went wrong here. Whoever asked does not know whether it was done, and may ask again."""
        if self.context.database.is_away(error):
            return _error(
                TeamRefusal(
                    503, "database", "the team's database cannot be had", "Try again.", retry_after=_RETRY_SECONDS
                )
            )
        return _error(TeamRefusal(500, "fault", "a fault of the server's own", "Its log says more."))


@cache
def _described() -> bytes:
    return encoded(describe(CALLS))


def _query(request: Request) -> dict[str, str]:
    query = dict(request.query_params)
    if "last-event-id" in request.headers:
        query.setdefault("after", request.headers["last-event-id"])
    return query


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _no_number(name: str) -> None:
    raise ValueError(name)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TeamRefusal)
    return _error(error)


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return _error(TeamRefusal(405, "method", "this address does not take that method", "See /docs."))
    return _error(TeamRefusal(404, "path", "there is no such address", "See /docs."))


async def _too_deep(request: Request, error: Exception) -> Response:
    return _error(TeamRefusal(400, "malformed", "the body is too deep"))


def _error(refusal: TeamRefusal) -> Response:
    headers = {} if refusal.retry_after is None else {"retry-after": str(max(1, math.ceil(refusal.retry_after)))}
    body = encoded({"error": {**refusal.error(), **refusal.facts}})
    return Response(body, refusal.status, headers, JSON_TYPE)
