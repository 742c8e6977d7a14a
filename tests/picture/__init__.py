"""The pages' pictures of the desk, made from the running program.

A still one: `uv run python -m tests.picture`. A day's work that moves: `uv run python -m tests.picture.day`.
"""
