"""Making the plan for a file of creates or edits: what would change, what was sent before, what clashes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tui.desk.batch.field_file import ROW
from tui.desk.batch.import_file import RowRefusal
from tui.desk.batch.items import BatchItem, ImportFile
from tui.desk.batch.plan import Plan, Step
from tui.desk.batch.planning import OPEN, Earlier, earlier_run, failure_of
from tui.desk.batch.recipients import Progress, Recipients, VendorReader
from tui.desk.disk import Disk
from tui.desk.values import changes, from_json, to_json, value_of, values_of
from tui.locale import _, listed
from tui.model.change import Change, Kind, State
from tui.model.customer import Customer, FieldSpec, FieldValues
from tui.model.display import texts
from tui.model.masking import Masker
from tui.model.same import identical, same
from tui.store.remark_targets import RemarkTarget

AT_ONCE = 500
"""Customers whose whole records are in memory at a time."""


class FieldPlanner:
    """Makes one plan for `sheet`, of creates or of edits. `again`: what an earlier run sent is sent once more.

    What is there is told as `masker` shows it.
    """

    def __init__(
        self,
        sheet: ImportFile,
        reader: VendorReader,
        disk: Disk,
        specs: Sequence[FieldSpec],
        masker: Masker,
        *,
        again: bool = False,
    ) -> None:
        self._sheet = sheet
        self._disk = disk
        self._again = again
        self._masker = masker
        self._specs = {spec.code: spec for spec in specs}
        self._people = Recipients(reader, disk, needs_union_id=False)
        self._refused = list(sheet.refusals)
        self._steps: list[Step] = []
        self._same: list[BatchItem] = []

    async def plan(self, on_progress: Progress | None = None) -> Plan:
        """Find the customers, compare with what is there, and sort the rows. Nothing is written but what was read.

        Raises: KehuError where a customer has to be looked up and the vendor cannot be asked.
        """
        earlier = await earlier_run(self._disk, self._sheet.digest, again=self._again)
        recorded: dict[int, Change] = {change.request[ROW]: change for change in earlier.changes}
        if self._sheet.kind is Kind.CREATE:
            left, told = await self._new_ones(recorded)
        else:
            left, told = self._sheet.items, dict(recorded)
        fresh = [item for item in left if item.request[ROW] not in recorded]
        if self._sheet.kind is Kind.CREATE:
            await self._creates(fresh)
        else:
            await self._edits(fresh, on_progress)
        return self._sorted(earlier, told)

    # Creating

    async def _new_ones(self, recorded: Mapping[int, Change]) -> tuple[Sequence[BatchItem], dict[int, Change]]:
        """Return the rows that no other file has sent, and the changes of the others, by their rows."""
        told = dict(recorded)
        past: dict[str, Change] = {}
        if not self._again:
            for change in await self._disk.run(lambda store: store.batches.creates()):
                past[_values_key(change.request)] = change
        lines: dict[str, int] = {}
        left = []
        for item in self._sheet.items:
            key = _values_key(item.request)
            if (line := lines.setdefault(key, item.line)) != item.line:
                self._refuse(item, "duplicate", _("the same as line {line}").format(line=line))
            elif item.request[ROW] not in told and key in past:
                told[item.request[ROW]] = past[key]
            else:
                left.append(item)
        return left, told

    async def _creates(self, items: Sequence[BatchItem]) -> None:
        for item in items:
            values = from_json(item.request["values"])
            warning = await self._known_already(values)
            name = "".join(texts(values.get("name", ""))[:1])
            self._steps.append(Step(item, RemarkTarget("", name=name), warning=warning, labels=self._sheet.labels))

    async def _known_already(self, values: FieldValues) -> str:
        """Return who was seen here with one of the phones or addresses in `values`; empty for nobody."""
        for code, kind in (("phones", "phone"), ("phone", "phone"), ("emails", "email"), ("email", "email")):
            value = values.get(code) or ()
            for text in (
                [value] if isinstance(value, str) else [row if isinstance(row, str) else row.value for row in value]
            ):
                found = await self._disk.read(lambda store, k=kind, t=text: store.directory.find_by(k, t))  # type: ignore[misc]
                if found:
                    customer = found[0][0]
                    return _("{name} has {value} already").format(name=customer.name or customer.id, value=text)
        return ""

    # Editing

    async def _edits(self, items: Sequence[BatchItem], on_progress: Progress | None) -> None:
        keys = list(dict.fromkeys(item.key for item in items))
        await self._people.seen(keys)
        was = await self._there(items)
        await self._people.look_up(keys, on_progress)
        await self._people.read_again(keys, on_progress)
        lines: dict[str, int] = {}
        for start in range(0, len(items), AT_ONCE):
            some = items[start : start + AT_ONCE]
            found = await self._disk.run(lambda store, some=some: store.directory.get_many([item.key for item in some]))  # type: ignore[misc]
            for item in some:
                customer = found[item.key][0] if item.key in found else None
                if customer is None or item.key in self._people.missing:
                    why = self._people.missing.get(item.key, _("nobody here knows this customer"))
                    self._refuse(item, "not_found", why)
                elif (line := lines.setdefault(customer.id, item.line)) != item.line:
                    self._refuse(item, "duplicate", _("the same customer as in line {line}").format(line=line))
                else:
                    self._edit(item, customer, was.get(item.key))

    async def _there(self, items: Sequence[BatchItem]) -> dict[str, FieldValues]:
        """Return what was last seen here in the fields that `items` are about, by their customers."""
        was: dict[str, FieldValues] = {}
        for start in range(0, len(items), AT_ONCE):
            some = {item.key: item for item in items[start : start + AT_ONCE]}
            found = await self._disk.run(lambda store, some=some: store.directory.get_many(list(some)))  # type: ignore[misc]
            was |= {key: values_of(found[key][0], some[key].request["values"]) for key in found}
        return was

    def _edit(self, item: BatchItem, customer: Customer, was: FieldValues | None) -> None:
        wanted = from_json(item.request["values"])
        found = changes(customer, wanted, self._specs.values(), equal=identical)
        if not found:
            self._same.append(item)
            return
        now = {change.code: change.before for change in found}
        seen = {}
        for code in now if was is not None else ():
            spec, before, after = self._specs.get(code), (was or {})[code], wanted[code]
            if not same(spec, before, now[code]) and not same(spec, now[code], after):
                seen[code] = listed(texts(self._masker.value(code, before), spec))
        drops = [self._masker.text(change.code, text) for change in found for text in change.drops]
        warning = _("no longer there: {values}").format(values=listed(drops)) if drops else ""
        request = {"values": to_json({change.code: wanted[change.code] for change in found}), ROW: item.request[ROW]}
        person = self._people.known.get(item.key) or RemarkTarget(customer.id, customer.union_id, customer.name)
        self._steps.append(
            Step(
                replace(item, request=request),
                person._replace(id=customer.id, name=customer.name),
                {"values": to_json({code: value_of(customer, code) for code in now})},
                warning,
                seen,
                labels=self._sheet.labels,
            )
        )

    # The plan

    def _refuse(self, item: BatchItem, code: str, text: str) -> None:
        self._refused.append(RowRefusal(item.line, "", code, text, item.key, item.user_id))

    def _sorted(self, earlier: Earlier, recorded: Mapping[int, Change]) -> Plan:
        undecided, done, discarded = [], 0, 0
        for item in self._sheet.items:
            old = recorded.get(item.request[ROW])
            if old is None:
                continue
            if old.state in OPEN and old.batch == earlier.batch:
                sent = replace(item, request=old.request)
                person = RemarkTarget(old.customer_id, old.union_id, old.customer_name)
                self._steps.append(Step(sent, person, old.before, change_id=old.id, labels=self._sheet.labels))
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
            tuple(sorted(self._steps, key=lambda step: step.item.line)),
            tuple(sorted(self._refused, key=lambda refusal: refusal.line)),
            tuple(self._same),
            done=done,
            begun_at=min((change.created_at for change in earlier.changes), default=None),
            undecided=tuple(undecided),
            discarded=discarded,
            looked_up=self._people.looked_up,
            read_again=self._people.renewed,
            trouble=self._people.trouble,
            newest=max((change.id for change in earlier.changes), default=0),
        )


def _values_key(request: Mapping[str, object]) -> str:
    return json.dumps(request["values"], sort_keys=True)
