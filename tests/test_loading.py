"""What a start leaves out, and when it is back."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc, os
from tui.loading import begin_loading, end_loading
usual = gc.get_threshold()
end_loading()
print(gc.get_threshold() == usual, gc.get_freeze_count())
begin_loading()
print(gc.isenabled(), gc.get_threshold()[0] > usual[0], os.environ["PYDANTIC_DISABLE_PLUGINS"])
end_loading()
print(gc.get_threshold() == usual, gc.get_freeze_count() > 0)
"""


def test_garbage_is_looked_for_as_usual_once_all_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["True 0", "True True 1", "True True"]
