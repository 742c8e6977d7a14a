"""What PyInstaller has to know of kehu: forms, commands and vendors are loaded by their names, which it cannot see."""

from __future__ import annotations

from pathlib import Path


def hook_directories() -> list[str]:
    """Where `hook-tui.py` is; named in kehu's entry points, so that PyInstaller finds it by itself."""
    return [str(Path(__file__).parent)]
