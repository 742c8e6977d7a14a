"""Three vendors whose every text tries to break the terminal, and what a program that is not broken may write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.client.ima.tenant import DEFINITIONS
from tests.client.juzi.samples import CUSTOMER
from tests.client.samples import sample_json
from tests.client.useasy.tenant import CONFIGURATION

TEXTS: Final = (
    "[bold]markup[/] [/] [link=x]y",
    "\x1b[5;41mred\x1b[2J\x1b]0;title\x07\x1b[?1003h\x1bc\x1bPq\x1b\\",
    "\x9b5;41mred\x9b2J \x9d0;title\x9c\x90q\x9c\x85",
    "nul\x00bell\x07back\x08del\x7fshift\x0eesc\x1b",
    "two\nlines\r\nand\u2028more\ttab\vdown\rback",
    "\u202eevil\u2066bidi\u2069\u200f\u061c",
    "宽Z\u0301\u0302\u0303\u0304\u0305\u0306字👨\u200d👩\u200d👧👍🏽🇨🇳❤\ufe0f",
)
"""Markup, ESC, C1 controls, other controls, line breaks and tabs, bidi overrides, and characters of odd widths."""

DRAWN: Final = ("[bold]markup[/]", "␛[5;41mred", "·5;41mred", "nul␀bell␇", "two↵lines↵and↵more", "·evil·bidi·", "宽")
"""How each of them begins on the screen: as text."""

PROGRAM: Final = re.compile(
    rb"\x1b\[(?:\d{1,4}(?:;\d{1,4})?|;\d{1,4})?H"  # to a row and column
    rb"|\x1b\[\d{0,4}[ABCDGdXKLM]|\x1bM|[\b\v\r\n]"  # the cursor, erasing, scrolling
    rb"|\x1b\[(?:\d{1,4};\d{1,4})?r"  # the margins
    rb"|\x1b\[(?:(?:[0123479]|2[234579]|[34]9|[34]8;5;\d{1,3})?(?:;|(?=m)))*m"  # 256 colours; nothing blinks
    rb"|\x1b\[\?(?:7|25|1004|1049|2004|2026)[hl]|\x1b\[\?(?:2026|2048)\$p|\x1b\[[<>]\d*u"  # modes, and asking for some
    rb"|\x1b\]22;[a-z]*\x07"  # the pointer's shape
    rb"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # what was copied
)
"""All that the program itself makes a terminal do, on one of 256 colours."""

STEERING: Final = re.compile("(?s)[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe0f\ufeff].{0,20}")
"""Characters that steer a terminal, or draw nothing where it takes them for text; and what comes next."""


def foreign(written: bytes) -> list[str]:
    """What of the bytes `written` to a terminal is neither the program's own doing nor text that is drawn."""
    return STEERING.findall(PROGRAM.sub(b"", written).decode())


def poisoned(value: Any, text: str, *, keep: frozenset[str] = frozenset()) -> Any:
    """`value` with `text` in place of every text and in a key of its own in every object; what `keep` names is left
    alone.
    """
    if isinstance(value, dict):
        found = {key: part if key in keep else poisoned(part, text, keep=keep) for key, part in value.items()}
        return {**found, text: text}
    if isinstance(value, list):
        return [poisoned(part, text, keep=keep) for part in value]
    return text if isinstance(value, str) else value


KINDS: Final = frozenset({"type", "status", "category", "formType", "typeDefine", "isRequired", "createTime"})
"""What says of which kind a field is, as inputs of every kind are wanted; and the last column, to look along."""


