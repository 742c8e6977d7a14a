"""`kehu report`: figures about the customers seen here."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture
def seen(kehu: Kehu) -> Kehu:
    """The command, after all of juzi's customers were read."""
    assert kehu("sync").code == 0
    return kehu


def test_nobody_was_seen_yet(kehu: Kehu) -> None:
    run = kehu("report")
    assert (run.code, run.out) == (0, "")
    assert "no customer was seen here yet" in run.err
    assert kehu("report", "--json").json()["figures"] == []


def test_bars_read_well_at_80_columns_and_without_colour(seen: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    run = seen("report", "--figure", "owner")
    title, *lines = run.out.splitlines()
    assert title == "Customers by colleague"
    assert all(len(line) <= 100 for line in lines)
    numbers = [int(match[1]) for line in lines if (match := re.fullmatch(r"  \S.*?  +(\d+)  (█+[▏▎▍▌▋▊▉]?)", line))]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == len(lines) > 3
    assert "\x1b" not in run.out


def test_json_and_csv_have_every_bar_with_its_query(seen: Kehu) -> None:
    found = seen("report", "--json").json()
    assert (found["customers"], found["seen"]) == (120, 120)
    rows = list(csv.DictReader(io.StringIO(seen("report", "--csv").out)))
    bars = [
        (figure["key"], bar["label"], str(bar["value"]), bar["query"])
        for figure in found["figures"]
        for bar in figure["bars"]
    ]
    assert bars == [(row["figure"], row["label"], row["value"], row["query"].removeprefix("'")) for row in rows]
    tag = next(row for row in rows if row["figure"] == "tags")
    assert tag["query"] == f"tag:{tag['label']}"


def test_a_report_is_about_whom_a_query_means(seen: Kehu) -> None:
    whole = seen("report", "--json").json()
    owner = next(figure for figure in whole["figures"] if figure["key"] == "owner")["bars"][0]
    found = seen("report", owner["query"], "--json").json()
    assert (found["query"], found["customers"]) == (owner["query"], owner["value"])


def test_the_page_opens_offline(seen: Kehu, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run = seen("report", "--html", str(page))
    assert (run.code, run.out) == (0, "")
    text = page.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert text.count("<svg") >= 3
    assert not re.search(r"(?:src|href)=|https?:|url\(|<script|@import", text)


def test_a_tag_that_looks_like_markup_is_text_in_the_page(kehu: Kehu, data_dir: Path, tmp_path: Path) -> None:
    from tui.model.customer import Customer, Tag
    from tui.store.store import Store

    kehu("sync")
    (file,) = (data_dir / "profiles").glob("*.db")
    store = Store.open(file)
    store.directory.save([Customer(id="x1", tags=(Tag(name="<b>&\x1b[31m"),))], 0.0)
    store.close()
    text = kehu("report", "--html", "-", "--top", "1000").out
    assert "&lt;b&gt;&amp;" in text
    assert "<b>" not in text
    assert "\x1b" not in text


def test_a_page_that_cannot_be_written_is_told(seen: Kehu) -> None:
    run = seen("report", "--html", "/nowhere/report.html", "--profile", "demo-juzi")
    assert run.code != 0
    assert "/nowhere/report.html cannot be written: No such file or directory" in run.err


def test_what_makes_no_sense_is_refused_by_name(seen: Kehu) -> None:
    assert "exclude one another" in seen("report", "--json", "--csv").err
    run = seen("report", "--figure", "tgas")
    assert run.code == 2
    assert "there is no figure 'tgas' here" in run.err
    assert "owner" in run.err
    assert "onwer" in seen("report", "onwer:me").err
