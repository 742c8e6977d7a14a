"""A vendor that is slow, down, talking nonsense or refusing costs its own section, and nobody else's."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from tests.desk.linked.showcase import IMA, JUZI, LISI, USEASY, begin, look, read
from tests.desk.workshop import Workshop
from tui.desk.linked.link import Answers, Link
from tui.desk.linked.linked_people import LinkedPeople
from tui.desk.linked.linked_profile import LinkedProfile
from tui.desk.linked.person import LinkState, Source
from tui.desk.outcome import Record
from tui.model.errors import AuthError, ConfigError, KehuError, NetworkError, ProtocolError, StorageError, VendorError
from tui.sandbox.demo import DEMO_IDENTITY
from tui.sandbox.faults import Faults, InjectedFault

VENDORS = {JUZI: "juzi", USEASY: "useasy", IMA: "ima"}


@pytest.mark.parametrize("profile", DEMO_IDENTITY)
async def test_a_slow_vendor_delays_no_other(workshop: Workshop, profile: str) -> None:
    people, own = await begin(workshop, LISI, profile)
    slow, quick = (other for other in DEMO_IDENTITY if other != profile)
    gate = workshop.gates[VENDORS[slow]] = asyncio.Event()
    states = []
    async with aclosing(people.look(own.customer)) as answers:
        async for linked in answers:
            states.append((linked.source.profile, linked.state))
            if linked.source.profile == quick and linked.state is LinkState.FOUND:
                gate.set()
    assert sorted(states[:2]) == sorted([(slow, LinkState.LOOKING), (quick, LinkState.LOOKING)])
    assert states[2:] == [(quick, LinkState.FOUND), (slow, LinkState.FOUND)]


@pytest.mark.parametrize("profile", DEMO_IDENTITY)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("drop-before:/{vendor}/", NetworkError),
        ("status:/{vendor}/:status=503", VendorError),
        ("html:/{vendor}/", VendorError),
        ("garbage:/{vendor}/", ProtocolError),
        ("truncate:/{vendor}/", KehuError),
        ("status:/{vendor}/:status=401", AuthError),
    ],
)
async def test_a_vendor_in_trouble_is_told_in_its_own_place(
    workshop: Workshop, faults: Faults, profile: str, fault: str, error: type[KehuError]
) -> None:
    people, own = await begin(workshop, LISI, profile)
    down, up = (other for other in DEMO_IDENTITY if other != profile)
    faults.set([InjectedFault.parse(fault.format(vendor=VENDORS[down]))])
    found = await look(people, own)
    assert found[down].state is LinkState.FAILED
    assert isinstance(found[down].error, error)
    assert found[up].state is LinkState.FOUND


@pytest.mark.parametrize("profile", DEMO_IDENTITY)
async def test_a_vendor_that_refuses_the_credential(workshop: Workshop, profile: str) -> None:
    people, own = await begin(workshop, LISI, profile)
    intruders = await workshop.people(profile, secret="not the secret")
    found = await look(intruders, own)
    assert {linked.state for linked in found.values()} == {LinkState.FAILED}
    assert all(isinstance(linked.error, AuthError) for linked in found.values())
    assert "not the secret" not in repr(found)
    await people.close()


async def test_a_failure_is_not_kept_and_the_next_look_asks_again(workshop: Workshop, faults: Faults) -> None:
    people, own = await begin(workshop)
    faults.set([InjectedFault.parse("drop-before:/ima/")])
    assert (await look(people, own))[IMA].state is LinkState.FAILED
    kept = await people.kept(own)
    assert [linked.state for linked in kept.linked] == [LinkState.FOUND, LinkState.UNASKED]
    faults.set([])
    assert (await look(people, own))[IMA].state is LinkState.FOUND


async def test_of_several_phones_one_that_cannot_be_asked_for_hides_nobody(workshop: Workshop, faults: Faults) -> None:
    people = await workshop.people(USEASY, (IMA, "phone", "phones"))
    desk = workshop.desk_of(people)
    own = await read(desk, LISI)
    (phone, *_) = own.customer.phones
    odd = [phone.model_copy(update={"value": f"1380000000{number}"}) for number in range(5)]
    faults.set([InjectedFault.parse("code:customer/detail:code=20001,message=not a phone,count=1")])
    several = own.customer.model_copy(update={"phones": (*odd, phone)})
    linked = (await look(people, Record(several, 0.0, live=False)))[IMA]
    assert (linked.state, linked.record.customer.name if linked.record else "") == (LinkState.FOUND, LISI)

    faults.set([InjectedFault.parse("code:customer/detail:code=20001,message=not a phone,count=1")])
    nobody = own.customer.model_copy(update={"phones": tuple(odd)})
    linked = (await look(people, Record(nobody, 0.0, live=False), refresh=True))[IMA]
    assert linked.state is LinkState.FAILED, "who was not asked for is not known to be missing"


async def test_a_customer_that_the_vendor_says_does_not_exist_is_missing_and_can_be_created(
    workshop: Workshop, faults: Faults
) -> None:
    people, own = await begin(workshop)
    faults.set([InjectedFault.parse("code:customer/detail:code=20001,message=客户不存在")])
    assert (await look(people, own))[IMA].state is LinkState.MISSING
    faults.set([InjectedFault.parse("code:customer/detail:code=20001,message=请求失败")])
    assert (await look(people, own, refresh=True))[IMA].state is LinkState.FAILED
    faults.set([InjectedFault.parse("html:customer/detail:status=404")])
    assert (await look(people, own, refresh=True))[IMA].state is LinkState.FAILED


async def test_while_a_vendor_is_down_its_record_as_last_seen_stays(workshop: Workshop, faults: Faults) -> None:
    people, own = await begin(workshop)
    before = (await look(people, own))[IMA]
    faults.set([InjectedFault.parse("drop-before:/ima/")])
    after = (await look(people, own, refresh=True))[IMA]
    assert (after.state, after.asked_at) == (LinkState.FAILED, before.asked_at)
    assert after.record is not None
    assert before.record is not None
    assert (after.record.customer, after.record.live) == (before.record.customer, False)


async def test_a_profile_that_cannot_be_opened_is_told_in_its_own_place_and_tried_again(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    tries = []

    def refuse(*_: object) -> None:
        tries.append(1)
        raise ConfigError("the variable IMA_SECRET is not set")

    (useasy, ima) = people.links
    broken = LinkedProfile(ima.linked_profile.source, lambda: workshop.store(IMA), refuse)  # type: ignore[arg-type]  # never returns
    unlucky = LinkedPeople(
        people.source, Answers(workshop.desk_of(people).disk), [useasy, _link(workshop, people, broken)]
    )
    for _ in range(2):
        found = await look(unlucky, own, refresh=True)
        assert isinstance(found[IMA].error, ConfigError)
        assert found[USEASY].state is LinkState.FOUND
    assert len(tries) == 2
    await broken.close()


async def test_a_file_that_cannot_be_opened_is_told_in_its_own_place(workshop: Workshop) -> None:
    people, own = await begin(workshop)

    def refuse() -> None:
        raise StorageError("the file is locked")

    broken = LinkedProfile(Source(IMA, "51ima", "ima"), refuse, workshop.desk)  # type: ignore[arg-type]  # never returns
    unlucky = LinkedPeople(people.source, Answers(workshop.desk_of(people).disk), [_link(workshop, people, broken)])
    (linked,) = (await unlucky.kept(own)).linked
    assert (linked.state, type(linked.error)) == (LinkState.FAILED, StorageError)
    assert isinstance((await look(unlucky, own))[IMA].error, StorageError)
    assert await unlucky.known_in([own.customer]) == {own.customer.id: (JUZI,)}


def _link(workshop: Workshop, people: LinkedPeople, linked_profile: LinkedProfile) -> Link:
    return Link(Answers(workshop.desk_of(people).disk), linked_profile, "external_id", "id")
