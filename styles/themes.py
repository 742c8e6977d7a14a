"""The themes: the terminal's own background and text, one accent colour, and three for what matters.

Every colour is one of the 256 that all but the oldest terminals have, so that the desk looks the same where there are
more. The background is never painted: blank cells stay the terminal's own, which can be erased instead of sent.

An app that uses them is made with `ansi_color=True`: Textual settles how it obeys NO_COLOR before it knows the theme.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class _Palette:
    accent: str
    muted: str
    rule: str
    selection: str
    """Behind text that is selected, or an item that is chosen; `on_selection` is readable on it."""
    on_selection: str
    ok: str
    warn: str
    error: str


_DARK = _Palette(
    accent="#5fafd7",
    muted="#8a8a8a",
    rule="#444444",
    selection="#303030",
    on_selection="#eeeeee",
    ok="#87af87",
    warn="#d7af5f",
    error="#d75f5f",
)

_LIGHT = _Palette(
    accent="#005f87",
    muted="#6c6c6c",
    rule="#bcbcbc",
    selection="#d0d0d0",
    on_selection="#121212",
    ok="#005f00",
    warn="#875f00",
    error="#af0000",
)

_PLAIN = _Palette(
    accent="ansi_cyan",
    muted="ansi_default",
    rule="ansi_default",
    selection="ansi_cyan",
    on_selection="ansi_black",
    ok="ansi_green",
    warn="ansi_yellow",
    error="ansi_red",
)
"""Sixteen colours, each as the terminal's owner chose it; what is quiet elsewhere is dim here (see kit.tcss)."""


def _theme(name: str, palette: _Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        ansi=True,  # colours go out as they are named, and `ansi_default` as the terminal's own
        primary=palette.accent,
        secondary=palette.accent,
        accent=palette.accent,
        success=palette.ok,
        warning=palette.warn,
        error=palette.error,
        foreground="ansi_default",
        background="ansi_default",
        variables={
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "text-muted": palette.muted,
            "text-disabled": palette.muted,
            "foreground-muted": palette.muted,
            "foreground-disabled": palette.muted,
            "border": palette.accent,
            "border-blurred": palette.rule,
            "block-cursor-foreground": palette.on_selection,
            "block-cursor-background": palette.selection,
            "block-cursor-blurred-foreground": palette.on_selection,
            "block-cursor-blurred-background": palette.selection,
            "block-hover-background": palette.selection,
            "input-selection-foreground": palette.on_selection,
            "input-selection-background": palette.selection,
            "screen-selection-foreground": palette.on_selection,
            "screen-selection-background": palette.selection,
            "scrollbar": palette.rule,
            "scrollbar-hover": palette.muted,
            "scrollbar-active": palette.accent,
            "scrollbar-background": "ansi_default",
            "scrollbar-background-hover": "ansi_default",
            "scrollbar-background-active": "ansi_default",
            "footer-key-foreground": palette.accent,
            "link-color": palette.accent,
            "link-color-hover": palette.accent,
            "link-background-hover": palette.selection,
        },
    )


KEHU_DARK = _theme("kehu-dark", _DARK, dark=True)
KEHU_LIGHT = _theme("kehu-light", _LIGHT, dark=False)
KEHU_PLAIN = _theme("kehu-plain", _PLAIN, dark=True)

THEMES = (KEHU_DARK, KEHU_LIGHT, KEHU_PLAIN)
"""Register all three; `kehu-plain` suits NO_COLOR and terminals of 16 colours."""
