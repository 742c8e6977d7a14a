"""A vendor of all three dialects, over HTTP, that takes a write or does not, and then answers it badly."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from tests.client.loopback import HANG_UP, Answer, Loopback, Seen, Told

KINDS: Final = ("remark", "follow", "create-useasy", "update-useasy", "delete", "create-ima", "update-ima")
ONCE: Final = ("follow", "create-useasy", "create-ima", "delete")
"""Kinds of write that must not be sent twice by themselves."""

DIALECTS: Final = dict.fromkeys(("remark", "follow"), "juzi") | {
    kind: "ima" if kind.endswith("ima") else "useasy" for kind in KINDS[2:]
}

YES: Final[Mapping[str, Mapping[str, Any]]] = {
    "juzi": {"errcode": 0, "errmsg": "ok"},
    "useasy": {"success": True, "code": "200", "message": "200 ok!"},
    "ima": {"code": "10000", "message": "请求成功"},
}
"""What each vendor says of a call that succeeded."""

PAGE: Final = b"<!doctype html><title>Sign in to the guest network</title>"


def _bare(status: int, *headers: str) -> bytes:
    """An answer with `status`, `headers` and no body at all."""
    lines = (f"HTTP/1.1 {status} Told", *headers, "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


_STATUSES = (400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414, 415, 421, 422, 425, 426, 429, 431, 451)
_TROUBLE = (500, 501, 502, 503, 504, 505, 520)

ANSWERS: Final[Mapping[str, Told]] = {
    **{f"{status} elsewhere": Answer(b"", status, {"Location": "/login"}) for status in (301, 302, 303, 307, 308)},
    **{f"{status} nowhere": Answer(b"", status) for status in (300, 301, 302, 308)},
    "304": _bare(304),
    "101": _bare(101, "Upgrade: websocket"),
    **{f"{status} empty": Answer(b"", status) for status in (200, 201, 202)},
    "204": _bare(204),
    "205": Answer(b"", 205),
    **{f"{status} page": Answer(PAGE, status, {"Content-Type": "text/html"}) for status in (*_STATUSES, *_TROUBLE)},
    **{f"{status} empty": Answer(b"", status) for status in (404, 409, 429, 500, 503)},
    "429 at once": Answer(b"", 429, {"Retry-After": "0"}),
    "429 in an hour": Answer(b"", 429, {"Retry-After": "3600"}),
    "503 at once": Answer(PAGE, 503, {"Retry-After": "0"}),
    "a page": Answer(PAGE, 200, {"Content-Type": "text/html"}),
    "no JSON": Answer(b"ok"),
    "half of it": Answer(b'{"errcode": 0, "success": tr'),
    "cut off": b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"errcode": 0, "code"',
    "hung up": HANG_UP,
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a list": Answer([{"errcode": 0, "code": "10000", "success": True}]),
    "a text": Answer("ok"),
    "null": Answer(None),
    "a number": Answer(0),
    "true": Answer(True),
    "an object": Answer({}),
    "data alone": Answer({"data": {"_id": "1"}}),
    "another's envelope": Answer({"status": "ok", "result": 1}),
    "a code that is none": Answer({"errcode": "ok", "code": "ok"}),
    "a gateway's code": Answer({"errcode": 502, "code": 502, "success": False, "message": "upstream"}),
    "null codes": Answer({"errcode": None, "code": None, "success": None}),
}
"""What is neither the yes nor the coded no of any of the three."""

OWN_ANSWERS: Final[Mapping[str, Mapping[str, Told]]] = {
    "juzi": {
        "no, and yes": Answer(b'{"errcode": 40058, "errcode": 0}'),
        "yes, and no": Answer(b'{"errcode": 0, "errcode": 40058}'),
        "a yes that redirects": Answer(YES["juzi"], 302, {"Location": "/"}),
        "a yes not found": Answer(YES["juzi"], 404),
        "a yes in trouble": Answer(YES["juzi"], 500),
        "a no in trouble": Answer({"errcode": 40058, "errmsg": "invalid"}, 500),
        "strangers failed": Answer({"errcode": 0, "fail_list": [{"userId": "who", "unionId": "else"}]}),
        "something failed": Answer({"errcode": 0, "fail_list": "1 failed"}),
        "a no that lists others": Answer({"errcode": 1, "fail_list": [{"userId": "who", "unionId": "else"}]}),
    },
    "useasy": {
        "no, and yes": Answer(b'{"success": false, "code": "10013", "success": true, "code": "200"}'),
        "yes, and no": Answer(b'{"success": true, "code": "200", "success": false, "code": "10013"}'),
        "a yes that redirects": Answer(YES["useasy"], 302, {"Location": "/"}),
        "a yes not found": Answer(YES["useasy"], 404),
        "a yes in trouble": Answer(YES["useasy"], 500),
        "a no in trouble": Answer({"success": False, "code": "10013", "message": "?"}, 500),
        "success with an error's code": Answer({"success": True, "code": "10013"}),
        "failure with the code of success": Answer({"success": False, "code": "200"}),
        "success without a code": Answer({"success": True}),
        "the code alone": Answer({"code": "200", "data": {"_id": "1"}}),
        "another's record": Answer({**YES["useasy"], "data": {"_id": "999", "customerName": "somebody else"}}),
    },
    "ima": {
        "no, and yes": Answer(b'{"code": "20001", "code": "10000"}'),
        "yes, and no": Answer(b'{"code": "10000", "code": "20001"}'),
        "a yes that redirects": Answer(YES["ima"], 302, {"Location": "/"}),
        "a yes not found": Answer(YES["ima"], 404),
        "a yes in trouble": Answer(YES["ima"], 500),
        "a no in trouble": Answer({"code": "20001", "message": "?"}, 500),
        "another's record": Answer({**YES["ima"], "data": {"customer": {"customerId": "9", "name": "somebody else"}}}),
    },
}
"""The same, in a vendor's own words."""

