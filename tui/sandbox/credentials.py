"""The test credentials that every sandbox accepts: fixed, public, and worth nothing anywhere else."""
# ruff: noqa: S105 - they are no secrets

from typing import Final

JUZI_TOKEN: Final = "sandbox-juzi-token"
JUZI_EXPIRED_TOKEN: Final = "sandbox-juzi-token-expired"
"""A token that has run out: answered with errcode 42001, so that a program can see that case."""

USEASY_APP_ID: Final = "1090"
"""The application id of the page's own examples."""
USEASY_SECRET: Final = "sandbox-useasy-secret"

IMA_APP_ID: Final = "sandbox-ima-app"
IMA_SECRET: Final = "sandbox-ima-secret"
