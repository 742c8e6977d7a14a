"""The answers of links: kept, replaced, carried over into an older file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.test_file_opening import opened, raw
from tui.store import file_opening
from tui.store.links import LinkAnswer
from tui.store.schema import MIGRATIONS
from tui.store.store import Store

FOUND = LinkAnswer("wm1", "crm", "phones", ("+86 138", "138"), ("7",), None, 1.5)
SEVERAL = LinkAnswer("wm1", "desk", "phone", ("138",), ("8", "9"), "9", 2.5)


def test_answers_are_kept_as_they_came(store: Store) -> None:
    store.links.save(FOUND)
    store.links.save(SEVERAL)
    store.links.save(replace(FOUND, customer_id="wm2", ids=()))
    assert store.links.of(["wm1"]) == [FOUND, SEVERAL]
    assert {answer.customer_id for answer in store.links.of(["wm1", "wm2", "wm3"])} == {"wm1", "wm2"}
    assert store.links.of([]) == []


def test_an_answer_takes_the_place_of_the_last_one(store: Store) -> None:
    store.links.save(FOUND)
    newer = replace(FOUND, values=("139",), ids=(), asked_at=9.5)
    store.links.save(newer)
    assert store.links.of(["wm1"]) == [newer]


def test_a_record_elsewhere_is_known_by_whom_it_belongs_to(store: Store) -> None:
    for answer in (FOUND, SEVERAL, replace(FOUND, customer_id="wm2", asked_at=9.5)):
        store.links.save(answer)
    assert store.links.whose("crm", "7") == ["wm2", "wm1"]
    assert store.links.whose("desk", "9") == ["wm1"]
    assert store.links.whose("desk", "8") == [], "a person chose the other one"
    assert store.links.whose("crm", "9") == []


def test_a_file_from_before_there_were_links_gets_them_and_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        context.setattr(file_opening, "MIGRATIONS", MIGRATIONS[:1])
        Store.open(path).close()
    with raw(path) as connection:
        connection.execute("INSERT INTO drafts VALUES ('edit', '1', '{}', NULL, 1.0)")
        connection.commit()
    with opened(path) as store:
        store.links.save(FOUND)
        assert (store.links.of(["wm1"]), store.drafts.count()) == ([FOUND], 1)
