"""The juzi dialect: a WeCom SCRM with a list, a detail, remarks, follow history and corp tags.

From the vendor's page "Customer". Errors come with HTTP 200 and an `errcode`, WeCom's own where the page names none.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tui.sandbox.demo import JUZI_EXPIRED_TOKEN, JUZI_TOKEN
from tui.sandbox.tables import transaction
from tui.sandbox.wire import Call, RefusedError, Route, Vendor, WireAnswer

_MAX_PAGE: Final = 10**9
"""No list is longer; what is larger is a mistake, and would not fit the database's numbers."""

_MAX_TIMESTAMP: Final = 10**10
"""A follow-up's time in seconds has ten digits; thirteen are milliseconds, taken for the other by mistake."""

_MAX_PAGE_SIZE: Final = 1000
_MAX_REMARKS: Final = 50
_MAX_FOLLOWS: Final = 500
_MAX_REMARK_LENGTH: Final = 20
_MAX_DESCRIPTION_LENGTH: Final = 150
"""The page's limits; lengths are in characters."""

_REMARKS_AT_ONCE: Final = 5
"""WeCom refuses more remark calls than this at the same time."""

_INVALID: Final = "40058"
_EMPTY: Final = "40063"
_NO_SUCH_STAFF: Final = "60111"
_NOT_A_CONTACT: Final = "84061"
"""WeCom's codes: an invalid parameter, an empty one, an unknown staff member, one who does not follow the customer."""

Row = dict[str, object]


def authorise(call: Call) -> None:
    """Check the `token` of the query.

    Raises:
        RefusedError: 41001 without one, 42001 for the expired one, 40014 for any other.
    """
    token = call.query.get("token", "")
    if not token:
        raise RefusedError("41001", "access_token missing")
    if token == JUZI_EXPIRED_TOKEN:
        raise RefusedError("42001", "access_token expired")
    if token != JUZI_TOKEN:
        raise RefusedError("40014", "invalid access_token")


def refuse(error: RefusedError) -> WireAnswer:
    """An error in juzi's envelope: the code is a number at the top level."""
    return WireAnswer({"errcode": int(error.code), "errmsg": error.message}, error.status)


def _succeed(**more: object) -> WireAnswer:
    return WireAnswer({"errcode": 0, "errmsg": "ok", **more})


