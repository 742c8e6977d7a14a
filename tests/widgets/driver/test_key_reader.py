"""What a terminal sends that is no key types nothing, wherever the line cuts it; keys stay keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events, messages
from textual.message import Message

from widgets.driver.key_reader import ESCAPE_WAIT, PASTE_WAIT, SEQUENCE_WAIT, KeyReader

ANSWERS = {
    "OSC 11": "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "OSC 10, BEL": "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "OSC 4": "\x1b]4;1;rgb:cccc/0000/0000\x1b\\",
    "OSC 52": "\x1b]52;c;ZGVsZXRl\x1b\\",
    "OSC L": "\x1b]Lrefd\x1b\\",
    "DA1": "\x1b[?62;1;2;6;9;15;18;21;22c",
    "DA2": "\x1b[>41;354;0c",
    "DA3": "\x1bP!|7E565445\x1b\\",
    "XTVERSION": "\x1bP>|XTerm(354)\x1b\\",
    "DECRQSS": "\x1bP1$r0;1m\x1b\\",
    "XTGETTCAP": "\x1bP1+r544e=787465726d\x1b\\",
    "CPR": "\x1b[12;40R",
    "DECXCPR": "\x1b[?12;40;1R",
    "DSR": "\x1b[0n",
    "theme": "\x1b[?997;1n",
    "DECRPM": "\x1b[?1004;2$y",
    "ANSI mode": "\x1b[4;2$y",
    "kitty keyboard": "\x1b[?1u",
    "kitty graphics": "\x1b_Gi=31;OK\x1b\\",
    "PM": "\x1b^delete\x1b\\",
    "SOS": "\x1bXrefused\x1b\\",
    "size in characters": "\x1b[8;36;120t",
    "size in pixels": "\x1b[4;720;1200t",
    "size in band": "\x1b[48;24;80;480;800t",
    "XTSMGRAPHICS": "\x1b[?1;0;256S",
    "locator": "\x1b[1;1;10;10;1&w",
    "parameters": "\x1b[2;1;1;128;128;1;0x",
    "focus in": "\x1b[I",
    "focus out": "\x1b[O",
    "mouse": "\x1b[<0;12;7M",
    "wheel": "\x1b[<65;12;7M",
    "urxvt mouse": "\x1b[32;12;7M",
    "first mouse": "\x1b[M ,'",
    "first mouse, far away": "\x1b[M \x9b\x85",
    "an end of a paste": "\x1b[201~",
    "an unknown key": "\x1b[113;1S",
    "ctrl+c by a number": "\x1b[3S",
    "a key that was let go": "\x1b[106;1:3u",
    "no character": "\x1b[55296u",
    "unknown": "\x1b[5;7|",
    "unknown, a bracket": "\x1b[5[",
    "OSC of 8 bits": "\x9d11;rgb:1e1e/1e1e/1e1e\x9c",
    "DCS of 8 bits": "\x90>|foot(1.16)\x9c",
    "CSI of 8 bits": "\x9b?62;4c",
    "raw OSC of 8 bits": "\udc9d11;rgb:1e1e/1e1e/1e1e\udc9c",
    "raw CSI of 8 bits": "\udc9b?62;4c",
}
"""What a terminal sends to somebody else's question, or unasked."""


class Line:
    """A terminal's line to a reader, with a clock of its own."""

    def __init__(self, *, mouse: bool = False) -> None:
        self.now = 100.0
        self.reader = KeyReader(mouse=mouse, clock=lambda: self.now)
        self.told: list[Message] = []

    def send(self, *pieces: str, gap: float = 0.0) -> Line:
        """Send `pieces`, `gap` seconds after one another."""
        for number, piece in enumerate(pieces):
            if number:
                self.wait(gap)
            self.told += self.reader.feed(piece)
        return self

    def wait(self, seconds: float) -> Line:
        """Let time pass, as the driver does: until what waits is to be settled, and on."""
        end = self.now + seconds
        while self.reader.deadline is not None and self.reader.deadline <= end:
            self.now = self.reader.deadline
            self.told += self.reader.tick()
        self.now = end
        return self

    @property
    def keys(self) -> list[str]:
        """What was told by the end: keys by their names, pastes by their texts."""
        self.wait(PASTE_WAIT + SEQUENCE_WAIT)
        return [_name(message) for message in self.told]


def _name(message: Message) -> str:
    match message:
        case events.Key():
            return message.key
        case events.Paste():
            return f"pasted {message.text}"
        case _:
            return type(message).__name__


