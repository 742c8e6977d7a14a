"""Several kehu at once on one file, and those that die."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.store.samples import new_change
from tui.store.outbox import Kind, Recovered, Settlement, State
from tui.store.presence import Presence
from tui.store.store import Store
from tui.store.store_errors import StoreReadOnly

CHILD = """
import json, sys
from pathlib import Path
from tui.model.change import Settlement, State
from tui.store.store import Store

store = Store.open(Path(sys.argv[1]))
for line in sys.stdin:
    deed, *arguments = json.loads(line)
    if deed == "claim":
        answer = [change.id for change in store.changes.claim(*arguments)]
    elif deed == "claim each":
        answer = [change.id for id in arguments[0] for change in store.changes.claim([id])]
    elif deed == "settle":
        answer = store.changes.settle([Settlement(id, State.SENT) for id in arguments[0]])
    elif deed == "recover":
        answer = store.changes.recover()
    elif deed == "people":
        from tests.store.samples import people
        first, last = arguments
        for start in range(first, last, 50):
            store.directory.save(people(last)[start:start + 50], 1.0)
        answer = store.directory.count()
    print(json.dumps(answer), flush=True)
store.close()
"""


class Child:
    """Another kehu process with the same file open."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, deed: str, *arguments: object) -> None:
        """Have it do `deed`, and do not wait."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([deed, *arguments]) + "\n")
        self._process.stdin.flush()

    def answer(self) -> object:
        """What the deed that was begun returned."""
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def do(self, deed: str, *arguments: object) -> object:
        """What `deed` returns."""
        self.begin(deed, *arguments)
        return self.answer()

    def kill(self) -> None:
        """SIGKILL, and its end awaited."""
        self._process.kill()
        self._process.communicate()

    def close(self) -> None:
        """Let it end in good order."""
        self._process.communicate()


@contextmanager
def child(path: Path) -> Iterator[Child]:
    process = Child(path)
    try:
        yield process
    finally:
        process.kill()


def test_two_processes_that_take_the_same_changes_at_once_never_both_get_one(store: Store, path: Path) -> None:
    made = store.changes.add([new_change(customer_id=f"wm{number}") for number in range(100)])
    with child(path) as first, child(path) as second:
        first.begin("claim each", made)
        second.begin("claim each", made[::-1])
        got = [first.answer(), second.answer()]
    taken = [id for ids in got if isinstance(ids, list) for id in ids]
    assert sorted(taken) == made


def test_what_a_killed_process_was_sending_goes_again_only_where_that_does_no_harm(store: Store, path: Path) -> None:
    kinds = (Kind.UPDATE, Kind.REMARK, Kind.FOLLOW, Kind.CREATE, Kind.DELETE)
    update, remark, *once = store.changes.add([new_change(kind, f"wm{kind}") for kind in kinds])
    with child(path) as sender:
        assert sender.do("claim", [update, remark, *once]) == [update, remark, *once]
        assert store.changes.recover() == Recovered((), ()), "it still runs"
        sender.kill()
        recovered = store.changes.recover()
    assert (sorted(recovered.pending), sorted(recovered.unknown)) == ([update, remark], once)
    assert [change.id for change in store.changes.pending()] == [update, remark]
    assert {change.state for change in store.changes.get_many(once)} == {State.UNKNOWN}
    assert all(change.message for change in store.changes.get_many(once))
    assert store.changes.recover() == Recovered((), ())


def test_a_process_that_ended_in_good_order_leaves_nothing_held(store: Store, path: Path) -> None:
    (id,) = store.changes.add([new_change()])
    sender = Child(path)
    sender.do("claim", [id])
    sender.close()
    assert store.changes.recover() == Recovered((id,), ())
    assert [change.id for change in store.changes.claim([id])] == [id]


def test_one_process_cannot_settle_what_another_is_sending(store: Store, path: Path) -> None:
    (id,) = store.changes.add([new_change()])
    with child(path) as sender:
        sender.do("claim", [id])
        store.changes.settle([Settlement(id, State.FAILED)])
        assert store.changes.counts()[State.SENDING] == 1
        sender.do("settle", [id])
    assert store.changes.counts()[State.SENT] == 1


def test_two_stores_in_one_process_are_two_senders(path: Path) -> None:
    first, second = Store.open(path), Store.open(path)
    try:
        made = first.changes.add([new_change()])
        first.changes.claim(made)
        assert second.changes.recover() == Recovered((), ())
        first.close()
        assert second.changes.recover() == Recovered(tuple(made), ())
    finally:
        first.close()
        second.close()


def test_two_processes_keep_customers_at_once_and_none_is_lost(store: Store, path: Path) -> None:
    with child(path) as first, child(path) as second:
        first.begin("people", 0, 400)
        second.begin("people", 300, 700)
        first.answer()
        second.answer()
    assert store.directory.count() == store.directory.known(0, 1000).total == 700
    assert len(store.directory.known(0, 1000).rows) == 700
    assert store.directory.owners()[0].customers == 700
    assert store.directory.search("张三", 1000).total == 700
    for number in (0, 350, 699):
        found = store.directory.get(f"wm{number:08}")
        assert found is not None
        assert found[0].name == f"张三{number}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "team.running"


def test_a_process_is_alive_to_others_until_it_closes(folder: Path) -> None:
    one, other = Presence(folder), Presence(folder)
    token = one.token()
    assert one.token() == token
    assert one.alive(token)
    assert other.alive(token)
    one.close()
    assert not other.alive(token)
    assert one.token() != token, "a token is never taken up again"
    one.close()


def test_a_process_that_never_was_is_not_alive(folder: Path) -> None:
    assert not Presence(folder).alive("0123456789abcdef")


def test_what_dead_processes_left_is_swept_away_and_the_living_stay(folder: Path) -> None:
    living, late = Presence(folder), Presence(folder)
    token = living.token()
    (folder / "dead").touch()
    late.token()
    assert sorted(path.name for path in folder.iterdir()) == sorted([token, late.token()])
    assert late.alive(token)
    living.close()
    late.close()
    assert list(folder.iterdir()) == []


def test_a_disk_that_takes_no_sign_of_life_is_told_and_nothing_is_taken_to_be_sent(store: Store, path: Path) -> None:
    made = store.changes.add([new_change()])
    path.with_name(path.stem + ".running").touch()  # a file where the folder should be
    with pytest.raises(StoreReadOnly, match="cannot open or write"):
        store.changes.claim(made)
    assert [change.state for change in store.changes.get_many(made)] == [State.PENDING]
