"""The outbox: this machine's queue of changes, each on disk before it is sent, none ever deleted.

    add ─▶ pending ─claim─▶ sending ─settle─▶ sent, failed, unknown, or pending again
              ▲                │            unknown ─establish─▶ sent, failed
              └─── recover ────┴─▶ unknown         (the process that took it died)

A person moves failed and unknown ones on: `retry`, `mark_done`, `discard`. What is written here is fsynced. Whatever
becomes of a change is told in the journal by the same transaction.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from tui.model.change import (
    ON_THE_WAY,
    STOPPED,
    UNSETTLED,
    Change,
    Json,
    Kind,
    NewChange,
    Recovered,
    Settlement,
    State,
    Transition,
)
from tui.model.journal_entry import entries_of, new_ids
from tui.store.database import Database, chunks, placeholders
from tui.store.drafts import DraftId
from tui.store.journal import FileJournal
from tui.store.presence import Presence
from tui.store.store_errors import N_, Overtaken, TooLarge

__all__ = [
    "Change",
    "Changes",
    "Json",
    "Kind",
    "NewChange",
    "Recovered",
    "Settlement",
    "State",
    "Transition",
]

REQUEST_LIMIT = 1024 * 1024
"""Bytes of a change's values as JSON: a hundred times the largest record that the vendors' pages allow."""

ANSWER_LIMIT = 64 * 1024
"""Bytes of an answer that is kept whole; of a longer one only its length is."""

MESSAGE_LIMIT = 2000
"""Characters of a message that are kept."""

BY_HAND = "by-hand"
"""The code of a change that a person marked as done."""

REPLACED = "replaced"
"""The code of a change in whose place the agent, having mended it or decided a conflict, sent another."""

LOST = "lost"
"""The code of a change whose process died while it was being sent."""

_NEW = (
    "id", "kind", "state", "customer_id", "customer_name", "union_id", "user_id", "request", '"before"', "repeatable",
    "batch", "undo_of", "os_user", "host", "profile", "uid", "source", "author", "created_at", "changed_at",
)  # fmt: skip

_CHANGE = """
    SELECT id, kind, state, customer_id, customer_name, union_id, user_id, request, "before", "after", repeatable,
        batch, undo_of,
        (SELECT max(undo.id) FROM changes AS undo
            WHERE undo.undo_of = changes.id AND undo.state NOT IN ('failed', 'discarded')) AS undone_by,
        os_user, host, profile, uid, source, author, created_at, sent_at, settled_at, attempts, code, message, answer,
        NULL
    FROM changes
