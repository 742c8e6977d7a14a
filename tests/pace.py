"""Which tests run every time, and which are slow: they run with `pytest -m slow`, and before a change lands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

slow = pytest.mark.slow


def first_is_fast(values: Sequence[Any], *, several: bool = False) -> list[Any]:
    """Return `values` of a parameter, all but the first slow; `several`: each stands for several."""
    first, *others = values
    return [first, *(pytest.param(*(value if several else (value,)), marks=slow) for value in others)]


BOTH_SIZES = pytest.mark.parametrize("size", first_is_fast([(80, 24), (120, 36)]))
"""Runs a test of a screen at both sizes that the desk is made for; the larger one is slow."""

BOTH_WINDOWS = pytest.mark.parametrize(("columns", "rows"), [(80, 24), pytest.param(120, 36, marks=slow)])
"""The same for a test of a terminal's window."""
