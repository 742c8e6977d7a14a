"""Whether a link can work, told without a call."""

from __future__ import annotations

import pytest

from tests.desk.linked.showcase import IMA, JUZI, USEASY
from tests.desk.workshop import Workshop
from tui.desk.linked.link import outlook
from tui.model.errors import ConfigError
from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.useasy_fields import ADDRESS_FIELD


async def test_a_link_by_what_every_tenant_has_is_certain(workshop: Workshop) -> None:
    people = await workshop.people(JUZI, (IMA, "external_id", "id"))
    (link,) = people.links
    assert await outlook(link, workshop.desk_of(people)) == ()
    assert workshop.calls == []


async def test_a_tenants_own_field_is_certain_once_its_fields_were_read(workshop: Workshop) -> None:
    people = await workshop.people(JUZI)
    link = people.links[0]
    assert await outlook(link, workshop.desk_of(people)) == (USEASY,)
    assert workshop.calls == []
    await (await people.desk(USEASY)).fields()
    assert await outlook(link, workshop.desk_of(people)) == ()


@pytest.mark.parametrize(
    ("theirs", "told"),
    [("custom.text_gone", f"{USEASY} has no field"), (f"custom.{ADDRESS_FIELD}", f"{USEASY} does not search")],
)
async def test_a_field_that_is_not_there_or_not_searched_is_told(workshop: Workshop, theirs: str, told: str) -> None:
    people = await workshop.people(JUZI, (USEASY, theirs, "id"))
    await (await people.desk(USEASY)).fields()
    (link,) = people.links
    with pytest.raises(ConfigError, match=told):
        await outlook(link, workshop.desk_of(people))


async def test_a_field_of_ours_that_is_not_there_is_told(workshop: Workshop) -> None:
    people = await workshop.people(
        USEASY, (JUZI, "id", "custom.text_gone"), (IMA, "external_id", f"custom.{WECOM_FIELD}")
    )
    await workshop.desk_of(people).fields()
    gone, there = people.links
    with pytest.raises(ConfigError, match=f"{USEASY} has no field"):
        await outlook(gone, workshop.desk_of(people))
    assert await outlook(there, workshop.desk_of(people)) == ()
