"""Every odd value that a vendor's program may let through, put in place of every field of a record."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

MOMENTS: tuple[object, ...] = (
    *(253402300799000, -62135596800000, -1, 1604048292, 1604048292000000, 1e308, 1604048292.5, "1604048292000", "0", 0),
    *("0000-00-00 00:00:00", "9999-12-31 23:59:59", "0001-01-01 00:00:00", "9998-12-31T23:59:59Z", "2023-02-31"),
)
TEXTS: tuple[object, ...] = (
    *(
        "",
        " ",
        "x",
        "\ud83d",
        "a\x00b\x1b[2J\r\n",
        "王" * 20_000,
        "\u202e王\u200b五\ufeff",
        "NaN",
        "1" * 5000,
        "a/b?c#d",
    ),
)
KINDS: tuple[object, ...] = (
    *(None, True, 9, 1.5, float("nan"), float("inf"), 10**400, 685775343058800640, 6.857753430588006e17),
    *([], {}, [None], [[]], [{}], {"0": {}}, {"": None}, {"key": []}, [{"value": {"a": [1]}}], {"value": None}),
)
ODD = (*MOMENTS, *TEXTS, *KINDS)


def paths(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """The way to every value inside `value`, and to `value` itself."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from paths(inner, (*path, key))


def with_odd(record: Any, path: tuple[object, ...], odd: object) -> Any:
    """`record` with `odd` in place of what is at `path`."""
    if not path:
        return odd
    changed = copy.deepcopy(record)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = odd
    return changed


def without(record: Any, path: tuple[object, ...]) -> Any:
    """`record` without what is at `path`."""
    changed = copy.deepcopy(record)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed


def odd_records(record: Any) -> Iterator[tuple[str, Any]]:
    """`record` with each of its values odd in every way, or missing, each with a name for it."""
    for path in paths(record):
        for odd in ODD:
            yield f"{'.'.join(map(str, path))}: {ascii(odd)[:60]}", with_odd(record, path, odd)
        if path:
            yield f"{'.'.join(map(str, path))}: missing", without(record, path)
