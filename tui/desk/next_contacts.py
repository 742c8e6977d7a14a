"""The agent's working day: whom to contact when, what is due, what is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import uuid4

from tui.desk.outcome import Delivery
from tui.desk.run_limited import side_by_side
from tui.model.customer import FieldType
from tui.model.errors import N_, InvalidError, KehuError, NotFoundError
from tui.model.next_contact import FARTHEST_YEARS, NOTE_LENGTH, SOON, Due, NextContact, due_of, is_past, is_too_far
from tui.model.times import DayOrMoment, first_moment, iso_time, shown_day_or_moment

if TYPE_CHECKING:
    from tui.desk.customer_reader import DeskSettings
    from tui.desk.disk import Disk
    from tui.model.customer import Customer, FieldSpec, FieldValues
    from tui.store.store import Store

SIDE_BY_SIDE = 4
"""Edits of the vendor's field under way at once; its service has a limit of its own."""


@dataclass(frozen=True, slots=True)
class DueCustomer:
    """A customer who is to be contacted, with what the list says of them."""

    contact: NextContact
    name: str
    """Empty for one whom the directory does not have."""
    due: Due


class DueCounts(NamedTuple):
    """How many contacts are overdue, and how many more are of today."""

    overdue: int
    today: int

    @property
    def total(self) -> int:
        """All that are to be made by the end of the day."""
        return self.overdue + self.today


def due_customers(store: Store, now: datetime, ahead: timedelta = SOON) -> list[DueCustomer]:
    """Return who is to be contacted by the end of the day, and in the days `ahead` of it, the earliest first."""
    contacts = store.next_contacts.until(after_days(now, ahead).timestamp())
    known = store.directory.get_many([contact.customer_id for contact in contacts])
    return [
        DueCustomer(
            contact,
            known[contact.customer_id][0].name if contact.customer_id in known else "",
            due_of(contact.at, contact.whole_day, now),
        )
        for contact in contacts
    ]


def due_counts(store: Store, now: datetime) -> DueCounts:
    """Return how many contacts are to be made by the end of the day."""
    contacts = store.next_contacts.until(after_days(now, timedelta()).timestamp())
    overdue = sum(due_of(contact.at, contact.whole_day, now) is Due.OVERDUE for contact in contacts)
    return DueCounts(overdue, len(contacts) - overdue)


def after_days(now: datetime, ahead: timedelta) -> datetime:
    """Return the first moment of the day after the one that is `ahead` of today."""
    return first_moment((now.astimezone() + ahead).date() + timedelta(days=1))


def check_time(when: DayOrMoment) -> None:
    """Raise InvalidError where nobody can be contacted at `when`: it is past, or so far ahead that it is a slip."""
    now = datetime.now(UTC)
    if is_past(when, now):
        raise _refused_time(N_("{time} is past: nobody can be contacted then"), when)
    if is_too_far(when, now):
        raise _refused_time(N_("{time} is more than {years} years ahead"), when)


def _refused_time(what: str, when: DayOrMoment) -> InvalidError:
    return InvalidError(
        what,
        todo=N_("Name a day or a time to come, such as 明天 9:30, +3d or 下周一."),
        field="next",
        time=shown_day_or_moment(when),
        years=FARTHEST_YEARS,
    )


class FieldDesk(Protocol):
    """The desk, as far as a date in a field of the vendor's goes."""

    settings: DeskSettings

    async def fields(self, refresh: bool = False) -> tuple[FieldSpec, ...]: ...

    async def update(self, before: Customer, values: FieldValues) -> Delivery: ...


