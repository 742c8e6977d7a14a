"""What can be completed of a profile: the names that its file knows. Light: no desk, no client, no network."""

from __future__ import annotations

from pathlib import Path

from tui.store.known_names import KnownNames, read_known_names

__all__ = ["KnownNames", "known_names"]


def known_names(data_dir: Path, profile: str) -> KnownNames:
    """Return the names that the file of `profile` in `data_dir` knows."""
    return read_known_names(data_dir / "profiles" / f"{profile}.db")
