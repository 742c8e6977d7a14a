"""Figures about what was done from here: each bar lists the customers with whom it was done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.store.samples import customer, follower
from tests.store.test_deeds import VOCABULARY, did
from tui.desk.disk import Disk
from tui.desk.insights.insights import InsightsReader
from tui.model.change import Kind, State
from tui.model.insights import Figure
from tui.model.query.parser import parse_query
from tui.store.store import Store


@pytest.fixture
def worked(tmp_path: Path) -> Iterator[Store]:
    """A store in which two colleagues worked in the last weeks."""
    store = Store.open(tmp_path / "team.sqlite3")
    colleagues = (follower("rocky", "张三"), follower("lilei", "李雷"))
    store.directory.save([customer(f"wm{number}", follow_users=colleagues) for number in range(1, 4)], 0.0)
    did(store, Kind.FOLLOW, "wm1", "rocky", "一", "二")
    did(store, Kind.FOLLOW, "wm2", "rocky", "三")
    did(store, Kind.FOLLOW, "wm2", "lilei", "四", days=1)
    did(store, Kind.FOLLOW, "wm3", "lilei", "五", days=20)
    did(store, Kind.FOLLOW, "wm3", "lilei", "六", state=State.FAILED)
    did(store, Kind.REMARK, "wm3", "rocky", "七")
    yield store
    store.close()


def figures(store: Store, query: str = "") -> dict[str, Figure]:
    """The figures by their keys."""
    reader = InsightsReader(Disk(store), profile="team", dialect="juzi", me="rocky", query=query)
    return {figure.key: figure for figure in asyncio.run(reader.all()).figures}


def test_my_day_follow_ups_by_day_and_by_colleague(worked: Store) -> None:
    found = figures(worked)
    mine = {bar.label: (bar.value, bar.customers) for bar in found["mine"].bars}
    assert mine["today: follow-ups"] == (3, 2)
    assert mine["today: remarks"] == (1, 1)
    assert [(bar.value, bar.customers) for bar in found["follows_by_day"].bars[:3]] == [(3, 2), (1, 1), (0, 0)]
    assert [(bar.label, bar.value) for bar in found["follows_by_colleague"].bars] == [("张三", 3), ("李雷", 2)]


def test_each_bar_lists_the_customers_that_it_counts(worked: Store) -> None:
    found = figures(worked, "-tag:nobody")
    for key in ("mine", "follows_by_day", "follows_by_colleague"):
        for bar in found[key].bars:
            if bar.query:
                query = parse_query(bar.query, VOCABULARY, datetime.now().astimezone())
                assert len(worked.directory.answer_ids(query)) == bar.customers, bar


def test_what_was_done_with_others_is_left_out(worked: Store) -> None:
    found = figures(worked, "id:wm1")
    assert [(bar.label, bar.value) for bar in found["follows_by_colleague"].bars] == [("张三", 2)]
    assert "follows_by_day" not in figures(worked, "id:nobody")
