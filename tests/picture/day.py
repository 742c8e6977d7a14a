"""Works through a piece of a day on the demo, and keeps it as an SVG that moves and as an asciicast for players.

uv run python -m tests.picture.day [FOLDER]
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from pathlib import Path
from typing import Final

from tests.e2e.terminal import Terminal
from tests.picture.__main__ import desk, steady
from tests.picture.film import Frame, film_of, frame_of

FOLDER: Final = Path(__file__).parent

COLUMNS, ROWS = 100, 28

TITLE: Final = (
    "A piece of a day with kehu: a customer is found, a follow-up written, the next contact set, and others asked for"
)

LETTERS: Final = 0.12
"""Seconds between two letters that are typed."""


class Recorder:
    """Presses keys as a person does, and keeps what the screen shows for how long.

    Time is what the script says, not what the machine took: two recordings differ in nothing that is seen.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.frames: list[Frame] = []
        self.events: list[tuple[float, str]] = []
        self._written = 0
        self._now = 0.0
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def show(self, seconds: float) -> None:
        """Keep what is on the screen for `seconds`."""
        raw = bytes(self.terminal.raw)
        text = self._decoder.decode(raw[self._written :])
        self._written = len(raw)
        if text:
            self.events.append((round(self._now, 2), text))
        steady(self.terminal.screen)
        self.frames.append(frame_of(self.terminal.screen, seconds))
        self._now += seconds

    def press(self, key: str, seen: str, seconds: float = 1.2) -> None:
        """Press `key`, wait until `seen` is on the screen, and keep that for `seconds`."""
        self.terminal.press(key)
        self.terminal.wait_for(seen)
        self.show(seconds)

    def type(self, text: str, seconds: float = 0.8) -> None:
        """Type `text` letter by letter, and keep it for `seconds`."""
        for count in range(1, len(text) + 1):
            self.terminal.press(text[count - 1])
            self.terminal.wait_for(re.escape(text[:count].rstrip()))
            self.show(LETTERS if count < len(text) else seconds)


def work(recorder: Recorder) -> None:
    """A piece of a day."""
    terminal = recorder.terminal
    terminal.wait_for("1–100 of 5,000")
    recorder.show(1.5)
    recorder.press("/", "name, pinyin", 0.6)
    recorder.type("oyxy", 1.0)
    recorder.press("enter", "▌ 欧阳雪莹", 0.8)
    terminal.press("enter")
    terminal.wait_for("▌ 欧阳雪莹 +WeChat")
    terminal.wait_for("Followed by")
    terminal.wait_until_gone("reading$")
    recorder.show(2.0)
    recorder.press("f", "▌.Follow-up ", 0.6)
    recorder.type("报价满意,等合同", 1.0)
    recorder.press("ctrl+s", "✓ Follow-up on 欧阳雪莹 sent", 1.6)
    recorder.press("t", "▌ When +\\d", 0.8)
    recorder.press("ctrl+u", "When  tomorrow 9:30", 0.6)
    recorder.type("+3d 9:30", 1.0)
    recorder.press("ctrl+s", "✓ ", 2.0)
    recorder.press("q", "▌ 欧阳雪莹 ", 0.5)
    recorder.press("0", "1–100 of 5,000", 0.8)
    recorder.press("F", "Which customers", 0.6)
    recorder.type("owner:me sort:next", 0.1)
    terminal.wait_until_gone("there is no field")
    recorder.show(1.2)
    terminal.press("enter")
    terminal.wait_until_gone("Which customers")
    terminal.wait_for("Owner is 张三")
    recorder.show(2.5)


def record(folder: Path) -> list[Path]:
    """Write `day.svg` and `day.cast` to `folder`."""
    with desk(COLUMNS, ROWS, "tui") as terminal:
        recorder = Recorder(terminal)
        work(recorder)
    head = {"version": 2, "width": COLUMNS, "height": ROWS, "title": TITLE}
    lines = [head, *([at, "o", text] for at, text in recorder.events)]
    picture, cast = folder / "day.svg", folder / "day.cast"
    cast.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    picture.write_text(film_of(recorder.frames, COLUMNS, TITLE), encoding="utf-8")
    return [picture, cast]


def main(arguments: list[str]) -> int:
    """Record to the folder that `arguments` name, or to the pictures' own."""
    print(*record(Path(arguments[0]) if arguments else FOLDER), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