class Vendors:
    """The three vendors' answers: a customer for each of `TEXTS`. Nothing is ever changed, and all is refused, but that
    ima says of an update that it is done."""

    def __init__(self) -> None:
        self.reads = 0
        """Customers read one by one."""

    def answer(self, path: str, query: dict[str, list[str]], body: Any) -> dict[str, Any]:
        """What the vendor says to a call."""
        if path.startswith("/api/v1/"):
            return self._juzi(path.rpartition("/")[2], query, body)
        if path.startswith("/openapi/crm/"):
            return self._useasy(path.removeprefix("/openapi/crm/"))
        return self._ima(path.removeprefix("/basic/openapi/v1/customer"), query)

    def _juzi(self, call: str, query: dict[str, list[str]], body: Any) -> dict[str, Any]:
        everyone = [
            {**poisoned(CUSTOMER, text), "externalUserId": _id(number), "unionId": f"o{_id(number)}"}
            for number, text in enumerate(TEXTS)
        ]
        done: dict[str, Any] = {"errcode": 0, "errmsg": TEXTS[1]}
        if call == "list":
            return {**done, "data": everyone, "total": len(everyone)}
        if call == "detail":
            asked = (query.get("externalUserId") or query["unionId"])[0]
            return {**done, "data": everyone[_number(asked)]}
        items = body[next(iter(body))]
        refused = [{**item, "errcode": TEXTS[1], "errmsg": TEXTS[_number(item["unionId"])]} for item in items]
        return {**done, "fail_list": refused}

    def _useasy(self, call: str) -> dict[str, Any]:
        def customer(number: int) -> dict[str, Any]:
            text = TEXTS[number]
            names = [line["param"] for line in CONFIGURATION]
            record = {
                **dict.fromkeys(["customerName", "owner", "createMethod", "assignTime", *names], text),
                **{name: [{"value": text, "memo": text}] * 2 for name in ("mobile", "email", "qq", "wechat")},
                "createTime": "2023-06-26 23:20:56",
                "_id": _id(number),
            }
            found = poisoned(record, text, keep=KINDS | {"_id"})
            # Every two have a WeChat in common, and so may be one person.
            return {**found, "wechat": [{"value": f"{TEXTS[number // 2]}wx", "memo": text}]}

        done = {"success": True, "code": "200", "message": TEXTS[1], "traceId": TEXTS[1]}
        if call == "list":
            return {**done, "data": {"list": [customer(number) for number in range(len(TEXTS))], "count": len(TEXTS)}}
        if call == "config/field/list":
            lines = [
                {**poisoned(line, TEXTS[place % len(TEXTS)], keep=KINDS | {"param"}), "searchable": True}
                for place, line in enumerate(CONFIGURATION)
            ]
            return {**done, "data": lines}
        if call.startswith("findById/"):
            self.reads += 1
            found = customer(_number(call))
            return {**done, "data": {**found, "customerName": f"{found['customerName']}{self.reads}"}}
        return {**done, "success": False, "code": TEXTS[3]}

    def _ima(self, call: str, query: dict[str, list[str]]) -> dict[str, Any]:
        done = {"code": "10000", "message": TEXTS[1]}
        if call == "/field/define":
            texts = [TEXTS[place % len(TEXTS)] for place in range(len(DEFINITIONS))]
            lines = [poisoned(line, text, keep=KINDS | {"code"}) for line, text in zip(DEFINITIONS, texts, strict=True)]
            return {**done, "data": lines}
        if query.get("type") == ["externalId"]:
            return {**done, "data": None}
        asked = query.get("content") if call == "/detail" else query.get("customerId")
        if asked:
            number = _number(asked[0])
            entries = [{"dictCode": line["code"], "remark": "", "value": ""} for line in DEFINITIONS]
            detail = {**sample_json("ima", "update_answer")["data"], "customerDictList": entries}
            found = poisoned(detail, TEXTS[number], keep=KINDS | {"dictCode"})
            named = f"{TEXTS[number]}i"  # otherwise than anywhere else
            found["customer"] |= {"customerId": _id(number), "createTime": "2020-10-30 16:58:12", "name": named}
            return {**done, "data": found}
        return {"code": "20001", "message": TEXTS[1]}


def _id(number: int) -> str:
    return f"customer-{number}"


def _number(id: str) -> int:
    return int(id.rpartition("-")[2])


@contextmanager
def vendors() -> Iterator[str]:
    """The three vendors on a port of this machine; their address."""
    told = Vendors()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 20  # head and body in one packet

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            address = urlsplit(self.path)
            answer = json.dumps(told.answer(address.path, parse_qs(address.query), body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            self.wfile.flush()

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
