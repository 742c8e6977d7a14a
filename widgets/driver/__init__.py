"""A terminal driver for Textual that pays for every byte.

As curses has always done, it knows which character and style each cell of the terminal shows, and sends only what a
frame changed. Any Textual program can take it: `App(driver_class=CellDriver)`, from `cell_driver`. A program that
loads Textual late may draw with a `Canvas` before, and hand it on (`CellDriver.take_over`).

    sequences    what a program writes, cut into tokens
    style        the state that SGR sequences set, and the shortest way from one to another
    cells        text cut into the pieces that a terminal keeps in its cells
    motion       the shortest way from one cell to another
    scrolling    a frame that is its predecessor, moved by some rows
    pen          where the terminal writes next, and the bytes with which it writes some cells of a row
    painter      what the terminal shows, and the bytes that make it show something else
    canvas       what the program wants shown; the two ends put together
    terminfo     what terminals can do, by their names
    key_reader   what the terminal sends: keys and pastes, and what is neither
    suspension   stopped by its own key, until the shell continues it
    cell_driver  the driver: the canvas between Textual and its writer thread
"""
