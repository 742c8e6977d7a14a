"""Making the plan: rows, people, and what was recorded before, laid over one another."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from tui.desk.batch.cell_reader import may_be_rounded
from tui.desk.batch.import_file import RowRefusal
from tui.desk.batch.items import BatchItem, ImportFile
from tui.desk.batch.plan import Plan, Step
from tui.desk.batch.recipients import Progress, Recipients, VendorReader, is_stale
from tui.desk.conflicts import TEXTS
from tui.desk.disk import Disk
from tui.locale import _
from tui.model.change import Change, Json, Kind, State
from tui.model.customer import Failure
from tui.model.errors import NetworkError
from tui.model.same import same
from tui.store.batches import RUN
from tui.store.remark_targets import Notes, RemarkTarget

ON_ITS_WAY = (State.PENDING, State.SENDING)
"""States of a remark that will stand there, whatever stands there now."""


class KnownRemarks:
    """The notes on `people`, whose records are of one time, and what was made from here since of `changes`."""

    def __init__(self, people: Mapping[str, RemarkTarget], changes: Iterable[Change]) -> None:
        self._since: dict[tuple[str, str], Notes | None] = {}
        for change in changes:
            if person := people.get(change.customer_id):
                self._lay_over(change, person)

    def of(self, person: RemarkTarget, user_id: str) -> Notes | None:
        """What `user_id` notes on `person`; None where nobody can say."""
        return self._since.get((person.id, user_id), person.notes.get(user_id))

    def _lay_over(self, change: Change, person: RemarkTarget) -> None:
        """What `change` wrote since `person`'s record was read stands there; what it may still write, nobody knows."""
        user_id = change.request["user_id"]
        later = (change.settled_at or change.sent_at or 0.0) > person.seen_at
        if change.state in ON_ITS_WAY or (change.state is State.UNKNOWN and later):
            self._since[person.id, user_id] = None
        elif change.state is State.SENT and later:
            remark, description = self.of(person, user_id) or ("", "")
            self._since[person.id, user_id] = (
                change.request.get("remark", remark),
                change.request.get("description", description),
            )


def as_json(notes: Notes) -> dict[str, str]:
    """`notes` by their names."""
    return dict(zip(TEXTS, notes, strict=True))


def changed_since(item: BatchItem, was: Notes | None, now: Notes | None) -> dict[str, str]:
    """Those of the texts that `item` replaces that somebody else changed, as they WERE when they were last seen
    here.
    """
    if was is None or now is None:
        return {}
    seen, there = as_json(was), as_json(now)
    return {
        name: seen[name]
        for name, text in item.request.items()
        if name in seen and not same(None, seen[name], there[name]) and not same(None, there[name], text)
    }


OPEN = (State.PENDING, State.FAILED)
"""States of what an earlier run did not get to the vendor."""

Identity = tuple[str, str]
"""What a row asks for, however often it is read: the customer's union id, else its id, and the request."""


def identity(union_id: str | None, customer_id: str, request: Json) -> Identity:
    """See `Identity`."""
    return union_id or customer_id, json.dumps(request, sort_keys=True)


class Earlier(NamedTuple):
    """What is on disk of a file."""

    batch: str
    changes: Sequence[Change] = ()


async def earlier_run(disk: Disk, digest: str, *, again: bool) -> Earlier:
    """Return the run of the file with `digest` that is gone on with; a new one where there is none, or it is wanted
    `again`."""
    latest = await disk.run(lambda store: store.batches.latest(digest))
    if latest is None:
        return Earlier(digest)
    if again:
        run = int(latest.partition(RUN)[2] or 1)
        return Earlier(f"{digest}{RUN}{run + 1}")
    return Earlier(latest, await disk.run(lambda store: store.batches.of(latest)))


