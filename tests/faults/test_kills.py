"""A process killed at every step of every kind of write, against a vendor that fails in every way."""

from __future__ import annotations

from itertools import islice, product
from pathlib import Path

import pytest

from tests.faults.plan import FAULTS, ROUTES, Run, plan
from tests.faults.steps import STEPS
from tests.faults.trial import Trial
from tests.pace import slow

SEED = 20201014
SHARDS = 8
RUNS = 40
"""Of each shard; 320 in all."""


def runs_of(shard: int) -> list[Run]:
    return list(islice(plan(SEED), shard * RUNS, (shard + 1) * RUNS))


@slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_nothing_is_lost_and_nothing_doubled_however_a_process_dies(tmp_path: Path, shard: int) -> None:
    trial = Trial(tmp_path)
    try:
        tally = trial.run(runs_of(shard))
    finally:
        trial.close()
    print(tally)
    assert (tally.lost, tally.doubled, tally.untrue) == ([], [], []), tally
    assert tally.runs == RUNS
    assert tally.killed > RUNS / 2
    assert tally.recorded > RUNS / 2


def test_the_plan_has_every_kind_at_every_step_and_with_every_fault() -> None:
    runs = [run for shard in range(SHARDS) for run in runs_of(shard)]
    assert {(run.kind, run.deaths[0].step) for run in runs} == set(product(ROUTES, (*STEPS, "")))
    struck = {(run.kind, run.deaths[0].fault.partition(":")[0]) for run in runs}
    assert struck == set(product(ROUTES, (fault.partition(":")[0] for fault in FAULTS)))
