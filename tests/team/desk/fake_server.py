"""A team's server in a few lines, on a real socket: what a desk is answered, and how that can go wrong."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

HEADERS = {"Kehu-Team-Api": "1"}

ME = {"id": "m-rocky", "name": "Rocky", "role": "agent", "user_ids": ["rocky"], "revoked": False, "sequence": 1}
ZHANG = {"id": "m-zhang", "name": "张三", "role": "agent", "user_ids": ["zhang"], "revoked": False, "sequence": 2}


class FakeTeam:
    """Keeps everything in memory; every change has the next sequence. The caller is `ME`."""

    def __init__(self) -> None:
        self.id = "team-1"
        self.ahead = 0.0
        """Seconds by which its clock is ahead."""
        self.lose_answers = 0
        """How many more writes are done and not answered."""
        self.refuse: dict[str, str] = {}
        """Ids of entries that are refused, with the code."""
        self.calls: list[str] = []
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self.entries: dict[str, dict[str, Any]] = {}
        self.claims: dict[tuple[str, str], dict[str, Any]] = {}
        self.others: list[dict[str, Any]] = []
        self.presets: dict[tuple[str, str], dict[str, Any]] = {}
        self.next: dict[str, dict[str, Any]] = {}
        self._more = asyncio.Event()
        self.fence = 0

    @property
    def sequence(self) -> int:
        """The last one."""
        return self.events[-1][0] if self.events else 2

    def tell(self, name: str, row: Mapping[str, Any], *, sequence: int | None = None) -> dict[str, Any]:
        """Put an event into every feed."""
        number = sequence or self.sequence + 1
        told = {**row, "sequence": number}
        self.events.append((number, name, told))
        more, self._more = self._more, asyncio.Event()
        more.set()
        return told

    def write(self, entry: Mapping[str, Any], author: Mapping[str, Any] = ZHANG) -> dict[str, Any]:
        """Have a colleague's desk write `entry`."""
        row = {"union_id": None, **entry, "author": author["id"], "author_name": author["name"], "received_at": 0.0}
        self.entries[row["id"]] = self.tell("entry", row)
        return self.entries[row["id"]]

    # Calls

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        path, method = request.url.path, request.method
        self.calls.append(f"{method} {path}")
        body = json.loads(await request.body() or b"{}")
        query = dict(request.query_params)
        if path == "/v1/join":
            good = body.get("code") == "right"
            return _json({"token": "secret-token", "member": ME}) if good else _refusal(401, "code", "no such code")
        if request.headers.get("Authorization") != "Bearer secret-token":
            return _refusal(401, "token", "who is that?")
        handler = getattr(self, f"_{method.lower()}_{path.split('/')[2]}", None)
        if handler is None:
            return _refusal(404, "path", "no such path")
        found: Response = handler(path, query, body)
        if method != "GET" and self.lose_answers:
            self.lose_answers -= 1
            raise RuntimeError("the answer is lost")
        return found

    def _get_status(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        return _json(
            {
                "api": 1,
                "team": self.id,
                "member": ME,
                "sequence": self.sequence,
                "time": time.time() + self.ahead,
                "limits": {},
            }
        )

    def _get_people(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        return _json({"items": [ME, ZHANG]})

    def _post_entries(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        results = []
        for entry in body["entries"]:
            id = entry["id"]
            if id in self.refuse:
                results.append({"id": id, "error": {"kind": "conflict", "code": self.refuse[id]}})
                continue
            if id not in self.entries:
                self.write(entry, ME)
            results.append({"id": id, "sequence": self.entries[id]["sequence"]})
        return _json({"results": results})

    def _get_entries(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        before = int(query.get("before", 1 << 60))
        rows = [
            row
            for row in self.entries.values()
            if row["sequence"] < before
            and (
                (row["source"], row["customer"]) == (query.get("source"), query.get("customer"))
                or (row["union_id"] and row["union_id"] == query.get("union_id"))
            )
        ]
        rows.sort(key=lambda row: -row["sequence"])
        limit = int(query.get("limit", 50))
        return _json({"items": rows[:limit], "more": len(rows) > limit, "sequence": self.sequence})

    def _get_feed(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        return StreamingResponse(self._stream(int(query["after"])), media_type="text/event-stream", headers=HEADERS)

    async def _stream(self, after: int) -> AsyncIterator[str]:
        ready = False
        while True:
            more = self._more
            for number, name, row in self.events:
                if number > after:
                    after = number
                    yield f"id: {number}\nevent: {name}\ndata: {json.dumps(row)}\n\n"
            if not ready:
                ready = True
                yield f"event: ready\ndata: {json.dumps({'sequence': self.sequence})}\n\n"
            await more.wait()

    def _get_contacts(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        rows = [
            {"source": row["source"], "customer": row["customer"], "at": row["at"], "sequence": row["sequence"]}
            for row in self.entries.values()
            if row["kind"] == "follow" and row["source"] == query["source"] and row["sequence"] > int(query["after"])
        ]
        return _json({"items": rows, "more": False, "sequence": self.sequence})

    def _get_claims(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        return _json({"items": [row for row in self.claims.values() if row["holder"]]})

    def _post_claims(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        key = body["source"], body["customer"]
        held = self.claims.get(key)
        if held and held["holder"] not in ("", ME["id"]):
            return _refusal(409, "claimed", "it is claimed", holder=held)
        return _json(self.claim(*key, ME, body["seconds"]))

    def claim(self, source: str, customer: str, member: Mapping[str, Any], seconds: float = 7200) -> dict[str, Any]:
        """Have `member` claim a customer."""
        self.fence += 1
        row = {"source": source, "customer": customer, "holder": member["id"], "holder_name": member["name"]}
        row |= {"fence": self.fence, "since": time.time(), "until": time.time() + self.ahead + seconds}
        self.claims[source, customer] = self.tell("claim", row)
        return self.claims[source, customer]

    def _delete_claims(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        key = query["source"], query["customer"]
        self.claims[key] = self.tell("claim", {**self.claims[key], "holder": "", "holder_name": ""})
        return _json({})

    def _post_presence(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        return _json({"others": self.others, "claim": self.claims.get((body["source"], body["customer"]))})

    def _delete_presence(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        return _json({})

    def _get_presets(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        return _json({"items": [row for row in self.presets.values() if row["body"] is not None]})

    def _put_presets(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        kind, name = path.split("/")[3:5]
        row = {"kind": kind, "name": name, "body": body["body"], "author": ME["id"], "author_name": ME["name"]}
        row["revision"] = body["revision"] + 1
        self.presets[kind, name] = self.tell("preset", row)
        return _json(self.presets[kind, name])

    def _delete_presets(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        kind, name = path.split("/")[3:5]
        row = {**self.presets[kind, name], "body": None}
        self.presets[kind, name] = self.tell("preset", row)
        return _json(self.presets[kind, name])

    def _get_next(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        rows = [row for row in self.next.values() if row["sequence"] > int(query.get("after", 0))]
        return _json({"items": rows, "more": False, "sequence": self.sequence})

    def _put_next(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Response:
        id = path.split("/")[3]
        known = self.next.get(id)
        if known is not None and known["revision"] != body["revision"]:
            return _refusal(409, "revision", "it was changed", current=known)
        return _json(self.put_next(id, body, ME))

    def put_next(self, id: str, body: Mapping[str, Any], author: Mapping[str, Any] = ZHANG) -> dict[str, Any]:
        """Have `author` set the next contact `id`."""
        owner = body.get("owner") or author["id"]
        names = {one["id"]: one["name"] for one in (ME, ZHANG)}
        row: dict[str, Any] = {
            "customer_name": "",
            "union_id": None,
            "whole_day": False,
            "note": "",
            "done_at": None,
            "removed": False,
        }
        row |= {**body, "id": id, "owner": owner, "owner_name": names[owner], "author_name": author["name"]}
        row["revision"] = self.next[id]["revision"] + 1 if id in self.next else 1
        self.next[id] = self.tell("next", row)
        return self.next[id]


def _json(data: object, status: int = 200) -> Response:
    return JSONResponse(data, status, headers=HEADERS)


def _refusal(status: int, code: str, message: str, **more: object) -> Response:
    return _json({"error": {"kind": "x", "code": code, "message": message, "todo": ""}, **more}, status)


@asynccontextmanager
async def serving(team: FakeTeam, socket: Path) -> AsyncIterator[uvicorn.Server]:
    """`team` on a Unix socket; what is still open when it ends is cut."""
    methods = ["GET", "POST", "PUT", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", team.answer, methods=methods)])
    socket.unlink(missing_ok=True)
    config = uvicorn.Config(app, uds=str(socket), log_level="critical", timeout_graceful_shutdown=0, lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield server
    finally:
        server.should_exit = server.force_exit = True
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await task
        socket.unlink(missing_ok=True)
