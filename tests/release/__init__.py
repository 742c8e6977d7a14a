"""What a release is made of, made and proved by one command: `uv run python -m tests.release`."""
