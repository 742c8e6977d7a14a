"""The exit codes of every command, as DESIGN.md lists them; what an error ends with, it says itself (`KehuError`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.model.errors import KehuError, NetworkError, OutcomeUnknownError, RoadError, StorageError

if TYPE_CHECKING:
    from tui.desk.outcome import Delivery
    from tui.model.customer import Failure

DONE = 0

PARTLY = 1
"""The vendor refused it, or it was done in part; also: standard output took no more, or somebody may be missing."""

USAGE = 2
"""The command line makes no sense."""

BROKEN_PIPE = 141
"""The reader of our output went away: 128 and the signal's number."""


def exit_code_of(delivery: Delivery, failures: Sequence[Failure] | None = None) -> int:
    """Return what `delivery`, which did not fail as a whole, ends a command with.

    8: nobody knows of some whether they arrived; 4 (3: by the settings): the vendor was not reached for any of it;
    3: the answer is not on disk; 1: done in part. `failures` are what was not done; the delivery's own by default.
    """
    failures = delivery.failures if failures is None else failures
    if any(failure.unknown for failure in failures):
        return OutcomeUnknownError.exit_code
    if delivery.waiting and not delivery.applied and delivery.waiting == len(delivery.left):
        return delivery.error.exit_code if isinstance(delivery.error, RoadError) else NetworkError.exit_code
    if delivery.unnoted is not None:
        return StorageError.exit_code
    return PARTLY if failures or delivery.waiting or delivery.surprises else DONE


def together(outcomes: Sequence[int | KehuError]) -> int:
    """Return what a command ends with of which each part came to one of `outcomes`: an exit code, or an error.

    All done is 0, some of it 1; where nothing was done it is the code of all, and 1 where they differ. That nobody
    knows of one part whether it arrived stands above the others.
    """
    codes = [outcome.exit_code if isinstance(outcome, KehuError) else outcome for outcome in outcomes]
    if OutcomeUnknownError.exit_code in codes:
        return OutcomeUnknownError.exit_code
    return codes[0] if len(set(codes)) == 1 else PARTLY if any(codes) else DONE
