"""The README's picture of the desk, made from the running program: `uv run python -m tests.picture`."""
