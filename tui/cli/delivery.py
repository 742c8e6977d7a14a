"""What became of a change, told to a person or a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.cli.base import Session
from tui.cli.failures import say_error
from tui.cli.output import print_json, say
from tui.cli.shapes import batch_json
from tui.client.errors import NetworkError, OutcomeUnknownError, StorageError
from tui.locale import _, listed, ngettext

if TYPE_CHECKING:
    from tui.desk.outcome import Delivery, FieldChange

PARTLY = 1
"""Exit code of what the vendor refused, or did in part."""


def raise_if_failed(session: Session, delivery: Delivery) -> None:
    """Raise what DELIVERY failed by as a whole; a person hears first that what is recorded will be sent again."""
    if delivery.error is None:
        return
    refused = delivery.failures and not delivery.waiting and not any(failure.unknown for failure in delivery.failures)
    if refused and not session.json:
        ids = ", ".join(map(str, delivery.change_ids))
        say(
            _("not lost: it stands in the outbox as {ids}; send it with other values: kehu outbox edit").format(ids=ids)
        )
    if delivery.waiting and not session.json:
        say(_("not lost: it waits in the outbox, and is sent when the desk is open next"))
    raise delivery.error


def exit_code_of(session: Session, delivery: Delivery) -> int:
    """The exit code of DELIVERY, which did not fail as a whole; names what did not go as sent."""
    from tui.desk.texts import texts

    for failure in () if session.json else delivery.failures:
        code = f" ({failure.code})" if failure.code else ""
        say(f"{failure.customer} {failure.user_id}: {_(failure.message)}{code}")
    for change in delivery.surprises:
        text = _("{label}: sent {sent}, but the vendor now has {there}")
        sent, there = (listed(texts(value)) or "–" for value in (change.before, change.after))
        say(text.format(label=_(change.label), sent=sent, there=there))
    if delivery.meanwhile:
        labels = listed(_(change.label) for change in delivery.meanwhile)
        say(_("somebody else changed meanwhile: {fields}").format(fields=labels))
    if delivery.unnoted is not None:
        say_error(delivery.unnoted)
    if delivery.waiting:
        text = ngettext("{count} change waits in the outbox", "{count} changes wait in the outbox", delivery.waiting)
        say(text.format(count=delivery.waiting))
        return NetworkError.exit_code
    if any(failure.unknown for failure in delivery.failures):
        return OutcomeUnknownError.exit_code
    if delivery.unnoted is not None:
        return StorageError.exit_code
    return PARTLY if delivery.failures or delivery.surprises else 0


def tell_drops(session: Session, changes: Sequence[FieldChange]) -> None:
    """Tell a person, before CHANGES are sent, what the vendor has in a list now and would have no more."""
    for change in () if session.json else changes:
        if change.drops:
            text = _("{label}: no longer there: {values}")
            say(text.format(label=_(change.label), values=listed(change.drops)))


def report_batch(session: Session, delivery: Delivery, done: str) -> int:
    """Tell how a batch went; DONE is what a person reads when all of it did. The exit code."""
    raise_if_failed(session, delivery)
    if session.json:
        print_json(batch_json(delivery.applied, delivery.failures))
    elif delivery.ok:
        say(done)
    return exit_code_of(session, delivery)
