"""`kehu` on a day that never ends, so that its picture is the same whenever it is taken.

python -m tests.picture.still ARGUMENTS…
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

NOON = datetime(2025, 11, 21, 4, tzinfo=UTC)
"""When the picture is taken: noon in China, later than all that the demo knows."""


def main() -> int:
    """Stop the clock that is shown, then run the command; what measures and waits goes on."""
    time.time = NOON.timestamp
    from tui.cli import main as kehu
    from tui.text import local_time

    local_time.__kwdefaults__ = {**(local_time.__kwdefaults__ or {}), "now": NOON}
    return kehu()


if __name__ == "__main__":
    sys.exit(main())
