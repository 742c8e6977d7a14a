"""Two desks and a command on one profile, of whose windows some are killed or hung up while they write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.windows import Windows

SEED = 3
RUNS = 2


@pytest.mark.slow
@pytest.mark.timeout(300)  # four desks are started, each of which takes seconds on a busy machine
def test_nothing_is_lost_doubled_or_untrue_between_two_windows_however_they_end(tmp_path: Path) -> None:
    windows = Windows(tmp_path, SEED)
    try:
        for _ in range(RUNS):
            windows.run()
    finally:
        windows.close()
    print(windows.tally)
    assert windows.tally.wrong == []
    assert windows.tally.runs == RUNS
    assert windows.tally.recorded >= RUNS
