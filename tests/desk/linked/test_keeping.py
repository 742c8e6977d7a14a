"""What looking for a customer came to is kept: with its age, as long as it fits, with what a person chose."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from types import SimpleNamespace

import pytest

from tests.desk.linked.showcase import IMA, JUZI, LISI, NOT_IN_USEASY, TWICE_IN_USEASY, USEASY, begin, look, read
from tests.desk.workshop import Workshop
from tui.desk.linked.linked_people import FRESH, LinkedPeople
from tui.desk.linked.person import Linked, LinkState
from tui.desk.outcome import Record

SetClock = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Has `LinkedPeople` think that so many seconds have passed."""

    def set_clock(seconds: float) -> None:
        clock = SimpleNamespace(time=lambda: time.time() + seconds)
        monkeypatch.setattr("tui.desk.linked.linked_people.time", clock)

    return set_clock


async def kept(people: LinkedPeople, own: Record) -> dict[str, Linked]:
    """What is on disk, by profile."""
    return {linked.source.profile: linked for linked in (await people.kept(own)).linked}


async def test_an_answer_is_kept_with_its_age_and_asked_for_again_once_it_is_old(
    workshop: Workshop, later: SetClock
) -> None:
    people, own = await begin(workshop)
    first = await look(people, own)
    workshop.calls.clear()
    again = await look(people, own)
    assert workshop.calls == []
    for profile in (USEASY, IMA):
        assert again[profile].asked_at == first[profile].asked_at
        record = again[profile].record
        assert record is not None
        assert not record.live
    later(FRESH - 1)
    await look(people, own)
    assert workshop.calls == []
    later(FRESH + 1)
    await look(people, own)
    assert len(workshop.calls) == 2


async def test_a_clock_set_back_keeps_no_answer_fresh_for_ever(workshop: Workshop, later: SetClock) -> None:
    people, own = await begin(workshop)
    await look(people, own)
    workshop.calls.clear()
    later(-3600.0)
    await look(people, own)
    assert len(workshop.calls) == 2


