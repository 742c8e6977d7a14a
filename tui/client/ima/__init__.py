"""51ima, an SCRM: the dialect of `vendor-docs/ima.txt` and its neighbouring pages (vendor-docs, README)."""

from tui.client.ima.service import ImaService

__all__ = ["ImaService"]