class Planner:
    """Makes one plan for `sheet`. `again`: what an earlier run sent is sent once more.

    `shown` is the plan that the agent has looked at, where there is one: what it told is what was seen.
    """

    def __init__(
        self, sheet: ImportFile, reader: VendorReader, disk: Disk, *, again: bool = False, shown: Plan | None = None
    ) -> None:
        self._sheet = sheet
        self._disk = disk
        self._again = again
        self._shown = shown
        operation = "set_remarks" if sheet.kind is Kind.REMARK else "add_follows"
        self._by_union_id = reader.capabilities.can(operation) and reader.capabilities.needs_union_id
        self._people = Recipients(reader, disk, self._by_union_id)
        self._refused = list(sheet.refusals)
        self._seen: dict[str, RemarkTarget] = {}
        """Those who were known before anybody was read again, as they were."""
        self._was = self._now = KnownRemarks({}, ())
        """What colleagues note as it was last seen here, and as it is."""

    async def plan(self, on_progress: Progress | None = None) -> Plan:
        """Find the people, compare with what is there, and sort the rows. Nothing is written but what was read.

        Raises: KehuError where a customer has to be looked up and the vendor cannot be asked.
        """
        items = self._sheet.items
        await self._people.seen(_unique(key for item in items for key in (item.customer, item.union_id)))
        self._seen = dict(self._people.known)
        for step in self._shown.steps if self._shown is not None else ():
            self._seen[step.person.id] = step.person
        wanted = [item.key for item in items if not self._reachable(item)]
        await self._people.look_up(_unique(wanted), on_progress)
        if self._sheet.kind is Kind.REMARK:
            await self._people.read_again(_unique(item.key for item in items), on_progress)
        found = [(item, person) for item in items if (person := self._person(item)) is not None]
        found = self._without_doubles(found)
        earlier = await earlier_run(self._disk, self._sheet.digest, again=self._again)
        past: set[Identity] = set()
        if self._sheet.kind is Kind.REMARK:
            await self._read_notes(found, earlier)
        else:
            past = await self._past(found)
        return self._sorted(found, earlier, past)

    # People

    def _reachable(self, item: BatchItem) -> bool:
        """Nothing of `item`'s customer has to be looked up: its union id is given, and that is all the vendor takes."""
        return self._by_union_id and bool(item.union_id)

    def _person(self, item: BatchItem) -> RemarkTarget | None:
        """Whom `item` is about; None, with the reason noted, where it cannot be sent."""
        known = self._people.known.get(item.customer) or self._people.known.get(item.union_id)
        if known is None:
            if self._reachable(item) and item.key not in self._people.missing:
                return RemarkTarget(item.key, item.union_id)
            self._refuse(item, "customer", "not_found", self._people.missing[item.key])
            return None
        if not self._by_union_id:
            return known
        if item.union_id and known.union_id not in (None, item.union_id):
            text = _("{customer} has another union id: {union_id}")
            self._refuse(item, "union_id", "union_id", text.format(customer=item.customer, union_id=known.union_id))
            return None
        if not item.union_id and not known.union_id:
            self._refuse(item, "customer", "union_id", _("no union id: the vendor takes nothing on this customer"))
            return None
        return known._replace(union_id=item.union_id) if item.union_id else known

    def _refuse(self, item: BatchItem, column: str, code: str, text: str) -> None:
        self._refused.append(RowRefusal(item.line, column, code, text, item.key, item.user_id))

    def _without_doubles(self, found: Iterable[tuple[BatchItem, RemarkTarget]]) -> list[tuple[BatchItem, RemarkTarget]]:
        """`found` without rows that ask twice: for two remarks of one colleague on one customer, or one follow-up."""
        remarks = self._sheet.kind is Kind.REMARK
        double = _("the same customer and colleague as in line {line}") if remarks else _("the same as line {line}")
        first: dict[tuple[str, str], int] = {}
        single = []
        for item, person in found:
            whom = person.union_id or person.id
            mark = item.user_id if remarks else json.dumps(item.request)
            if (line := first.get((whom, mark))) is None:
                first[whom, mark] = item.line
                single.append((item, person))
            else:
                self._refuse(item, "", "duplicate", double.format(line=line))
        return single

    # What is on disk

    async def _past(self, found: Sequence[tuple[BatchItem, RemarkTarget]]) -> set[Identity]:
        """Follow-ups with times of their own that were sent before."""
        if self._again or not any(_timed(item.request) for item, _person in found):
            return set()
        return {
            identity(change.union_id, change.customer_id, change.request)
            for change in await self._changes(found)
            if change.state not in (State.FAILED, State.DISCARDED)
        }

    async def _read_notes(self, found: Sequence[tuple[BatchItem, RemarkTarget]], earlier: Earlier) -> None:
        """Lay what was sent from here over what was seen; what waits in this very batch is about to replace itself."""
        now = {key: person for _item, person in found for key in (person.id, person.union_id) if key}
        was = {key: seen for key, person in now.items() if (seen := self._last_seen(person)) is not None}
        oldest = min((person.seen_at for person in (*was.values(), *now.values())), default=0.0)
        changes = [
            change
            for change in await self._changes(found, oldest)
            if change.state is not State.PENDING or change.batch != earlier.batch
        ]
        self._was, self._now = KnownRemarks(was, changes), KnownRemarks(now, changes)

    def _last_seen(self, person: RemarkTarget) -> RemarkTarget | None:
        """`person` as it was known before this plan was made."""
        return self._seen.get(person.id) or self._seen.get(person.union_id or "")

    async def _changes(self, found: Sequence[tuple[BatchItem, RemarkTarget]], since: float = 0.0) -> Sequence[Change]:
        """What was done from here, `since` then or still to go, to those who were `found`."""
        ids = _unique(id for _item, person in found for id in (person.id, person.union_id))
        return await self._disk.run(lambda store: store.batches.about(ids, self._sheet.kind, since))

    # The plan

    def _sorted(self, found: Sequence[tuple[BatchItem, RemarkTarget]], earlier: Earlier, past: set[Identity]) -> Plan:
        recorded = _Recorded(earlier.changes)
        steps, same, undecided, done, discarded = [], [], [], 0, 0
        for item, person in found:
            old = recorded.take(person, item) if earlier.changes else None
            mark = identity(person.union_id, person.id, item.request) if past else None
            if old is None:
                if mark in past and _timed(item.request):
                    done += 1
                elif self._is_so(item, person):
                    same.append(item)
                else:
                    steps.append(self._step(item, person))
            elif old.state in OPEN:
                steps.append(replace(self._step(item, person), change_id=old.id))
            elif old.state is State.UNKNOWN:
                undecided.append(failure_of(old, item))
            elif old.state is State.DISCARDED:
                discarded += 1
            else:
                done += 1
        return Plan(
            self._sheet.kind,
            self._sheet.name,
            earlier.batch,
            tuple(steps),
            tuple(sorted(self._refused, key=lambda refusal: refusal.line)),
            tuple(same),
            done=done,
            begun_at=min((change.created_at for change in earlier.changes), default=None),
            undecided=tuple(undecided),
            discarded=discarded,
            looked_up=self._people.looked_up,
            read_again=self._people.renewed,
            trouble=self._people.trouble,
            newest=max((change.id for change in earlier.changes), default=0),
        )

    def _step(self, item: BatchItem, person: RemarkTarget) -> Step:
        warning = ""
        if self._by_union_id and person.seen_at and item.user_id not in person.notes:
            warning = _("{user} does not follow the customer, as far as is known here").format(user=item.user_id)
        if not warning and may_be_rounded(item.key):
            warning = _(
                "{customer} may have been rounded by a spreadsheet: noughts are left of its last digits"
            ).format(customer=item.key)
        if self._sheet.kind is not Kind.REMARK:
            return Step(item, person, warning=warning)
        now = self._now.of(person, item.user_id)
        last_seen = self._last_seen(person)
        was = self._was.of(last_seen, item.user_id) if last_seen is not None else None
        return Step(item, person, as_json(now) if now else None, warning, changed_since(item, was, now))

    def _is_so(self, item: BatchItem, person: RemarkTarget) -> bool:
        """The remark is there already, by a record so fresh that nobody is likely to have changed it since."""
        if self._sheet.kind is not Kind.REMARK or is_stale(person):
            return False
        notes = self._now.of(person, item.user_id)
        there = as_json(notes) if notes else {}
        return all(there.get(name) == text for name, text in item.request.items() if name != "user_id")


