"""What stands behind a value that the pane shows hidden: whose it is, which field, and what of it is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.model.customer import Customer
from tui.model.masking import Masker, values_in
from tui.screens.main.follow_history import entries_of

if TYPE_CHECKING:
    from tui.screens.linked.person_view import PersonView


@dataclass(frozen=True, slots=True)
class Hidden:
    """A hidden value of one profile's record."""

    profile: str
    customer: Customer
    code: str
    values: tuple[str, ...]
    """The value, or what of it is hidden."""


def find_hidden(view: PersonView, maskers: Mapping[str, Masker], part: str, label: str, text: str) -> Hidden | None:
    """Return what stands behind `text`, a value as the pane has it, below `label`; None where nothing is hidden in it.

    It is looked for in the record of the profile `part` first, or in the customer's own where that is empty.
    """
    records = {source.profile: customer for source, customer in view.person.records.items()}
    order = sorted(records, key=lambda profile: profile != (part or view.person.source.profile))
    for profile in order:
        customer, masker = records[profile], maskers[profile]
        for code, value in masker.hidden_values(customer):
            if value == text:
                return Hidden(profile, customer, code, (value,))
        if text in masker.revealed or any(value == text == masker.prose(text) for _code, value in values_in(customer)):
            return None  # what one vendor shows openly is no secret of another's
    for profile in order:
        customer, masker = records[profile], maskers[profile]
        for code, prose in _prose(view, profile, customer):
            if text in (prose, masker.prose(prose, masker.hidden_in(customer))):
                hidden = [value for value in masker.hidden_in(customer) if value in prose]
                if values := (*masker.pieces(prose), *hidden):
                    return Hidden(profile, customer, code, values)
    return None


def _prose(view: PersonView, profile: str, customer: Customer) -> Iterator[tuple[str, str]]:
    """Free texts of the record, each with the field that it is."""
    yield from ((code, getattr(customer, code)) for code in ("name", "company", "description", "owner"))
    for user in customer.follow_users:
        yield "remark", user.remark
        yield from (("description", line) for line in user.description.splitlines())
    for change in view.changes.get(profile, ()):
        yield from (("follow", entry.text) for entry in entries_of(change))
    for custom in customer.custom:
        rows = (custom.value,) if isinstance(custom.value, str) else custom.value
        yield from ((custom.code, row if isinstance(row, str) else row.value) for row in rows)
