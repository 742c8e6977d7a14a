"""What was not sent, opened in its own form again: the vendor's reason on top, and what is sent then in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.desk.change_labels import deed, is_held, reason
from tui.desk.checks import follower_of, notes_of
from tui.desk.conflicts import TEXTS
from tui.desk.defaults import default_of
from tui.desk.mending import record_of
from tui.desk.outcome import UNSETTLED, Change, ChangedSinceError, Delivery, Kind, State
from tui.desk.refusals import refused_fields
from tui.desk.values import from_json, value_of
from tui.locale import _
from tui.model.customer import Contact, Customer, FieldSpec, FieldType, FieldValue, FollowUser
from tui.model.display import wall_clock
from tui.model.errors import InvalidError, KehuError
from tui.screens.forms.drafts import DraftKeeper, Present, Refused
from tui.screens.result_text import told, verdict
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.person import Source
    from tui.screens.main.main_screen import MainScreen
    from widgets.inputs import Value

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
            delivery = await _FORMS[change.kind](main, desk, change)
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


def _why(change: Change, keys: Sequence[str] = ()) -> Refused:
    """Why `change` is here again, on top of its form and beside the fields `keys`; of what only waits, nothing."""
    refused = change.state is State.FAILED and not is_held(change)
    return Refused(reason(change), tuple(keys)) if refused else Refused()


def _to_blame(change: Change, specs: Sequence[FieldSpec]) -> Sequence[str]:
    return refused_fields(change, specs) if change.state is State.FAILED and not is_held(change) else ()


async def _begin(
    main: MainScreen, keeper: MendKeeper, change: Change, present: Mapping[str, Present]
) -> Mapping[str, object] | None:
    """What the form begins with: its draft, or the change as it is; None where the agent leaves it at the draft.

    `present` is what stands in the fields without the change.
    """
    offered = await keeper.offer(main, deed(change), present)
    return None if offered is None else offered or keeper.begin


# An edit, and a create


async def _mend_fields(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    from tui.screens.forms.field_inputs import to_input
    from tui.screens.forms.fields_dialog import FieldsDialog, present_in
    from tui.screens.forms.saving import Share, confirmed
    from tui.screens.linked.editable_sections import EditableSection, PartsKeeper

    values = from_json(change.request["values"])
    creating = change.kind is Kind.CREATE
    customer = Customer(id="") if creating else await record_of(desk, change)
    known = [spec for spec in await desk.fields() if spec.enabled and (spec.editable or not creating)]
    strays = [_spec_of(code, value) for code, value in values.items() if code not in {spec.code for spec in known}]
    part = EditableSection(_source(main, desk), desk, customer, (*known, *strays))
    specs = {spec.code: spec for spec in part.specs}
    there = {
        code: to_input(spec, default_of(spec) if creating else value_of(customer, code)) for code, spec in specs.items()
    }
    own = MendKeeper(desk, change, {code: to_input(specs[code], value) for code, value in values.items()}, there)
    keeper = PartsKeeper({part.source.profile: own})
    begin = await _begin(main, own, change, {key.partition(":")[2]: one for key, one in present_in([part]).items()})
    if begin is None:
        return None
    typed: Mapping[str, object] = {part.key(code): value for code, value in begin.items()}
    name = change.customer_name or change.customer_id
    heading = (_("Create {name}") if creating else _("Edit {name}")).format(name=name)
    if desk is not main.desk:
        heading = f"{heading} · {part.source.profile}"
    refused = _why(change, [part.key(code) for code in _to_blame(change, part.specs)])
    problem = ""
    while True:
        dialog = FieldsDialog(heading, keeper, [part], typed, problem=problem, refused=refused)
        wanted = await main.app.push_screen_wait(dialog)
        if wanted is None:
            return None
        fields = wanted[part.source.profile]
        try:
            await desk.check(fields, creating=creating)
            if creating:
                main.tell(_("Creating …"))
                return await _created(main, desk, await desk.create(fields, draft=own.id, replaces=change))
            if await confirmed(main, [Share(part, fields, own)]):
                main.tell(_("Saving …"))
                return await _saved(main, desk, customer, fields, own, change)
            problem = ""
        except InvalidError as error:
            problem = told(error)
        typed = await keeper.kept()


async def _created(main: MainScreen, desk: Desk, delivery: Delivery) -> Delivery:
    if delivery.customer is not None and desk is main.desk:
        await main.list_pane.reload("first")
        main.open_customer(delivery.customer.id)
    else:
        main.customer_pane.again()
    return delivery


async def _saved(
    main: MainScreen, desk: Desk, customer: Customer, fields: Mapping[str, FieldValue], own: DraftKeeper, change: Change
) -> Delivery | None:
    from tui.screens.forms.conflict import resolve

    while True:
        try:
            delivery = await desk.update(customer, fields, draft=own.id, replaces=change)
        except ChangedSinceError as error:
            wanted = await resolve(main, desk, error.conflict)
            if wanted is None:
                return None
            customer, fields = error.conflict.theirs, wanted
            continue
        if not delivery.change_ids:
            await own.drop()
        if desk is main.desk:
            main.list_pane.redraw_row(delivery.customer)
        main.customer_pane.again()
        return delivery


def _spec_of(code: str, value: FieldValue) -> FieldSpec:
    """A field for `value` of which the configuration says nothing, or which it switches off: it takes what it has."""
    rows = not isinstance(value, str)
    contacts = rows and any(isinstance(item, Contact) for item in value)
    return FieldSpec(
        code=code, label=code, contacts=contacts, type=FieldType.CHOICES if rows and not contacts else FieldType.TEXT
    )


def _source(main: MainScreen, desk: Desk) -> Source:
    """The profile whose desk it is."""
    profile = desk.settings.profile
    return next((source for source in main.people.sources if source.profile == profile), main.people.source)


# A remark, a follow-up, a delete


async def _mend_remark(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    from tui.screens.forms.remark import RemarkDialog, save_remark

    customer = await record_of(desk, change)
    user_id = change.request["user_id"]
    follower = follower_of(customer, user_id)
    texts = {name: change.request[name] for name in ("remark", "description") if change.request.get(name)}
    there = notes_of(follower) if follower else {}
    keeper = MendKeeper(desk, change, texts, there)
    present = {name: Present(_(label), there.get(name, "")) for name, label in TEXTS.items()}
    begin = await _begin(main, keeper, change, present)
    if begin is None:
        return None
    heading = _("Remark on {name}").format(name=f"{change.customer_name or change.customer_id} · {user_id}")
    refused = _why(change, _to_blame(change, ()))
    dialog = RemarkDialog(heading, keeper, follower, desk.capabilities, begin, refused)
    wanted = await main.app.push_screen_wait(dialog)
    if wanted is None:
        return None
    if customer.union_id is None:
        customer = customer.model_copy(update={"union_id": change.union_id})
    seen = follower or FollowUser(user_id=user_id)
    delivery = await save_remark(main, desk, keeper, customer, seen, wanted, replaces=change)
    if delivery is not None:
        main.customer_pane.again()
        if desk is main.desk:
            main.list_pane.redraw_row(delivery.customer)
    return delivery


async def _mend_follow(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    from tui.model.customer import FollowEntry
    from tui.screens.forms.follow import FollowDialog

    begin: dict[str, Value] = {}
    for number, text in enumerate(change.request["texts"], 1):
        begin[f"text.{number}"] = text["content"]
        if text.get("at"):
            begin[f"at.{number}"] = wall_clock(text["at"])
    keeper = MendKeeper(desk, change, begin)
    present = {key: Present(_("When") if key.startswith("at") else _("Follow-up")) for key in begin}
    typed = await _begin(main, keeper, change, present)
    if typed is None:
        return None
    named = [{"content": "text.1", "at": "at.1"}[code] for code in _to_blame(change, ())]
    heading = _("Follow up {name}").format(
        name=f"{change.customer_name or change.customer_id} · {change.request['user_id']}"
    )
    final = _("Once sent, a follow-up cannot be taken back.")
    dialog = FollowDialog(heading, keeper, (), typed, final, _why(change, named or ["text.1"]))
    asked = await main.app.push_screen_wait(dialog)
    if asked is None:
        return None
    main.tell(_("Saving …"))
    entry = FollowEntry(
        customer=change.customer_id, union_id=change.union_id, user_id=change.request["user_id"], texts=asked.texts
    )
    delivery = await desk.follow([entry], draft=keeper.id, replaces=change)
    main.customer_pane.again()
    return delivery


async def _mend_delete(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    """A delete has nothing to be typed: it is asked about again, with the reason."""
    name = change.customer_name or change.customer_id
    question = _("Delete {name} at the vendor, for good?").format(name=plain(name))
    dialog = ConfirmDialog(_("Delete"), question, [reason(change)], words=words())
    if not await main.app.push_screen_wait(dialog):
        return None
    main.tell(_("Deleting …"))
    return await desk.outbox.retry([change.id])


_FORMS = {
    Kind.CREATE: _mend_fields,
    Kind.UPDATE: _mend_fields,
    Kind.REMARK: _mend_remark,
    Kind.FOLLOW: _mend_follow,
    Kind.DELETE: _mend_delete,
}
