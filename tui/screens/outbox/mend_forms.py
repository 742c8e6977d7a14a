"""The forms in which a change is mended, one for each kind, with the vendor's reason and what was sent in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.desk.change_labels import deed, is_held, reason
from tui.desk.checks import follower_of, notes_of
from tui.desk.conflicts import TEXTS
from tui.desk.defaults import default_of
from tui.desk.mending import record_of
from tui.desk.outcome import Change, ChangedSinceError, Delivery, Kind, State
from tui.desk.refusals import refused_fields
from tui.desk.values import from_json, value_of
from tui.locale import _
from tui.model.customer import Contact, Customer, FieldSpec, FieldType, FieldValue, FollowEntry, FollowUser
from tui.model.errors import InvalidError
from tui.model.masking import Cover
from tui.screens.forms.conflict import resolve
from tui.screens.forms.drafts import DraftKeeper, Present, Refused
from tui.screens.forms.field_inputs import to_input
from tui.screens.forms.fields_dialog import FieldsDialog, present_in
from tui.screens.forms.follow import FollowDialog, follow_values
from tui.screens.forms.remark import RemarkDialog, save_remark
from tui.screens.forms.saving import Share, confirmed
from tui.screens.linked.editable_sections import EditableSection, PartsKeeper
from tui.screens.outbox.mend import MendKeeper
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.person import Source
    from tui.screens.main.main_screen import MainScreen


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


async def mend_fields(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    """Open an edit, or a create."""
    values = from_json(change.request["values"])
    creating = change.kind is Kind.CREATE
    customer = Customer(id="") if creating else await record_of(desk, change)
    known = [spec for spec in await desk.fields() if spec.enabled and (spec.editable or not creating)]
    strays = [_spec_of(code, value) for code, value in values.items() if code not in {spec.code for spec in known}]
    cover = Cover(await main.masker_of(desk))
    part = EditableSection(_source(main, desk), desk, customer, (*known, *strays), cover)
    specs = {spec.code: spec for spec in part.specs}
    there = {
        code: to_input(spec, cover.hide(code, default_of(spec) if creating else value_of(customer, code)))
        for code, spec in specs.items()
    }
    own = MendKeeper(
        desk, change, {code: to_input(specs[code], cover.hide(code, value)) for code, value in values.items()}, there
    )
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


async def mend_remark(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    """Open a remark."""
    customer = await record_of(desk, change)
    user_id = change.request["user_id"]
    follower = follower_of(customer, user_id)
    cover = Cover(await main.masker_of(desk))
    texts = {
        name: cover.hidden_prose(change.request[name]) for name in ("remark", "description") if change.request.get(name)
    }
    there = {name: cover.hidden_prose(text) for name, text in notes_of(follower).items()} if follower else {}
    keeper = MendKeeper(desk, change, texts, there)
    present = {name: Present(_(label), there.get(name, "")) for name, label in TEXTS.items()}
    begin = await _begin(main, keeper, change, present)
    if begin is None:
        return None
    heading = _("Remark on {name}").format(name=f"{change.customer_name or change.customer_id} · {user_id}")
    refused = _why(change, _to_blame(change, ()))
    dialog = RemarkDialog(heading, keeper, follower, desk.capabilities, begin, refused, cover=cover)
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


async def mend_follow(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    """Open follow-ups."""
    cover = Cover(await main.masker_of(desk))
    begin = {
        key: cover.hidden_prose(str(text)) if key.startswith("text") else text
        for key, text in follow_values(change).items()
    }
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
    texts = tuple(text.model_copy(update={"content": cover.whole_prose(text.content)}) for text in asked.texts)
    entry = FollowEntry(
        customer=change.customer_id, union_id=change.union_id, user_id=change.request["user_id"], texts=texts
    )
    delivery = await desk.follow([entry], draft=keeper.id, replaces=change)
    main.customer_pane.again()
    return delivery


async def mend_delete(main: MainScreen, desk: Desk, change: Change) -> Delivery | None:
    """Ask about a delete again, with the reason: there is nothing to be typed."""
    name = change.customer_name or change.customer_id
    question = _("Delete {name} at the vendor, for good?").format(name=plain(name))
    dialog = ConfirmDialog(_("Delete"), question, [reason(change)], words=words())
    if not await main.app.push_screen_wait(dialog):
        return None
    main.tell(_("Deleting …"))
    return await desk.outbox.retry([change.id])
