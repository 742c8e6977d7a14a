"""Sending one edit to the vendors that it is for: shown before, each through its own outbox, told vendor by vendor."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.desk.outcome import ChangedSinceError, Delivery
from tui.locale import _, ngettext
from tui.model.customer import FieldValue
from tui.model.errors import InvalidError, KehuError
from tui.screens.forms.conflict import resolve
from tui.screens.forms.drafts import DraftKeeper
from tui.screens.linked.editable_sections import EditableSection
from tui.screens.outbox.changes import lines_of
from tui.screens.outbox.mend import mend, refused_change
from tui.screens.result_text import told, verdicts
from tui.screens.widget_texts import words
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


@dataclass(frozen=True, slots=True)
class Share:
    """What of an edit goes to one profile, and the draft that it was typed as, if it was."""

    part: EditableSection
    values: Mapping[str, FieldValue]
    keeper: DraftKeeper | None = None

    @property
    def profile(self) -> str:
        """Where it goes."""
        return self.part.source.profile


async def confirmed(main: MainScreen, shares: Sequence[Share]) -> bool:
    """Whether the agent, who sees each field before and after, vendor by vendor, wants them saved."""
    lines: list[str] = []
    count = 0
    alone = [share.profile for share in shares] == [main.people.source.profile]
    for share in shares:
        changes = share.part.desk.preview(share.part.customer, share.values)
        count += len(changes)
        told = lines_of(changes, share.part.specs, share.part.cover.masker)
        lines += told if alone else [f"{share.profile} · {share.part.source.title}", *(f"  {line}" for line in told)]
    question = ngettext("Save {count} change?", "Save {count} changes?", count).format(count=count)
    dialog = ConfirmDialog(_("Save"), question, lines, safe=True, words=words())
    sure = await main.app.push_screen_wait(dialog)
    return bool(sure)


async def mistake(main: MainScreen, shares: Sequence[Share]) -> str:
    """What is wrong with `shares`, so that none of them is sent; empty where nothing is."""
    for share in shares:
        try:
            await share.part.desk.check(share.values)
        except InvalidError as error:
            own = share.profile == main.people.source.profile
            return told(error) if own else f"{share.profile}: {told(error)}"
    return ""


async def save(main: MainScreen, shares: Sequence[Share]) -> None:
    """Send `shares`, all at once, and tell how far each came; where somebody else changed the same fields, the agent
    decides."""
    main.tell(_("Saving …"))
    sent = await asyncio.gather(*(_send(share) for share in shares))
    outcomes: dict[str, Delivery] = {}
    for share, first in zip(shares, sent, strict=True):
        outcome = first
        while isinstance(outcome.error, ChangedSinceError):
            found = outcome.error.conflict
            wanted = await resolve(main, share.part.desk, found)
            if wanted is None:
                break
            decided = replace(share, part=replace(share.part, customer=found.theirs), values=wanted)
            outcome = await _send(decided) if wanted else Delivery(customer=found.theirs)
        if outcome.error is None and not outcome.change_ids and share.keeper is not None:
            await share.keeper.drop()  # what is there already needs no draft
        outcomes[share.profile] = outcome
    _tell(main, shares, outcomes)
    own = outcomes.get(main.people.source.profile)
    if own is not None and not own.unsent:
        main.list_pane.redraw_row(own.customer)
    main.customer_pane.again()
    for share in shares:
        change = await refused_change(share.part.desk, outcomes[share.profile])
        if change is not None:
            await mend(main, share.part.desk, change, _("Saved {name}.").format(name=change.customer_name))


async def _send(share: Share) -> Delivery:
    draft = share.keeper.id if share.keeper else None
    try:
        return await share.part.desk.update(share.part.customer, share.values, draft=draft)
    except KehuError as error:
        return Delivery(error=error)


def _tell(main: MainScreen, shares: Sequence[Share], outcomes: Mapping[str, Delivery]) -> None:
    """One vendor's outcome, where it is the profile's own, in full; several side by side."""
    own = main.people.source.profile
    outcome = outcomes[own] if list(outcomes) == [own] else None
    if outcome is None:
        note = verdicts(outcomes)
        main.tell(note.text, note.tone)
    elif isinstance(outcome.error, ChangedSinceError):
        main.tell(_("Not sent; what you typed is kept as a draft."))
    elif outcome.unsent and outcome.error is not None:
        main.tell_error(outcome.error)
    elif not outcome.change_ids:
        main.tell(_("Not sent: theirs stays."))
    else:
        customer = shares[0].part.customer
        main.tell_delivery(outcome, _("Saved {name}.").format(name=customer.name or customer.id))
