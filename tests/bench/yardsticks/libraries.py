"""The libraries that kehu stands on, imported and nothing else; it waits for a key."""

from __future__ import annotations

import sqlite3
import sys

import httpx
import pydantic
import textual.app

if __name__ == "__main__":
    print("Ready", textual.app.__name__, httpx.__version__, pydantic.VERSION, sqlite3.sqlite_version, flush=True)
    sys.stdin.read(1)
