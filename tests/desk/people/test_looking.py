"""A customer looked for at the other vendors: found, missing, several, in every direction."""

from __future__ import annotations

import pytest

from tests.desk.people.showcase import (
    IMA,
    JUZI,
    LISI,
    NOT_IN_IMA,
    NOT_IN_USEASY,
    TWICE_IN_USEASY,
    USEASY,
    answers,
    read,
)
from tests.desk.workshop import Workshop
from tui.desk.desk import Desk
from tui.desk.outcome import Record
from tui.desk.people.model import LinkState
from tui.sandbox.demo import DEMO_IDENTITY


async def own_of(desk: Desk, profile: str, workshop: Workshop) -> Record:
    """李四 at PROFILE; ima, which has no list, is asked by the external id."""
    if profile != IMA:
        return await read(desk, LISI)
    lisi = await read(await workshop.open(JUZI), LISI)
    return await desk.customer(lisi.customer.id, "external_id")


@pytest.mark.parametrize("profile", DEMO_IDENTITY)
async def test_a_person_is_found_from_every_profile_at_both_others(workshop: Workshop, profile: str) -> None:
    people = await workshop.people(profile)
    own = await own_of(workshop.desk_of(people), profile, workshop)
    found = await answers(people, own)
    assert set(found) == set(DEMO_IDENTITY) - {profile}
    for linked in found.values():
        assert (linked.state, linked.candidates, linked.error) == (LinkState.FOUND, (), None)
        assert linked.record is not None
        assert (linked.record.customer.name, linked.record.live) == (LISI, True)


@pytest.mark.parametrize(
    ("name", "profile", "state"),
    [
        (NOT_IN_USEASY, USEASY, LinkState.MISSING),
        (NOT_IN_IMA, IMA, LinkState.MISSING),
        (TWICE_IN_USEASY, USEASY, LinkState.AMBIGUOUS),
    ],
)
async def test_nobody_and_several_are_told_apart(workshop: Workshop, name: str, profile: str, state: LinkState) -> None:
    people = await workshop.people(JUZI)
    found = await answers(people, await read(workshop.desk_of(people), name))
    assert found[profile].state is state
    assert found[profile].record is None
    assert len(found[profile].candidates) == (2 if state is LinkState.AMBIGUOUS else 0)
