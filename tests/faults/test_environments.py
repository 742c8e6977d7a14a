"""Odd environments cost nothing but themselves: a few runs of what `tests.soak --environments` does for hours."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from tests.faults.environments import EnvironmentTrial, odds
from tests.pace import slow

pytestmark = slow

SEED = 20241120
RUNS = 12


def test_a_follow_up_arrives_once_whatever_was_wrong_with_the_environment_at_first(tmp_path: Path) -> None:
    trial = EnvironmentTrial(tmp_path)
    try:
        for odd in islice(odds(SEED), RUNS):
            tally = trial.run(odd)
    finally:
        trial.close()
    assert (tally.lost, tally.doubled, tally.untrue) == ([], [], []), tally
    assert tally.runs == RUNS
