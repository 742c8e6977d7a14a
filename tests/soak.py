"""Kills processes at every step of every kind of write for as long as one likes: `python -m tests.soak --minutes N`.

Each round is a plan of its own seed against a sandbox of its own; `--seed` begins with one that went wrong. With
`--environments` nobody is killed: the command line is run under odd environments, settings and roads. With `--windows`
two desks and a command work on one profile, and some of their windows are killed, closed or told to end.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from itertools import count, islice
from pathlib import Path
from typing import Final

from tests.faults.environments import RUNS as ENVIRONMENTS
from tests.faults.environments import EnvironmentTrial, odds
from tests.faults.plan import plan
from tests.faults.tally import Tally
from tests.faults.trial import Trial
from tests.faults.windows import Windows

RUNS: Final = 196
"""Of one seed: twice every kind at every step."""

WINDOWS: Final = 10
"""Runs of two desks and a command of one seed; each takes some ten seconds."""


def main() -> int:
    """Print the counts after each round; 1 where anything was lost, doubled or untrue."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--environments", action="store_true")
    arguments.add_argument("--windows", action="store_true")
    wanted = arguments.parse_args()
    one_round = environments if wanted.environments else two_windows if wanted.windows else round_of
    end = time.monotonic() + wanted.minutes * 60
    total = Tally()
    for seed in count(wanted.seed):
        total += one_round(seed, end)
        print(f"up to seed {seed}: {total}", flush=True)
        if time.monotonic() > end or total.wrong:
            break
    for wrong in total.wrong:
        print(wrong, file=sys.stderr)
    return 1 if total.wrong else 0


def round_of(seed: int, end: float) -> Tally:
    """One plan, stopped at the monotonic time `end`."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        try:
            for run in islice(plan(seed), RUNS):
                trial.run([run])
                if time.monotonic() > end:
                    break
        finally:
            trial.close()
    return trial.tally


def environments(seed: int, end: float) -> Tally:
    """Runs under odd environments, stopped at the monotonic time `end`."""
    with tempfile.TemporaryDirectory() as folder:
        trial = EnvironmentTrial(Path(folder))
        try:
            for odd in islice(odds(seed), ENVIRONMENTS):
                trial.run(odd)
                if time.monotonic() > end:
                    break
        finally:
            trial.close()
    return trial.tally


def two_windows(seed: int, end: float) -> Tally:
    """Some windows, of which none is opened after the monotonic time `end`."""
    with tempfile.TemporaryDirectory() as folder:
        windows = Windows(Path(folder), seed)
        try:
            for _ in range(WINDOWS):
                if time.monotonic() > end:
                    break
                windows.run()
        finally:
            windows.close()
    return windows.tally


if __name__ == "__main__":
    sys.exit(main())
