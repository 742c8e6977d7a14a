"""How far a change came, in words: saved only where the vendor's answer says so."""

from __future__ import annotations

from collections.abc import Mapping

from tui.desk.outcome import Delivery
from tui.locale import _
from tui.model.errors import KehuError
from widgets.blocks import Note, Tone

WORST_FIRST: tuple[Tone, ...] = ("error", "warn", "info", "ok", "muted")
"""Tones, in the order in which an agent has to hear of them."""


def told(error: KehuError) -> str:
    """What failed, and what to do, in one line."""
    message, hint = error.message(_), error.hint(_)
    return _("{message}. {hint}").format(message=message.rstrip(".。"), hint=hint) if hint else message


def failed(error: KehuError) -> Note:
    """What failed in a pane, what to do, and the key that tries again."""
    return Note(told(error) + "\n" + _("Press R to try again."), "error")


def verdict(delivery: Delivery, done: str) -> Note:
    """How far `delivery` came: `done` only where the vendor has it as it was sent."""
    error = told(delivery.error) if delivery.error else ""
    if delivery.waiting:
        return Note(_("Recorded; it goes by itself. Press o for the outbox. {reason}").format(reason=error), "warn")
    if delivery.unnoted is not None:
        return Note(f"{done} {told(delivery.unnoted)}", "warn")
    if delivery.failures:
        failure = delivery.failures[0]
        state = _("unknown") if failure.unknown else _("refused")
        text = _("{count} {state}. Press o for the outbox. {reason}")
        reason = error or _(failure.message)
        return Note(text.format(count=len(delivery.failures), state=state, reason=reason), "error")
    if delivery.surprises:
        labels = ", ".join(_(change.label) for change in delivery.surprises)
        return Note(_("Saved, but the vendor kept other values in: {fields}").format(fields=labels), "warn")
    if delivery.meanwhile:
        labels = ", ".join(_(change.label) for change in delivery.meanwhile)
        return Note(_("Saved. Somebody else changed meanwhile: {fields}").format(fields=labels), "warn")
    return Note(done, "ok")


def short_verdict(outcome: Delivery | KehuError) -> Note:
    """The same in a word or two and the reason, to stand beside other vendors'."""
    if isinstance(outcome, KehuError):
        return Note(_("not sent: {reason}").format(reason=outcome.message(_)), "error")
    if outcome.waiting:
        return Note(_("waits for the line"), "warn")
    if outcome.failures:
        failure = outcome.failures[0]
        text = _("unknown: {reason}") if failure.unknown else _("refused: {reason}")
        reason = outcome.error.message(_) if outcome.error else _(failure.message)
        return Note(text.format(reason=reason), "error")
    if outcome.surprises:
        labels = ", ".join(_(change.label) for change in outcome.surprises)
        return Note(_("saved, but kept other values in {fields}").format(fields=labels), "warn")
    if outcome.meanwhile:
        labels = ", ".join(_(change.label) for change in outcome.meanwhile)
        return Note(_("saved; changed by somebody else: {fields}").format(fields=labels), "warn")
    return Note(_("saved"), "ok") if outcome.change_ids else Note(_("nothing to send"), "info")


def verdicts(outcomes: Mapping[str, Delivery | KehuError]) -> Note:
    """How far each vendor's share of one edit came, by profile: what went wrong stands first."""
    notes = sorted(
        ((profile, short_verdict(outcome)) for profile, outcome in outcomes.items()),
        key=lambda item: WORST_FIRST.index(item[1].tone),
    )
    return Note(" · ".join(f"{profile}: {note.text}" for profile, note in notes), notes[0][1].tone)
