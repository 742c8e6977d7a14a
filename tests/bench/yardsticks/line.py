"""Textual's own Input."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input, Label


class Line(App[None]):
    """One line to type into."""

    def compose(self) -> ComposeResult:
        yield Label("Ready")
        yield Input()

    def on_mount(self) -> None:
        self.query_one(Input).focus()


if __name__ == "__main__":
    Line().run()
