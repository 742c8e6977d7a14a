r"""Columns: one field's values of a thousand customers, packed to be looked through as a whole.

A query over a million customers reads a column of each field that it names and nothing else. Of texts the different
ones are kept once, in their order (`collation`), and for each customer the number of its own: a test is asked of each
text, not of each customer, and the customers of a text are found, and ordered, by its number.

A customer's texts in a field are one text here: `\x02张三\x02rocky\x02`, with `\x01` between those of customers.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import compress
from typing import NamedTuple, Protocol

from tui.model.characters import without_invisible
from tui.model.query.field_values import EMAILS, LONGEST, PHONES, SortKey, Texts, compared, sort_key
from tui.store.collation import spelt

BLOCK = 1024
"""Customers of one block: their columns are 5 to 30 KiB each, and reading as many records anew takes 50 ms."""

VALUE, ROW = "\x02", "\x01"
"""What stands around a value, and between the texts of customers."""

EARLIEST = -(2**60)
"""In epoch seconds; every calendar begins later."""

_LATEST = 2**62

WORTH_PACKING = 32 * 1024
"""Bytes of a column from which it is deflated: long notes shrink to a third, names and phones hardly."""

_PACKED, _PLAIN = b"z", b"p"
_FEW, _EACH = b"f", b"e"
_ONE_BYTE = 255
"""Different texts of a block up to which each is kept once, and its number takes one byte."""

_OFTEN = 80
"""Finds in a column from which all of its texts are looked at at once, which is quicker then."""

_FOUND, _BOTH = b"\3", b"\4"
"""What is found in a text is written as, and the end of a text in which there is something; in no text they stand."""

_BUT_SIGNS = bytes(set(range(256)) - {1, 3})
_IS_BOTH = bytes(number == 4 for number in range(256))

SWAPPED = bytes((1, 0)).ljust(256, b"\0")
"""What a mask is translated by to mean the others."""

_NOT_NOUGHT = b"\0".ljust(256, b"\1")
_GUARDED = bytes(number >= 128 for number in range(256))
_ROW, _VALUE = ROW.encode(), VALUE.encode()

_BLANKS = re.compile(rf"\s\s|[^\S ]|\s[{ROW}{VALUE}]|[{ROW}{VALUE}]\s|^\s|\s$")
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(rf" ?([{ROW}{VALUE}]) ?")


class ColumnEntry(NamedTuple):
    """What the columns hold of one customer."""

    place: int
    texts: Texts
    moments: Mapping[str, int]
    """Epoch seconds by field; a field without any is left out."""


class StoredColumn(Protocol):
    """One field's values of the customers of a block."""

    def groups(self, mask: bytes, *, descending: bool) -> Iterator[tuple[int, bytes]]:
        """Yield those whom `mask` means in their order: a number for `key`, and the mask of those who share it."""

    def key(self, number: int) -> SortKey:
        """What the customers with `number` are ordered by."""

    def absent(self, mask: bytes) -> bytes | None:
        """Return those whom `mask` means and who have no value; None for nobody."""


