"""JuziBot, a WeCom SCRM: the dialect of `vendor-docs/juzi.txt`."""

from tui.client.juzi.service import JuziService

__all__ = ["JuziService"]
