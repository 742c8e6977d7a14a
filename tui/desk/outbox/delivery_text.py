"""What became of changes, in words, for the screens and the command line alike: saved only where the vendor says so."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tui.desk.change_labels import reason, state_name
from tui.desk.outcome import Delivery
from tui.locale import _, listed, ngettext
from tui.model.change import Kind
from tui.model.errors import KehuError


class Told(NamedTuple):
    """A line, and how an agent has to take it."""

    text: str
    tone: Literal["error", "warn", "info", "ok"]


def told(error: KehuError) -> str:
    """What failed, and what to do, in one line."""
    message, hint = error.message(_), error.hint(_)
    return _("{message}. {hint}").format(message=message.rstrip(".。"), hint=hint) if hint else message


def in_full(delivery: Delivery, done: str) -> Told:
    """How far `delivery` came: `done` only where the vendor has it as it was sent."""
    error = told(delivery.error) if delivery.error else ""
    if delivery.waiting:
        return Told(_("Recorded; it goes by itself. Press o for the outbox. {reason}").format(reason=error), "warn")
    if delivery.unnoted is not None:
        return Told(f"{done} {told(delivery.unnoted)}", "warn")
    if delivery.failures:
        failure = delivery.failures[0]
        state = _("unknown") if failure.unknown else _("refused")
        text = _("{count} {state}. Press o for the outbox. {reason}")
        reason = error or _(failure.message)
        return Told(text.format(count=len(delivery.failures), state=state, reason=reason), "error")
    if delivery.surprises:
        labels = ", ".join(_(change.label) for change in delivery.surprises)
        return Told(_("Saved, but the vendor kept other values in: {fields}").format(fields=labels), "warn")
    if delivery.meanwhile:
        labels = ", ".join(_(change.label) for change in delivery.meanwhile)
        return Told(_("Saved. Somebody else changed meanwhile: {fields}").format(fields=labels), "warn")
    return Told(done, "ok")


def in_short(delivery: Delivery) -> Told:
    """The same in a word or two and the reason, to stand beside other vendors'."""
    if delivery.unsent and delivery.error is not None:
        return Told(_("not sent: {reason}").format(reason=delivery.error.message(_)), "error")
    if delivery.waiting:
        return Told(_("waits for the line"), "warn")
    if delivery.failures:
        failure = delivery.failures[0]
        text = _("unknown: {reason}") if failure.unknown else _("refused: {reason}")
        reason = delivery.error.message(_) if delivery.error else _(failure.message)
        return Told(text.format(reason=reason), "error")
    if delivery.surprises:
        labels = ", ".join(_(change.label) for change in delivery.surprises)
        return Told(_("saved, but kept other values in {fields}").format(fields=labels), "warn")
    if delivery.meanwhile:
        labels = ", ".join(_(change.label) for change in delivery.meanwhile)
        return Told(_("saved; changed by somebody else: {fields}").format(fields=labels), "warn")
    return Told(_("saved"), "ok") if delivery.change_ids else Told(_("nothing to send"), "info")


def line_by_line(delivery: Delivery) -> list[str]:
    """What did not go as it was sent, a line each: every failure, and what the vendor has otherwise."""
    return [*_failures(delivery), *not_as_sent(delivery)]


def _failures(delivery: Delivery) -> list[str]:
    return [
        f"{failure.customer} {failure.user_id}: {_(failure.message)}" + (f" ({failure.code})" if failure.code else "")
        for failure in delivery.failures
    ]


def not_as_sent(delivery: Delivery) -> list[str]:
    """What the vendor has otherwise than it was sent, a line each, and what others changed meanwhile."""
    from tui.model.display import texts  # the first frame tells of no change

    lines = []
    text = _("{label}: sent {sent}, but the vendor now has {there}")
    for change in delivery.surprises:
        sent, there = (listed(texts(value)) or "–" for value in (change.before, change.after))
        lines.append(text.format(label=_(change.label), sent=sent, there=there))
    if delivery.meanwhile:
        labels = listed(_(change.label) for change in delivery.meanwhile)
        lines.append(_("somebody else changed meanwhile: {fields}").format(fields=labels))
    return lines


def waiting(delivery: Delivery) -> str:
    """How many wait."""
    text = ngettext("{count} change waits in the outbox", "{count} changes wait in the outbox", delivery.waiting)
    return text.format(count=delivery.waiting)


def causes(delivery: Delivery) -> list[str]:
    """How many changes are not at the vendor, a line a cause, the most frequent first."""
    told = _("{count} {state}: {reason}")
    return [
        told.format(count=f"{count:,}", state=state_name(first), reason=reason(first)).rstrip(":： ")
        for first, count in delivery.causes()
    ]


def applied(kind: Kind, count: int) -> str:
    """That `count` changes of `kind` are where they were to go."""
    if kind is Kind.REMARK:
        return ngettext("{count} remark saved", "{count} remarks saved", count).format(count=f"{count:,}")
    if kind is Kind.CREATE:
        return ngettext("{count} customer created", "{count} customers created", count).format(count=f"{count:,}")
    if kind is Kind.UPDATE:
        return ngettext("{count} customer edited", "{count} customers edited", count).format(count=f"{count:,}")
    return ngettext("{count} follow-up saved", "{count} follow-ups saved", count).format(count=f"{count:,}")
