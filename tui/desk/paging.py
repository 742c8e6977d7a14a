"""Where a vendor's list ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.desk.outcome import Listing


def ends(seen: int, count: int, size: int, total: int | None) -> bool:
    """Whether a list ends with a page of `size` that holds `count`, the last of the `seen`, of `total` in all.

    A vendor that tells no total ends its list with a page that is not full.
    """
    return count < size if total is None else not count or seen >= total


def last_page(listing: Listing) -> int | None:
    """The number of the last page of the list that `listing` is a page of, where that is known."""
    if listing.total is not None:
        return max(1, -(-listing.total // listing.size))
    last = ends(listing.page * listing.size, len(listing.rows), listing.size, None)
    return listing.page if last else None