class WorkingDay:
    """The next contacts of one profile: in the vendor's own field where its profile names one, else here.

    A date in the vendor's field is an edit like any other: it goes through the outbox. Its note stays here. Every
    method raises `KehuError`s alone.
    """

    def __init__(self, desk: FieldDesk, disk: Disk, announce: Callable[[], None]) -> None:
        self._desk = desk
        self._disk = disk
        self._announce = announce

    @property
    def at_vendor(self) -> bool:
        """Whether the vendor's own field holds them."""
        return bool(self._desk.settings.next_contact)

    # Reading

    async def of(self, customer_ids: Sequence[str]) -> Mapping[str, NextContact]:
        """The contacts that are to be made with the customers, by their ids; who has none is left out."""
        return await self._disk.run(lambda store: store.next_contacts.of(customer_ids))

    async def due(self, ahead: timedelta = SOON) -> Sequence[DueCustomer]:
        """Who is to be contacted by the end of the day, and in the days `ahead` of it, the earliest first."""
        return await self._disk.read(lambda store: due_customers(store, datetime.now(UTC), ahead))

    async def counts(self) -> DueCounts:
        """How many contacts are to be made by the end of the day."""
        return await self._disk.read(lambda store: due_counts(store, datetime.now(UTC)))

    # Changing

    def check(self, when: DayOrMoment, note: str = "") -> None:
        """Raise InvalidError where nobody can be contacted at `when`, or `note` is too long."""
        check_time(when)
        if len(note) > NOTE_LENGTH:
            raise InvalidError(
                N_("the note has {length} characters; at most {limit} are allowed"),
                todo=N_("Shorten it."),
                field="note",
                length=len(note),
                limit=NOTE_LENGTH,
            )

    async def set(self, customer: Customer, when: DayOrMoment, note: str = "") -> Delivery:
        """Have `customer` be contacted at `when`, in place of what was set before.

        Raises: InvalidError for a time that is past; ChangedSinceError where somebody else changed the vendor's field.
        """
        self.check(when, note)
        delivery = Delivery(applied=1)
        if self.at_vendor:
            spec = await self._spec()
            delivery = await self._desk.update(customer, {spec.code: _value(spec, when)})
            if delivery.failures or (delivery.error and not delivery.waiting):
                return delivery
            if spec.type is FieldType.DATE:
                when = DayOrMoment(first_moment(when.at.astimezone().date()), True)
        await self._keep([customer.id], when, note)
        return delivery

    async def carry_over(self, contacts: Sequence[NextContact]) -> None:
        """Have `contacts`, which were set elsewhere, be made here too; they may be overdue."""
        await self._disk.run(lambda store: store.next_contacts.set(contacts))
        self._announce()

    async def set_all(self, customer_ids: Sequence[str], when: DayOrMoment, note: str = "") -> Mapping[str, KehuError]:
        """The same for many; why it was not set, by the ids of those for whom it was not.

        Raises: InvalidError, and then it is set for nobody.
        """
        self.check(when, note)
        if not self.at_vendor:
            await self._keep(customer_ids, when, note)
            return {}
        refused: dict[str, KehuError] = {}
        known = await self._disk.run(lambda store: store.directory.get_many(customer_ids))

        async def set_one(customer_id: str) -> None:
            try:
                if customer_id not in known:
                    raise NotFoundError(N_("{key} was never seen here"), key=customer_id)
                delivery = await self.set(known[customer_id][0], when, note)
            except KehuError as error:
                refused[customer_id] = error
            else:
                if delivery.error is not None and not delivery.waiting:
                    refused[customer_id] = delivery.error

        await side_by_side(customer_ids, set_one, at_once=SIDE_BY_SIDE)
        return refused

    async def _keep(self, customer_ids: Sequence[str], when: DayOrMoment, note: str) -> None:
        settings = self._desk.settings
        contacts = [
            NextContact(
                id=str(uuid4()),
                customer_id=id,
                at=int(when.at.timestamp()),
                whole_day=when.whole_day,
                note=note,
                author=settings.author,
                created_at=time.time(),
                at_vendor=self.at_vendor,
            )
            for id in customer_ids
        ]
        await self._disk.run(lambda store: store.next_contacts.set(contacts))
        self._announce()

    async def finish(self, customer: Customer) -> Delivery | None:
        """Note that the contact with `customer` was made; None where none was to be made."""
        return await self._end(customer, lambda store: store.next_contacts.finish([customer.id]))

    async def remove(self, customer: Customer) -> Delivery | None:
        """Take the contact with `customer` away: it is not to be made; None where none was."""
        return await self._end(customer, lambda store: store.next_contacts.remove([customer.id]))

    async def _end(self, customer: Customer, end: Callable[[Store], int]) -> Delivery | None:
        open_ = (await self.of([customer.id])).get(customer.id)
        if open_ is None:
            return None
        delivery = Delivery(applied=1)
        if self.at_vendor and open_.at_vendor:
            spec = await self._spec()
            delivery = await self._desk.update(customer, {spec.code: ""})
            if delivery.failures or (delivery.error and not delivery.waiting):
                return delivery
        await self._disk.run(end)
        self._announce()
        return delivery

    async def _spec(self) -> FieldSpec:
        """The vendor's field.

        Raises: InvalidError where there is none of that name, or it holds no time.
        """
        from tui.model.field_names import find_field

        name = self._desk.settings.next_contact
        spec = find_field(await self._desk.fields(), name)
        if spec.type not in (FieldType.DATE, FieldType.DATETIME):
            raise InvalidError(
                N_("the field {name}, which next_contact names in the configuration, holds no date and no time"),
                todo=N_("Name a field of a date, or of a date and time: kehu fields lists them."),
                field=name,
                name=name,
            )
        return spec


def _value(spec: FieldSpec, when: DayOrMoment) -> str:
    """`when` as the field of `spec` has it."""
    return when.at.astimezone().date().isoformat() if spec.type is FieldType.DATE else iso_time(when.at)
