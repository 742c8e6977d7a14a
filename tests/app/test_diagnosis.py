"""What the doctor says of two clocks."""

from __future__ import annotations

import pytest

from tui.app.diagnosis import CLOCK_TOLERANCE, _of_clock


@pytest.mark.parametrize(
    ("ahead", "ok", "told"),
    [
        (None, None, "the vendor does not tell the time"),
        (0.0, True, "the vendor's clock agrees with this one"),
        (-1.2, True, "the vendor's clock agrees with this one"),
        (7.4, True, "the vendor's clock is 7 s ahead of this one"),
        (CLOCK_TOLERANCE + 1, False, "the vendor's clock is 61 s ahead of this one"),
        (-7200.0, False, "the vendor's clock is 7,200 s behind this one"),
    ],
)
def test_the_clocks_difference_is_told_in_words(ahead: float | None, ok: bool | None, told: str) -> None:
    finding = _of_clock(ahead)
    assert (finding.ok, finding.found) == (ok, told)
    assert bool(finding.todo) is (ok is False)
