"""What is refused before anything is recorded or sent, and what cannot be undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tui.client.service import Capabilities
from tui.locale import _
from tui.model.change import Change, Kind, State
from tui.model.customer import Customer, FieldSpec, FieldType, FieldValues, FollowEntry, FollowUser, Remark
from tui.model.errors import N_, InvalidError
from tui.model.sendable import unfit_character
from tui.model.times import shown_clock
from tui.model.validate import texts_of

AHEAD = timedelta(minutes=5)
"""How far a follow-up's time may be after this machine's clock: two clocks are seldom the same."""

LONG_AGO_YEARS = 5
"""A follow-up so many years ago is more often a mistyped time, or another number read as one, than a follow-up."""


def doubt_of(at: datetime | None, now: datetime | None = None) -> str:
    """Return why `at`, the time of a follow-up, may be mistaken, in the agent's language; empty where nothing says so.

    A follow-up cannot be taken back: what lies in the future, or years ago, is asked about first. `now` is by default.
    """
    if at is None:
        return ""
    now = now or datetime.now(UTC)
    if at > now + AHEAD:
        return _("{time} is in the future").format(time=shown_clock(at))
    years = (now - at).days // 365
    return _("{time} is {years} years ago").format(time=shown_clock(at), years=years) if years >= LONG_AGO_YEARS else ""


def follower_of(customer: Customer, user_id: str) -> FollowUser | None:
    """What the colleague `user_id` notes on `customer`."""
    return next((follower for follower in customer.follow_users if follower.user_id == user_id), None)


def notes_of(follower: FollowUser) -> dict[str, str]:
    """`follower`'s remark and description, by their names."""
    return {"remark": follower.remark, "description": follower.description}


def without_empty_texts(remark: Remark) -> Remark:
    """`remark` without a text that is empty: the vendor clears none, and what is left out stays as it is."""
    return remark.model_copy(update={"remark": remark.remark or None, "description": remark.description or None})


def staying(before: Mapping[str, str], written: Mapping[str, str | None]) -> tuple[str, ...]:
    """The names of the texts that are `written` empty over something: they stay, since no vendor clears them."""
    return tuple(name for name, text in written.items() if text is not None and not text and before.get(name))


STAYS = {
    "remark": N_("the remark stays as it is: the vendor cannot clear one"),
    "description": N_("the description stays as it is: the vendor cannot clear one"),
}
"""Told before a text is sent empty, which stands there `staying`."""


def check_remarks(remarks: Sequence[Remark], limits: Capabilities) -> None:
    """Raise InvalidError for the first remark that a vendor with these `limits` would refuse."""
    for remark in remarks:
        if limits.needs_union_id:
            _check_reachable(remark.customer, remark.union_id)
        if not remark.user_id:
            raise _no_user()
        _check_characters(remark.customer, {"remark": remark.remark, "description": remark.description})
        if not remark.remark and not remark.description:
            raise InvalidError(
                N_("neither a remark nor a description is given for {customer}"),
                todo=N_("Give at least one of the two; the vendor cannot clear both."),
                field="remark",
                customer=remark.customer,
            )
        for field, text, limit in (
            ("remark", remark.remark, limits.remark_length),
            ("description", remark.description, limits.description_length),
        ):
            if text and len(text) > limit:
                raise InvalidError(
                    N_("the {field} for {customer} has {length} characters; at most {limit} are allowed"),
                    todo=N_("Shorten it."),
                    field=field,
                    customer=remark.customer,
                    length=len(text),
                    limit=limit,
                )


def check_follows(entries: Sequence[FollowEntry], limits: Capabilities) -> None:
    """Raise InvalidError for the first entry that a vendor with these `limits` would refuse, or that says nothing.

    An entry that is kept here, since the vendor takes none, needs neither a union id nor a colleague.
    """
    sent = limits.can("add_follows")
    for entry in entries:
        if sent and limits.needs_union_id:
            _check_reachable(entry.customer, entry.union_id)
        if sent and not entry.user_id:
            raise _no_user()
        for text in entry.texts:
            _check_characters(entry.customer, {"content": text.content})
        if not entry.texts or not all(text.content.strip() for text in entry.texts):
            raise InvalidError(
                N_("a follow-up for {customer} has no text"),
                todo=N_("Write what happened, or take the empty entry out."),
                field="content",
                customer=entry.customer,
            )