"""
"""The columns of a `Change`."""


class Changes:
    """The changes of one profile. Every method raises `StoreError`s."""

    def __init__(self, database: Database, presence: Presence, journal: FileJournal) -> None:
        self._database = database
        self._presence = presence
        self._journal = journal

    # Recording and sending

    def add(
        self,
        changes: Sequence[NewChange],
        *,
        draft: DraftId | None = None,
        replaces: int | None = None,
        newest: int | None = None,
    ) -> list[int]:
        """Record `changes`, all or none; when it returns they outlive a power cut.

        In the same transaction `draft` goes, which they were typed as, and so does the change, failed or waiting, that
        they take the place of: what is on its way is never offered, or sent, a second time.

        `newest`: they go on with their batch, whose last change this is as far as the caller knows; 0, it has none yet.

        Raises: TooLarge; Overtaken where another process recorded changes of that batch meanwhile, or sent or settled
            the change that is to be replaced.
        """
        now = time.time()
        texts = [(_limited(change.request), _limited(change.before)) for change in changes]
        with self._database.writing(durable=True) as connection:
            if changes and newest is not None:
                _check_newest(connection, changes[0].batch, newest)
            last = connection.execute("SELECT id, uid FROM changes ORDER BY id DESC LIMIT 1").fetchone()
            last_id, last_uid = last or (0, "")
            rows = [
                (
                    id, change.kind, change.state, _text(change.customer_id), _text(change.customer_name),
                    change.union_id, _text(change.user_id), request, before, change.repeatable, change.batch,
                    change.undo_of, _text(change.os_user), _text(change.host), change.profile, uid, change.source,
                    _text(change.author), now, now,
                )
                for id, (uid, change, (request, before)) in enumerate(
                    zip(new_ids(len(changes), now, last_uid), changes, texts, strict=True), last_id + 1
                )
            ]  # fmt: skip
            connection.executemany(
                f"INSERT INTO changes ({', '.join(_NEW)}) VALUES ({placeholders(_NEW)})",  # noqa: S608
                rows,
            )
            ids = list(map(itemgetter(0), rows))
            self._tell(connection, [id for id, change in zip(ids, changes, strict=True) if change.state is State.KEPT])
            if draft is not None:
                connection.execute("DELETE FROM drafts WHERE id = ?", (draft,))
            if replaces is not None:
                thrown = "settled_at = ?, code = ?, message = ?"
                noted = (now, REPLACED, N_("decided anew, and sent as another change"))
                waiting = (State.PENDING, State.FAILED)
                if not self._move(connection, [replaces], waiting, State.DISCARDED, thrown, noted):
                    raise Overtaken(
                        N_("the change that this was to take the place of has gone its way meanwhile"),
                        todo=N_("Look at it in the outbox and the journal; nothing was recorded here."),
                    )
        return ids

    def claim(self, ids: Sequence[int]) -> list[Change]:
        """Take those of `ids` that are pending, to send them now; no other process gets them too.

        A customer's changes go out in their order: one is left where an earlier one, not among `ids`, is still to go.
        """
        now, token = time.time(), self._presence.token()
        with self._database.writing(durable=True) as connection:
            wanted = set(ids)
            held_up = {later for later, earlier in self._queues(connection, ids) if earlier not in wanted}
            free = [id for id in ids if id not in held_up]
            lost = self._sendings(connection, free)
            taken = self._move(
                connection,
                free,
                (State.PENDING,),
                State.SENDING,
                "sender = ?, sent_at = ?, attempts = attempts + 1, code = '', message = '', answer = NULL",
                (token, now),
            )
            return [replace(change, lost_at=lost.get(change.id)) for change in self._select(connection, taken)]

    def ahead(self, ids: Sequence[int]) -> list[Change]:
        """What waits and must go before `ids`: earlier changes of the same customers."""
        with self._database.reading() as connection:
            earlier = {earlier for _later, earlier in self._queues(connection, ids)} - set(ids)
            return [change for change in self._select(connection, sorted(earlier)) if change.state is State.PENDING]

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Note what became of changes that this process took; others are left as they are."""
        self._settle(settlements, "state = 'sending' AND sender = ?", (self._presence.token(),))

    def resolve_unknown(self, settlements: Sequence[Settlement]) -> None:
        """Note what was found out about unknown changes by reading at the vendor."""
        self._settle(settlements, "state = 'unknown'", ())

    def _settle(self, settlements: Sequence[Settlement], where: str, values: Sequence[object]) -> None:
        now = time.time()
        with self._database.writing(durable=True) as connection:
            own = {
                id
                for some in chunks([item.id for item in settlements])
                for (id,) in connection.execute(
                    f"SELECT id FROM changes WHERE id IN ({placeholders(some)}) AND {where}",  # noqa: S608
                    (*some, *values),
                )
            }
            settled = [item for item in settlements if item.id in own]
            connection.executemany(
                """
                UPDATE changes SET state = ?, changed_at = ?, settled_at = ?, sender = NULL, code = ?, message = ?,
                    "after" = ?, answer = ?, customer_id = coalesce(?, customer_id),
                    sent_at = CASE WHEN ? THEN NULL ELSE sent_at END
                WHERE id = ?
                """,
                [
                    (
                        item.state, now, None if item.state is State.PENDING else now, _text(item.code),
                        _text(item.message), _limited(item.after), _answer(item.answer), item.customer_id,
                        item.unsent, item.id,
                    )
                    for item in settled
                ],
            )  # fmt: skip
            self._tell(connection, [item.id for item in settled if item.state not in ON_THE_WAY])

    def release(self, ids: Sequence[int]) -> list[int]:
        """Give back those of `ids` that this process took and surely did not send: they are pending again."""
        token = self._presence.token()
        with self._database.writing(durable=True) as connection:
            own = connection.execute("SELECT id FROM changes WHERE state = 'sending' AND sender = ?", (token,))
            taken = set(ids).intersection(id for (id,) in own)
            released = "sender = NULL, attempts = attempts - 1"
            return self._move(connection, sorted(taken), (State.SENDING,), State.PENDING, released)

    def recover(self) -> Recovered:
        """Free what processes that died had taken: it waits again where a second sending does no harm, else it is
        unknown."""
        with self._database.reading() as connection:
            if not self._dead(connection):
                return Recovered((), ())  # nothing is written, nor fsynced, for the sake of looking
        with self._database.writing(durable=True) as connection:
            found = [
                row
                for sender in self._dead(connection)
                for row in connection.execute(
                    "SELECT id, repeatable FROM changes WHERE state = 'sending' AND sender = ?", (sender,)
                )
            ]
            why = "sender = NULL, code = ?, message = ?"
            noted = (LOST, N_("the program ended before the answer came"))
            harmless = [id for id, repeatable in found if repeatable]
            others = [id for id, repeatable in found if not repeatable]
            pending = self._move(connection, harmless, (State.SENDING,), State.PENDING, why, noted)
            unknown = self._move(connection, others, (State.SENDING,), State.UNKNOWN, why, noted)
        return Recovered(tuple(pending), tuple(unknown))

    def _dead(self, connection: sqlite3.Connection) -> list[str]:
        """The processes that took changes and are gone."""
        senders = connection.execute("SELECT DISTINCT sender FROM changes WHERE state = 'sending'").fetchall()
        return [sender for (sender,) in senders if not self._presence.alive(sender)]

    # What a person decides; each returns the ids that it moved

    def retry(self, ids: Sequence[int]) -> list[int]:
        """Have failed and unknown changes sent again; whoever says so has seen that they are not at the vendor."""
        with self._database.writing(durable=True) as connection:
            again = "attempts = 0, settled_at = NULL, sent_at = NULL"
            return self._move(connection, ids, (State.FAILED, State.UNKNOWN), State.PENDING, again)

    def discard(self, ids: Sequence[int]) -> list[int]:
        """Throw away changes that wait, failed or are unknown; the journal keeps them."""
        with self._database.writing(durable=True) as connection:
            unsent = (State.PENDING, State.FAILED, State.UNKNOWN)
            return self._move(connection, ids, unsent, State.DISCARDED, "settled_at = ?", (time.time(),))

    def hold(self, ids: Sequence[int]) -> list[int]:
        """Keep changes that wait from being sent by themselves."""
        with self._database.writing(durable=True) as connection:
            held = "settled_at = ?, code = ?, message = ?"
            noted = (time.time(), STOPPED, N_("stopped by hand before it was sent"))
            return self._move(connection, ids, (State.PENDING,), State.FAILED, held, noted)

    def mark_done(self, ids: Sequence[int]) -> list[int]:
        """Take failed and unknown changes for applied, because a person looked."""
        with self._database.writing(durable=True) as connection:
            done = "settled_at = ?, code = ?, message = ?"
            noted = (time.time(), BY_HAND, N_("marked as done by hand"))
            return self._move(connection, ids, (State.FAILED, State.UNKNOWN), State.SENT, done, noted)

    # Reading

    def get(self, change_id: int) -> Change | None:
        """One change; None where there is none."""
        return next(iter(self.get_many([change_id])), None)

    def get_many(self, ids: Sequence[int]) -> list[Change]:
        """Those of `ids` that there are, in the order of their ids."""
        with self._database.reading() as connection:
            return self._select(connection, ids)

    def pending(self, limit: int = 1000, *, after: int = 0) -> list[Change]:
        """What waits to be sent, the oldest first: at most `limit` with ids over `after`."""
        return self._read("WHERE state = 'pending' AND id > ? ORDER BY id LIMIT ?", after, limit)

    def unknown(self, kind: Kind) -> list[Change]:
        """Every change of `kind` of which nobody knows whether it arrived, the oldest first."""
        return self._read("WHERE state = 'unknown' AND kind = ? ORDER BY id", kind)

    def outbox(self, limit: int = 1000, *, after: int = 0) -> list[Change]:
        """What waits, is under way, failed or is unknown, the oldest first: at most `limit` with ids over `after`."""
        where = f"WHERE state IN ({placeholders(UNSETTLED)}) AND id > ? ORDER BY id LIMIT ?"
        return self._read(where, *UNSETTLED, after, limit)

    def on_the_way(
        self, customer_id: str | None = None, limit: int = 200, *, kinds: Sequence[Kind] = tuple(Kind)
    ) -> list[Change]:
        """What waits or is being sent, of one customer where given, the newest first: at most `limit`."""
        which, values = ("customer_id = ? AND ", (customer_id,)) if customer_id is not None else ("", ())
        of = f"+state IN ({placeholders(ON_THE_WAY)}) AND kind IN ({placeholders(kinds)})"
        if customer_id is None:
            of = of.removeprefix("+")
        return self._read(f"WHERE {which}{of} ORDER BY id DESC LIMIT ?", *values, *ON_THE_WAY, *kinds, limit)

    def undone_by(self, ids: Sequence[int]) -> Mapping[int, int]:
        """Which of `ids` are taken back by another change, that neither failed nor was thrown away, and by which."""
        found: dict[int, int] = {}
        with self._database.reading() as connection:
            for some in chunks(ids):
                query = f"""
                    SELECT undo_of, max(id) FROM changes WHERE undo_of IN ({placeholders(some)})
                        AND state NOT IN ('failed', 'discarded') GROUP BY undo_of
                """  # noqa: S608
                found.update(connection.execute(query, some).fetchall())
        return found

    def counts(self) -> Mapping[State, int]:
        """How many changes stand in each state; a state without any is 0."""
        with self._database.reading() as connection:
            found = dict(connection.execute("SELECT state, count(*) FROM changes GROUP BY state").fetchall())
        return {state: found.get(state, 0) for state in State}

    def states(self, customer_ids: Sequence[str]) -> Mapping[str, State]:
        """Return how far those of `customer_ids` have come for whom something stands in the outbox: of several changes
        the state that needs a person most."""
        worst: dict[str, State] = {}
        with self._database.reading() as connection:
            for ids in chunks(customer_ids):
                found = connection.execute(
                    f"""
                    SELECT customer_id, state FROM changes
                    WHERE customer_id IN ({placeholders(ids)}) AND state IN ({placeholders(UNSETTLED)})
                    """,  # noqa: S608
                    (*ids, *UNSETTLED),
                )
                for customer_id, state in found:
                    if customer_id not in worst or UNSETTLED.index(state) > UNSETTLED.index(worst[customer_id]):
                        worst[customer_id] = State(state)
        return worst

    def trail(self, change_id: int) -> list[Transition]:
        """Every state that a change came into, the first first."""
        with self._database.reading() as connection:
            query = "SELECT at, state, code, message FROM transitions WHERE change = ? ORDER BY rowid"
            found = connection.execute(query, (change_id,)).fetchall()
        return [Transition(at, State(state), code, message) for at, state, code, message in found]

    def _read(self, where: str, *values: object) -> list[Change]:
        with self._database.reading() as connection:
            return [_change(row) for row in connection.execute(_CHANGE + where, values)]

    def _queues(self, connection: sqlite3.Connection, ids: Sequence[int]) -> set[tuple[int, int]]:
        """For each of `ids` the earlier changes of its customer that are still to go: (later, earlier)."""
        return {
            (later, earlier)
            for some in chunks(ids)
            for later, earlier in connection.execute(
                f"""
                SELECT later.id, earlier.id FROM changes AS later JOIN changes AS earlier USING (customer_id)
                WHERE later.id IN ({placeholders(some)}) AND later.customer_id <> '' AND earlier.id < later.id
                    AND +earlier.state IN ('pending', 'sending')
                """,  # noqa: S608  # the plus has SQLite look among the customer's own changes, not all that wait
                some,
            )
        }

    def _sendings(self, connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, float]:
        """When those of `ids` that may be at the vendor were sent."""
        return {
            id: sent_at
            for some in chunks(ids)
            for id, sent_at in connection.execute(
                f"SELECT id, sent_at FROM changes WHERE id IN ({placeholders(some)}) AND sent_at IS NOT NULL",  # noqa: S608
                some,
            )
        }

    def _select(self, connection: sqlite3.Connection, ids: Sequence[int]) -> list[Change]:
        return [
            _change(row)
            for some in chunks(sorted(ids))
            for row in connection.execute(f"{_CHANGE} WHERE id IN ({placeholders(some)}) ORDER BY id", some)
        ]

    def _move(
        self,
        connection: sqlite3.Connection,
        ids: Sequence[int],
        of: Sequence[State],
        to: State,
        assignments: str,
        values: Sequence[object] = (),
    ) -> list[int]:
        """Bring those of `ids` that are in a state `of` into the state `to`, with `assignments` and their `values`;
        their ids."""
        now = time.time()
        moved: list[int] = []
        for some in chunks(ids):
            query = f"SELECT id FROM changes WHERE id IN ({placeholders(some)}) AND state IN ({placeholders(of)})"  # noqa: S608
            found = [id for (id,) in connection.execute(query, (*some, *of))]
            connection.execute(
                f"UPDATE changes SET state = ?, {assignments}, changed_at = ? WHERE id IN ({placeholders(found)})",  # noqa: S608
                (to, *values, now, *found),
            )
            moved += found
        if to not in ON_THE_WAY:
            self._tell(connection, moved)
        return moved

    def _tell(self, connection: sqlite3.Connection, ids: Sequence[int]) -> None:
        """Tell the journal what became of `ids`, in the transaction that brought them there."""
        if ids:
            self._journal.append_in(connection, entries_of(self._select(connection, ids), time.time()))


