"""A working day for the demo, made with its data: a fresh machine has customers who are due, and a history.

It goes the way that everything goes: follow-ups through the desk to the sandbox, next contacts into the profile's file.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from tui.desk.checks import follower_of
from tui.locale import N_, _
from tui.model.customer import FollowEntry, FollowText, Query
from tui.model.next_contact import NextContact
from tui.model.times import first_moment

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.model.customer import Customer


class _Told(NamedTuple):
    """What there is of one of the first customers."""

    days: int
    """From today until the next contact."""
    hour: int | None
    """None is the whole day."""
    note: str
    said: tuple[tuple[int, str], ...]
    """How many days ago, and what."""


_DAY = (
    _Told(
        0,
        18,
        N_("call back after the quote"),
        ((12, N_("Sent the quote for 200 seats.")), (3, N_("Asks for 5% off; ask the boss."))),
    ),
    _Told(-2, 10, N_("contract"), ((9, N_("The contract is with their lawyer.")),)),
    _Told(0, None, N_("trial ends"), ((14, N_("Began the trial.")),)),
    _Told(
        -9, None, N_("ask for a decision"), ((33, N_("Not reached by phone.")), (30, N_("Wants to think about it.")))
    ),
    _Told(1, 9, N_("show the new version"), ((5, N_("Interested in the insights page.")),)),
    _Told(3, 14, "", ()),
    _Told(6, None, N_("renewal"), ((340, N_("Bought a year.")),)),
)
"""Of the first customers, one after the other: overdue, today, soon."""


async def make_days(desk: Desk, people: LinkedPeople) -> None:
    """Make the day of `desk`'s profile, then of those that it is linked to.

    Raises: KehuError.
    """
    await make_day(desk)
    for link in people.links:
        await make_day(await people.desk(link.linked_profile.source.profile))


async def make_day(desk: Desk) -> None:
    """Write down what was said to the first customers of `desk`, and when to contact them next; a profile without a
    list begins empty.

    Raises: KehuError.
    """
    if not desk.capabilities.can("list"):
        return
    notes_only = bool(desk.why_not("add_follows"))
    listed = (await desk.page(Query(size=desk.settings.page_size))).items
    own = [one for one in listed if notes_only or (one.union_id and follower_of(one, desk.settings.user_id))]
    now = datetime.now(UTC)
    days = list(zip(own, _DAY, strict=False))
    await desk.follow([_entry(desk, customer, told, now) for customer, told in days if told.said])
    await desk.day.carry_over([_contact(desk, customer, told) for customer, told in days])


def _entry(desk: Desk, customer: Customer, told: _Told, now: datetime) -> FollowEntry:
    texts = tuple(FollowText(content=_(text), at=now - timedelta(days=days, hours=1)) for days, text in told.said)
    return FollowEntry(customer=customer.id, union_id=customer.union_id, user_id=desk.settings.user_id, texts=texts)


def _contact(desk: Desk, customer: Customer, told: _Told) -> NextContact:
    day = first_moment(datetime.now().astimezone().date() + timedelta(days=told.days))
    return NextContact(
        id=str(uuid4()),
        customer_id=customer.id,
        at=int((day + timedelta(hours=told.hour or 0)).timestamp()),
        whole_day=told.hour is None,
        note=_(told.note) if told.note else "",
        author=desk.settings.user_id,
    )
