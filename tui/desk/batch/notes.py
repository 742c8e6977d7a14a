"""What colleagues note on the customers of a batch: as their records tell it, with what was sent from here since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.client.values.same import same
from tui.desk.batch.items import Item
from tui.desk.conflicts import TEXTS
from tui.store.change import Change, State
from tui.store.person import Notes, Person

ON_ITS_WAY = (State.PENDING, State.SENDING)
"""States of a remark that will stand there, whatever stands there now."""


class NotesOf:
    """The notes on PEOPLE, whose records are of one time, and what was made from here since of CHANGES."""

    def __init__(self, people: Mapping[str, Person], changes: Iterable[Change]) -> None:
        self._since: dict[tuple[str, str], Notes | None] = {}
        for change in changes:
            if person := people.get(change.customer_id):
                self._lay_over(change, person)

    def of(self, person: Person, user_id: str) -> Notes | None:
        """What USER_ID notes on PERSON; None where nobody can say."""
        return self._since.get((person.id, user_id), person.notes.get(user_id))

    def _lay_over(self, change: Change, person: Person) -> None:
        """What CHANGE wrote since PERSON's record was read stands there; what it may still write, nobody knows."""
        user_id = change.request["user_id"]
        later = (change.settled_at or change.sent_at or 0.0) > person.seen_at
        if change.state in ON_ITS_WAY or (change.state is State.UNKNOWN and later):
            self._since[person.id, user_id] = None
        elif change.state is State.SENT and later:
            remark, description = self.of(person, user_id) or ("", "")
            self._since[person.id, user_id] = (
                change.request.get("remark", remark),
                change.request.get("description", description),
            )


def as_json(notes: Notes) -> dict[str, str]:
    """NOTES by their names."""
    return dict(zip(TEXTS, notes, strict=True))


def changed_since(item: Item, was: Notes | None, now: Notes | None) -> dict[str, str]:
    """Those of the texts that ITEM replaces that somebody else changed, as they WERE when they were last seen here."""
    if was is None or now is None:
        return {}
    seen, there = as_json(was), as_json(now)
    return {
        name: seen[name]
        for name, text in item.request.items()
        if name in seen and not same(None, seen[name], there[name]) and not same(None, there[name], text)
    }