def cut(text: str, places: Iterable[int]) -> list[str]:
    """`text` in pieces."""
    ends = [*sorted({place % (len(text) + 1) for place in places}), len(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False) if start < end]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_late_answer_of_the_terminal_is_no_key_wherever_it_is_cut(answer: str) -> None:
    for place in range(1, len(answer)):
        pieces = [answer[:place], answer[place:]]
        assert Line().send("j", *pieces, "k").keys == ["j", "k"], pieces
        for gap in (ESCAPE_WAIT * 1.5, 0.3, 0.9, SEQUENCE_WAIT * 1.5):
            if pieces[0].startswith("\x1b[M") and gap > SEQUENCE_WAIT:
                continue  # three letters, and nothing tells them from keys
            told = Line().send("j", *pieces, gap=gap).wait(gap).send("k").keys
            # An ESC of which nothing more came in time is taken for the key; what follows it types nothing.
            assert told in (["j", "k"], ["j", "escape", "k"][: 3 if pieces[0] == "\x1b" else 0]), (pieces, gap)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_late_answer_that_comes_letter_by_letter_is_no_key(answer: str) -> None:
    assert Line().send("j", *answer, "k", gap=ESCAPE_WAIT / 2).keys == ["j", "k"]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_late_answer_that_comes_letter_by_letter_turns_no_page_and_opens_no_form(answer: str) -> None:
    if answer.startswith("\x1b[M") or not answer.startswith("\x1b"):
        return  # three letters, and nothing tells them from keys; no letter is Escape
    for gap in (ESCAPE_WAIT * 1.2, ESCAPE_WAIT * 1.8):
        assert [key for key in Line().send("j", *answer, "k", gap=gap).keys if key != "escape"] == ["j", "k"]
    fast_after = Line().send("j", "\x1b").wait(ESCAPE_WAIT * 1.5).send(*answer[1:], "k", gap=ESCAPE_WAIT / 2)
    assert [key for key in fast_after.keys if key != "escape"] == ["j", "k"]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_of_which_another_program_read_the_escape_is_no_key(answer: str) -> None:
    if (answer.startswith("\x1b[") and answer[2:3] in "IOM[") or not answer.startswith("\x1b"):
        return
    assert Line().send(answer[1:]).wait(0.2).send("k").keys == ["k"]


KEYS = st.sampled_from("jkrdeA客1;[]P_\t\r\x7f\x06")

SEQUENCES = st.one_of(
    st.sampled_from(list(ANSWERS.values())),
    st.from_regex(r"\A\x1b\[[<-?][0-9;:]{0,12}[ -/]{0,2}[@-~]\Z"),
    st.builds(
        "\x1b{}{}{}".format,
        st.sampled_from("]PX^_"),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60),
        st.sampled_from(["\x07", "\x1b\\", "\x9c"]),
    ),
)


@given(st.lists(KEYS, max_size=4), SEQUENCES, st.lists(KEYS, max_size=4), st.lists(st.integers(0, 200), max_size=4))
@example(["j"], "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", ["r"], [26])
def test_whatever_sequence_comes_between_keys_only_the_keys_are_told(
    before: list[str], sequence: str, after: list[str], places: list[int]
) -> None:
    expected = Line().send("".join(before)).keys + Line().send("j", "".join(after)).keys[1:]
    assert Line().send(*cut("".join([*before, sequence, *after]), places)).keys == expected


@given(st.binary(max_size=80), st.lists(st.integers(0, 80), max_size=4))
def test_no_bytes_at_all_stop_the_reader(typed: bytes, places: list[int]) -> None:
    line = Line()
    line.send(*cut(typed.decode("utf-8", "surrogateescape"), places)).wait(20)
    assert line.reader.deadline is None
    line.told.clear()
    line.send("\x1b[B").send("j")
    assert line.keys[-1] == "j"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("\x1b", ["escape"]),
        ("\x1b\x1b", ["escape", "escape"]),
        ("\x1bj", ["alt+j"]),
        ("\x1bJ", ["alt+shift+j"]),
        ("\x1b[B", ["down"]),
        ("\x1bOB", ["down"]),
        ("\x1b[Z", ["shift+tab"]),
        ("\x1b[15~", ["f5"]),
        ("\x1b[[A", ["f1"]),
        ("\x1b[3$", ["shift+delete"]),
        ("\x1b[1;5C", ["ctrl+right"]),
        ("\x1b[27u", ["escape"]),
        ("\x1b[106;5u", ["ctrl+j"]),
        ("\x1b[27;5;106~", ["ctrl+j"]),
        ("\x1b\x1b[A", ["escape", "up"]),
        ("客\x1b客j", ["客", "alt+客", "j"]),
        ("\r\t\x7f\x11", ["enter", "tab", "backspace", "ctrl+q"]),
    ],
)
def test_a_key_is_a_key(typed: str, told: Sequence[str]) -> None:
    assert Line().send(typed).keys == told
    if "\x1b\x1b" not in typed:
        assert Line().send(*typed).keys == Line().send(typed).keys


