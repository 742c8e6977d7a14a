"""A customer looked for at the other vendors, from each of the three: found, missing, several, nothing to look by."""

from __future__ import annotations

import pytest

from tests.desk.linked.showcase import (
    IMA,
    JUZI,
    LISI,
    NOT_IN_IMA,
    NOT_IN_USEASY,
    TWICE_IN_USEASY,
    USEASY,
    begin,
    look,
    read,
    whole,
)
from tests.desk.workshop import SECOND, Workshop
from tui.desk.linked.person import LinkState
from tui.desk.outcome import Record
from tui.sandbox.demo import DEMO_IDENTITY, WECOM_FIELD


@pytest.mark.parametrize("profile", DEMO_IDENTITY)
async def test_a_person_is_found_from_every_profile_at_both_others(workshop: Workshop, profile: str) -> None:
    people, own = await begin(workshop, LISI, profile)
    found = await look(people, own)
    assert set(found) == set(DEMO_IDENTITY) - {profile}
    for linked in found.values():
        assert (linked.state, linked.candidates, linked.error) == (LinkState.FOUND, (), None)
        assert linked.record is not None
        assert (linked.record.customer.name, linked.record.live) == (LISI, True)
        assert linked.match is not None
        assert len(linked.match.values) == 1


@pytest.mark.parametrize(
    ("name", "profile", "at", "state"),
    [
        (NOT_IN_USEASY, JUZI, USEASY, LinkState.MISSING),
        (NOT_IN_USEASY, IMA, USEASY, LinkState.MISSING),
        (NOT_IN_IMA, JUZI, IMA, LinkState.MISSING),
        (NOT_IN_IMA, USEASY, IMA, LinkState.MISSING),
        (TWICE_IN_USEASY, JUZI, USEASY, LinkState.AMBIGUOUS),
        (TWICE_IN_USEASY, IMA, USEASY, LinkState.AMBIGUOUS),
    ],
)
async def test_nobody_and_several_are_told_and_never_guessed(
    workshop: Workshop, name: str, profile: str, at: str, state: LinkState
) -> None:
    people, own = await begin(workshop, name, profile)
    linked = (await look(people, own))[at]
    assert (linked.state, linked.record) == (state, None)
    assert len(linked.candidates) == (2 if state is LinkState.AMBIGUOUS else 0)


async def test_a_phone_finds_a_person_however_it_is_written(workshop: Workshop) -> None:
    people = await workshop.people(USEASY, (IMA, "phone", "phones"))
    own = await read(workshop.desk_of(people), LISI)
    phone = own.customer.phones[0]
    spelt = phone.model_copy(update={"value": f"+86 {phone.value[:3]}-{phone.value[3:7]}　{phone.value[7:]}"})
    customer = own.customer.model_copy(update={"phones": (spelt,)})
    linked = (await look(people, Record(customer, 0.0, live=False)))[IMA]
    assert linked.state is LinkState.FOUND
    assert linked.match is not None
    assert phone.value in linked.match.values


async def test_two_phones_of_two_people_are_two_candidates(workshop: Workshop) -> None:
    people = await workshop.people(USEASY, (IMA, "phone", "phones"))
    desk = workshop.desk_of(people)
    lisi, other = await read(desk, LISI), await read(desk, "陈晓云")
    both = lisi.customer.model_copy(update={"phones": (lisi.customer.phones[0], other.customer.phones[0])})
    linked = (await look(people, Record(both, 0.0, live=False)))[IMA]
    assert linked.state is LinkState.AMBIGUOUS
    assert {candidate.name for candidate in linked.candidates} == {LISI, "陈晓云"}


async def test_who_has_nothing_to_look_by_costs_no_call(workshop: Workshop) -> None:
    people = await workshop.people(JUZI, (IMA, "external_id", "union_id"))
    own = await read(workshop.desk_of(people), LISI)
    nobody = own.customer.model_copy(update={"union_id": None})
    workshop.calls.clear()
    linked = (await look(people, Record(nobody, 0.0, live=False)))[IMA]
    assert (linked.state, linked.match) == (LinkState.NOTHING, None)
    assert workshop.calls == []


async def test_two_profiles_of_one_dialect_are_linked_like_any(workshop: Workshop) -> None:
    people = await workshop.people(USEASY, (f"{USEASY}{SECOND}", f"custom.{WECOM_FIELD}", f"custom.{WECOM_FIELD}"))
    own = await read(workshop.desk_of(people), LISI)
    person = await whole(people, own)
    assert [source.profile for source in person.records] == [USEASY, f"{USEASY}{SECOND}"]
    assert len({customer.id for customer in person.records.values()}) == 1


async def test_a_link_costs_one_call_and_opening_from_disk_none(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    workshop.calls.clear()
    await people.kept(own)
    assert workshop.calls == []
    await look(people, own)
    fields = [call for call in workshop.calls if "/field/" in call]  # once a run, to read the records by
    assert len(workshop.calls) - len(fields) == 2
    another = await read(workshop.desk_of(people), "陈晓云")
    workshop.calls.clear()
    await look(people, another)
    assert sorted(workshop.calls) == ["GET /ima/basic/openapi/v1/customer/detail", "POST /useasy/openapi/crm/list"]
