"""Useasy, a CRM: the dialect of `vendor-docs/useasy.txt`."""

from tui.client.useasy.service import UseasyService

__all__ = ["UseasyService"]