class _Recorded:
    """The changes of an earlier run, each found once, by the row that asked for it."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._dated: defaultdict[Identity, list[Change]] = defaultdict(list)
        self._undated: defaultdict[Identity, list[Change]] = defaultdict(list)
        self._taken: set[int] = set()
        for change in changes:
            self._dated[identity(change.union_id, change.customer_id, change.request)].append(change)
            self._undated[identity(change.union_id, change.customer_id, _undated(change.request))].append(change)

    def take(self, person: RemarkTarget, item: BatchItem) -> Change | None:
        """Take the change that the row `item`, which is about `person`, was recorded as; None where there is none left.

        A time that is counted from now was another one then: in the same file it is the same follow-up all the same.
        """
        request = _undated(item.request) if item.counted_from_now else item.request
        waiting = (self._undated if item.counted_from_now else self._dated)[
            identity(person.union_id, person.id, request)
        ]
        while waiting:
            change = waiting.pop(0)
            if change.id not in self._taken:
                self._taken.add(change.id)
                return change
        return None


def _undated(request: Json) -> Json:
    """`request` without the times of its follow-ups."""
    texts = [{**text, "at": None} for text in request.get("texts", ())]
    return {**request, "texts": texts} if texts else request


def _timed(request: Json) -> bool:
    """A follow-up that has a time of its own: another one of the same words is another one."""
    return "texts" in request and all(text["at"] for text in request["texts"])


def _unique(keys: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(key for key in keys if key))


def failure_of(change: Change, item: BatchItem) -> Failure:
    return Failure(
        index=item.line,
        customer=item.key,
        user_id=item.user_id,
        code=change.code or NetworkError.kind,
        message=change.message,
        unknown=True,
    )
