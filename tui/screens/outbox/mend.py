"""What was not sent, opened in its own form again until it is sent or left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from tui.desk.change_labels import is_held
from tui.desk.outcome import UNSETTLED, Change, Delivery, Kind, State
from tui.locale import _
from tui.model.errors import KehuError
from tui.screens.forms.drafts import DraftKeeper
from tui.screens.result_text import verdict

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen
    from widgets.inputs import Value

Form = Callable[["MainScreen", "Desk", Change], Awaitable[Delivery | None]]
"""Opens a change in its form and sends what is there in its place; None where the agent leaves it."""

FORMS = {
    Kind.CREATE: "tui.screens.outbox.mend_forms:mend_fields",
    Kind.UPDATE: "tui.screens.outbox.mend_forms:mend_fields",
    Kind.REMARK: "tui.screens.outbox.mend_forms:mend_remark",
    Kind.FOLLOW: "tui.screens.outbox.mend_forms:mend_follow",
    Kind.DELETE: "tui.screens.outbox.mend_forms:mend_delete",
}
"""Where the `Form` of each kind is. By name, because the forms call `told_or_mended` themselves."""

FORM = "mend"
"""What drafts of a change that is mended are kept under, by the change's number."""


class MendKeeper(DraftKeeper):
    """Keeps what is typed over the change that the form began with, `begin`; as long as they are alike, nothing."""

    def __init__(
        self, desk: Desk, change: Change, wanted: Mapping[str, Value], there: Mapping[str, Value] | None = None
    ) -> None:
        """`wanted` is what the change was to write, and `there` what stands in the form's fields without it."""
        super().__init__(desk, FORM, str(change.id))
        before = there or {}
        self.begin = {key: value for key, value in wanted.items() if value != before.get(key)}

    async def keep(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        """Put `values` on disk, unless they are what the change holds already."""
        await super().keep({} if dict(values) == self.begin else values, seen)

    def keep_now(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        """The same, before it returns."""
        super().keep_now({} if dict(values) == self.begin else values, seen)

    async def kept(self) -> Mapping[str, object]:
        """What the form begins with: the draft, or the change as it stands."""
        return await super().kept() or self.begin


async def told_or_mended(main: MainScreen, desk: Desk, delivery: Delivery, done: str) -> Delivery | None:
    """Tell how far `delivery` came; where the vendor refused it, open it in its form again until it is sent or left.

    Return the delivery that went through in the end; None where the agent left the form.
    """
    refused = await refused_change(desk, delivery)
    if refused is None:
        _tell(main, desk, delivery, done)
        return delivery
    _tell(main, desk, delivery, done)
    main.app.hold_keys()  # they are for the form that comes
    return await mend(main, desk, refused, done)


async def mend(main: MainScreen, desk: Desk, change: Change, done: str = "") -> Delivery | None:
    """Open `change`, which waits in the outbox or was refused, in its own form, and send what is there in its place.

    Leaving the form loses nothing: the change stays where it was, and what was typed is kept as its draft. `done` is
    told when the vendor took it.
    Raises: UnsupportedError where it is being sent, or nobody knows whether it arrived.
    """
    while True:
        waited = await desk.take_out(change)
        try:
            open_form: Form = resolve_name(FORMS[change.kind])
            delivery = await open_form(main, desk, change)
        except KehuError as error:
            await _put_back(desk, change, waited=waited)
            main.tell_error(error)
            return None
        if delivery is None:
            main.tell(await _put_back(desk, change, waited=waited))
            return None
        again = await refused_change(desk, delivery)
        if again is None:
            _tell(main, desk, delivery, done or _("Sent."))
            return delivery
        _tell(main, desk, delivery, done)
        main.app.hold_keys()  # they are for the form that comes
        change = again


async def refused_change(desk: Desk, delivery: Delivery) -> Change | None:
    """The one change of `delivery` that the vendor refused; None where it waits, nobody knows, or it arrived."""
    if len(delivery.change_ids) != 1 or not delivery.failures:
        return None
    found = await desk.batches.changes(delivery.change_ids)
    return next((change for change in found if change.state is State.FAILED), None)


def _tell(main: MainScreen, desk: Desk, delivery: Delivery, done: str) -> None:
    if desk is main.desk:
        main.tell_delivery(delivery, done)
    else:
        note = verdict(delivery, done)
        main.tell(f"{desk.settings.profile}: {note.text}", note.tone)


async def _put_back(desk: Desk, change: Change, *, waited: bool) -> str:
    """Leave `change` where it was; where that is, in words. What is half mended is not sent by itself."""
    (now,) = await desk.batches.changes([change.id])
    if now.state not in UNSETTLED:
        await keep_apart(desk, [now])
    if waited and is_held(now) and not await desk.drafts.about(FORM, str(change.id)):
        await desk.outbox.let_go(change.id)
        return _("Not changed; it waits again and goes by itself.")
    if is_held(now):
        return _("Not sent: it is held back in the outbox, e opens it again.")
    return _("Not sent: it stays in the outbox, e opens it again.")


async def keep_apart(desk: Desk, changes: Sequence[Change]) -> None:
    """Keep what was typed over `changes`, which are settled now, as drafts of the forms about their customers."""
    for change in changes:
        form, target = _own_form(change)
        for draft in await desk.drafts.about(FORM, str(change.id)):
            await desk.drafts.save(draft.id, form, target, draft.values, draft.seen)


async def drop_drafts(desk: Desk, ids: Sequence[int]) -> None:
    """Throw away what was typed over the changes `ids`, which were thrown away."""
    for id in ids:
        for draft in await desk.drafts.about(FORM, str(id)):
            await desk.drafts.drop(draft.id)


def _own_form(change: Change) -> tuple[str, str]:
    """The form that `change` was typed into, and what that one keeps its drafts under."""
    match change.kind:
        case Kind.REMARK:
            return "remark", f"{change.customer_id} {change.user_id}"
        case Kind.FOLLOW:
            return "follow", change.customer_id
        case _:
            return ("edit", change.customer_id) if change.customer_id else ("create", "")