_MASK = re.compile(r"[*\uff0a\u2022]{2,}")
"""How a vendor hides a part of a value: `138****0000`."""


def check_masks(
    specs: Iterable[FieldSpec], values: FieldValues, hides: Callable[[str], bool] = lambda _code: False
) -> None:
    """Raise InvalidError where a contact, or a field that is hidden here or by the vendor, is to be written masked.

    Sent, `138****0000` would take the place of the number that it hides.
    """
    known = {spec.code: spec for spec in specs}
    for code, value in values.items():
        spec = known.get(code)
        reaches = spec is not None and (spec.contacts or spec.type in (FieldType.PHONE, FieldType.EMAIL))
        if spec is None or not (reaches or spec.sensitive or hides(code)):
            continue
        for text in texts_of(value):
            if _MASK.search(text):
                raise InvalidError(
                    N_("{name}: {found} is masked, and would take the place of what it hides"),
                    todo=N_("Type it whole, or leave the field as it is."),
                    field=code,
                    name=_(spec.label),
                    found=text,
                )


FIRST_REMARK = N_("There was none before: once sent it can be changed, but not taken back.")
"""Told before a remark `is_first`."""


def is_first(before: Mapping[str, str] | None, written: Iterable[str]) -> bool:
    """Whether the texts `written` take the place of nothing, as far as `before` is known: a vendor cannot clear
    them.
    """
    return before is not None and not any(before[name] for name in written if name in before)


def mendable(change: Change) -> str:
    """Why `change`, which stands in the outbox, cannot be opened in its form, in the agent's language; empty when it
    can."""
    match change.state:
        case State.PENDING | State.FAILED:
            return ""
        case State.SENDING:
            return _("it is being sent right now")
        case State.UNKNOWN:
            return _("nobody knows whether it arrived: look at the vendor, then mark it as done or send it again")
        case _:
            return _("it is settled")


def undoable(change: Change) -> str:
    """Why `change` cannot be undone, in the agent's language; empty when it can."""
    if change.kind is Kind.EXPORT:
        return _("an export changed nothing here; the file is where it was written to")
    if change.state is State.KEPT:
        return _("a note stays in the journal")
    if change.state is not State.SENT:
        return _("it was not applied")
    if change.undone_by is not None:
        return _("it was undone already")
    match change.kind:
        case Kind.FOLLOW:
            return _("the vendor keeps follow-ups for good")
        case Kind.DELETE:
            return _("a deleted record cannot be brought back; the journal still has its values")
        case Kind.CREATE:
            return _("delete the customer instead")
        case Kind.REMARK if not change.before:
            return _("the values before were not known")
        case Kind.REMARK if is_first(change.before, change.request):
            return _("there was none before, and the vendor cannot clear one")
        case _:
            return ""


def _check_characters(customer: str, texts: Mapping[str, str | None]) -> None:
    """Refuse a text that no vendor can be sent; one spoils the call of all that go with it."""
    for field, text in texts.items():
        if text and (unfit := unfit_character(text)):
            raise InvalidError(
                N_("the {field} for {customer}: character {place} ({found}) cannot be sent"),
                todo=N_("Take it out; half an emoji or a mistyped byte becomes such a one."),
                field=field,
                customer=customer,
                place=unfit.place,
                found=unfit.name,
            )


def _check_reachable(customer: str, union_id: str | None) -> None:
    if not union_id:
        raise InvalidError(
            N_("{customer} has no union id"),
            todo=N_("The vendor takes remarks and follow-ups by union id alone; this customer has none."),
            field="union_id",
            customer=customer,
        )


def _no_user() -> InvalidError:
    return InvalidError(
        N_("no staff member is named"),
        todo=N_("Set user_id in the profile, or choose who follows the customer."),
        field="user_id",
    )