class TextColumn:
    """A column of texts, in their order.

    Where they are few, each is there once, and each customer has the number of its own; where they are many, each
    customer's is there, and the customers stand in the order of the texts.
    """

    def __init__(self, packed: bytes, rows: int) -> None:
        content = zlib.decompress(packed[1:]) if packed[:1] == _PACKED else packed[1:]
        self._rows = rows
        self._few = content[:1] == _FEW
        self.count = int.from_bytes(content[1:3], "little")
        """How many texts there are."""
        end = 3 + (rows if self._few else 2 * self.count)
        self._numbers = content[3:end] if self._few else b""
        """The number of each customer's text, from 1; 0 for one without any."""
        self._order = array("H") if self._few else array("H", content[3:end])
        """The row of each text's customer."""
        self.content = content[end:]
        """The texts, in UTF-8."""

    @cached_property
    def texts(self) -> list[str]:
        """The texts, in their order."""
        return self.content.decode(errors="surrogatepass").split(ROW)

    @cached_property
    def is_single(self) -> bool:
        """Whether nobody has two values."""
        return self.content.count(_VALUE) == 2 * self.count

    def text(self, number: int) -> str:
        """Return the text with `number`, from 1; only what stands before, or after it, is taken apart."""
        if number <= self.count // 2:
            found = self.content.split(_ROW, number)[number - 1]
        else:
            found = self.content.rsplit(_ROW, self.count - number + 1)[number - self.count - 1]
        return found.decode(errors="surrogatepass")

    def key(self, number: int) -> SortKey:
        """What the customers with the text `number` are ordered by."""
        return combined_key(self.text(number))

    def having(self, piece: str) -> bytes | None:
        """Return the mask of those in whose text `piece` is; None for nobody."""
        wanted = piece.encode(errors="surrogatepass")
        content = self.content
        at = content.find(wanted)
        if at < 0:
            return None
        if content.count(wanted) > _OFTEN:
            return self.mask(_marked(content, wanted))
        numbers = []
        number = counted = 0
        while at >= 0:
            number += content.count(_ROW, counted, at)
            numbers.append(number)
            counted = at
            at = content.find(wanted, at + 1)
        return self.of(numbers)

    def of(self, numbers: Iterable[int]) -> bytes | None:
        """Return the mask of those whose texts have these `numbers`, from 0 here; None for nobody."""
        if self._few:
            table = bytearray(256)
            for number in numbers:
                table[number + 1] = 1
            return self._numbers.translate(table)
        mask = bytearray(self._rows)
        for number in numbers:
            mask[self._order[number]] = 1
        return bytes(mask)

    def between(self, first: int, end: int) -> bytes | None:
        """Return the mask of those whose texts have the numbers from `first` on and before `end`, from 0."""
        return self.of(range(first, end)) if first < end else None

    def mask(self, flags: Sequence[int]) -> bytes:
        """Return the mask of those whose text is meant, given whether each is."""
        if self._few:
            return self._numbers.translate(bytes((0, *flags)).ljust(256, b"\0"))
        if all(flags):
            return self.present()
        mask = bytearray(self._rows)
        for row in compress(self._order, flags):
            mask[row] = 1
        return bytes(mask)

    def present(self) -> bytes:
        """Return the mask of those who have a value."""
        if self._few:
            return self._numbers.translate(_NOT_NOUGHT)
        if self.count == self._rows:
            return b"\1" * self._rows
        return self.between(0, self.count) or bytes(self._rows)

    def absent(self, mask: bytes) -> bytes | None:
        """Return those whom `mask` means and who have no value; None for nobody."""
        if not self._few and self.count == self._rows:
            return None
        return laid_over(mask, self.present().translate(SWAPPED))

    def counts(self, mask: bytes) -> Iterator[tuple[str, int]]:
        """Yield each text, and how many of those whom `mask` means have it."""
        if self._few:
            numbers = self._numbers if 0 not in mask else bytes(compress(self._numbers, mask))
            for number, text in enumerate(self.texts, 1):
                if count := numbers.count(number):
                    yield text, count
        else:
            for text, row in zip(self.texts, self._order, strict=True):
                if mask[row]:
                    yield text, 1

    def groups(self, mask: bytes, *, descending: bool) -> Iterator[tuple[int, bytes]]:
        """Yield those whom `mask` means in the order of their texts."""
        numbers = range(1, self.count + 1)
        for number in reversed(numbers) if descending else numbers:
            if self._few:
                table = bytearray(256)
                table[number] = 1
                if group := laid_over(mask, self._numbers.translate(table)):
                    yield number, group
            else:
                row = self._order[number - 1]
                if mask[row]:
                    yield number, b"\1".rjust(row + 1, b"\0").ljust(self._rows, b"\0")


