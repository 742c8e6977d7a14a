"""The least that a Textual program is: one label."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label


class Bare(App[None]):
    """Says one word."""

    def compose(self) -> ComposeResult:
        yield Label("Ready")


if __name__ == "__main__":
    Bare().run()
