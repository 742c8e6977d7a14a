"""Where a vendor's list ends."""

from __future__ import annotations


def ends(seen: int, count: int, size: int, total: int | None) -> bool:
    """Whether a list ends with a page of SIZE that holds COUNT, the last of the SEEN, of TOTAL in all.

    A vendor that tells no total ends its list with a page that is not full.
    """
    return count < size if total is None else not count or seen >= total