def _marked(content: bytes, wanted: bytes) -> bytes:
    """Return for each text in `content` whether `wanted` is in it, in a few passes over all of them.

    Of every text nothing is left but a sign for what was found in it and the sign of its end.
    """
    signs = content.replace(wanted, _FOUND).translate(None, _BUT_SIGNS) + _ROW
    while _FOUND + _FOUND in signs:
        signs = signs.replace(_FOUND + _FOUND, _FOUND)
    return signs.replace(_FOUND + _ROW, _BOTH).translate(_IS_BOTH)


class MomentColumn:
    """A column of moments: eight bytes of each customer, the moment over `EARLIEST`, so that nought is none.

    They may be written over in place. Whether each is before another moment is told for all at once, as one number of
    64 Kibit is taken from another; the uppermost bit of each eight bytes, which no moment has, keeps them apart.
    """

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._rows = len(packed) // 8

    @cached_property
    def codes(self) -> array[int]:
        """The moments as they are kept."""
        return array("q", self._packed)

    def put(self, row: int, moment: int | None) -> None:
        """Have the customer in `row` have `moment`."""
        self._packed = b"".join((self._packed[: 8 * row], packed_moment(moment), self._packed[8 * row + 8 :]))
        self.__dict__.pop("codes", None)

    def from_on(self, moment: int | None) -> bytes:
        """Return the mask of those whose moment is `moment` or later; None asks for any."""
        least = 1 if moment is None else max(1, min(moment - EARLIEST, _LATEST))
        ones, guards = _lanes(self._rows)
        told = (int.from_bytes(self._packed, "little") | guards) - least * ones
        return told.to_bytes(8 * self._rows + 1, "little")[7 : 8 * self._rows : 8].translate(_GUARDED)

    def key(self, number: int) -> SortKey:
        """What those with the moment `number` are ordered by."""
        return 0, float(number + EARLIEST), ""

    def absent(self, mask: bytes) -> bytes | None:
        """Return those whom `mask` means and who have no moment; None for nobody."""
        return laid_over(mask, self.from_on(None).translate(SWAPPED))

    def groups(self, mask: bytes, *, descending: bool) -> Iterator[tuple[int, bytes]]:
        """Yield those whom `mask` means in the order of their moments."""
        if self._packed == self._packed[:8] * self._rows:  # all were seen in one sync
            if any(self._packed[:8]):
                yield self.codes[0], mask
            return
        best = (max if descending else min)(filter(None, compress(self.codes, mask)), default=0)
        if best:
            yield best, self._at(mask, best)
            rest = set(compress(self.codes, mask)) - {0, best}
            for code in sorted(rest, reverse=descending):
                yield code, self._at(mask, code)

    def _at(self, mask: bytes, code: int) -> bytes:
        moment = code + EARLIEST
        there = laid_over(mask, self.from_on(moment)) or bytes(self._rows)
        return laid_over(there, self.from_on(moment + 1).translate(SWAPPED)) or bytes(self._rows)


def packed_moment(moment: int | None) -> bytes:
    """Return `moment`, in epoch seconds, as a column keeps it."""
    return (0 if moment is None else max(1, min(moment - EARLIEST, _LATEST))).to_bytes(8, "little")


def pack_moments(moments: Iterable[int | None]) -> bytes:
    """Return the column of `moments`."""
    return array("q", [0 if moment is None else moment - EARLIEST for moment in moments]).tobytes()


@cache
def _lanes(rows: int) -> tuple[int, int]:
    """Return a 1 in each of so many numbers of 64 bits, and the uppermost bit in each."""
    ones = int.from_bytes(b"\1\0\0\0\0\0\0\0" * rows, "little")
    return ones, ones << 63


def laid_over(one: bytes, other: bytes) -> bytes | None:
    """Return the mask of those whom both mean; None for nobody."""
    both = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return both.to_bytes(len(one), "little") if both else None


def united(one: bytes, other: bytes) -> bytes:
    """Return the mask of those whom one of the two means."""
    either = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return either.to_bytes(len(one), "little")


