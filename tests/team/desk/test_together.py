"""Two desks and the real server, on both databases: what one does, the other has."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.desk.workshop import Workshop
from tests.team.desk.conftest import is_up, until
from tests.team.desk.test_queue import first_of, follow
from tests.team.served import Caller, Served
from tui.desk.desk import Desk
from tui.model.errors import ConflictError, NotFoundError
from tui.model.next_contact import NextContact
from tui.model.saved_view import SavedView
from tui.model.team import Stands, TeamPreset
from tui.model.times import DayOrMoment
from tui.sandbox.faults import Faults
from tui.team.client import TeamClient
from tui.team.desk_team import DeskTeam
from tui.team.received import Received
from tui.team.shared_day import DONE, GONE, Word, who_counts
from tui.team.team_line import TeamLine

SOURCE = "juzi:sandbox"


class Pair:
    """Two desks of two members at one vendor's account."""

    def __init__(self, sandbox: Path, folder: Path, served: Served) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._served = served
        self._workshops: list[Workshop] = []
        self.members: list[Caller] = []

    async def join(self, name: str, role: str = "agent") -> tuple[Desk, DeskTeam]:
        """A desk of a member of its own, with files of its own."""
        member = await self._served.member(name, role)
        self.members.append(member)
        place = self._folder / name
        workshop = Workshop(self._sandbox, place, Faults())
        self._workshops.append(workshop)
        desk = await workshop.open("demo-juzi")
        line = TeamLine(TeamClient(f"unix:{self._served.path}", member.token), Received.open(place / "team.db"))
        desk.team = team = DeskTeam(line, desk.disk, SOURCE, desk.subscribe, desk.announce, desk.customer)
        await team.start()
        await is_up(team)
        return desk, team

    async def close(self) -> None:
        """Close the desks, and so their places in the team."""
        for workshop in self._workshops:
            await workshop.close()


@pytest.fixture
async def pair(seeded: Path, tmp_path: Path, served: Served) -> AsyncIterator[Pair]:
    """Desks that can join."""
    folder = Path(tempfile.mkdtemp(prefix="kehu-"))
    sandbox = tmp_path / "sandbox.db"
    shutil.copy(seeded, sandbox)
    pair = Pair(sandbox, folder, served)
    yield pair
    await pair.close()
    shutil.rmtree(folder)


async def shares(team: DeskTeam) -> None:
    """Go on where the server shares more than the journal."""
    try:
        await team.line.client.call("GET", "/v1/presets")
    except NotFoundError:
        pytest.skip("this server shares no next contacts and no presets")


async def told_by(team: DeskTeam, desk: Desk, customer_id: str) -> list[str]:
    """Who said what about a customer, as the other desk has it."""
    customer = (await desk.customer(customer_id)).customer
    history = await team.history(customer)
    return [f"{one.author_name}: {one.entry.body['request']['texts'][0]['content']}" for one in history.entries]


async def test_what_one_writes_the_other_reads_with_the_authors_name_and_last_counts_it(pair: Pair) -> None:
    desk, _team = await pair.join("李")
    other, team = await pair.join("张三")
    customer = await follow(desk, "报价已发")
    await other.customer(customer)
    await until(team, lambda: bool(team.line.received.history([(SOURCE, customer)], None)))
    assert await told_by(team, other, customer) == ["李: 报价已发"]


async def test_exactly_one_claims_a_customer_and_the_other_hears_of_it(pair: Pair) -> None:
    desk, team = await pair.join("李")
    _other, others = await pair.join("张三")
    customer = await first_of(desk)
    held = await team.claim(customer.id, 7200)
    await until(others, lambda: others.company(customer.id).claim is not None)
    assert others.company(customer.id).writing == ("李",)
    with pytest.raises(ConflictError, match="李 has claimed this customer"):
        await others.claim(customer.id, 7200)
    assert await team.release(customer.id)
    await until(others, lambda: others.company(customer.id).claim is None)
    again = await others.claim(customer.id, 7200)
    assert again.fence > held.fence
    assert not await team.release(customer.id)


