"""How long a delete whose call was lost is left to the vendor before what is read back settles it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tui.client.service import Capabilities
from tui.desk.outbox.calls import Calls

WITHIN = 20.0
"""Seconds that a call may take."""


def seconds_left(sent: float, given_up: float | None) -> float:
    """What is left for a delete that was sent so many seconds ago, and given up so many seconds ago."""
    service = SimpleNamespace(capabilities=Capabilities(operations=frozenset(), answer_within=WITHIN))
    now = time.time()
    change = SimpleNamespace(sent_at=now - sent, settled_at=None if given_up is None else now - given_up)
    return Calls(cast(Any, service), cast(Any, None)).seconds_left(cast(Any, change))


def test_a_delete_that_was_given_up_has_as_long_again() -> None:
    assert seconds_left(20, 0) == pytest.approx(WITHIN, abs=1)
    assert seconds_left(45, 25) <= 0


def test_a_delete_whose_program_was_killed_has_more_than_the_time_of_its_call() -> None:
    assert seconds_left(WITHIN + 1, None) > 0
    assert seconds_left(2 * WITHIN + 1, None) <= 0


def test_a_retried_delete_counts_from_its_last_call() -> None:
    assert seconds_left(5, 300) > WITHIN


def test_a_clock_that_was_set_back_keeps_no_delete_waiting_for_hours() -> None:
    assert seconds_left(-3600, None) <= 0
    assert seconds_left(-3600, -3600) <= 0
