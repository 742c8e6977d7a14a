"""`-v`: each call to a vendor, told on standard error as it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable

from tui.cli.output import warn
from tui.cli.progress import leave_line

LOGGER = "tui.client"
"""Who tells of the calls: without their queries, headers and bodies, which `record.details` has as far as harmless."""


class _CallTeller(logging.Handler):
    def __init__(self, *, in_full: bool) -> None:
        super().__init__(logging.DEBUG)
        self._in_full = in_full

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of one call."""
        leave_line()
        warn(f"· {record.getMessage()}")
        for line in getattr(record, "details", ()) if self._in_full else ():
            warn(f"    {line}")


def tell_calls(*, in_full: bool) -> Callable[[], None]:
    """Tell each call from here on: its method, address without the query, status, size and time; what ends it.

    `in_full`: with its parameters and those headers that say nothing of who calls or about whom.
    """
    logger = logging.getLogger(LOGGER)
    teller = _CallTeller(in_full=in_full)
    level = logger.level
    logger.addHandler(teller)
    logger.setLevel(logging.DEBUG)

    def end() -> None:
        logger.removeHandler(teller)
        logger.setLevel(level)

    return end