def list_customers(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """GET /api/v1/customer/list: a page of all customers, or of those whom one staff member follows."""
    current, size = _number(call, "current"), _number(call, "pageSize")
    if not 1 <= current <= _MAX_PAGE or not 1 <= size <= _MAX_PAGE_SIZE:
        raise RefusedError(_INVALID, f"invalid parameter: current is at least 1, pageSize 1 to {_MAX_PAGE_SIZE}")
    first, last = (current - 1) * size + 1, current * size
    if user := call.query.get("userId"):
        chosen = "SELECT customer FROM juzi_follow_user WHERE user_id = ? AND rank BETWEEN ? AND ?"
        customers = _customers(connection, f"ordinal IN ({chosen})", (user, first, last))
        (total,) = connection.execute("SELECT max(rank) FROM juzi_follow_user WHERE user_id = ?", (user,)).fetchone()
    else:
        customers = _customers(connection, "ordinal BETWEEN ? AND ?", (first, last))
        (total,) = connection.execute("SELECT max(ordinal) FROM juzi_customer").fetchone()
    return _succeed(data=customers, total=total or 0)


def detail(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """GET /api/v1/customer/detail: one customer by `unionId`, which wins, or `externalUserId`."""
    if union := call.query.get("unionId"):
        found = _customers(connection, "union_id = ?", (union,))
    elif external := call.query.get("externalUserId"):
        found = _customers(connection, "external_user_id = ?", (external,))
    else:
        raise RefusedError(_EMPTY, "some parameters are empty: unionId or externalUserId")
    if not found:
        raise RefusedError(_NOT_A_CONTACT, "not external contact")
    return _succeed(data=found[0])


def set_remark(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /api/v1/customer/set_remark: up to 50 remarks and descriptions, each applied or in the `fail_list`."""
    failed = []
    with transaction(connection):
        for item in _items(call, "remark_list", _MAX_REMARKS):
            refused = _refused(call) or _set_remark(connection, item)
            if refused is not None:
                failed.append({**item, "errmsg": refused.message, "errcode": refused.code})
    return _succeed(**({"fail_list": failed} if failed else {}))


def add_follow(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """POST /api/v1/customer/add_follow: up to 500 people's follow-ups; a refused person has none of theirs applied."""
    failed = []
    with transaction(connection):
        for item in _items(call, "follow_list", _MAX_FOLLOWS):
            refused = _refused(call) or _add_follow(connection, item, int(call.now))
            if refused is not None:
                failed.append(item)  # the page's sample shows neither code nor message here
    return _succeed(**({"fail_list": failed} if failed else {}))


def list_tags(connection: sqlite3.Connection, call: Call) -> WireAnswer:
    """GET /api/v1/tag/list: the corp tags in their groups. `isSync` changes nothing, as there is no WeCom behind."""
    groups: dict[str, Row] = {}
    rows = connection.execute(
        "SELECT group_id, group_name, name, tag_id, created_ms FROM juzi_tag WHERE type = '1' ORDER BY id"
    )
    for group_id, group_name, name, tag_id, created in rows:
        group = groups.setdefault(
            group_id,
            {"id": group_id, "name": group_name, "createTimestamp": created, "order": len(groups), "tags": []},
        )
        tags = group["tags"]
        assert isinstance(tags, list)
        tags.append({"id": tag_id, "name": name, "createTimestamp": created, "order": len(tags)})
    return _succeed(data=list(groups.values()))


def _customers(connection: sqlite3.Connection, condition: str, parameters: Sequence[object]) -> list[Row]:
    """The customers for whom a condition on `juzi_customer` holds (text of this module), whole, in the list's order."""
    customers: dict[int, Row] = {}
    followers: dict[int, list[Row]] = {}
    for ordinal, external, union, name, avatar, gender, kind in connection.execute(
        "SELECT ordinal, external_user_id, union_id, name, avatar, gender, type FROM juzi_customer"  # noqa: S608
        f" WHERE {condition} ORDER BY ordinal",
        parameters,
    ):
        follow_users = followers[ordinal] = []
        customers[ordinal] = _present(
            externalUserId=external,
            unionId=union,
            name=name,
            avatar=avatar,
            gender=gender,
            type=kind,
            followUser=follow_users,
        )
    tags = _tags(connection)
    for row in connection.execute(
        "SELECT customer, user_id, staff.name, remark, description, avatar, created_ms, state, mobile, tags"  # noqa: S608
        " FROM juzi_follow_user JOIN juzi_staff AS staff USING (user_id)"
        f" WHERE customer IN (SELECT ordinal FROM juzi_customer WHERE {condition}) ORDER BY customer, place",
        parameters,
    ):
        customer, user_id, name, remark, description, avatar, created, state, mobile, tag_ids = row
        followers[customer].append(
            _present(
                userId=user_id,
                name=name,
                remark=remark,
                description=description,
                avatar=avatar,
                createTimestamp=created,
                state=state,
                remarkMobiles=[mobile] if mobile else None,
                tags=[tags[number] for number in tag_ids.split()],
            )
        )
    return list(customers.values())


def _present(**values: object) -> Row:
    """The keys that have a value: what is unknown is left out."""
    return {key: value for key, value in values.items() if value is not None}


def _tags(connection: sqlite3.Connection) -> Mapping[str, Row]:
    rows = connection.execute("SELECT id, group_name, name, type, tag_id FROM juzi_tag")
    return {
        str(number): _present(groupName=group, tagName=name, type=kind, tagId=tag_id)
        for number, group, name, kind, tag_id in rows
    }


def _set_remark(connection: sqlite3.Connection, item: Row) -> RefusedError | None:
    """Apply one remark; a text that is not given, or is given empty, stays, and both cannot be empty."""
    given = {key: item[key] for key in ("remark", "description") if item.get(key) is not None}
    if not all(isinstance(text, str) for text in given.values()):
        return RefusedError(_INVALID, "invalid parameter: remark and description are texts")
    texts = {key: str(text) for key, text in given.items()}
    if not any(texts.values()):
        return RefusedError(_EMPTY, "some parameters are empty: remark or description")
    if len(texts.get("remark", "")) > _MAX_REMARK_LENGTH:
        return RefusedError("-1", "remark exceed the limit")
    if len(texts.get("description", "")) > _MAX_DESCRIPTION_LENGTH:
        return RefusedError("-2", "description exceed the limit")
    customer = _followed(connection, item)
    if isinstance(customer, RefusedError):
        return customer
    connection.executemany(
        "UPDATE juzi_follow_user SET remark = coalesce(?, remark), description = coalesce(?, description)"
        " WHERE customer = ? AND +user_id = ?",
        [(texts.get("remark") or None, texts.get("description") or None, customer, item["userId"])],
    )
    return None


def _add_follow(connection: sqlite3.Connection, item: Row, now: int) -> RefusedError | None:
    """Apply one person's follow-ups, each at its own time (in seconds) or now."""
    customer = _followed(connection, item)
    if isinstance(customer, RefusedError):
        return customer
    entries = item.get("text")
    if not isinstance(entries, list) or not entries or not all(_is_entry(entry) for entry in entries):
        return RefusedError(_INVALID, "invalid parameter: text")
    connection.executemany(
        "INSERT INTO juzi_follow_history (union_id, user_id, content, timestamp) VALUES (?, ?, ?, ?)",
        [(item["unionId"], item["userId"], entry["content"], entry.get("timestamp", now)) for entry in entries],
    )
    return None


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("content"), str) or not entry["content"]:
        return False
    timestamp = entry.get("timestamp", 0)
    return isinstance(timestamp, int) and not isinstance(timestamp, bool) and 0 <= timestamp < _MAX_TIMESTAMP


def _followed(connection: sqlite3.Connection, item: Row) -> int | RefusedError:
    """The customer whom an item's staff member follows."""
    union, user = item.get("unionId"), item.get("userId")
    if not isinstance(union, str) or not isinstance(user, str) or not union or not user:
        return RefusedError(_EMPTY, "some parameters are empty: unionId and userId")
    if connection.execute("SELECT 1 FROM juzi_staff WHERE user_id = ?", (user,)).fetchone() is None:
        return RefusedError(_NO_SUCH_STAFF, "userid not found")
    row = connection.execute(
        "SELECT ordinal FROM juzi_customer JOIN juzi_follow_user ON customer = ordinal"
        " WHERE union_id = ? AND +user_id = ?",  # the plus keeps it from reading all whom the colleague follows
        (union, user),
    ).fetchone()
    if row is None:
        return RefusedError(_NOT_A_CONTACT, "not external contact")
    (ordinal,) = row
    assert isinstance(ordinal, int)
    return ordinal


def _refused(call: Call) -> RefusedError | None:
    """The refusal that a fault orders for the next item of this batch."""
    fault = call.refusal()
    return (
        None if fault is None else RefusedError(fault.code or _NOT_A_CONTACT, fault.message or "not external contact")
    )


def _items(call: Call, key: str, most: int) -> Iterable[Row]:
    try:
        body = call.json()
    except ValueError:
        raise RefusedError(_INVALID, "invalid parameter: the body is not JSON") from None
    items = body.get(key) if isinstance(body, dict) else None
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise RefusedError(_EMPTY, f"some parameters are empty: {key}")
    if len(items) > most:
        raise RefusedError(_INVALID, f"invalid parameter: {key} has more than {most} items")
    return items


def _number(call: Call, key: str) -> int:
    text = call.query.get(key, "")
    if not text:
        raise RefusedError(_EMPTY, f"some parameters are empty: {key}")
    if not (text.isascii() and text.isdigit()):
        raise RefusedError(_INVALID, f"invalid parameter: {key}")
    return int(text)


DIALECT: Final = Vendor(
    prefix="/juzi",
    routes=(
        Route("GET", "/api/v1/customer/list", list_customers),
        Route("GET", "/api/v1/customer/detail", detail),
        Route("POST", "/api/v1/customer/set_remark", set_remark, at_once=_REMARKS_AT_ONCE),
        Route("POST", "/api/v1/customer/add_follow", add_follow),
        Route("GET", "/api/v1/tag/list", list_tags),
    ),
    authorise=authorise,
    refuse=refuse,
    busy=RefusedError("45033", "api concurrent out of limit"),
)