def pack_block(entries: Sequence[ColumnEntry]) -> dict[str, bytes]:
    """Return the columns of `entries`, by field; one that nobody has a value in is left out."""
    packed = {}
    texts = [entry.texts for entry in entries]
    for field in sorted(set().union(*texts)):
        column = pack_texts(field, [of_one.get(field) for of_one in texts])
        if column is not None:
            packed[field] = column
    moments = [entry.moments for entry in entries]
    for field in sorted(set().union(*moments)):
        packed[field] = pack_moments([of_one.get(field) for of_one in moments])
    return packed


def pack_texts(field: str, values: Sequence[tuple[str, ...] | None]) -> bytes | None:
    """Return the column of `field` with the `values` of each customer; None where nobody has any."""
    different = list(dict.fromkeys(filter(None, values)))
    combined = _combined(field, different)
    there = {texts for texts in combined if texts}
    if not there:
        return None
    ordered = _ordered(list(there))
    numbers = {texts: number for number, texts in enumerate(ordered, 1)}
    number_of = {value: numbers.get(texts, 0) for value, texts in zip(different, combined, strict=True)}
    codes = [number_of[value] if value else 0 for value in values]
    if len(ordered) <= _ONE_BYTE:
        content = _FEW + len(ordered).to_bytes(2, "little") + bytes(codes)
    else:
        rows = sorted((row for row, code in enumerate(codes) if code), key=codes.__getitem__)
        ordered = [ordered[codes[row] - 1] for row in rows]
        content = _EACH + len(ordered).to_bytes(2, "little") + array("H", rows).tobytes()
    content += ROW.join(ordered).encode(errors="surrogatepass")
    if len(content) < WORTH_PACKING:
        return _PLAIN + content
    return _PACKED + zlib.compress(content, 1)


def combined_key(combined: str) -> SortKey:
    """Return what a customer's texts, `combined` as in a column, are ordered by."""
    return sort_key(combined[1:-1].split(VALUE), spelt(combined))


def combine(texts: Sequence[str]) -> str:
    """Return `texts`, compared ones of one customer, as they stand in a column; empty for none."""
    return f"{VALUE}{VALUE.join(texts)}{VALUE}" if texts else ""


def _ordered(texts: list[str]) -> list[str]:
    """`texts`, combined ones, in their order; all of them are spelt at once, which is several times faster."""
    keys = {
        text: sort_key(text[1:-1].split(VALUE), way) if text[1] in "-0123456789" else (1, 0.0, way)
        for text, way in zip(texts, spelt(ROW.join(texts)).split(ROW), strict=True)
    }
    return sorted(texts, key=keys.__getitem__)


def _combined(field: str, different: Sequence[tuple[str, ...]]) -> list[str]:
    """Each of the `different` values of `field` as it stands in a column; all of them are folded at once."""
    if field not in (PHONES, EMAILS):
        joined = ROW.join(map(VALUE.join, different))
        plain = joined.count(ROW) < len(different) and joined.count(VALUE) == sum(map(len, different)) - len(different)
        plain = plain and "\3" not in joined and "\4" not in joined
        if plain and max(map(len, joined.replace(VALUE, ROW).split(ROW))) <= LONGEST:
            return [_once(texts) for texts in _fold(joined).split(ROW)] if different else []
    return [combine(compared(field, value)) for value in different]


def _once(texts: str) -> str:
    if VALUE not in texts:
        return f"{VALUE}{texts}{VALUE}" if texts else ""
    return combine(tuple(dict.fromkeys(filter(None, texts.split(VALUE)))))


def _fold(joined: str) -> str:
    """Return what `characters.fold` makes of each of the `joined` texts."""
    if not joined.isascii():
        joined = unicodedata.normalize("NFKC", without_invisible(joined))
    if _BLANKS.search(joined):
        joined = _AROUND.sub(r"\1", _SPACE.sub(" ", joined)).strip()
    return joined.casefold()
