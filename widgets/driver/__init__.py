"""A terminal driver for Textual that pays for every byte.

As curses has always done, it knows which character and style each cell of the terminal shows, and sends only what a
frame changed. Any Textual program can take it: `App(driver_class=CellDriver)`.

    sequences    what a program writes, cut into tokens
    style        the state that SGR sequences set, and the shortest way from one to another
    cells        text cut into the pieces that a terminal keeps in its cells
    motion       the shortest way from one cell to another
    scrolling    a frame that is its predecessor, moved by some rows
    painter      what the terminal shows, and the bytes that make it show something else
    canvas       what the program wants shown; the two ends put together
    cell_driver  the driver: the canvas between Textual and its writer thread
"""

from widgets.driver.cell_driver import CellDriver, driver_class

__all__ = ["CellDriver", "driver_class"]
