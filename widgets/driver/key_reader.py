"""What a terminal sends, told apart: keys and pastes, and all that is neither.

A terminal answers questions, and over a slow line its answer comes late, in pieces, and to whoever reads by then. So
what comes is cut as ECMA-48 (5.4, 5.6, 8.2) and xterm's control sequences have it, and a sequence that is no key is
dropped whole: a colour (OSC), a version or a setting (DCS, APC), device attributes, a cursor's place, a size (CSI).

A sequence may be cut anywhere. What has begun waits `SEQUENCE_WAIT` for its rest; Escape alone waits no longer than
Textual's `ESCDELAY`. Where the rest comes later still, it is known by its form, and dropped as well.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Generator, Iterator
from typing import Final

from textual import constants, events, messages
from textual.keys import Keys
from textual.message import Message

from widgets.typed import UNPRINTABLE_BUT_TYPED
from widgets.upstream import ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, XTermParser, key_events

ESCAPE_WAIT: Final = constants.ESCAPE_DELAY
"""Seconds after which an ESC that nothing followed was the Escape key; Textual's, which ESCDELAY sets."""

SEQUENCE_WAIT: Final = 1.0
"""Seconds that a sequence waits for its rest: as long as a line stalls, and no longer than a person waits who types on
after one that was cut off for good."""

REST_WAIT: Final = 10.0
"""Seconds after which what comes is no rest of what was given up, whatever it looks like."""

SLOW_LINE_WAIT: Final = 2 * ESCAPE_WAIT
"""Seconds that a letter which may begin the rest of an ESC waits for the next, where it came sooner than this after it:
a line on which ESC was late enough for the key has every letter late."""

PASTE_WAIT: Final = 5.0
"""Seconds that a paste waits for its rest."""

ESC: Final = "\x1b"
PASTE_START: Final = "\x1b[200~"
PASTE_END: Final = "\x1b[201~"

_PLAIN: Final = re.compile(r"[^\x1b]+")

_BODY: Final = r"[^\x07\x18\x1a\x1b]*"
"""What stands in a string (OSC, DCS, SOS, PM, APC)."""

_END: Final = r"(?:[\x07\x18\x1a]|\x1b\\)"
"""What ends one: BEL, as xterm has it; CAN and SUB, which cancel it; ST."""

_SEQUENCE: Final = re.compile(
    r"\x1b(?:"
    r"\[\[[A-E]"  # the Linux console's function keys
    r"|\[M[ -\U0010ffff]{3}"  # a mouse report of the first kind
    r"|\[(?![M\[])[0-?]*[ -/]*[@-~]"
    r"|\[\[(?=[^A-E])"
    r"|O[0-9;]*[@-~]"
    rf"|[\]PX^_]{_BODY}{_END}"
    r")"
)
"""A whole sequence; of a paste, the mark of its start."""

_UNFINISHED: Final = re.compile(
    rf"\x1b(?:\[\[?|\[M[ -\U0010ffff]{{0,2}}|\[[0-?]*[ -/]*|O[0-9;]*|[\]PX^_]{_BODY}\x1b?)?\Z"
)
"""A sequence whose rest is not there yet."""

_CUT_OFF: Final = re.compile(rf"\x1b(?:\[M[ -\U0010ffff]*|\[[0-?]*[ -/]*|O[0-9;]*|[\]PX^_]{_BODY}(?:\x1b(?=\x1b))?)")
"""A sequence into which something came that is no part of one."""

_STRING: Final = re.compile(rf"(\x1b[\]PX^_][^\x07\x18\x1a\x1b]){_BODY}(\x1b?)\Z")
"""An unfinished string: how it begins, and whether its end does."""

_INTRODUCERS: Final = tuple("[O]PX^_")
"""What follows the ESC of a sequence."""

_REPLY: Final = r"(?:\]\d+;|P[0-9;]*[!$+>|{]|_[A-Za-z]|[X^])"
"""How a string begins that a terminal sends, its ESC apart."""

_REST: Final = {
    "escape": re.compile(
        rf"\[(?:[A-HPQSZIO]|M[ -\U0010ffff]{{3}}\Z|[0-?]+[ -/]*[@-~])|O[A-DFHP-S]"
        rf"|{_REPLY}{_BODY}{_END}|\][lL]{_BODY}\x1b\\"
    ),
    "introducer": re.compile(r"[A-HPQSZIO~]\Z|M[ -\U0010ffff]{3}\Z|[0-?]+[ -/]*[@-~]"),
    "string's end": re.compile(r"\\"),
    "string": re.compile(r"[^\x00-\x1f]*(?:\x07|\x1b\\)"),
    "sequence": re.compile(r"[0-?]+[ -/]*[@-~]|[ -/]+[@-~]|[MRScmntuwxy|~\[]\Z"),
}
"""How the rest of what was given up looks, by what was there of it: its ESC, all but its last letter, and so on."""

