"""The desk's start: the customers seen last are on the screen before Textual is loaded.

Loading Textual takes most of a start. Until it draws, the rows alone stand where it will draw them, in the terminal's
own style; it goes on with the same canvas, and so sends only what the rows lack.
"""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from tui.app.early_keys import hand_on
from tui.app.loading import share_one_heap
from tui.app.opening import cached_first_page, open_store
from tui.app.upstream import bound_caches
from tui.model.columns import usual_columns
from tui.model.errors import N_, KehuError, UnsupportedError
from tui.screens.main.list_columns import list_table, place_of_rows
from widgets.driver.canvas import LEAVE, Canvas
from widgets.driver.terminfo import erases_in_colour, screen_stream
from widgets.list_layout import rows_as_text

if TYPE_CHECKING:
    from tui.config import Config, Profile
    from tui.model.masking import Mask
    from tui.store.rows import Listing
    from tui.store.store import Store

HIDE_CURSOR = "\x1b[?25l"
SHOW_CURSOR = "\x1b[?25h"

MORE_COLOURS = ("truecolor", "24bit")
"""What COLORTERM is where a terminal has more than 256 colours."""


def open_desk(config: Config, profile: Profile) -> int:
    """Open the desk on `profile`; the exit code.

    Raises: UnsupportedError where there is no terminal; KehuError where the profile's file cannot be opened.
    """
    _expect_terminal(sys.__stdin__, screen_stream() if _may_draw(os.environ) else sys.__stderr__)
    store = open_store(profile, config)
    with _first_rows(store, profile, config.mask, os.environ) as canvas:
        share_one_heap()
        if os.environ.get("COLORTERM") in MORE_COLOURS:
            # The themes' colours are among the 256, whose names are half as long on the line as the amounts of light.
            os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "256")
        bound_caches()
        from tui.app.application import run

        return run(config, profile, store, canvas)


@contextmanager
def _first_rows(store: Store, profile: Profile, mask: Mask, environ: Mapping[str, str]) -> Iterator[Canvas | None]:
    """The canvas on which the rows seen last are drawn; None where there are none, or Textual's own driver draws."""
    listing = _seen_last(store, profile, mask) if _may_draw(environ) else None
    keys = sys.__stdin__
    screen = screen_stream()
    if listing is None or keys is None or screen is None:
        yield None
        return
    columns, lines = os.get_terminal_size(screen.fileno())
    canvas = Canvas(lines, columns, erases_in_colour=erases_in_colour(environ.get("TERM", "")))
    try:
        hand_on(keys.fileno(), termios.ISIG)  # ctrl+c, from here on, is a key as in Textual
        screen.write(canvas.enter() + canvas.write(HIDE_CURSOR + _rows(listing, columns, lines)) + canvas.flush())
        screen.flush()
        yield canvas
    finally:
        if canvas.ahead:  # Textual never came to leave it
            screen.write(SHOW_CURSOR + LEAVE)
            screen.flush()


def _may_draw(environ: Mapping[str, str]) -> bool:
    return environ.get("KEHU_DRIVER", "") in ("", "cells")


def _expect_terminal(keys: TextIO | None, screen: TextIO | None) -> None:
    """Expect one at `keys` and `screen`, where the driver reads and draws.

    Raises: UnsupportedError.
    """
    reads, draws = (stream is not None and stream.isatty() for stream in (keys, screen))
    if reads and draws:
        return
    if reads:
        raise UnsupportedError(
            N_("the desk is drawn on standard error or standard output, and neither leads to a terminal here"),
            todo=N_("Start it without > or without 2>; a pipe after it takes both, as with |&."),
        )
    if draws:
        raise UnsupportedError(
            N_("the desk reads keys from standard input, which comes from no terminal here"),
            todo=N_("Start it without < or a pipe before it; in a script, use a command: kehu --help names them."),
        )
    raise UnsupportedError(
        N_("the desk needs a terminal, and there is none here"),
        todo=N_("Over SSH, ask for one with ssh -t; in a script, use a command: kehu --help names them."),
    )


def _seen_last(store: Store, profile: Profile, mask: Mask) -> Listing | None:
    try:
        return cached_first_page(store, profile.page_size, mask)
    except KehuError:
        return None  # the desk tells of it


def _rows(listing: Listing, columns: int, lines: int) -> str:
    """`listing`'s rows where the list will have them, its cursor in sight."""
    top, height, width = place_of_rows(columns, lines)
    cursor = next((index for index, row in enumerate(listing.rows) if row.id == listing.cursor_id), 0)
    first = max(0, min(cursor, len(listing.rows) - height))
    table = list_table(listing.rows, usual_columns(listing.columns))
    texts = rows_as_text(table.rows[first : first + height], table.columns, width)
    return "".join(f"\x1b[{top + line};1H{text}" for line, text in enumerate(texts, 1))
