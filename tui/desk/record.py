"""A customer as a read brought it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.model.customer import Customer


@dataclass(frozen=True, slots=True)
class Record:
    """A customer, and how fresh it is."""

    customer: Customer
    seen_at: float
    """Epoch seconds of the vendor's answer that it is from."""
    live: bool
    """True right after a read at the vendor; False from the directory."""