_REST_BEGUN: Final = re.compile(rf"\[[0-?]+[ -/]*\Z|\]\d+\Z|P[0-9;]+\Z|\][lL]{_BODY}\x1b?\Z|{_REPLY}{_BODY}\x1b?\Z")
"""How the rest of an ESC, which was taken for the key, looks while it goes on coming."""

_EIGHT_BITS: Final = re.compile("((?:\x1b\\[|\\A\\[?)M.{0,3})|[\x80-\x9f\udc80-\udcff]", re.DOTALL)
"""C1 controls, and bytes that are no UTF-8, of which they may be; those of a mouse report are its own."""

_IGNORED: Final = re.compile(r"\x1b\[(?:[0-9;]+R|[IO])")
"""The cursor's place, from which nothing tells F3 with a modifier; the focus: keys that come are for us anyway."""

_ASKED: Final = re.compile(r"\x1b\[\?(2026|2048);\d\$y")
"""The answer to whether a mode is known, which Textual asks of synchronised output and of sizes in band."""

_SIZE: Final = re.compile(r"\x1b\[48(?:;\d+(?::\d*)*){4}t")
_MOUSE: Final = re.compile(r"\x1b\[<\d+;-?\d+;-?\d+[Mm]")

_EXTENDED: Final = re.compile(r"\x1b\[(\d{0,7})(?:;(\d{0,3}))?(?:;([\d:]*))?([u~A-HPQS])")
"""A key as kitty's protocol has it (code, modifiers, text), and as xterm has those with modifiers."""

_OTHER_KEYS: Final = "27"
"""The code of xterm's modifyOtherKeys: the key itself is where kitty's protocol has the text."""


