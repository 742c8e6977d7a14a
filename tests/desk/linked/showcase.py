"""The people of the demo's first page, by the names that all three vendors know them by."""

from __future__ import annotations

from tests.desk.workshop import Workshop
from tui.desk.desk import Desk
from tui.desk.linked.linked_people import LinkedPeople
from tui.desk.linked.person import Linked, LinkState, Person
from tui.desk.outcome import Record
from tui.model.customer import Query

JUZI, USEASY, IMA = "demo-juzi", "demo-useasy", "demo-ima"

LISI = "李四"
PHONE_DIFFERS, COMPANY_DIFFERS, EMAIL_DIFFERS = "王五", "周美玲", "Emma Rossi"
NOT_IN_USEASY, NOT_IN_IMA, TWICE_IN_USEASY = "欧阳雪莹", "Oliver Smith", "赵建国"


async def read(desk: Desk, name: str) -> Record:
    """The customer `name` of the first page, read whole."""
    page = await desk.page(Query(size=20))
    customer = next(customer for customer in page.items if customer.name == name)
    return await desk.customer(customer.id)


async def begin(workshop: Workshop, name: str = LISI, profile: str = JUZI) -> tuple[LinkedPeople, Record]:
    """The people of `profile`, and its record of `name`; ima, which has no list, is asked by the external id."""
    people = await workshop.people(profile)
    desk = workshop.desk_of(people)
    if profile != IMA:
        return people, await read(desk, name)
    juzi = await read(await workshop.open(JUZI), name)
    return people, await desk.customer(juzi.customer.id, "external_id")


async def look(people: LinkedPeople, own: Record, *, refresh: bool = False) -> dict[str, Linked]:
    """What looking for `own` came to, by profile."""
    looked = [linked async for linked in people.look(own.customer, refresh=refresh)]
    return {linked.source.profile: linked for linked in looked if linked.state is not LinkState.LOOKING}


async def whole(people: LinkedPeople, own: Record) -> Person:
    """`own` with all that its links lead to."""
    person = await people.kept(own)
    for linked in (await look(people, own)).values():
        person = person.with_answer(linked)
    return person
