"""useasy's list: search conditions as SQL, and pages found without walking there.

The page shows the operators `eq` and `empty`; there are no others. A condition on a list value (a phone among several)
holds where it holds for one of its elements.
"""
# ruff: noqa: S608 - the SQL is made of this module's texts and configured field names; values are parameters

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.tables import BLOCK
from tui.sandbox.useasy_fields import FIELDS
from tui.sandbox.wire import RefusedError, useasy_position

INDEXED_FIELDS: Final = ("customerName", "mobile", "email", "qq", "wechat", "owner", WECOM_FIELD)
"""The fields whose values stand in `useasy_term`, so that `eq` finds them at once among a million."""

_RECORD_FIELDS: Final = frozenset({"_id", "createAgent", "updateAgent", "firstOwner", "firstAssignTime"})
"""What a record has beside the configured fields."""

_EACH: Final = """SELECT CASE e.type WHEN 'object' THEN json_extract(e.value, '$.value') ELSE e.value END AS v
                  FROM json_each(record, '$."{field}"') AS e"""
"""The values of a field, one a row: of a list each element, of a contact its value."""


@dataclass(frozen=True, slots=True)
class SearchCondition:
    """One search condition, checked."""

    field: str
    operator: str
    values: tuple[str, ...]

    @property
    def indexed(self) -> bool:
        """Whether `useasy_term` answers it."""
        return self.operator == "eq" and self.field in INDEXED_FIELDS


def read_conditions(search: object) -> list[SearchCondition]:
    """The conditions of a list request; all of them must hold.

    Raises:
        RefusedError: the list, a field, an operator or a value is not one that can be searched by.
    """
    if search is None:
        return []
    if not isinstance(search, list):
        raise RefusedError("400", "search 必须是数组")
    return [_read_condition(item) for item in search]


def _read_condition(item: object) -> SearchCondition:
    if not isinstance(item, dict):
        raise RefusedError("400", "search 的元素必须是对象")
    name, operator, value = item.get("field"), item.get("operator"), item.get("value")
    if not isinstance(name, str) or not _searchable(name):
        raise RefusedError("400", f"字段不可查询: {name}")
    if not isinstance(operator, str) or operator not in _OPERANDS:
        raise RefusedError("400", f"不支持的操作符: {operator}")
    given = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(one, str | int | float) for one in given):
        raise RefusedError("400", f"查询值格式错误: {name}")
    least, most = _OPERANDS[operator]
    if not least <= len(given) <= most:
        raise RefusedError("400", f"查询值个数错误: {name} {operator}")
    return SearchCondition(name, operator, tuple(str(one) for one in given))


_MANY: Final = 1000
_OPERANDS: Final[Mapping[str, tuple[int, int]]] = {"eq": (1, _MANY), "empty": (0, 0)}
"""The operators that the page shows, and how many values each takes at least and at most; it takes no other."""


def _searchable(name: str) -> bool:
    field = FIELDS.get(name)
    return name in _RECORD_FIELDS if field is None else field.searchable and field.status == 1


def find(
    connection: sqlite3.Connection, conditions: Sequence[SearchCondition], skip: int, take: int
) -> tuple[list[str], int]:
    """One page of records, as JSON texts in the order of the list, and how many match in all."""
    if not conditions:
        return _unfiltered(connection, skip, take)
    if len(conditions) == 1 and conditions[0].indexed and len(conditions[0].values) == 1:
        source = "useasy_term WHERE field = ? AND value = ?"
        parameters: list[str | int] = [conditions[0].field, *conditions[0].values]
    else:
        clauses = [_clause(condition) for condition in conditions]
        source = "useasy_customer WHERE " + " AND ".join(sql for sql, _ in clauses)
        parameters = [value for _, values in clauses for value in values]
    (count,) = connection.execute(f"SELECT count(*) FROM {source}", parameters).fetchone()
    positions = f"SELECT position FROM {source} ORDER BY position LIMIT ? OFFSET ?"
    rows = connection.execute(
        f"SELECT record FROM useasy_customer WHERE position IN ({positions}) ORDER BY position",
        [*parameters, take, skip],
    )
    return [record for (record,) in rows], count


def _unfiltered(connection: sqlite3.Connection, skip: int, take: int) -> tuple[list[str], int]:
    """A page of all: whole blocks are skipped by their counts, then single rows within one block."""
    blocks = connection.execute("SELECT block, live FROM useasy_block ORDER BY block").fetchall()
    start, passed = None, 0
    for block, live in blocks:
        if start is None and passed + live > skip:
            start = (block * BLOCK, skip - passed)
        passed += live
    if start is None:
        return [], passed
    rows = connection.execute(
        "SELECT record FROM useasy_customer WHERE position >= ? ORDER BY position LIMIT ? OFFSET ?",
        (start[0], take, start[1]),
    )
    return [record for (record,) in rows], passed


def _clause(condition: SearchCondition) -> tuple[str, list[str | int]]:
    """One condition as SQL over `useasy_customer`, and its parameters."""
    values = list(condition.values)
    each = _EACH.format(field=condition.field)  # a configured name: no text of the caller's gets into the SQL
    if condition.operator == "empty":
        return f"NOT EXISTS (SELECT 1 FROM ({each}) WHERE v <> '')", []
    marks = ", ".join("?" * len(values))
    if condition.field == "_id":
        return f"position IN ({marks})", [useasy_position(value) or 0 for value in values]
    if condition.indexed:
        return f"position IN (SELECT position FROM useasy_term WHERE field = ? AND value IN ({marks}))", [
            condition.field,
            *values,
        ]
    field = FIELDS.get(condition.field)
    kind = "REAL" if field is not None and field.type == "number" else "TEXT"
    marks = ", ".join([f"CAST(? AS {kind})"] * len(values))
    return f"EXISTS (SELECT 1 FROM ({each}) WHERE CAST(v AS {kind}) IN ({marks}))", list(values)
