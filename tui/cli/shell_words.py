"""A command line as a shell has it while it is typed: its words, and how one of them is completed in its quotes."""

from __future__ import annotations

from dataclasses import dataclass

SPECIAL = frozenset(" \t\\\"'`$&|;()<>*?[]{}!#~^=%\n")
"""What bash reads as more than itself, somewhere, outside quotes."""

IN_DOUBLE_QUOTES = frozenset('\\"$`!')


@dataclass(frozen=True)
class TypedLine:
    """The words of a line up to the cursor."""

    words: tuple[str, ...]
    """Those before the one at the cursor, without quotes."""
    current: str
    """The word at the cursor, without quotes."""
    kept: int
    """How much of it, in characters, stands before what the shell replaces."""
    quote: str
    """The quote that it is within; empty outside any."""


def read_line(line: str, breaks: str) -> TypedLine:
    """Return the words of `line`, which ends at the cursor, as bash reads them.

    Bash replaces what follows an open quote, or the last of `breaks` (its COMP_WORDBREAKS) outside quotes.
    """
    words: list[str] = []
    word, begun, kept, quote = "", False, 0, ""
    place = 0
    while place < len(line):
        char = line[place]
        place += 1
        if quote == "'":
            if char == "'":
                quote = ""
            else:
                word += char
        elif char == "\\" and place < len(line):
            follows = line[place]
            place += 1
            word += follows if not quote or follows in IN_DOUBLE_QUOTES else char + follows
            begun = True
        elif quote:
            if char == '"':
                quote = ""
            else:
                word += char
        elif char in "'\"":
            quote, begun, kept = char, True, len(word)
        elif char in " \t":
            if begun:
                words.append(word)
            word, begun, kept = "", False, 0
        else:
            word += char
            begun = True
            if char in breaks:
                kept = len(word)
    return TypedLine(tuple(words), word, kept, quote)


def completed(line: TypedLine, value: str) -> str:
    """Return what bash is to put in place of what it replaces, for the word at the cursor to become `value`."""
    rest = value[line.kept :]
    if line.quote == "'":
        return rest.replace("'", "'\\''")
    special = IN_DOUBLE_QUOTES if line.quote else SPECIAL
    return "".join(f"\\{char}" if char in special else char for char in rest)