CREATED: Final[Mapping[str, Mapping[str, Told]]] = {
    "useasy": {
        "a yes without an id": Answer({**YES["useasy"], "data": {"customerName": "x"}}),
        "a yes without a record": Answer({**YES["useasy"], "data": None}),
        "a yes with a list": Answer({**YES["useasy"], "data": [{"_id": "1"}]}),
    },
    "ima": {
        "a yes without an id": Answer({**YES["ima"], "data": {"customer": {"name": "x"}}}),
        "a yes without a record": Answer({**YES["ima"], "data": None}),
        "a yes with a text": Answer({**YES["ima"], "data": "1"}),
    },
}
"""A yes that is none of a create."""


def answers_to(kind: str) -> Mapping[str, Told]:
    """Everything that proves nothing of a write of `kind`."""
    dialect = DIALECTS[kind]
    more = CREATED[dialect] if kind.startswith("create") else {}
    return {**ANSWERS, **OWN_ANSWERS[dialect], **more}


class MisansweringVendor:
    """Serves on a thread of its own between `start` and `stop`; reads are answered well, writes with `told`."""

    def __init__(self) -> None:
        self.told: Told = HANG_UP
        self.applies = True
        self.done: Counter[str] = Counter()
        """How often each write was applied, by its text."""
        self.sent: Counter[str] = Counter()
        """How often each was sent."""
        self._gone: set[str] = set()
        self._values: dict[str, str] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server = Loopback()
        self._server.handler = self._answer

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        return self._server.url

    def _take(self, text: str, customer_id: str = "") -> Told:
        """Take a write of `text`, or do not; the bad answer."""
        self.sent[text] += 1
        if self.applies:
            self.done[text] += 1
            self._values[customer_id] = text
        return self.told

    async def _answer(self, seen: Seen) -> Told:
        body: Any = seen.body
        match seen.path.removeprefix("/"):
            case "api/v1/customer/detail":
                return Answer({**YES["juzi"], "data": self._juzi(seen.query.get("externalUserId") or "")})
            case "api/v1/customer/list":
                return Answer({**YES["juzi"], "data": [], "total": 0})
            case "api/v1/customer/set_remark":
                for item in body["remark_list"]:
                    self._take(item["remark"], item["unionId"].removeprefix("u-"))
                return self.told
            case "api/v1/customer/add_follow":
                for item in body["follow_list"]:
                    self._take(item["text"][0]["content"])
                return self.told
            case "openapi/crm/config/field/list":
                return Answer({**YES["useasy"], "data": []})
            case "openapi/crm/add":
                return self._take(body["customerName"])
            case "openapi/crm/update":
                return self._take(body["customerName"], body["_id"])
            case "openapi/crm/delete":
                if self.applies:
                    self._gone.add(body["id"])
                return self._take(body["id"])
            case "basic/openapi/v1/customer/field/define":
                return Answer({**YES["ima"], "data": []})
            case "basic/openapi/v1/customer" if seen.method == "POST":
                return self._take(body["name"])
            case "basic/openapi/v1/customer":
                return self._take(body["name"], seen.query["customerId"])
            case "basic/openapi/v1/customer/detail":
                id = seen.query["content"]
                record = {"customerId": id, "name": self._values.get(id, "before")}
                return Answer({**YES["ima"], "data": {"customer": record}})
            case path:
                id = path.rpartition("/")[2]
                name = self._values.get(id, "before")
                data = None if id in self._gone else {"_id": id, "customerName": name}
                return Answer({**YES["useasy"], "data": data})

    def _juzi(self, id: str) -> Mapping[str, Any]:
        follower = {"userId": "rocky", "name": "张三", "remark": self._values.get(id, "before")}
        return {"externalUserId": id, "unionId": f"u-{id}", "name": id, "followUser": [follower]}
