"""What the bench does with mistakes and interruptions; a run of it takes minutes, which nobody wants to lose."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.measure import Family, Measure
from tests.bench.setting import Setting


def _ended(setting: Setting) -> Iterator[Measure]:
    """One measure, and then the agent's terminal is gone."""
    yield Measure("start", "s", [0.25], None)
    os.kill(os.getpid(), signal.SIGHUP)
    yield Measure("never", "s", [0.25], None)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A page of the test's own, and a bench that is ended from outside."""
    file = tmp_path / "measurements.md"
    file.write_text("<!-- bench -->\nas it was\n<!-- /bench -->\n", encoding="utf-8")
    monkeypatch.setattr(bench, "MEASUREMENTS", file)
    monkeypatch.setattr(bench, "FAMILIES", (Family("ended", _ended),))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield file
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--page", "--quick"],
        ["--page", "--only", "ended"],
        ["--json", "no/such/folder/bench.json"],
        ["--directory", "no/such/folder/directory.db"],
    ],
)
@pytest.mark.usefixtures("page")
def test_a_mistake_is_told_before_anything_is_measured(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        bench.main(arguments)
    assert "0.25 s" not in capsys.readouterr().err


def test_a_run_that_is_ended_tells_what_it_measured_and_leaves_the_page(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"
    assert bench.main(["--page", "--json", str(file)]) == 0
    assert "start" in capsys.readouterr().out
    assert "as it was" in page.read_text(encoding="utf-8")
    told = json.loads(file.read_text(encoding="utf-8"))
    assert not told["whole"]
    assert [measure["name"] for measure in told["measures"]] == ["start"]
