"""A person changed at several vendors: created where missing, edited where one takes it and another refuses."""

from __future__ import annotations

import pytest

from tests.desk.linked.showcase import IMA, JUZI, LISI, NOT_IN_IMA, NOT_IN_USEASY, USEASY, begin, look, whole
from tests.desk.workshop import Workshop
from tui.desk.linked.linked_people import filled
from tui.desk.linked.person import LinkState, Match, Person, Source
from tui.desk.outcome import Kind, Record, State
from tui.model.customer import LANDLINE, Contact, Customer, FieldSpec, FieldType, Tag, TagKind
from tui.model.errors import VendorError
from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.faults import Faults, InjectedFault


@pytest.mark.parametrize(
    ("name", "profile", "at"),
    [(NOT_IN_USEASY, JUZI, USEASY), (NOT_IN_USEASY, IMA, USEASY), (NOT_IN_IMA, JUZI, IMA), (NOT_IN_IMA, USEASY, IMA)],
)
async def test_a_record_created_where_it_was_missing_is_found_by_its_link(
    workshop: Workshop, name: str, profile: str, at: str
) -> None:
    people, own = await begin(workshop, name, profile)
    person = await whole(people, own)
    assert next(linked.state for linked in person.linked if linked.source.profile == at) is LinkState.MISSING
    desk = await people.desk(at)
    values = {**await people.for_create(person, at), **({"1004": "普通"} if at == IMA else {})}
    level = {} if at == IMA else {"select_e6t0_1687316347306": "level_a"}
    assert values["name"] == name
    delivery = await desk.create({**values, **level})
    assert delivery.ok
    found = (await look(people, own))[at]  # the answer that it is missing is minutes young, and counts no more
    assert found.state is LinkState.FOUND
    assert found.record is not None
    assert delivery.customer is not None
    assert found.record.customer.id == delivery.customer.id
    (change,) = await desk.journal()
    assert (change.kind, change.state, change.profile) == (Kind.CREATE, State.SENT, at)
    assert list(await workshop.desk_of(people).journal()) == []


async def test_what_is_known_fills_the_fields_that_are_there(workshop: Workshop) -> None:
    people, own = await begin(workshop, LISI, IMA)
    person = await whole(people, own)
    there = await people.for_create(person, USEASY)
    external = next(custom.value for custom in own.customer.custom if custom.code == "external_id")
    assert there[WECOM_FIELD] == external
    assert there["text_company_1687316347241"] == own.customer.company
    assert {row.value for row in there["phones"] if isinstance(row, Contact)} >= {
        row.value for row in own.customer.phones
    }
    assert not {"owner", "createTime", "assignTime"} & set(there)


def test_a_vendor_with_single_fields_gets_one_of_each_kind() -> None:
    customer = Customer(
        id="1",
        name="张三",
        description="老客户",
        phones=(Contact(value="021-1", memo=LANDLINE), Contact(value="138", memo="工作"), Contact(value="139")),
        emails=(Contact(value="a@example.com"), Contact(value="b@example.com")),
        tags=(Tag(name="VIP"), Tag(name="老客户"), Tag(name="我的", kind=TagKind.PERSONAL)),
    )
    person = Person(Record(customer, 0.0, live=False), Source(JUZI, "JuziBot", "juzi"), ())
    codes = ("name", "phone", "telephone", "email", "tags", "description", "external_id", "company", "other")
    specs = [FieldSpec(code=code, label=code) for code in codes]
    specs += [FieldSpec(code="wechat", label="WeChat", contacts=True, type=FieldType.TEXT)]
    assert filled(person, Match("external_id", ("wm1",)), specs) == {
        "name": "张三",
        "phone": "138",
        "telephone": "021-1",
        "email": "a@example.com",
        "tags": ("VIP", "老客户"),
        "description": "老客户",
        "external_id": "wm1",
    }


def test_what_cannot_be_written_is_not_filled() -> None:
    customer = Customer(id="1", name="张三", company="云帆")
    person = Person(Record(customer, 0.0, live=False), Source(JUZI, "JuziBot", "juzi"), ())
    specs = [
        FieldSpec(code="name", label="Name", editable=False),
        FieldSpec(code="company", label="Company", enabled=False),
    ]
    assert filled(person, None, specs) == {}


async def test_an_edit_that_one_vendor_takes_and_another_refuses(workshop: Workshop, faults: Faults) -> None:
    people, own = await begin(workshop)
    person = await whole(people, own)
    faults.set([InjectedFault.parse("code:PUT /ima/:code=20001,message=系统繁忙")])
    records = {source.profile: customer for source, customer in person.records.items()}
    outcomes = {
        profile: await (await people.desk(profile)).update(records[profile], {"name": "李四(新)"})
        for profile in (USEASY, IMA)
    }
    assert outcomes[USEASY].ok
    assert isinstance(outcomes[IMA].error, VendorError)
    after = await people.kept(own)
    names = {source.profile: customer.name for source, customer in after.records.items()}
    assert names == {JUZI: LISI, USEASY: "李四(新)", IMA: LISI}
    assert [change.state for change in await (await people.desk(USEASY)).journal()] == [State.SENT]
    assert [change.state for change in await (await people.desk(IMA)).outbox.items()] == [State.FAILED]
