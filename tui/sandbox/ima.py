"""The ima dialect: a service platform that knows its customers one by one.

From the vendor's page "修改客户" and the reading guide's facts from its neighbours. How it signs is not on the page:
the sandbox checks the guide's default, lower-case hex MD5(appId + timestamp + secret). Errors come with HTTP 200, too.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Mapping
from time import gmtime, strftime
from typing import Final

from tui.sandbox.demo import IMA_APP_ID, IMA_SECRET
from tui.sandbox.ima_fields import DEFINITIONS, REQUIRED, definition
from tui.sandbox.tables import transaction
from tui.sandbox.wire import Call, RefusedError, Route, Vendor, WireAnswer, encode, ima_id, ima_ordinal

_WINDOW_MS: Final = 300_000
"""How many milliseconds a caller's clock may be off."""

_CHINA: Final = 8 * 3600
"""China time is this many seconds ahead of UTC; most of the vendor's times carry no zone."""

_OK: Final = "10000"
_FAILED: Final = "20001"
_UNAUTHORISED: Final = "21002"
"""Three of the page's result codes."""

_LOOKUPS: Final[Mapping[str, str]] = {
    "externalId": "external_id",
    "email": "email",
    "phone": "phone",
    "telePhone": "telephone",
}
"""What a customer can be looked up by beside its id, and the column that it stands in."""

_TEXTS: Final = ("name", "email", "phone", "telephone", "externalId", "desc", "tag")
"""The texts of a CustomerDTO that go into the record under their own names."""


Detail = dict[str, object]


def china_time(seconds: float) -> str:
    """A time as ima mostly writes it: `YYYY-MM-DD HH:MM:SS` in China."""
    return strftime("%Y-%m-%d %H:%M:%S", gmtime(seconds + _CHINA))


def authorise(call: Call) -> None:
    """Check the three headers.

    Raises:
        RefusedError: 21002, with the difference of the clocks where that is the reason.
    """
    app_id, timestamp, sign = (call.headers.get(name, "") for name in ("appid", "timestamp", "sign"))
    digest = hashlib.md5(f"{app_id}{timestamp}{IMA_SECRET}".encode(), usedforsecurity=False).hexdigest()
    if app_id != IMA_APP_ID or not hmac.compare_digest(digest.encode(), sign.encode()):
        raise RefusedError(_UNAUTHORISED, "认证失败,请重新登录")
    ahead = int(timestamp) - call.now * 1000 if timestamp.isascii() and timestamp.isdigit() else None
    if ahead is None or abs(ahead) > _WINDOW_MS:
        raise RefusedError(
            _UNAUTHORISED, f"认证失败,请重新登录: timestamp 不在 5 分钟内, 服务器时间 {china_time(call.now)}"
        )


def refuse(error: RefusedError) -> WireAnswer:
    """An error in ima's envelope."""
    return WireAnswer({"code": error.code, "data": None, "message": error.message}, error.status)


def _succeed(data: object) -> WireAnswer:
    return WireAnswer({"code": _OK, "data": data, "message": "请求成功"})


