"""Measure kehu against its yardsticks, print the table, and keep it: `uv run python -m tests.bench`."""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
import tempfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from tests.bench import batch, client, memory, search, terminal
from tests.bench.measure import Family, Measure, as_markdown, as_text, machine
from tests.bench.setting import Setting
from tests.docs import MEASUREMENTS

FAMILIES: Final = (*terminal.FAMILIES, *client.FAMILIES, *batch.FAMILIES, *search.FAMILIES, *memory.FAMILIES)

SECTION: Final = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0 whatever it says, as a bench judges nobody."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small, to see that it works: its times mean nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all values to FILE")
    parser.add_argument("--page", action="store_true", help="put the table into docs/measurements.md")
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", choices=[family.name for family in FAMILIES], help="measure these alone"
    )
    parser.add_argument(
        "--directory", type=Path, metavar="FILE", help="keep the directory of 1,000,000 there: filling it takes minutes"
    )
    parser.add_argument(
        "--team",
        type=int,
        nargs="?",
        const=1_000_000,
        metavar="ENTRIES",
        help="measure the team's server alone, with so many entries in its journal; 1,000,000 by itself",
    )
    wanted = parser.parse_args(arguments)
    if wanted.page and (wanted.quick or wanted.only or wanted.team):
        parser.error("--page takes a whole run, without --quick, --only and --team")
    for file in filter(None, (wanted.json, wanted.directory)):
        if not file.parent.is_dir():
            parser.error(f"there is no folder {file.parent} for {file.name}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # else the programs that it measures would go on without it
    known = _team_families(wanted.team) if wanted.team else FAMILIES
    chosen = [family for family in known if not wanted.only or family.name in wanted.only]
    measures: list[Measure] = []
    whole = True
    with (
        tempfile.TemporaryDirectory() as folder,
        Setting(Path(folder), quick=wanted.quick, directory=wanted.directory) as setting,
    ):
        try:
            for measure in chain.from_iterable(family.run(setting) for family in chosen):
                measures.append(measure)
                print(*measure.cells(), sep="  ", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            whole = False  # what was measured by then is told
    print(as_text(measures))
    print(f"\n{machine()}")
    if wanted.json:
        told = {
            "machine": machine(),
            "quick": wanted.quick,
            "whole": whole,
            "measures": [measure.as_json() for measure in measures],
        }
        wanted.json.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if wanted.page and not whole:
        print("\nInterrupted: the page is as it was.")
    elif wanted.page:
        text = f"{as_markdown(measures)}\n\nMeasured on {machine()}.\n"
        page = SECTION.sub(lambda match: f"{match[1]}{text}{match[2]}", MEASUREMENTS.read_text(encoding="utf-8"))
        MEASUREMENTS.write_text(page, encoding="utf-8")
    return 0


def _team_families(entries: int) -> Sequence[Family]:
    from tests.bench import team  # what the extra brings is loaded for it alone

    return team.families(entries)


if __name__ == "__main__":
    sys.exit(main())