def _change(row: Sequence[Any]) -> Change:
    """The change that a row of `_CHANGE` is."""
    values = dict(zip(Change.__dataclass_fields__, row, strict=True))
    for name in ("before", "after", "answer"):
        values[name] = None if values[name] is None else json.loads(values[name])
    values.update(
        kind=Kind(values["kind"]),
        state=State(values["state"]),
        request=json.loads(values["request"]),
        repeatable=bool(values["repeatable"]),
    )
    return Change(**values)


def _check_newest(connection: sqlite3.Connection, batch: str | None, newest: int) -> None:
    """Raise Overtaken where `batch` has come to have a later change than `newest`."""
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM changes WHERE batch = ?", (batch,)).fetchone()
    if last != newest:
        raise Overtaken(
            N_("another kehu began to send this file at the same moment"),
            todo=N_("Let it finish; nothing was recorded here."),
        )


def _text(text: str) -> str:
    """`text` short enough to keep, and without half characters, which SQLite does not take."""
    return text.encode(errors="replace").decode()[:MESSAGE_LIMIT]


def _limited(value: Json | None) -> str | None:
    """`value` as JSON.

    Raises: TooLarge.
    """
    text = None if value is None else json.dumps(value, separators=(",", ":"))
    if text is not None and len(text) > REQUEST_LIMIT:
        raise TooLarge(
            N_("a change of {size} KiB is too large to record; at most {limit} KiB are taken"),
            todo=N_("Shorten it; nothing was sent."),
            size=len(text) // 1024,
            limit=REQUEST_LIMIT // 1024,
        )
    return text


def _answer(value: Json | None) -> str | None:
    """`value` as JSON; of one that is too long, its length."""
    text = None if value is None else json.dumps(value, separators=(",", ":"))
    return text if text is None or len(text) <= ANSWER_LIMIT else json.dumps({"truncated": len(text)})