def update(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """PUT /basic/openapi/v1/customer?customerId=…: change what the body gives, and leave all else alone."""
    given = _read_customer(call)
    with transaction(connection):
        ordinal, detail = _detail(connection, ima_ordinal(call.query.get("customerId")))
        _apply(connection, detail, given, call.now)
        connection.execute("UPDATE ima_customer SET detail = ? WHERE ordinal = ?", (encode(detail), ordinal))
    return _succeed(detail)


def create(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /basic/openapi/v1/customer: create a customer from a CustomerDTO; fields with a default get it."""
    given = _read_customer(call)
    if not given.get("name"):
        raise RefusedError(_FAILED, "客户名称不能为空")
    with transaction(connection):
        (last,) = connection.execute("SELECT max(ordinal) FROM ima_customer").fetchone()
        ordinal = (last or 0) + 1
        detail = new_detail(ordinal, china_time(call.now))
        detail["customerDictList"] = [
            {"dictCode": field.code, "remark": "", "value": field.default} for field in DEFINITIONS if field.default
        ]
        _apply(connection, detail, given, call.now)
        connection.execute("INSERT INTO ima_customer (ordinal, detail) VALUES (?, ?)", (ordinal, encode(detail)))
    return _succeed(detail)


def find(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """GET /basic/openapi/v1/customer/detail?content=…&type=…: one customer; `data` is null where there is none."""
    content, kind = call.query.get("content", ""), call.query.get("type", "")
    if not content:
        raise RefusedError(_FAILED, "content 不能为空")
    if kind == "customerId":
        ordinal = ima_ordinal(content)
    elif kind in _LOOKUPS:
        row = connection.execute(
            f"SELECT ordinal FROM ima_customer WHERE {_LOOKUPS[kind]} = ? ORDER BY ordinal LIMIT 1",  # noqa: S608
            (content,),
        ).fetchone()
        ordinal = row[0] if row else None
    else:
        raise RefusedError(_FAILED, f"type 不支持: {kind}")
    row = connection.execute("SELECT detail FROM ima_customer WHERE ordinal = ?", (ordinal,)).fetchone()
    return _succeed(json.loads(row[0]) if row else None)


def define(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """GET /basic/openapi/v1/customer/field/define: the field definitions, in no order but their `priority`."""
    fields = [definition(field, priority) for priority, field in enumerate(DEFINITIONS, 1)]
    return _succeed(fields[1::2] + fields[::2])


def new_detail(ordinal: int, created: str) -> Detail:
    """A CustomerDetail with nothing but what every customer has, types as mixed as in the page's answer."""
    identifier = ima_id(ordinal)
    return {
        "customer": {
            "anonymous": 1,
            "blacklist": "0",
            "createTime": created,
            "customerId": identifier,
            "customerStatus": 1,
            "customerType": 1,
            "deleted": False,
            "id": ordinal,
            "isDeleted": False,
            "newCustomerId": identifier,
            "number": ordinal,
            "tenantId": "88",
            "updateTime": created,
        },
        "customerDictList": [],
        "isCustomerGroupDelete": False,
    }


def masked(phone: str) -> str:
    """A phone number with its middle hidden, as in `phoneDesensitive`."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)


def _read_customer(call: Call) -> Detail:
    """The body as a CustomerDTO; a null is a field that is not given."""
    try:
        body = call.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(_FAILED, "请求体不是 JSON 对象")
    given = {key: value for key, value in body.items() if value is not None}
    for key in (*_TEXTS, "customerGroupId", "customerGroupName"):
        if not isinstance(given.get(key, ""), str):
            raise RefusedError(_FAILED, f"{key} 必须是字符串")
        if key in REQUIRED and given.get(key) == "":
            raise RefusedError(_FAILED, f"{REQUIRED[key]}不能为空")
    entries = given.get("customerDictList", [])
    if not isinstance(entries, list):
        raise RefusedError(_FAILED, "customerDictList 必须是数组")
    for entry in entries:
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("dictCode", "value")):
            raise RefusedError(_FAILED, "customerDictList 的 dictCode 和 value 必填")
        if entry["dictCode"] in REQUIRED and not entry["value"]:
            raise RefusedError(_FAILED, f"{REQUIRED[entry['dictCode']]}不能为空")
    return given


def _detail(connection: sqlite3.Connection, ordinal: int | None) -> tuple[int, Detail]:
    row = connection.execute("SELECT detail FROM ima_customer WHERE ordinal = ?", (ordinal,)).fetchone()
    if ordinal is None or row is None:
        raise RefusedError(_FAILED, "客户不存在")
    detail: Detail = json.loads(row[0])
    return ordinal, detail


def _apply(connection: sqlite3.Connection, detail: Detail, given: Mapping[str, object], now: float) -> None:
    """Put the given fields into the record; custom fields are merged by their `dictCode`."""
    customer, entries = detail["customer"], detail["customerDictList"]
    assert isinstance(customer, dict)
    assert isinstance(entries, list)
    _put(customer, {key: given[key] for key in _TEXTS if key in given})
    if "phone" in given:
        _put(customer, {"phoneDesensitive": masked(str(given["phone"]))})
    if "customerGroupId" in given or "customerGroupName" in given:
        company = _company(connection, given.get("customerGroupId"), given.get("customerGroupName"))
        _put(customer, {"customerGroupId": company[0]})
        _put(detail, {"customerGroupName": company[1]})
    by_code = {entry["dictCode"]: entry for entry in entries}
    new_entries = given.get("customerDictList", [])
    assert isinstance(new_entries, list)
    for entry in new_entries:
        kept = by_code.setdefault(entry["dictCode"], {"dictCode": entry["dictCode"]})
        kept |= {key: entry[key] for key in ("remark", "value") if entry.get(key) is not None}
    detail["customerDictList"] = list(by_code.values())
    customer["updateTime"] = china_time(now)


def _put(record: Detail, values: Mapping[str, object]) -> None:
    """Set what has a value, and remove what is empty: answers leave empty fields out."""
    for key, value in values.items():
        if value == "":
            record.pop(key, None)
        else:
            record[key] = value


def _company(connection: sqlite3.Connection, identifier: object, name: object) -> tuple[str, str]:
    """The company that is meant, id and name: both as given, or found by either; a new name makes a new company."""
    if identifier and name:
        return str(identifier), str(name)
    if identifier:
        row = connection.execute("SELECT name FROM ima_company WHERE id = ?", (identifier,)).fetchone()
        if row is None:
            raise RefusedError(_FAILED, f"公司不存在: {identifier}")
        return str(identifier), row[0]
    if name:
        row = connection.execute("SELECT id FROM ima_company WHERE name = ?", (name,)).fetchone()
        if row is None:
            row = connection.execute("INSERT INTO ima_company (name) VALUES (?) RETURNING id", (name,)).fetchone()
        return str(row[0]), str(name)
    return "", ""


DIALECT: Final = Vendor(
    prefix="/ima",
    routes=(
        Route("PUT", "/basic/openapi/v1/customer", update),
        Route("POST", "/basic/openapi/v1/customer", create),
        Route("GET", "/basic/openapi/v1/customer/detail", find),
        Route("GET", "/basic/openapi/v1/customer/field/define", define),
    ),
    authorise=authorise,
    refuse=refuse,
    busy=RefusedError(_FAILED, "请求过于频繁"),
)
