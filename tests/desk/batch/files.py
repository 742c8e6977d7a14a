"""Files of remarks and follow-ups on the sandbox's own people."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tui.client.juzi.service import CAPABILITIES
from tui.desk.batch.items import ImportFile, read_sheet
from tui.model.change import Kind


class Pair(NamedTuple):
    """A colleague who follows a customer."""

    customer: str
    union_id: str
    user_id: str


def pairs(sandbox: Path, limit: int) -> list[Pair]:
    """The first `limit` colleagues and customers of those who can be remarked on."""
    return _pairs(sandbox, limit, "1")


def customers(sandbox: Path, limit: int) -> list[Pair]:
    """The first `limit` customers who can be remarked on, each with one colleague."""
    return _pairs(sandbox, limit, "place = (SELECT min(place) FROM juzi_follow_user WHERE customer = ordinal)")


def _pairs(sandbox: Path, limit: int, where: str) -> list[Pair]:
    query = f"""
        SELECT external_user_id, union_id, user_id FROM juzi_customer JOIN juzi_follow_user ON customer = ordinal
        WHERE union_id IS NOT NULL AND {where} ORDER BY ordinal, place LIMIT ?
    """
    with closing(sqlite3.connect(sandbox)) as connection:
        found = [Pair(*row) for row in connection.execute(query, (limit,))]
    assert len(found) == limit, "the sandbox has too few people"
    return found


def remarks(people: Sequence[Pair], text: str = "新备注", *, by: str = "customer", user_id: str = "") -> ImportFile:
    """A remark for each of `people`, numbered; the file names the customers `by` `customer` or `union_id`."""
    lines = [f"{getattr(pair, by)},{pair.user_id},{text}{number}" for number, pair in enumerate(people)]
    content = "\n".join([f"{by},user_id,remark", *lines])
    return read_sheet(content.encode(), "remarks.csv", Kind.REMARK, CAPABILITIES, user_id)


def follows(people: Sequence[Pair], text: str = "跟进", at: str = "", now: datetime | None = None) -> ImportFile:
    """A follow-up for each of `people`, numbered, `at` one time, read as of `now`."""
    lines = [f"{pair.union_id},{pair.user_id},{text}{number},{at}" for number, pair in enumerate(people)]
    content = "\n".join(["union_id,user_id,content,timestamp", *lines])
    return read_sheet(content.encode(), "follows.csv", Kind.FOLLOW, CAPABILITIES, now=now)


def sheet(text: str, kind: Kind = Kind.REMARK) -> ImportFile:
    """The rows of `text`."""
    return read_sheet(text.encode(), "file.csv", kind, CAPABILITIES, "rocky")
