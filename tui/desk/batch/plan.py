"""What a batch would do: the dry run, the summary before it is sent, and what is then sent."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tui.desk.batch.import_file import RowRefusal
from tui.desk.batch.items import BatchItem
from tui.desk.batch.recipients import is_stale
from tui.desk.checks import is_first
from tui.desk.conflicts import FRESH
from tui.desk.values import from_json
from tui.locale import listed
from tui.model.change import Json, Kind
from tui.model.customer import Failure
from tui.model.display import texts
from tui.model.errors import KehuError
from tui.store.remark_targets import RemarkTarget


@dataclass(frozen=True, slots=True)
class Step:
    """One row that is to be sent."""

    item: BatchItem
    person: RemarkTarget
    before: Mapping[str, Any] | None = None
    """What stands there as it is recorded, as far as is known here: remark and description, or a field's `values`."""
    warning: str = ""
    """Why the vendor may refuse it, in the agent's language."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """Those of the texts before that somebody else changed since they were seen here, as they were then."""
    change_id: int | None = None
    """Its change, where an earlier run recorded it and did not get it to the vendor."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What a person calls the fields that it writes, by their codes."""

    @property
    def is_doubtful(self) -> bool:
        """It is a follow-up whose time may be mistaken; one that an earlier run recorded was asked about then."""
        return bool(self.item.doubt) and self.change_id is None

    @property
    def texts_before(self) -> Mapping[str, str] | None:
        """What stands there, as texts."""
        return value_texts(self.before["values"]) if self.before and "values" in self.before else self.before

    @property
    def after(self) -> Mapping[str, str]:
        """The texts that are to be there."""
        if "values" in self.item.request:
            return value_texts(self.item.request["values"])
        if "texts" in self.item.request:
            return {"content": " / ".join(text["content"] for text in self.item.request["texts"])}
        return {name: text for name, text in self.item.request.items() if name != "user_id"}


def value_texts(values: Json) -> dict[str, str]:
    """Return fields' `values`, as they are recorded, as a text each."""
    return {code: listed(texts(value)) for code, value in from_json(values).items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each row of a batch."""

    kind: Kind
    name: str
    """What it is called: the file's name, or whom it is about."""
    batch: str
    steps: tuple[Step, ...]
    refused: tuple[RowRefusal, ...] = ()
    """Rows that are not sent, for a reason known beforehand; in the order of their lines."""
    same: tuple[BatchItem, ...] = ()
    """Rows with nothing to do: it is so already."""
    done: int = 0
    """Rows that an earlier run got to the vendor, or that another process is sending now."""
    begun_at: float | None = None
    """When the file was first recorded, in epoch seconds; None where it never was."""
    undecided: tuple[Failure, ...] = ()
    """Rows of an earlier run of which nobody knows whether they arrived: a person has to say."""
    discarded: int = 0
    """Rows of an earlier run that a person threw away."""
    looked_up: int = 0
    """Customers that were read at the vendor to make this plan, since nobody had seen them here."""
    read_again: int = 0
    """Customers that were read at the vendor again, since that was done a while ago."""
    trouble: KehuError | None = None
    """What kept others from being read again, where something did."""
    made_at: float = field(default_factory=time.time)
    """When it was compared with what is there, in epoch seconds."""
    newest: int = field(default=0, repr=False)
    """The last change of the batch that is on disk; 0 where there is none."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        left = self.done + len(self.undecided) + self.discarded
        return len(self.steps) + len(self.refused) + len(self.same) + left

    @property
    def customers(self) -> int:
        """How many customers it is sent to."""
        return len({step.person.id for step in self.steps})

    @property
    def colleagues(self) -> Sequence[str]:
        """In whose names it is sent, the busiest first."""
        return [user for user, _count in Counter(step.item.user_id for step in self.steps).most_common()]

    @property
    def resumed(self) -> bool:
        """It goes on with an earlier run."""
        return self.begun_at is not None

    @property
    def is_stale(self) -> bool:
        """It was made so long ago that it is made anew rather than sent."""
        return self.made_at < time.time() - FRESH

    @property
    def clashes(self) -> Sequence[Step]:
        """Those that replace what somebody else changed since it was seen here."""
        return [step for step in self.steps if step.seen]

    @property
    def doubtful(self) -> Sequence[Step]:
        """Follow-ups whose time may be mistaken."""
        return [step for step in self.steps if step.is_doubtful]

    @property
    def firsts(self) -> int:
        """How many take the place of nothing: a vendor cannot clear them again."""
        remarks = self.steps if self.kind is Kind.REMARK else ()
        return sum(is_first(step.before, step.after) for step in remarks)

    @property
    def staying(self) -> int:
        """How many texts are given empty, and stay as they are: a vendor clears none."""
        there = ((step.before, name) for step in self.steps for name in step.item.emptied)
        return sum(before is None or bool(before.get(name)) for before, name in there)

    def without_clashes(self) -> Plan:
        """The same, but for those."""
        return replace(self, steps=tuple(step for step in self.steps if not step.seen))

    def without_doubtful(self) -> Plan:
        """The same, but for those whose time may be mistaken."""
        return replace(self, steps=tuple(step for step in self.steps if not step.is_doubtful))

    @property
    def stale(self) -> Sequence[float]:
        """When those remarks were read, in epoch seconds, that may be others by now; 0 for one that never was."""
        if self.kind is not Kind.REMARK:
            return ()
        return [step.person.seen_at for step in self.steps if is_stale(step.person)]

    def causes(self) -> list[tuple[RowRefusal, int]]:
        """Why rows are refused: the first of each code, and how many there are; the most frequent first."""
        counts = Counter(refusal.code for refusal in self.refused)
        firsts = {refusal.code: refusal for refusal in reversed(self.refused)}
        return [(firsts[code], count) for code, count in counts.most_common()]

    def warnings(self) -> list[tuple[str, int]]:
        """What the vendor may refuse, and for how many rows."""
        return Counter(step.warning for step in self.steps if step.warning).most_common()
