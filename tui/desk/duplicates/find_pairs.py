"""Customers seen here who may be one person, with the reasons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tui.desk.disk import translated
from tui.desk.duplicates.likeness import HIDDEN, Likeness, in_common, score_of
from tui.desk.duplicates.merge_records import MergeResult, merge_records, why_not
from tui.desk.values import value_of
from tui.locale import N_, _, ngettext
from tui.model.customer import Contact, Customer, FieldSpec, FieldValues
from tui.store.duplicates import MOST, DuplicateSearch, Shared, Who
from tui.store.store import Store
from tui.store.store_errors import StoreError
from tui.store.terms import CONTACTS, contact_key

if TYPE_CHECKING:
    from tui.desk.desk import Desk

T = TypeVar("T")

READ_AT_ONCE = 100
"""Pairs that are read together: more than the tallest terminal shows, and a fraction of a second."""

KIND_NAMES = {
    "phone": N_("phone"),
    "email": N_("e-mail"),
    "wechat": N_("WeChat"),
    "qq": N_("QQ"),
    "union_id": N_("union id"),
    "name": N_("name"),
    "sound": N_("a name that sounds alike"),
    "company": N_("company"),
}
"""What two customers can have in common, the values of custom fields apart, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that two customers have in common."""

    kind: str
    """One of `KIND_NAMES`, or a custom field's code."""
    label: str
    """What a person calls it, in the agent's language."""
    value: str
    """As the first of the two has it."""
    customers: int = 2
    """How many customers seen here have it; of names and companies only these two are known."""

    @property
    def shared(self) -> bool:
        """So many have it that it tells nothing."""
        return self.customers > MOST

    def told(self, hide: Callable[[str], str] = str) -> str:
        """The reason in a few words; `hide` makes of a contact or an id what may be shown."""
        match self.kind:
            case "sound":
                return self.label
            case "name" | "company":
                return f"{self.label} {self.value}"
            case _ if self.shared:
                count = ngettext("of {count} customer", "of {count} customers", self.customers)
                return f"{self.label} {hide(self.value)} ({count.format(count=f'{self.customers:,}')})"
            case _:
                return f"{self.label} {hide(self.value)}"


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two customers who may be one person."""

    one: Customer
    other: Customer
    score: int
    """From 20 to 99: how likely, in per cent."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What was looked through."""

    seen: int
    """Customers in the directory."""
    total: int | None
    """How many the vendor last said there are; None where it never did."""

    @property
    def complete(self) -> bool:
        """The directory has everybody that the vendor told of."""
        return self.total is not None and self.seen >= self.total

    def told(self) -> str:
        """What was looked through, in a few words."""
        seen = f"{self.seen:,}"
        if self.complete:
            return _("all {total} customers").format(total=seen)
        if self.total is not None:
            return _("{seen} of {total} customers, those seen here").format(seen=seen, total=f"{self.total:,}")
        text = ngettext("{seen} customer seen here", "{seen} customers seen here", self.seen)
        return text.format(seen=seen)


