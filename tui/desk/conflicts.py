"""What the agent changed against what somebody else changed meanwhile: edits field by field, remarks text by text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui.desk.checks import follower_of
from tui.desk.merging import with_values
from tui.desk.outcome import Conflict, FieldChange, FieldConflict
from tui.desk.values import changes, conflict, from_json
from tui.locale import N_, _
from tui.model.change import Change, Kind, State
from tui.model.customer import Customer, FieldSpec
from tui.model.same import identical, same

FRESH = 600.0
"""Seconds for which what was read is taken for what is there, where many are written to at once: as long as it takes to
look at a list and write a file from it."""

TEXTS: Mapping[str, str] = {"remark": N_("Remark"), "description": N_("Description")}
"""The texts that a colleague notes on a customer, and what a person calls them."""


def since(change: Change, journal: Iterable[Change]) -> Sequence[Change]:
    """What of `journal` was sent from here after `change` was typed, the oldest first: no surprise to whoever typed
    it.
    """
    return sorted(
        (
            earlier
            for earlier in journal
            if earlier.kind is change.kind
            and earlier.state is State.SENT
            and (earlier.settled_at or 0.0) >= change.created_at
            and (change.kind is Kind.UPDATE or earlier.request["user_id"] == change.request["user_id"])
        ),
        key=lambda earlier: earlier.id,
    )


def update_conflict(
    change: Change, theirs: Customer, sent_since: Iterable[Change] = (), specs: Iterable[FieldSpec] = ()
) -> Conflict:
    """An edit that stands in the outbox against the record as it is now, `theirs`."""
    was = from_json(change.before["values"]) if change.before else {}
    for earlier in sent_since:
        was |= from_json(earlier.request["values"])
    return conflict(was, theirs, from_json(change.request["values"]), specs)


def remark_conflict(change: Change, theirs: Customer, sent_since: Iterable[Change] = ()) -> Conflict:
    """A remark that stands in the outbox against what its colleague notes on the customer now."""
    was = dict(change.before or {})
    for earlier in sent_since:
        was |= _texts(earlier.request)
    return texts_conflict(theirs, change.request["user_id"], was, _texts(change.request))


def texts_conflict(theirs: Customer, user_id: str, was: Mapping[str, str], mine: Mapping[str, str]) -> Conflict:
    """The texts `mine`, typed over `was`, against what the colleague `user_id` notes on the customer now, `theirs`."""
    now = follower_of(theirs, user_id)
    clashes, clear = [], {}
    for name, wanted in mine.items():
        there = was.get(name, "") if now is None else str(getattr(now, name))
        if identical(None, there, wanted):
            continue
        if same(None, was.get(name, ""), there):
            clear[name] = wanted
        elif not same(None, there, wanted):
            clashes.append(FieldConflict(name, _(TEXTS[name]), was.get(name, ""), there, wanted))
    return Conflict(tuple(clashes), theirs, clear)


def taken_back(change: Change, specs: Iterable[FieldSpec] = ()) -> tuple[FieldChange, ...]:
    """What undoing `change`, an edit or a remark that can be undone, writes: each field as `change` left it, and
    before.
    """
    before = change.before or {}
    if change.kind is Kind.UPDATE:
        left = with_values(Customer(id=change.customer_id), from_json(change.request["values"]))
        return changes(left, from_json(before["values"]), specs, equal=identical)
    written = _texts(change.request)
    return tuple(
        FieldChange(name, _(TEXTS[name]), text, before[name]) for name, text in written.items() if before.get(name)
    )


def left_standing(change: Change) -> tuple[str, ...]:
    """The names of the texts that undoing `change` leaves: there was none before, and no vendor clears one."""
    if change.kind is not Kind.REMARK or change.before is None:
        return ()
    return tuple(name for name in _texts(change.request) if not change.before.get(name))


def _texts(request: Mapping[str, str]) -> dict[str, str]:
    return {name: request[name] for name in TEXTS if request.get(name) is not None}
