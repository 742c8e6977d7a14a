"""One request with httpx, pydantic imported: `python request.py URL`."""

from __future__ import annotations

import sys

import httpx
import pydantic

if __name__ == "__main__":
    answer = httpx.get(sys.argv[1])
    answer.raise_for_status()
    print(pydantic.VERSION, answer.text)