class KeyReader:
    """Makes messages of what a terminal sends: of keys, of pastes, and of what Textual asks terminals for.

    `feed` it what was read, piece by piece as it came, and `tick` it once `deadline` has passed.

    Args:
        mouse: Whether the terminal was asked for the mouse; what it tells of it unasked is dropped.
        clock: Seconds, from any start on.
    """

    def __init__(self, *, mouse: bool, debug: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._parser = XTermParser(debug)
        self._mouse = mouse
        self._clock = clock
        self._tells_size = False
        """Whether the terminal was asked to tell its size in band."""
        self.deadline: float | None = None
        """When, by the clock, nothing more belongs to what is there; None while nothing waits."""
        self._begun = ""
        """The beginning of a sequence, or of the mark that ends a paste."""
        self._pasted: list[str] | None = None
        """What was pasted so far; None outside a paste."""
        self._given_up = "escape"
        """What the next piece may be the rest of (`_REST`, or a paste); another program may have read the first ESC."""
        self._given_up_at = clock()
        self._is_first = True
        """Whether nothing was read yet: a terminal that nobody had set up by then has made Enter a line feed."""

    def feed(self, data: str) -> Iterator[Message]:
        """Read `data`, the next piece, decoded with `surrogateescape`."""
        data = self._begun + data
        if not data.isascii():
            data = _EIGHT_BITS.sub(_in_seven_bits, data)
        self._begun = ""
        self.deadline = None
        is_first, self._is_first = self._is_first, False
        if self._given_up and self._pasted is None:
            data = self._without_rest(data)
        while data:
            if self._pasted is not None:
                data = yield from self._read_paste(self._pasted, data)
            elif plain := _PLAIN.match(data):
                data = data[plain.end() :]
                for character in plain[0].replace("\n", "\r") if is_first else plain[0]:
                    yield from self._keys(character)
            elif whole := _SEQUENCE.match(data):
                data = data[whole.end() :]
                yield from self._read_sequence(whole[0])
            elif _UNFINISHED.match(data):
                self._wait_for_rest(_STRING.sub(r"\1\2", data))
                data = ""
            elif data[1] == ESC:
                data = data[1:]
                yield events.Key("escape", ESC)
            elif data[1] in _INTRODUCERS and (cut_off := _CUT_OFF.match(data)):
                data = data[cut_off.end() :]
            else:
                yield from self._keys_with_alt(data[1])
                data = data[2:]

    def tick(self) -> Iterator[Message]:
        """Settle what has waited long enough for its rest."""
        if self.deadline is None or self._clock() < self.deadline:
            return
        self.deadline = None
        begun, self._begun = self._begun, ""
        self._given_up_at = self._clock()
        if self._pasted is not None:
            self._pasted.append(begun)
            self._given_up = "paste"
            yield self._end_paste(self._pasted)
        elif begun == ESC:
            self._given_up = "escape"
            yield events.Key("escape", ESC)
        elif not begun.startswith(ESC):
            self._given_up = ""
            yield from self._keys(begun)
        elif begun in ANSI_SEQUENCES_KEYS:
            yield from self._keys(begun)
        elif _STRING.match(begun):
            self._given_up = "string's end" if begun.endswith(ESC) else "string"
        elif begun[1:] in _INTRODUCERS:
            self._given_up = "introducer" if begun[1] in "[O" else "string"
        else:
            self._given_up = "sequence"

    def _wait_for_rest(self, begun: str) -> None:
        self._begun = begun
        is_key = begun in ANSI_SEQUENCES_KEYS or begun in _INTRODUCERS
        self.deadline = self._clock() + (ESCAPE_WAIT if is_key else SEQUENCE_WAIT)

    def _without_rest(self, data: str) -> str:
        """`data` without the rest of what was given up, or made whole where that is a key."""
        given_up, self._given_up = self._given_up, ""
        if self._clock() - self._given_up_at > REST_WAIT:
            return data
        if given_up == "paste":
            if len(data) > 1 and not data.startswith(ESC):  # nobody types so fast
                self._pasted = []
            return data
        if given_up == "escape":
            if data in _INTRODUCERS:
                self._given_up = given_up
                self._wait_for_rest(data)
                if self._clock() - self._given_up_at < SLOW_LINE_WAIT - ESCAPE_WAIT:
                    self.deadline = self._clock() + SLOW_LINE_WAIT
                return ""
            return ESC + data if _REST[given_up].match(data) or _REST_BEGUN.match(data) else data
        rest = _REST[given_up].match(data)
        return data[rest.end() :] if rest else data

    # Pastes

    def _read_paste(self, pasted: list[str], data: str) -> Generator[Message, None, str]:
        """Take what of `data` was pasted; returns what follows."""
        end = data.find(PASTE_END)
        if end < 0:
            kept = next((size for size in range(len(PASTE_END) - 1, 0, -1) if data.endswith(PASTE_END[:size])), 0)
            pasted.append(data[: len(data) - kept])
            self._begun = data[len(data) - kept :]
            self.deadline = self._clock() + PASTE_WAIT
            return ""
        # A text may hold the mark itself, so that its rest would be typed: a mark that no start precedes ends it too.
        next_start = data.find(PASTE_START, end)
        end = max(end, data.rfind(PASTE_END, end, next_start if next_start >= 0 else None))
        pasted.append(data[:end])
        yield self._end_paste(pasted)
        return data[end + len(PASTE_END) :]

    def _end_paste(self, pasted: list[str]) -> Message:
        self._pasted = None
        text = "".join(pasted).replace(PASTE_END, "").replace(PASTE_START, "")
        return events.Paste(text.replace("\x00", ""))

    # Sequences

    def _read_sequence(self, sequence: str) -> Iterator[Message]:
        if sequence == PASTE_START:
            self._pasted = []
        elif _ASKED.fullmatch(sequence):
            for message in self._parser.feed(sequence):
                if isinstance(message, messages.InBandWindowResize):
                    self._tells_size = message.supported
                yield message
        elif (self._mouse and _MOUSE.fullmatch(sequence)) or (self._tells_size and _SIZE.fullmatch(sequence)):
            yield from self._parser.feed(sequence)
        elif not _IGNORED.fullmatch(sequence) and (sequence in ANSI_SEQUENCES_KEYS or _is_extended_key(sequence)):
            yield from self._keys(sequence)

    def _keys(self, sequence: str) -> Iterator[Message]:
        for event in key_events(self._parser, sequence):
            if event.key != Keys.Ignore:
                yield event

    def _keys_with_alt(self, character: str) -> Iterator[Message]:
        if ESC + character in ANSI_SEQUENCES_KEYS:
            yield from self._keys(ESC + character)
        else:
            yield from key_events(self._parser, character, alt=True)


def _in_seven_bits(found: re.Match[str]) -> str:
    """What was found, a C1 control as ESC and a letter (ECMA-35, 13.2.1); none of the other bytes is a character."""
    if found[1]:
        return found[1]
    code = ord(found[0]) & 0xFF
    if code >= 0xA0:
        return "\N{REPLACEMENT CHARACTER}"
    letter = chr(code - 0x40)
    return ESC + letter if letter in _INTRODUCERS or letter == "\\" else ""


def _is_extended_key(sequence: str) -> bool:
    """Whether a CSI sequence is a key of kitty's protocol or of xterm's, of which Textual makes one for any number."""
    match = _EXTENDED.fullmatch(sequence)
    if match is None:
        return False
    code, modifiers, text, end = match.groups(default="")
    if modifiers == "0" or not all(_is_letter(letter) for letter in text.split(":") if letter):
        return False
    if f"{code or 1}{end}" in FUNCTIONAL_KEYS or (code == _OTHER_KEYS and end == "~" and text):
        return True
    return end == "u" and _is_letter(code)


def _is_letter(code: str) -> bool:
    """Whether `code` is the number of a character that can be typed."""
    if not code.isdecimal() or len(code) > 7 or int(code) > sys.maxunicode:
        return False
    return chr(int(code)).isprintable() or chr(int(code)) in UNPRINTABLE_BUT_TYPED
