"""How far a change came, as the screens show it."""

from __future__ import annotations

from collections.abc import Mapping

from tui.desk.outbox.delivery_text import in_full, in_short, told
from tui.desk.outcome import Delivery
from tui.locale import _
from tui.model.errors import KehuError
from widgets.blocks import Note, Tone

__all__ = ["failed", "told", "verdict", "verdicts"]

WORST_FIRST: tuple[Tone, ...] = ("error", "warn", "info", "ok", "muted")
"""Tones, in the order in which an agent has to hear of them."""


def failed(error: KehuError) -> Note:
    """What failed in a pane, what to do, and the key that tries again."""
    return Note(told(error) + "\n" + _("Press R to try again."), "error")


def verdict(delivery: Delivery, done: str) -> Note:
    """How far `delivery` came: `done` only where the vendor has it as it was sent."""
    return Note(*in_full(delivery, done))


def verdicts(deliveries: Mapping[str, Delivery]) -> Note:
    """How far each vendor's share of one edit came, by profile: what went wrong stands first."""
    notes = sorted(
        ((profile, in_short(delivery)) for profile, delivery in deliveries.items()),
        key=lambda item: WORST_FIRST.index(item[1].tone),
    )
    return Note(" · ".join(f"{profile}: {note.text}" for profile, note in notes), notes[0][1].tone)
