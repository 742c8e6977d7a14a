"""The useasy dialect: a CRM whose records are flat keys, signed by headers.

From the vendor's page "CRM客户管理接口". How it signs is not on the page; the sandbox checks the default of the reading
guide: Base64(HMAC-SHA256(secret, appid + nonce + timestamp)). Its error codes are not on the page either: 400 for what
it cannot take, 401 for a bad signature (with that HTTP status), 404 for a record that is not there.
"""

import base64
import hashlib
import hmac
import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from time import gmtime, strftime
from typing import Final

from tui.sandbox.demo import USEASY_APP_ID, USEASY_SECRET
from tui.sandbox.tables import BLOCK, transaction
from tui.sandbox.useasy_fields import ACCOUNT_ID, FIELDS, check_value, vo
from tui.sandbox.useasy_search import INDEXED_FIELDS, find, read_conditions
from tui.sandbox.wire import Call, RefusedError, Route, Vendor, WireAnswer, encode, useasy_id, useasy_position

_WINDOW: Final = 300
"""How many seconds a caller's clock may be off."""

_CHINA: Final = 8 * 3600
"""China time is this many seconds ahead of UTC; the vendor's times carry no zone."""

_DEFAULT_LIMIT: Final = 20
_MAX_LIMIT: Final = 1000
"""The page names no largest `limit`; the sandbox takes as many rows as juzi does."""

_MAX_PAGE: Final = 10**9
"""No list is longer; what is larger is a mistake, and would not fit the database's numbers."""

_AGENT: Final = "openApi"
"""Who created or changed a record, where it was done over the API."""

PUBLIC_POOL: Final = "662821403012902912"
"""The id of the one public pool. Given as `owner`, it puts the customer there and leaves it with no owner."""

Record = dict[str, object]


def china_time(seconds: float) -> str:
    """A time as useasy writes it: `YYYY-MM-DD HH:MM:SS` in China."""
    return strftime("%Y-%m-%d %H:%M:%S", gmtime(seconds + _CHINA))


def authorise(call: Call) -> None:
    """Check the four headers.

    Raises:
        RefusedError: 401, with the server's time where the clocks differ too much.
    """
    app_id, nonce, timestamp, signature = (
        call.headers.get(name, "") for name in ("appid", "nonce", "timestamp", "signature")
    )
    if not (app_id and nonce and timestamp and signature):
        raise RefusedError("401", "缺少签名参数 appid/nonce/timestamp/signature", 401)
    if app_id != USEASY_APP_ID:
        raise RefusedError("401", f"appid 不存在: {app_id}", 401)
    if not timestamp.isascii() or not timestamp.isdigit() or abs(int(timestamp) - call.now) > _WINDOW:
        raise RefusedError("401", f"timestamp 已过期, 服务器时间 {china_time(call.now)}", 401)
    digest = hmac.digest(USEASY_SECRET.encode(), f"{app_id}{nonce}{timestamp}".encode(), hashlib.sha256)
    if not hmac.compare_digest(base64.b64encode(digest), signature.encode()):
        raise RefusedError("401", "签名错误", 401)


def refuse(error: RefusedError) -> WireAnswer:
    """An error in useasy's envelope."""
    body = {"success": False, "message": error.message, "code": error.code, "data": None, "traceId": _trace()}
    return WireAnswer(body, error.status)


def _succeed(data: object) -> WireAnswer:
    return WireAnswer({"success": True, "message": "200 ok!", "code": "200", "data": data, "traceId": _trace()})


def _trace() -> str:
    return uuid.uuid4().hex


