"""Pages of any size from a vendor that gives fewer rows a page than it is asked for, or refuses to give so many.

A vendor that publishes no limit has one all the same, and tenants differ. It shows in one of two ways: a page is
refused, or it is cut short although the total says that there are more. From then on a page is put together from as
many of the vendor's as it takes, so that nobody above has to know, and no row is skipped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from tui.model.customer import Customer
from tui.model.errors import VendorError

SIZES = (500, 200, 100, 50, 20, 10)
"""Rows a page that are tried where more are refused; a vendor that refuses even the fewest refuses something else."""


LEAST_CUT = 10
"""Rows of a page that may be a vendor's limit though it publishes a higher one."""


class PagePart(NamedTuple):
    """Rows as one call brought them, and how many there are in all, where the vendor tells."""

    items: tuple[Customer, ...]
    total: int | None


Ask = Callable[[int, int], Awaitable[PagePart]]
"""Asks the vendor for a page (from 1) of so many rows."""


class PageLimit:
    """How many rows a page one vendor gives, as far as that was found out.

    Where the limit is `published`, a refusal means something else, and only a first page that is cut short to
    `LEAST_CUT` rows or more counts.
    """

    def __init__(self, *, published: bool = False) -> None:
        self._published = published
        self._rows: int | None = None
        """The vendor's limit; None while nothing speaks for one."""
        self._given: set[int] = set()
        """Sizes that the vendor gives: a page of them that is short has rows which it does not show."""

    async def read(self, page: int, size: int, ask: Ask) -> PagePart:
        """Return the rows of the page, from 1, of `size`.

        Raises: KehuError, as `ask` does.
        """
        if self._rows is not None and size > self._rows:
            return await self._put_together(page, size, self._rows, ask)
        try:
            part = await ask(page, size)
        except VendorError as error:
            if self._published or error.passing or not await self._accepts_fewer(size, ask):
                raise
        else:
            if not await self._cuts(part, page, size, ask):
                return part
        return await self.read(page, size, ask)

    async def _accepts_fewer(self, size: int, ask: Ask) -> bool:
        """Whether a page of fewer rows than `size` is given where that was refused; the limit is known then."""
        fewer = [rows for rows in SIZES if rows < size]
        if not fewer or not await _given(fewer[-1], ask):
            return False
        for rows in fewer[:-1]:
            if await _given(rows, ask):
                self._rows = rows
                return True
        self._rows = fewer[-1]
        return True

    async def _cuts(self, part: PagePart, page: int, size: int, ask: Ask) -> bool:
        """Whether the vendor cut `part`, the page of `size`, to its limit, which is known then.

        Where it did, the vendor's second page of just as many rows goes on after them, and is as long unless it is the
        last; a page that lacks rows which the vendor counts and does not show is followed by one that lacks some too.
        """
        if not _is_short(part, page, size) or size in self._given:
            return False
        if self._published and (page > 1 or len(part.items) < LEAST_CUT):
            return False
        first = part if page == 1 else await ask(1, size)
        rows = len(first.items)
        if _is_short(first, 1, size):
            second = await ask(2, rows)
            whole = len(second.items) == rows or 2 * rows >= (second.total or 0)
            again = len(_ids(first) & _ids(second))  # a few, where the list moved in between
            if whole and second.items and 2 * again < len(second.items):
                self._rows = rows
                return True
        self._given.add(size)
        return False

    async def _put_together(self, page: int, size: int, rows: int, ask: Ask) -> PagePart:
        """The page of `size` out of the vendor's of `rows`.

        Its total is the first that was told, so that whoever walks through the list sees that it moved meanwhile.
        """
        start, end = (page - 1) * size, page * size
        items: list[Customer] = []
        total: int | None = None
        number = start // rows + 1
        while True:
            first = (number - 1) * rows
            part = await ask(number, rows)
            if await self._cuts(part, number, rows, ask):
                return await self.read(page, size, ask)
            total = part.total if total is None else total
            known = {customer.id for customer in items if customer.id}  # the list may move between two of them
            items += (item for item in part.items[max(0, start - first) : end - first] if item.id not in known)
            ended = not part.items or (len(part.items) < rows if part.total is None else first + rows >= part.total)
            if ended or first + rows >= end:
                return PagePart(tuple(items), total)
            number += 1


def _is_short(part: PagePart, page: int, size: int) -> bool:
    """Whether `part` has fewer rows than it was asked for, and the total says that there are more."""
    count = len(part.items)
    return 0 < count < size and part.total is not None and (page - 1) * size + count < part.total


def _ids(part: PagePart) -> frozenset[str]:
    return frozenset(customer.id for customer in part.items)


async def _given(rows: int, ask: Ask) -> bool:
    try:
        await ask(1, rows)
    except VendorError as error:
        if error.passing:
            raise
        return False
    return True