async def test_to_refresh_asks_again_at_once(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    first = await look(people, own)
    workshop.calls.clear()
    again = await look(people, own, refresh=True)
    assert len(workshop.calls) == 2
    assert (again[IMA].asked_at or 0) > (first[IMA].asked_at or 0)


async def test_another_run_knows_what_this_one_found_without_a_call(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    found = await look(people, own)
    await people.close()
    after = await workshop.people(JUZI)
    workshop.calls.clear()
    known = await kept(after, own)
    assert workshop.calls == []
    for profile in (USEASY, IMA):
        before, now = found[profile].record, known[profile].record
        assert before is not None
        assert now is not None
        assert (now.customer, known[profile].asked_at) == (before.customer, found[profile].asked_at)


async def test_nobody_is_an_answer_that_is_kept(workshop: Workshop) -> None:
    people, own = await begin(workshop, NOT_IN_USEASY)
    await look(people, own)
    workshop.calls.clear()
    assert (await look(people, own))[USEASY].state is LinkState.MISSING
    assert workshop.calls == []


async def test_a_choice_is_remembered_by_later_runs_and_survives_a_refresh(workshop: Workshop) -> None:
    people, own = await begin(workshop, TWICE_IN_USEASY)
    several = (await look(people, own))[USEASY]
    chosen = await people.choose(own.customer, several, several.candidates[1].id)
    assert (chosen.state, chosen.candidates) == (LinkState.FOUND, several.candidates)
    assert chosen.record is not None
    assert chosen.record.customer == several.candidates[1]
    for known in ((await kept(await workshop.people(JUZI), own)), await look(people, own, refresh=True)):
        record = known[USEASY].record
        assert record is not None
        assert record.customer.id == several.candidates[1].id
        assert [one.id for one in known[USEASY].candidates] == [one.id for one in several.candidates]
    other = await people.choose(own.customer, chosen, several.candidates[0].id)
    assert other.record is not None
    assert other.record.customer.id == several.candidates[0].id


async def test_a_choice_that_matches_no_more_is_asked_for_again(workshop: Workshop) -> None:
    people, own = await begin(workshop, TWICE_IN_USEASY)
    several = (await look(people, own))[USEASY]
    chosen = several.candidates[1]
    await people.choose(own.customer, several, chosen.id)
    desk = await people.desk(USEASY)
    assert (await desk.delete(chosen)).ok
    assert (await kept(people, own))[USEASY].state is LinkState.UNASKED
    left = (await look(people, own))[USEASY]
    assert left.record is not None
    assert left.record.customer.id == several.candidates[0].id


async def test_an_answer_to_another_value_does_not_count(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    await look(people, own)
    other = await read(workshop.desk_of(people), "陈晓云")
    swapped = other.customer.model_copy(update={"id": own.customer.id})
    changed = (await kept(people, Record(swapped, 0.0, live=False)))[IMA]
    assert changed.state is LinkState.FOUND  # the same id is the same value
    linked = await workshop.people(JUZI, (IMA, "external_id", "union_id"))
    assert (await kept(linked, own))[IMA].state is LinkState.UNASKED


async def test_who_was_seen_there_is_shown_before_anybody_is_asked(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    useasy = await read(await workshop.open(USEASY), LISI)
    workshop.calls.clear()
    linked = (await kept(people, own))[USEASY]
    assert linked.state is LinkState.UNASKED
    assert linked.record is not None
    assert linked.record.customer.id == useasy.customer.id
    assert workshop.calls == []
    states = [linked.state async for linked in people.look(own.customer) if linked.source.profile == USEASY]
    assert states == [LinkState.LOOKING, LinkState.FOUND]


async def test_cancelling_ends_the_look_ups_and_leaves_nothing_half_done(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    workshop.gates = {"ima": asyncio.Event(), "useasy": asyncio.Event()}
    async with aclosing(people.look(own.customer)) as answers:
        assert (await anext(answers)).state is LinkState.LOOKING
        assert (await anext(answers)).state is LinkState.LOOKING
        waiting = asyncio.ensure_future(anext(answers))
        await workshop.called("/ima/", "/useasy/")
        calls = list(workshop.calls)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert (workshop.held, workshop.calls) == (0, calls)  # not waited for until they timed out and were tried again
    assert {linked.state for linked in (await people.kept(own)).linked} == {LinkState.UNASKED}
    workshop.gates.clear()
    assert {linked.state for linked in (await look(people, own)).values()} == {LinkState.FOUND}


async def test_whoever_stops_reading_cancels_too(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    workshop.gates = {"ima": asyncio.Event(), "useasy": asyncio.Event()}
    reading = asyncio.create_task(look(people, own))
    await workshop.called("/ima/", "/useasy/")
    calls = list(workshop.calls)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert (workshop.held, workshop.calls) == (0, calls)


async def test_at_most_one_look_up_a_link_is_under_way(workshop: Workshop) -> None:
    people, own = await begin(workshop)
    other = await read(workshop.desk_of(people), "陈晓云")
    workshop.gates = {"ima": asyncio.Event()}
    first = asyncio.create_task(look(people, own))
    await workshop.called("/ima/", "/useasy/")
    found = []
    async with aclosing(people.look(other.customer)) as answers:
        async for linked in answers:
            found.append((linked.source.profile, linked.state))
            if linked.source.profile == USEASY and linked.state is LinkState.FOUND:
                assert len([call for call in workshop.calls if "/ima/" in call]) == 1
                workshop.gates["ima"].set()
    assert found[-1] == (IMA, LinkState.FOUND)
    assert {linked.state for linked in (await first).values()} == {LinkState.FOUND}


async def test_in_which_profiles_people_are_as_far_as_is_known(workshop: Workshop) -> None:
    people, lisi = await begin(workshop)
    twice = await read(workshop.desk_of(people), TWICE_IN_USEASY)
    missing = await read(workshop.desk_of(people), NOT_IN_USEASY)
    unseen = await read(workshop.desk_of(people), "陈晓云")
    for own in (lisi, twice, missing):
        await look(people, own)
    workshop.calls.clear()
    known = await people.known_in([own.customer for own in (lisi, twice, missing, unseen)])
    assert workshop.calls == []
    assert known == {
        lisi.customer.id: (JUZI, USEASY, IMA),
        twice.customer.id: (JUZI, USEASY, IMA),
        missing.customer.id: (JUZI, IMA),
        unseen.customer.id: (JUZI,),
    }
