"""Whom to contact when: kept here, or in the vendor's own field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.desk.conftest import OpenDesk
from tui.desk.desk import Desk
from tui.model.customer import Customer, Query
from tui.model.errors import InvalidError
from tui.model.next_contact import NOTE_LENGTH, Due, due_of
from tui.model.times import DayOrMoment, read_day_or_moment
from tui.sandbox.faults import Faults, InjectedFault
from tui.sandbox.useasy_fields import SIGNED_FIELD, VISIT_FIELD

Rows = Callable[..., list[tuple[Any, ...]]]


def said(text: str) -> DayOrMoment:
    found = read_day_or_moment(text, datetime.now(UTC))
    assert found is not None, text
    return found


async def first(desk: Desk) -> Customer:
    return (await desk.page(Query())).items[0]


async def test_one_that_is_set_here_is_told_as_due_until_it_is_done(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    customer = await first(desk)

    delivery = await desk.day.set(customer, said("today"), "报价后回访")

    assert delivery.ok
    assert not delivery.change_ids, "nothing goes to the vendor"
    (due,) = await desk.day.due()
    assert (due.name, due.due, due.contact.note, due.contact.author) == (
        customer.name,
        Due.TODAY,
        "报价后回访",
        "rocky",
    )
    assert await desk.day.counts() == (0, 1)
    assert await desk.day.finish(customer)
    assert await desk.day.due() == []
    assert await desk.day.finish(customer) is None


@pytest.mark.parametrize("field", [VISIT_FIELD, f"custom.{VISIT_FIELD}"])
async def test_one_in_the_vendors_field_is_an_edit_like_any_other(open_desk: OpenDesk, rows: Rows, field: str) -> None:
    desk = await open_desk("demo-useasy", next_contact=VISIT_FIELD)
    customer = await first(desk)
    day = datetime.now().astimezone().date() + timedelta(days=1)

    delivery = await desk.day.set(customer, said("明天 9:30"), "报价")

    assert delivery.ok
    (change,) = await desk.journal(customer.id)
    assert change.request["values"][VISIT_FIELD].startswith(f"{day}T")
    assert sum(f"{day} " in record for (record,) in rows("SELECT record FROM useasy_customer")) == 1
    contact = (await desk.day.of([customer.id]))[customer.id]
    assert contact.at_vendor
    assert contact.note == "报价"
    assert contact.moment.astimezone().replace(tzinfo=None) == datetime.combine(day, datetime.min.time()) + timedelta(
        hours=9, minutes=30
    )
    # Anybody who reads the record again learns the same, and the note that was written here stays.
    await desk.customer(customer.id)
    assert (await desk.day.of([customer.id]))[customer.id].note == "报价"

    assert await desk.day.finish(await desk_customer(desk, customer.id))
    assert await desk.day.of([customer.id]) == {}
    assert VISIT_FIELD not in {
        custom.code for custom in (await desk_customer(desk, customer.id)).custom if custom.value
    }


async def desk_customer(desk: Desk, customer_id: str) -> Customer:
    return (await desk.customer(customer_id)).customer


async def test_what_a_colleague_wrote_at_the_vendor_is_due_here(open_desk: OpenDesk) -> None:
    colleague = await open_desk("demo-useasy")
    customer = await first(colleague)
    when = said("today").at
    await colleague.update(customer, {VISIT_FIELD: when.isoformat()})

    desk = await open_desk("demo-useasy-2", next_contact=VISIT_FIELD)
    await desk.page(Query())

    due = {one.contact.customer_id: one for one in await desk.day.due()}
    assert due[customer.id].contact.whole_day, "midnight is how a whole day is kept"
    assert due[customer.id].due is Due.TODAY


async def test_a_field_of_dates_takes_the_day_alone(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy", next_contact=SIGNED_FIELD)
    customer = await first(desk)

    assert (await desk.day.set(customer, said("明天 9:30"))).ok

    assert (await desk.day.of([customer.id]))[customer.id].whole_day


async def test_a_date_that_the_vendor_refuses_is_not_told_as_set(open_desk: OpenDesk, faults: Faults) -> None:
    desk = await open_desk("demo-useasy", next_contact=VISIT_FIELD)
    customer = await first(desk)
    before = await desk.day.of([customer.id])
    await desk.fields()
    faults.set([InjectedFault.parse("code:crm/update:code=20001,message=无权限")])

    delivery = await desk.day.set(customer, said("+9d"))

    assert delivery.failures
    assert await desk.day.of([customer.id]) == before


async def test_a_field_of_the_configuration_that_holds_no_time_is_told(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy", next_contact="name")
    customer = await first(desk)

    with pytest.raises(InvalidError, match="holds no date"):
        await desk.day.set(customer, said("+3d"))


async def test_a_time_that_is_past_and_a_note_that_is_too_long_are_refused(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-juzi")
    customer = await first(desk)

    with pytest.raises(InvalidError, match="is past"):
        await desk.day.set(customer, said("昨天 9:30"))
    with pytest.raises(InvalidError, match=f"{NOTE_LENGTH + 1} characters"):
        await desk.day.set(customer, said("+3d"), "好" * (NOTE_LENGTH + 1))
    assert await desk.day.due() == []


@pytest.mark.parametrize(
    ("at", "whole_day", "due"),
    [
        ("2024-11-19 23:59", False, Due.OVERDUE),
        ("2024-11-19", True, Due.OVERDUE),
        ("2024-11-20", True, Due.TODAY),
        ("2024-11-20 09:29", False, Due.OVERDUE),
        ("2024-11-20 09:31", False, Due.TODAY),
        ("2024-11-21", True, Due.SOON),
        ("2024-11-27 23:59", False, Due.SOON),
        ("2024-11-28", True, Due.LATER),
    ],
)
def test_what_is_due_when(at: str, whole_day: bool, due: Due) -> None:
    now = datetime(2024, 11, 20, 9, 30).astimezone()
    assert due_of(datetime.fromisoformat(at).astimezone().timestamp(), whole_day, now) is due
