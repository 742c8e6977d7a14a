"""Starts the real program on the demo, works a little, and writes what is on its screen.

uv run python -m tests.picture [FILE]
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyte.screens import Screen

from tests.e2e.terminal import Terminal
from tests.picture.svg import svg_of

ROOT = Path(__file__).parents[2]

PICTURE = Path(__file__).with_name("desk.svg")
"""What the README shows."""

COLUMNS, ROWS = 120, 36

TITLE = "The desk of kehu: a page of customers, and one of them with remarks, tags and follow history"

REMARK = ("安总", "偏好邮件联系,周五前回复")
"""What is written on the customer in the picture: a remark and a description."""

FOLLOW_UPS = (("报价满意,等合同", "2025-11-20 14:02"), ("合同已签,下周回访", "2025-11-21 09:10"))
"""What is written down in the picture, and when."""

LATENCY = re.compile(r"\d+ ms$")
STEADY_LATENCY = "4 ms"
"""What the picture says of a line that is never twice as quick."""


def take(file: Path) -> None:
    """Write the picture to `file`."""
    with desk(COLUMNS, ROWS, "tests.picture.still") as terminal:
        _work(terminal)
        steady(terminal.screen)
        file.write_text(svg_of(terminal.screen, TITLE), encoding="utf-8")
        terminal.press("q")
        terminal.wait_until_gone("▌ Ann Lee +WeChat")
        terminal.press("q")
        terminal.wait_for_exit()


@contextmanager
def desk(columns: int, rows: int, module: str) -> Iterator[Terminal]:
    """The program, begun by `module`, on the demo, at an empty home."""
    with tempfile.TemporaryDirectory() as home:
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "KEHU_DATA_DIR": f"{home}/data",
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "TZ": "Asia/Shanghai",
        }
        with Terminal([sys.executable, "-m", module], environ, columns=columns, rows=rows) as terminal:
            yield terminal


def _work(terminal: Terminal) -> None:
    """Open a customer, set a remark, write two follow-ups, and stay in the customer's pane."""
    terminal.wait_for("1–100 of 5,000")
    terminal.press("j", "j")
    terminal.wait_for("▌ Ann Lee")
    terminal.press("enter")
    terminal.wait_for("▌ Ann Lee +WeChat")
    terminal.wait_for("Followed by")
    terminal.press("r")
    _type(terminal, "Remark", REMARK[0])
    terminal.press("tab")
    _type(terminal, "Description", REMARK[1])
    terminal.press("ctrl+s")
    terminal.wait_for("✓ Remark on Ann Lee saved")
    terminal.press("f")
    for number, (text, when) in enumerate(FOLLOW_UPS, 1):
        if number > 1:
            terminal.press("ctrl+n")
        _type(terminal, "Follow-up" if number == 1 else f"Follow-up {number}", text)
        terminal.press("tab")
        _type(terminal, "When", when)
    terminal.press("ctrl+s")
    terminal.wait_for("✓ Follow-up on Ann Lee sent")
    terminal.wait_for(f"rocky +{FOLLOW_UPS[-1][0]} +sent")
    terminal.wait_until_gone("reading$")


def _type(terminal: Terminal, label: str, text: str) -> None:
    """Type `text` into the field `label` once it has the keys."""
    terminal.wait_for(f"▌.{label} ")
    terminal.press(text)
    terminal.wait_for(text)


def steady(screen: Screen) -> None:
    """Have the title bar tell the same latency in every picture."""
    title = screen.display[0].rstrip()
    told = LATENCY.search(title)
    if told is None:
        return
    line, end = screen.buffer[0], screen.columns - 1
    while not line[end].data.strip():
        end -= 1
    began = end + 1 - len(told[0]) - len("sandbox · ")
    text = f"sandbox · {STEADY_LATENCY}".rjust(end + 1 - began)
    for column, char in enumerate(text, began):
        line[column] = line[end]._replace(data=char)


def main(arguments: list[str]) -> int:
    """Write the picture to the file that `arguments` name, or to its place."""
    file = Path(arguments[0]) if arguments else PICTURE
    take(file)
    print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
