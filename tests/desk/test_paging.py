"""Where a list ends."""

from __future__ import annotations

import pytest

from tui.desk.paging import ends


@pytest.mark.parametrize(
    ("seen", "count", "size", "total", "last"),
    [
        (100, 100, 100, 300, False),
        (300, 100, 100, 300, True),
        (350, 50, 100, 350, True),
        (150, 50, 100, 350, False),  # a vendor that hides rows, or gives fewer than it was asked for
        (200, 0, 100, 350, True),  # the list shrank meanwhile
        (0, 0, 100, 0, True),
        (100, 100, 100, None, False),
        (130, 30, 100, None, True),
        (100, 0, 100, None, True),
    ],
)
def test_a_list_ends_by_its_total_and_without_one_by_a_page_that_is_not_full(
    seen: int, count: int, size: int, total: int | None, last: bool
) -> None:
    assert ends(seen, count, size, total) is last