def test_escape_is_told_after_a_tenth_of_a_second_and_what_is_typed_after_it_is_typed() -> None:
    line = Line().send("\x1b").wait(ESCAPE_WAIT)
    assert [_name(message) for message in line.told] == ["escape"]
    assert line.send("j").keys == ["escape", "j"]
    for key, name in {"[": "left_square_bracket", "]": "right_square_bracket", "P": "P", "O": "O"}.items():
        typed = Line().send("\x1b").wait(0.3).send(key)
        typed.wait(ESCAPE_WAIT)
        assert [_name(message) for message in typed.told] == ["escape", name]


@pytest.mark.parametrize("gap", [0.02, 0.3, 2.0])
def test_an_arrow_that_the_line_cuts_is_an_arrow(gap: float) -> None:
    for place in (1, 2):
        line = Line().send("\x1b[A"[:place]).wait(gap).send("\x1b[A"[place:])
        if place == 2 and gap > SEQUENCE_WAIT:
            continue  # Alt+[ by then
        assert line.keys[-1] == "up"
        assert line.keys[:-1] in ([], ["escape"])


@pytest.mark.parametrize("sequence", ["\x1b]11;rgb:1e1e/1e", "\x1bP>|XTerm", "\x1b[?62;4", "\x1b]11;rgb:1e1e\x1b"])
def test_keys_after_an_answer_that_was_cut_off_for_good_are_keys(sequence: str) -> None:
    assert Line().send("j", sequence).wait(SEQUENCE_WAIT).send("j").wait(0.2).send("r").keys == ["j", "j", "r"]
    assert Line().send("j", sequence, "\x1b[B").keys == ["j", "down"]


def test_a_paste_is_one_text_whatever_is_in_it() -> None:
    text = "a\x1bb\x1b[Bc\x1b]11;x\x07\r\nd\x9b2Je\x1b[200~\t客" + "x" * 10_000
    whole = f"j\x1b[200~{text}\x1b[201~k"
    expected = ["j", "pasted " + text.replace("\x9b", "\x1b[").replace("\x1b[200~", ""), "k"]
    assert Line().send(whole).keys == expected
    for place in [*range(1, 60), *range(len(whole) - 8, len(whole))]:
        assert Line().send(whole[:place], whole[place:]).keys == expected
        if whole[:place][-1] != "\x1b" or place > 8:
            assert Line().send(whole[:place], whole[place:], gap=0.8).keys == expected


def test_a_text_that_holds_the_mark_of_a_pastes_end_types_nothing_of_its_rest() -> None:
    assert Line().send("\x1b[200~a\x1b[201~rd\r\x1b[201~k").keys == ["pasted ard\r", "k"]
    assert Line().send("\x1b[200~a\x1b[201~k\x1b[200~b\x1b[201~").keys == ["pasted a", "k", "pasted b"]


def test_a_paste_that_never_ends_is_given_up_and_its_rest_is_no_command() -> None:
    line = Line().send("\x1b[200~abc").wait(PASTE_WAIT)
    assert [_name(message) for message in line.told] == ["pasted abc"]
    assert line.send("def\x1b[201~").wait(0.1).send("j").keys == ["pasted abc", "pasted def", "j"]


def test_a_paste_of_a_mebibyte_is_read_at_once() -> None:
    text = "客户 delete\r\n" * 80_000
    pieces = [f"\x1b[200~{text}\x1b[201~"[start : start + 4096] for start in range(0, len(text) + 12, 4096)]
    assert Line().send(*pieces).keys == [f"pasted {text}"]


def test_enter_typed_before_anybody_set_the_terminal_up_is_enter() -> None:
    assert Line().send("j\n").send("\n").keys == ["j", "enter", "ctrl+j"]


def test_the_mouse_tells_only_where_it_was_asked() -> None:
    click = "\x1b[<0;12;7M\x1b[<0;12;7m"
    assert Line(mouse=True).send(click).keys == ["MouseDown", "MouseUp"]
    assert Line().send(click).keys == []


def test_what_textual_asks_of_a_terminal_is_told() -> None:
    line = Line().send("\x1b[?2026;2$y")
    assert isinstance(line.told[0], messages.TerminalSupportsSynchronizedOutput)
