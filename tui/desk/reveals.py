"""What was revealed, as the journal tells it: who saw which fields of whom, never the values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.model.change import Kind
from tui.model.columns import COLUMNS
from tui.model.journal_entry import JournalEntry, note_of
from tui.model.masking import Masker

if TYPE_CHECKING:
    from tui.desk.customer_reader import DeskSettings, Reading
    from tui.model.customer import Customer, FieldSpec

OWN_LABELS = {
    "phones": "phone",
    "emails": "email",
    "wechat": "wechat",
    "qq": "qq",
    "name": "name",
    "company": "company",
}
"""The columns whose headings name the customer's own fields."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """Fields of one customer that somebody is about to see."""

    customer: str
    fields: Mapping[str, str]
    """Each field's label by its code."""
    name: str = ""
    union_id: str | None = None


def revealed_of(customer: Customer, codes: Iterable[str], specs: Sequence[FieldSpec] = ()) -> Revealed | None:
    """Return that the fields `codes` of `customer` are about to be seen; None where there are none."""
    labels = {spec.code: spec.label for spec in specs}
    labels |= {value.code: value.label for value in customer.custom if value.code not in labels}
    labels |= {code: COLUMNS[column].label for code, column in OWN_LABELS.items()}
    fields = {code: labels.get(code, code) for code in codes}
    return Revealed(customer.id, fields, customer.name, customer.union_id) if fields else None


def hidden_in(customers: Iterable[Customer], masker: Masker, specs: Sequence[FieldSpec] = ()) -> list[Revealed]:
    """Return what of `customers` `masker` would hide, where they are about to be seen whole."""
    found = (revealed_of(one, (code for code, _text in masker.hidden_values(one)), specs) for one in customers)
    return [one for one in found if one is not None]


def entries_of(settings: DeskSettings, revealed: Iterable[Revealed]) -> list[JournalEntry]:
    """Return an entry of the journal for each customer of whom something is `revealed`."""
    return [
        note_of(
            Kind.REVEAL,
            {"fields": one.fields},
            source=settings.source,
            author=settings.author,
            customer=one.customer,
            union_id=one.union_id,
            # A name that is hidden is not given away by the entry that says so.
            customer_name="" if "name" in one.fields else one.name,
            os_user=settings.os_user,
            host=settings.host,
            profile=settings.profile,
            user_id=settings.user_id,
        )
        for one in revealed
    ]


async def tell_revealed(desk: Reading, revealed: Sequence[Revealed]) -> None:
    """Write into `desk`'s journal whose fields are revealed, before they are.

    Raises: StorageError.
    """
    entries = entries_of(desk.settings, revealed)
    await desk.disk.run(lambda store: store.journal.append(entries))