def add(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /openapi/crm/add: create a customer; it becomes the first of the list."""
    given = _read_values(_body(call))
    if given.pop("_id", None) is not None:
        raise RefusedError("400", "新增客户不能指定 _id")
    now = china_time(call.now)
    record: Record = {"accountId": ACCOUNT_ID, "createTime": now, "createMethod": "", "updateAgent": _AGENT}
    _apply(record, given, now)
    for field in FIELDS.values():
        if field.default is not None:
            record.setdefault(field.param, field.default)
        if field.required and field.param not in record:
            raise RefusedError("400", f"必填字段不能为空: {field.name}({field.param})")
    with transaction(connection):
        (position,) = connection.execute(
            "UPDATE meta SET value = value - 1 WHERE key = 'useasy_newest' RETURNING CAST(value AS INTEGER)"
        ).fetchone()  # counted rather than looked up: the id of a deleted customer is not given again
        record |= {"updateTime": now, "_id": useasy_id(position), "createAgent": _AGENT}
        connection.execute("INSERT INTO useasy_customer VALUES (?, ?)", (position, encode(record)))
        connection.executemany("INSERT INTO useasy_term VALUES (?, ?, ?)", terms(position, record))
        connection.execute(
            "INSERT INTO useasy_block VALUES (?, 1) ON CONFLICT DO UPDATE SET live = live + 1", (position // BLOCK,)
        )
    return _succeed(record)


def update(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /openapi/crm/update: change what is given; a list is replaced whole, an empty value clears its field."""
    given = _read_values(_body(call))
    identifier = given.pop("_id", None)
    if identifier is None:
        raise RefusedError("400", "_id 不能为空")
    now = china_time(call.now)
    with transaction(connection):
        position, record = _record(connection, identifier)
        _remove_terms(connection, position, record)
        _apply(record, given, now)
        record |= {"updateAgent": _AGENT, "updateTime": now}
        connection.execute("UPDATE useasy_customer SET record = ? WHERE position = ?", (encode(record), position))
        connection.executemany("INSERT INTO useasy_term VALUES (?, ?, ?)", terms(position, record))
    return _succeed(record)


def list_customers(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /openapi/crm/list: a page of the customers for which all conditions hold, the newest first."""
    body = _body(call)
    page = _number(body, "page", 1)
    limit = _number(body, "limit", _DEFAULT_LIMIT)
    if not 1 <= page <= _MAX_PAGE or not 1 <= limit <= _MAX_LIMIT:
        raise RefusedError("400", f"page 从 1 开始, limit 最大 {_MAX_LIMIT}")
    records, count = find(connection, read_conditions(body.get("search")), (page - 1) * limit, limit)
    return _succeed({"list": [json.loads(record) for record in records], "count": count})


def find_by_id(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """GET /openapi/crm/findById/{id}, and GET /openapi/crm/{id} as the page's headline has it."""
    _, record = _record(connection, call.path["id"])
    return _succeed(record)


def delete(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /openapi/crm/delete: delete one customer."""
    with transaction(connection):
        position, record = _record(connection, _body(call).get("id"))
        _remove_terms(connection, position, record)
        connection.execute("DELETE FROM useasy_customer WHERE position = ?", (position,))
        connection.execute("UPDATE useasy_block SET live = live - 1 WHERE block = ?", (position // BLOCK,))
    return _succeed(None)


def list_fields(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /openapi/crm/config/field/list: the field configuration, narrowed by what the body names."""
    body = _body(call)
    fields = list(FIELDS.values())
    if name := body.get("name"):
        fields = [field for field in fields if str(name) in field.name]
    if category := body.get("category"):
        fields = [field for field in fields if ("system" if field.system else "custom") in _texts(category, "category")]
    if kind := body.get("type"):
        fields = [field for field in fields if field.type in _texts(kind, "type")]
    if (enabled := body.get("enabled")) is not None:
        fields = [field for field in fields if (field.status == 1) is enabled]
    if (editable := body.get("editable")) is not None:
        fields = [field for field in fields if field.editable is editable]
    return _succeed([vo(field) for field in fields])


def terms(position: int, record: Mapping[str, object]) -> Iterable[tuple[int, str, str]]:
    """The rows by which a record is found by the value of an indexed field."""
    for field in INDEXED_FIELDS:
        value = record.get(field)
        if isinstance(value, str):
            yield position, field, value
        elif isinstance(value, list):
            yield from dict.fromkeys((position, field, row["value"]) for row in value)


def _remove_terms(connection: sqlite3.Connection, position: int, record: Mapping[str, object]) -> None:
    connection.executemany(
        "DELETE FROM useasy_term WHERE position = ? AND field = ? AND value = ?", terms(position, record)
    )


def _record(connection: sqlite3.Connection, identifier: object) -> tuple[int, Record]:
    position = useasy_position(identifier)
    row = connection.execute("SELECT record FROM useasy_customer WHERE position = ?", (position,)).fetchone()
    if position is None or row is None:
        raise RefusedError("404", f"客户不存在: {identifier}")
    record: Record = json.loads(row[0])
    return position, record


def _body(call: Call) -> Record:
    try:
        body = call.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError("400", "请求体不是 JSON 对象")
    return body


def _number(body: Mapping[str, object], key: str, default: int) -> int:
    try:
        return int(str(body.get(key, default)))
    except ValueError:
        raise RefusedError("400", f"{key} 必须是数字") from None


def _texts(value: object, key: str) -> list[object]:
    if not isinstance(value, list):
        raise RefusedError("400", f"{key} 必须是数组")
    return value


def _read_values(body: Record) -> Record:
    """The given values, each one that its field may be given; None, an empty text or list stands for clearing it."""
    for name, value in body.items():
        if name == "_id":
            continue
        field = FIELDS.get(name)
        if field is None or field.status != 1:
            raise RefusedError("400", f"字段不存在或已停用: {name}")
        if not field.editable:
            raise RefusedError("400", f"字段不可编辑: {field.name}({name})")
        if value in (None, "", []):
            if field.required:
                raise RefusedError("400", f"必填字段不能为空: {field.name}({name})")
            continue
        check_value(field, value)
    return body


def _apply(record: Record, given: Mapping[str, object], now: str) -> None:
    """Put the given values into the record: an empty one removes its key, as answers leave empty fields out."""
    for name, value in given.items():
        if name == "owner" and value == PUBLIC_POOL:
            record.pop("owner", None)
            record["openSeaIds"] = [PUBLIC_POOL]
        elif value in (None, "", []):
            record.pop(name, None)
        else:
            record[name] = value
    if given.get("owner") and "owner" in record:
        record.pop("openSeaIds", None)
        record.setdefault("assignTime", now)
        record.setdefault("firstOwner", record["owner"])
        record.setdefault("firstAssignTime", record["assignTime"])


DIALECT: Final = Vendor(
    prefix="/useasy",
    routes=(
        Route("POST", "/openapi/crm/add", add),
        Route("POST", "/openapi/crm/update", update),
        Route("POST", "/openapi/crm/list", list_customers),
        Route("POST", "/openapi/crm/delete", delete),
        Route("POST", "/openapi/crm/config/field/list", list_fields),
        Route("GET", "/openapi/crm/findById/{id}", find_by_id),
        Route("GET", "/openapi/crm/{id}", find_by_id),
    ),
    authorise=authorise,
    refuse=refuse,
    busy=RefusedError("429", "请求过于频繁", 429),
)