class Found:
    """The pairs of one search, the likeliest first. Reads them as they are asked for; `close` it after use."""

    def __init__(self, search: DuplicateSearch, likeness: Likeness, specs: Sequence[FieldSpec]) -> None:
        self._search = search
        self._likeness = likeness
        self.specs = specs
        """The field configuration as it was kept."""
        self._labels = {spec.code: spec.label for spec in specs}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kehu-duplicates")

    @property
    def count(self) -> int:
        """How many pairs there are; some may turn out to share nothing but what somebody hid."""
        return self._search.count

    @property
    def shared(self) -> Sequence[Reason]:
        """Values that too many have to tell anything: a switchboard, a placeholder. Those of the most first."""
        return [self._reason(shared, shared.value) for shared in self._search.shared]

    async def begin(self) -> None:
        """Search: seconds in a directory of 100,000 and more.

        Raises: StorageError.
        """
        await self._run(self._search.run)

    async def next(self, count: int = READ_AT_ONCE) -> Sequence[DuplicatePair]:
        """The next pairs, `count` at the most; fewer only where there are no more.

        Raises: StorageError.
        """
        pairs: list[DuplicatePair] = []
        while len(pairs) < count and (read := await self._run(partial(self._search.next, count - len(pairs)))):
            pairs += filter(None, (self._judged(pair.one, pair.other, pair.shared) for pair in read))
        # By what the agent reads: those who are as likely stand in one order, whenever they were seen here.
        return sorted(pairs, key=lambda pair: (-pair.score, pair.one.id, pair.other.id))

    async def pairs(self, limit: int) -> AsyncIterator[DuplicatePair]:
        """The next `limit` pairs, of which no more than `READ_AT_ONCE` are held.

        Raises: StorageError.
        """
        while limit and (some := await self.next(min(limit, READ_AT_ONCE))):
            limit -= len(some)
            for pair in some:
                yield pair

    async def close(self) -> None:
        """Stop the search, and let its pairs go."""
        self._search.stop()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._search.close)
        self._thread.shutdown(wait=False)

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except StoreError as error:
            raise translated(error) from error

    def _judged(self, one: Customer, other: Customer, shared: Iterable[Shared]) -> DuplicatePair | None:
        """The two with score and reasons; None where they have nothing in common but what somebody hid."""
        open_ones = [item for item in shared if not (_hidden(one, item) or _hidden(other, item))]
        open_ones.sort(key=_place)
        weight = sum(map(self._likeness.weigh, open_ones))
        who, whom = self._who(one), self._who(other)
        weight += self._likeness.compare(who, whom)
        if weight < self._likeness.least:
            return None
        reasons = [self._reason(item, _as_written(one, item)) for item in open_ones]
        reasons += (
            Reason(kind, _(KIND_NAMES[kind]), who.company if kind == "company" else who.name)
            for kind in in_common(who, whom)
        )
        return DuplicatePair(one, other, score_of(weight), tuple(reasons))

    def _who(self, customer: Customer) -> Who:
        companies = (value_of(customer, code) for code in self._likeness.companies)
        company = customer.company or next((text for text in companies if isinstance(text, str) and text), "")
        return Who(customer.name, company)

    def _reason(self, shared: Shared, value: str) -> Reason:
        label = _(KIND_NAMES.get(shared.kind) or self._labels.get(shared.kind, shared.kind))
        return Reason(shared.kind, label, value, shared.customers)


class Duplicates:
    """The duplicates of one profile. `desk` reads and changes its records."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._disk = desk.disk

    async def scope(self) -> Scope:
        """How many customers there are to look through, and of how many."""
        return await self._disk.run(_scope)

    async def find(self) -> Found:
        """A search of the directory, which `begin` starts. No vendor is asked.

        Raises: StorageError.
        """
        kept = await self._disk.run(lambda store: store.directory.fields())
        specs = kept[0] if kept else ()
        likeness = Likeness(specs)
        search = await self._disk.run(lambda store: DuplicateSearch(store.path, likeness))
        return Found(search, likeness, specs)

    def why_not_merge(self) -> str:
        """Why two records cannot be merged at this vendor, in the agent's language; empty when they can."""
        return why_not(self._desk)

    async def merge(self, stays: Customer, goes: Customer, values: FieldValues) -> MergeResult:
        """Save `values` in the record `stays`, and then delete the record `goes`; see `merge_records`."""
        return await merge_records(self._desk, stays, goes, values)


def _scope(store: Store) -> Scope:
    first, sync = store.directory.page("", 1), store.directory.sync()
    totals = [told.total for told in (sync, first) if told is not None and told.total is not None]
    return Scope(store.directory.count(), max(totals, default=None))


def _place(shared: Shared) -> tuple[bool, int]:
    """Where `shared` is told among what two have in common: what tells nothing comes last, ids after contacts."""
    kinds = list(KIND_NAMES)
    return shared.customers > MOST, kinds.index(shared.kind) if shared.kind in kinds else len(kinds)


def _contact(customer: Customer, shared: Shared) -> Contact | None:
    """The contact of `customer` that the value is."""
    if shared.kind not in CONTACTS:
        return None
    contacts: tuple[Contact, ...] = getattr(customer, ATTRIBUTES[shared.kind])
    return next((contact for contact in contacts if contact_key(shared.kind, contact.value) == shared.value), None)


ATTRIBUTES = {"phone": "phones", "email": "emails", "wechat": "wechat", "qq": "qq"}
"""Kinds of contacts, and what a customer calls its list of each."""


def _hidden(customer: Customer, shared: Shared) -> bool:
    """Whether somebody hid a part of the value: what is left of `138****0000` may be anybody's."""
    contact = _contact(customer, shared)
    return contact is not None and any(sign in contact.value for sign in HIDDEN)


def _as_written(customer: Customer, shared: Shared) -> str:
    contact = _contact(customer, shared)
    return contact.value if contact else shared.value
