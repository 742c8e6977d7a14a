"""The parts of a form about one person: each profile's fields, and the profiles that cannot be edited, with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from tui.desk.linked.person import Linked, LinkState, Person, Source
from tui.desk.outcome import Draft, Record
from tui.locale import _, listed
from tui.model.errors import KehuError
from tui.model.masking import OPEN, Cover
from tui.screens.forms.drafts import DraftKeeper, Keeper
from tui.screens.forms.field_inputs import from_input
from tui.screens.main.under_way import key_of
from widgets.inputs import Value

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.customer import Customer, FieldSpec, FieldValue
    from tui.screens.main.main_screen import MainScreen

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that a form waits for linked profiles: whoever answers later is not in it, and it says so. Keys are kept back
for the form a little longer than this."""

BETWEEN = ":"
"""Between a profile and a field's code, in a form's keys: no profile's name has one."""


@dataclass(frozen=True, slots=True)
class EditableSection:
    """One profile's share of a form: the fields `specs` of `customer`, whose `desk` it is."""

    source: Source
    desk: Desk
    customer: Customer
    specs: tuple[FieldSpec, ...]
    cover: Cover = field(default_factory=lambda: Cover(OPEN))
    """Hides the values that the form begins with."""

    def key(self, code: str) -> str:
        """The form's key for the field `code`."""
        return f"{self.source.profile}{BETWEEN}{code}"

    def whole(self, values: Mapping[str, Value]) -> dict[str, FieldValue]:
        """Return what the form's `values` are as the fields' values, those that were left hidden as they are."""
        known = {spec.code: spec for spec in self.specs}
        return {code: self.cover.whole(code, from_input(known[code], value)) for code, value in values.items()}


@dataclass(frozen=True, slots=True)
class Closed:
    """A profile that the form cannot edit, and why."""

    source: Source
    reason: str


def split(values: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    """A form's `values` by profile and code."""
    found: dict[str, dict[str, Value]] = {}
    for key, value in values.items():
        profile, _between, code = key.partition(BETWEEN)
        found.setdefault(profile, {})[code] = value
    return found


def joined(values: Mapping[str, Mapping[str, T]]) -> dict[str, T]:
    """`values` by profile and code under the form's keys."""
    return {f"{profile}{BETWEEN}{code}": value for profile, some in values.items() for code, value in some.items()}


class PartsKeeper(Keeper):
    """Keeps a form's draft, each part's with its own profile: there it is found too, and goes with what is sent."""

    def __init__(self, keepers: Mapping[str, DraftKeeper]) -> None:
        self.keepers = keepers
        self._offered: dict[int, Mapping[str, Draft]] = {}
        """The drafts of the profiles that make each one that is offered, by its id."""

    async def keep(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        typed, before = split(values), split(seen)
        for profile, keeper in self.keepers.items():
            await keeper.keep(typed.get(profile, {}), before.get(profile, {}))

    def keep_now(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        typed, before = split(values), split(seen)
        for profile, keeper in self.keepers.items():
            keeper.keep_now(typed.get(profile, {}), before.get(profile, {}))

    async def kept(self) -> Mapping[str, object]:
        return joined({profile: await keeper.kept() for profile, keeper in self.keepers.items()})

    async def drop(self) -> None:
        for keeper in self.keepers.values():
            await keeper.drop()

    async def offered(self) -> Sequence[Draft]:
        """The drafts, the newest of every profile as one, then the second of each."""
        each = {profile: await keeper.offered() for profile, keeper in self.keepers.items()}
        found = []
        for place in range(max(map(len, each.values()), default=0)):
            drafts = {profile: some[place] for profile, some in each.items() if place < len(some)}
            newest = max(drafts.values(), key=lambda draft: draft.saved_at)
            values = joined({profile: draft.values for profile, draft in drafts.items()})
            seen = joined({profile: draft.seen or {} for profile, draft in drafts.items()})
            self._offered[newest.id] = drafts
            found.append(replace(newest, values=values, seen=seen))
        return found

    async def adopt(self, draft: Draft) -> None:
        for profile, part in self._offered[draft.id].items():
            await self.keepers[profile].adopt(part)

    async def throw_away(self, draft: Draft) -> None:
        for profile, part in self._offered[draft.id].items():
            await self.keepers[profile].throw_away(part)


async def whole_person(main: MainScreen) -> Person | None:
    """The current customer with its linked records, which are looked for if nobody did; None where there is none."""
    customer = await main.current()
    if customer is None:
        return None
    if not main.people.sources:
        return Person(Record(customer, 0.0, live=False), main.people.source, ())
    pane = main.customer_pane
    shown = pane.person if pane.customer_id == customer.id else None
    if shown is None or any(linked.state is LinkState.UNASKED for linked in shown.linked):
        pane.show(customer.id, read=True)
    person = await pane.settled(PATIENCE)
    if person is not None and person.own.customer.id == customer.id:
        return person
    if pane.customer_id == customer.id and not pane.busy:
        return None  # the pane says why: the vendor has the customer no more
    return await main.people.kept(Record(customer, 0.0, live=False))  # the disk is slow to tell what the pane shows


async def parts_of(main: MainScreen, person: Person) -> list[EditableSection | Closed]:
    """What of `person` each profile lets an agent change, its own first."""
    own = await _part(main, main.people.source, main.desk, person.own.customer)
    return [own, *[await _linked_part(main, linked) for linked in person.linked]]


async def _linked_part(main: MainScreen, linked: Linked) -> EditableSection | Closed:
    if linked.record is None:
        return Closed(linked.source, _why_no_record(linked))
    try:
        desk = await main.linked_desks.desk(linked.source.profile)
    except KehuError as error:
        return Closed(linked.source, error.message(_))
    return await _part(main, linked.source, desk, linked.record.customer)


async def _part(main: MainScreen, source: Source, desk: Desk, customer: Customer) -> EditableSection | Closed:
    if reason := desk.why_not("update"):
        return Closed(source, _("cannot be edited: {reason}").format(reason=reason))
    try:
        specs = await desk.fields()
        cover = Cover(await main.masker_of(desk))
    except KehuError as error:
        return Closed(source, error.message(_))
    return EditableSection(source, desk, customer, tuple(spec for spec in specs if spec.enabled), cover)


def _why_no_record(linked: Linked) -> str:
    match linked.state:
        case LinkState.MISSING:
            return _("nobody there; C creates the record")
        case LinkState.AMBIGUOUS:
            return _("several match; M picks one")
        case LinkState.NOTHING:
            return _("nothing to look by")
        case LinkState.FAILED if linked.error is not None:
            return linked.error.message(_)
        case _:
            return _("it has not answered yet")


def only_parts(sections: Sequence[EditableSection | Closed]) -> list[EditableSection]:
    """Those of `sections` that can be edited."""
    return [section for section in sections if isinstance(section, EditableSection)]


def why_not_yet(main: MainScreen, person: Person, command_id: str) -> str:
    """Say that linked profiles of `person` have not answered, and what to do; empty when all have."""
    states = (LinkState.UNASKED, LinkState.LOOKING)
    waiting = [linked.source.profile for linked in person.linked if linked.state in states]
    if not waiting:
        return ""
    text = _("No answer yet from {profiles}; press {key} again in a moment.")
    return text.format(profiles=listed(waiting), key=key_of(main, command_id))


def why_none(sections: Sequence[EditableSection | Closed]) -> str:
    """Why none of `sections` can be edited."""
    closed = [section for section in sections if isinstance(section, Closed)]
    return " · ".join(f"{section.source.profile}: {section.reason}" for section in closed)
