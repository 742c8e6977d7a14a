"""`kehu` as another user runs it, for tests that root runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOBODY = 12345
"""A user that owns nothing."""

_SCRIPT = f"""
import os, sys, tomllib, platformdirs.unix
from tui.cli import main
arguments, variables = sys.argv[1:], dict(os.environ)
os.environ.pop("XDG_CONFIG_DIRS", None)
os.environ["KEHU_DATA_DIR"] = variables["WARM"]
main(arguments)  # loads what that takes: the interpreter itself may be root's to read
os.environ.clear()
os.environ.update(variables)
sys.stdout.flush(), sys.stderr.flush()
os.write(2, b"\\x00")
os.setegid({NOBODY}), os.seteuid({NOBODY})
sys.exit(main(arguments))
"""


def as_another_user(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run kehu with `arguments` as a user without a home who owns nothing; return what came of it."""
    warm = environ.pop("warm", os.devnull + "-kehu")
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *arguments],
        env={**os.environ, "HOME": "/var/lib/of-nobody", "WARM": warm, **environ},
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    done.stderr = done.stderr.rpartition("\0")[2]
    return done
