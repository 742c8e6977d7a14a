"""The follow history of a customer: what was said and noted from here, as the entries of a reading pane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from tui.desk.change_labels import REMARK_TEXTS, state_name
from tui.desk.outcome import Change, Kind, State
from tui.locale import N_, _, ngettext
from tui.text import local_time, plain
from widgets.blocks import Block, Entry, Field, Section, Tone

HISTORY, OLDER = "said", "older"
"""What a `ref` begins with: of an entry, its profile and change follow; of the line that shows older ones, nothing."""

SHOWN, MORE = 10, 50
"""Entries that are shown at first, and how many more when older ones are asked for."""

LAST_WORDS = 160
"""Characters of the last words at the top of a customer; the history has all of them."""

TONES: dict[State, Tone] = {
    State.PENDING: "warn",
    State.SENDING: "info",
    State.SENT: "muted",
    State.FAILED: "error",
    State.UNKNOWN: "error",
    State.DISCARDED: "muted",
    State.KEPT: "muted",
}
"""How a change's state is meant."""

NOT_SAID = (State.FAILED, State.DISCARDED)
"""States of what did not reach anybody."""


@dataclass(frozen=True, slots=True)
class HistoryView:
    """How a history is looked at: which entries are open, and how many are shown."""

    opened: frozenset[str] = frozenset()
    """By their refs."""
    shown: int = SHOWN

    @property
    def needed(self) -> int:
        """How many changes have to be read for it: what is shown, and whether there is more."""
        from tui.desk.changes_made import LIMIT  # the first frame shows no history

        return max(LIMIT, self.shown + MORE)

    def changed(self, ref: str) -> HistoryView:
        """Return it with the entry that `ref` stands for opened, or closed; or with older ones shown."""
        if ref == OLDER:
            return replace(self, shown=self.shown + MORE)
        return replace(self, opened=self.opened ^ {ref})


NO_NAMES: Mapping[str, str] = MappingProxyType({})
"""Of colleagues who are called by their ids."""

CLOSED = HistoryView()
"""As a history is first seen."""


def history_blocks(
    changes: Sequence[Change], view: HistoryView, note: str = "", names: Mapping[str, str] = NO_NAMES
) -> Iterable[Block]:
    """The section of the history that `changes` make, the latest first; nothing without any and without a `note`.

    `names` are what colleagues are called, by their ids.
    """
    entries = _in_order(changes, names)
    if not entries and not note:
        return
    yield Section(_("Follow history"), note, wide=True)
    for _moment, entry in entries[: view.shown]:
        yield replace(entry, shape="below" if entry.ref in view.opened else "line")
    if (older := len(entries) - view.shown) > 0:
        text = ngettext("{count} older one: Enter shows it", "{count} older ones: Enter shows more", older)
        yield Field("", ((text.format(count=f"{older:,}"), ""),), ref=OLDER)


def last_words(changes: Sequence[Change], names: Mapping[str, str] = NO_NAMES) -> Iterable[Block]:
    """The last follow-up of `changes`, with who wrote it and when; nothing where there is none."""
    said = [change for change in changes if change.kind is Kind.FOLLOW and change.state not in NOT_SAID]
    for _moment, entry in _in_order(said, names)[:1]:
        text = plain(entry.text)
        shown = text if len(text) <= LAST_WORDS else text[:LAST_WORDS].rstrip() + "…"
        memo = " ".join(filter(None, (entry.time, entry.who)))
        yield Field(_("Last words"), ((shown, memo),), whole=(entry.text,))


def _in_order(changes: Sequence[Change], names: Mapping[str, str]) -> list[tuple[float, Entry]]:
    """The entries of `changes` with when they happened, the latest first."""
    entries = [dated for change in changes for dated in _dated(change, names)]
    return sorted(entries, key=lambda dated: dated[0], reverse=True)


def entries_of(change: Change) -> Iterable[Entry]:
    """The entries of the follow history that `change` makes."""
    for _moment, entry in _dated(change):
        yield entry


def _dated(change: Change, names: Mapping[str, str] = NO_NAMES) -> Iterable[tuple[float, Entry]]:
    state, tone = state_name(change), TONES[change.state]
    if change.state is State.KEPT and not change.id:
        state = _("note")  # a colleague's: what is kept is kept there
    texts: list[tuple[float, str]] = []
    if change.kind is Kind.FOLLOW:
        for text in change.request["texts"]:
            at = datetime.fromisoformat(text["at"]).timestamp() if text.get("at") else change.created_at
            texts.append((at, text["content"]))
    elif change.kind is Kind.REMARK:
        parts = [
            _(text).format(text=change.request[name]) for name, text in REMARK_TEXTS.items() if change.request.get(name)
        ]
        texts.append((change.created_at, " · ".join(parts)))
    else:
        texts.append((change.created_at, _(DEEDS[change.kind])))
    for number, (at, text) in enumerate(texts):
        ref = f"{HISTORY} {change.profile} {change.id or change.uid} {number}"
        yield at, Entry(local_time(at), names.get(change.user_id, change.user_id), text, state, tone, ref=ref)


DEEDS = {Kind.CREATE: N_("created"), Kind.UPDATE: N_("edited"), Kind.DELETE: N_("deleted")}
"""What the follow history says of a change that is more than one text."""
