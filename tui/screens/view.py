"""What the list is to show, and how many customers that is in all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.client.models import Query
    from tui.desk.outcome import Listing


@dataclass(frozen=True, slots=True)
class View:
    """What the list is to show: a page of the customers of a query, or of those whom a text finds."""

    query: Query | None = None
    """What is listed, and listed again after a search; None before the desk is there."""
    page: int = 1
    text: str = ""

    def same_list(self, other: View) -> bool:
        """Whether OTHER is a page of the same list."""
        return replace(self, page=other.page) == other


class Totals:
    """How many customers a list has, as the vendor told last, be it on another page of it."""

    def __init__(self) -> None:
        self._answered: tuple[View, Listing] | None = None
        """What the vendor answered last."""

    def counted(self, view: View, listing: Listing) -> Listing:
        """LISTING, which VIEW is, with the total that was told last; the vendor's own answer is what is told."""
        if listing.source == "vendor":
            self._answered = view, listing
        elif self._answered is not None and self._answered[0].same_list(view):
            last = self._answered[1]
            if (listing.seen_at or 0.0) < (last.seen_at or 0.0):
                return replace(listing, total=last.total)
        return listing
