"""What a start leaves out, and when it is back."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc, os
from tui.app.loading import begin_loading, end_loading
usual = gc.get_threshold()
end_loading()
print(gc.get_threshold() == usual, gc.get_freeze_count())
begin_loading()
print(gc.isenabled(), gc.get_threshold()[0] > usual[0], os.environ["PYDANTIC_DISABLE_PLUGINS"])
end_loading()
print(gc.get_threshold() == usual, gc.get_freeze_count() > 0)
"""

HTTPX = """
import sys
from tui.app.loading import begin_loading
begin_loading()
import httpx
print(httpx.AsyncClient.__name__, *{"click", "pygments", "rich"} & set(sys.modules))
"""

AT_THE_END = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 0))  # what is registered last is called first
from tui.app.loading import begin_loading
begin_loading()
"""


def test_garbage_is_looked_for_as_usual_once_all_is_loaded() -> None:
    assert said(SCRIPT) == ["True 0", "True True 1", "True True"]


def test_what_is_left_at_the_end_is_not_looked_through() -> None:
    assert said(AT_THE_END) == ["True"]


def test_httpx_is_loaded_without_its_command_line() -> None:
    assert said(HTTPX) == ["AsyncClient"]


def said(script: str) -> list[str]:
    """The lines that `script` prints in a process of its own."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