async def test_who_is_there_is_seen_by_who_else_is(pair: Pair) -> None:
    desk, team = await pair.join("李")
    _other, others = await pair.join("张三")
    customer = await first_of(desk)
    team.enter(customer.id)
    await until(team, lambda: (SOURCE, customer.id) in team.line.others)
    others.enter(customer.id, writing=True)
    await until(team, lambda: [one.name for one in team.company(customer.id).others if one.writing] == ["张三"])
    others.leave()
    await until(team, lambda: team.company(customer.id).others == ())


async def test_a_next_contact_that_is_handed_over_is_the_colleagues(pair: Pair) -> None:
    desk, team = await pair.join("李")
    await shares(team)
    other, others = await pair.join("张三")
    customer = await first_of(desk)
    when = DayOrMoment(datetime.now(UTC) + timedelta(days=2), False)
    await desk.day.set(customer, when, "报价后回访")
    await until(team, lambda: len(team.line.received.contacts(SOURCE)) == 1)
    await until(team, lambda: any(one.name == "张三" for one in team.line.people.values()))
    zhang = next(one for one in await team.people() if one.name == "张三")
    await team.hand_over(customer, zhang)
    assert await desk.day.of([customer.id]) == {}

    async def theirs() -> NextContact | None:
        return (await other.day.of([customer.id])).get(customer.id)

    while (contact := await theirs()) is None:
        await until(others, lambda: True)
    assert (contact.note, contact.at, contact.author) == ("报价后回访", int(when.at.timestamp()), "李")
    due = await others.due((datetime.now(UTC) + timedelta(days=7)).timestamp())
    assert [(one.owner_name, one.customer_name) for one in due] == [("张三", customer.name)]
    await other.day.finish((await other.customer(customer.id)).customer)
    await until(team, lambda: all(one.done_at is not None for one in team.line.received.contacts(SOURCE)))
    with pytest.raises(NotFoundError, match="no contact with"):
        await team.hand_over(customer, zhang)


async def test_a_view_and_a_text_that_are_shared_are_there_for_all_until_they_are_not(pair: Pair) -> None:
    desk, team = await pair.join("李", "lead")
    await shares(team)
    other, _others = await pair.join("张三")
    await team.share(TeamPreset("view", "全组要联系", {"query": "next<=today", "columns": ["name"], "key": "7"}))
    await team.share(TeamPreset("follow", "未接", {"text": "电话未接，{today} 再联系"}))

    async def names() -> list[str]:
        views = [one.name for one in await other.views.all() if one.origin == "shared"]
        return views + [one.name for one in await other.templates.all("follow")]

    while await names() != ["全组要联系", "未接"]:
        await until(team, lambda: True)
    await other.views.save(SavedView("全组要联系", "next<=tomorrow"))  # one's own goes before the shared one
    assert [one.origin for one in await other.views.all() if one.name == "全组要联系"] == ["saved"]
    await team.share(TeamPreset("follow", "未接", None))
    while await names() != []:
        await until(team, lambda: True)
    assert desk.team is team


OPEN = Stands(True, False, 100)
LATER = Stands(True, False, 200)


@pytest.mark.parametrize(
    ("ours", "theirs", "agreed", "known", "counts"),
    [
        (OPEN, GONE, GONE, False, Word.OURS),  # set here just now
        (DONE, GONE, GONE, False, Word.NEITHER),  # made before anybody was told
        (OPEN, OPEN, GONE, True, Word.NEITHER),
        (LATER, OPEN, OPEN, True, Word.OURS),  # moved here
        (OPEN, LATER, OPEN, True, Word.THEIRS),  # moved by a lead
        (GONE, OPEN, OPEN, True, Word.OURS),  # taken away here
        (DONE, OPEN, OPEN, True, Word.OURS),
        (GONE, OPEN, GONE, True, Word.THEIRS),  # handed to us
        (OPEN, GONE, OPEN, True, Word.THEIRS),  # handed to somebody else
        (OPEN, DONE, OPEN, True, Word.THEIRS),  # made at another desk of ours
        (LATER, GONE, OPEN, True, Word.THEIRS),  # moved here, and handed over there
        (LATER, Stands(True, False, 300), OPEN, True, Word.OURS),  # two dates: the one from here is the later
    ],
)
def test_whose_word_counts_where_a_next_contact_changed(
    ours: Stands, theirs: Stands, agreed: Stands, known: bool, counts: Word
) -> None:
    assert who_counts(ours, theirs, agreed, known=known) is counts
