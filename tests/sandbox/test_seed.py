"""The invented people: the same for the same seed, as many as were asked for, and as unlike each other as promised."""

import asyncio
import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.sandbox.conftest import Rows
from tui.sandbox.app import DEFAULT_CUSTOMERS
from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.sample_people import people
from tui.sandbox.seed import DEFAULT_SEED, SeedMismatchError, seed
from tui.sandbox.useasy_fields import COMPANY_FIELD


def fingerprint(database: Path) -> str:
    """A hash of everything that a database holds."""
    with closing(sqlite3.connect(database)) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The whole demo, read alone."""
    database = tmp_path_factory.mktemp("demo") / "sandbox.db"
    seed(database)
    return Rows(database)


def test_the_same_seed_gives_the_same_data_in_another_process(seeded: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tui.sandbox.seed import seed; "
        "seed(Path(sys.argv[1]), 300, int(sys.argv[2]))"
    )
    for name, number in (("same", DEFAULT_SEED), ("other", 7)):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / name), str(number)],
            env={**os.environ, "PYTHONHASHSEED": str(number)},  # no order of a set or of hashes gets in
            check=True,
        )
    assert fingerprint(tmp_path / "same") == fingerprint(seeded)
    assert fingerprint(tmp_path / "other") != fingerprint(seeded)


def test_a_person_is_the_same_however_many_there_are() -> None:
    assert list(people(1, 1, 1500))[998:1100] == list(people(1, 999, 1100))


def test_seeding_again_keeps_what_was_changed(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE juzi_customer SET name = 'changed' WHERE ordinal = 1")
    before = fingerprint(database)
    seed(database, 300)
    assert fingerprint(database) == before


def test_a_file_with_something_else_in_it_is_left_alone(database: Path, tmp_path: Path) -> None:
    before = fingerprint(database)
    with pytest.raises(SeedMismatchError, match="a sandbox of 300 customers, not 5000"):
        seed(database, 5000)
    assert fingerprint(database) == before
    other = tmp_path / "other.db"
    other.write_text("not a database at all, but somebody's text")
    with pytest.raises(SeedMismatchError, match="not a sandbox"):
        seed(other, 5)
    assert other.read_text().startswith("not a database")


def test_a_sandbox_has_at_least_one_customer(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        seed(tmp_path / "sandbox.db", 0)
    seed(tmp_path / "sandbox.db", 1)
    assert Rows(tmp_path / "sandbox.db")("SELECT name FROM juzi_customer") == [("李四",)]


def test_the_file_is_private_and_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "sandbox.db.seeding").write_text("left by a process that died")
    seed(tmp_path / "sandbox.db", 5)
    assert [path.name for path in tmp_path.iterdir()] == ["sandbox.db"]
    assert stat.S_IMODE((tmp_path / "sandbox.db").stat().st_mode) == 0o600


async def test_several_processes_that_start_at_once_end_up_with_one_sandbox(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tui.sandbox.seed import seed; "
        "seed(Path(sys.argv[1]), 300, progress=lambda *_: print('seeded'))"
    )
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, str(tmp_path / "sandbox.db"), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    printed = [(await process.communicate())[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4
    assert sorted(map(bool, printed)) == [False, False, False, True]


def test_the_demo_has_5000_people_and_the_other_vendors_nearly_all_of_them(demo: Rows) -> None:
    assert DEFAULT_CUSTOMERS == 5000
    assert demo("SELECT count(*), min(ordinal), max(ordinal) FROM juzi_customer") == [(5000, 1, 5000)]
    ((useasy,),) = demo("SELECT count(DISTINCT value) FROM useasy_term WHERE field = ?", WECOM_FIELD)
    ((records,),) = demo("SELECT count(*) FROM useasy_customer")
    ((ima,),) = demo("SELECT count(*) FROM ima_customer")
    missing = 5000 - useasy + 5000 - ima
    assert 0.035 < missing / 5000 < 0.065
    assert 0.005 < (records - useasy) / 5000 < 0.02
    orphans = "SELECT count(*) FROM {} WHERE {} NOT IN (SELECT external_user_id FROM juzi_customer)"
    assert demo(orphans.format("ima_customer", "external_id")) == [(0,)]
    assert demo(orphans.format("useasy_term", f"field = '{WECOM_FIELD}' AND value")) == [(0,)]


def test_the_vendors_disagree_on_one_person_in_twenty(demo: Rows) -> None:
    crm: dict[str, dict[str, object]] = {}
    for (text,) in demo("SELECT record FROM useasy_customer ORDER BY position DESC"):
        record = json.loads(text)
        crm[record[WECOM_FIELD]] = record
    differences: Counter[str] = Counter()
    for (text,) in demo("SELECT detail FROM ima_customer"):
        detail = json.loads(text)
        customer, record = detail["customer"], crm.get(detail["customer"]["externalId"])
        if record is not None:
            differences["name"] += customer["name"] != record["customerName"]
            differences["phone"] += customer["phone"] not in [row["value"] for row in _contacts(record, "mobile")]
            differences["email"] += customer.get("email") not in [
                row["value"] for row in _contacts(record, "email")
            ] and ("email" in customer)
            differences["company"] += detail.get("customerGroupName") != record.get(COMPANY_FIELD)
    assert set(differences) == {"name", "phone", "email", "company"}
    assert all(10 < number < 150 for number in differences.values()), differences
    assert 0.03 < differences.total() / 5000 < 0.06


def _contacts(record: dict[str, object], field: str) -> list[dict[str, str]]:
    rows = record.get(field, [])
    assert isinstance(rows, list)
    return rows


def test_nobody_real_can_be_reached(demo: Rows) -> None:
    assert demo("SELECT count(*), count(DISTINCT phone) FROM ima_customer WHERE phone NOT LIKE '199%'") == [(0, 0)]
    assert demo("SELECT count(*) FROM ima_customer WHERE telephone NOT LIKE '%-555%'") == [(0,)]
    reserved = "value NOT LIKE '%@example.com' AND value NOT LIKE '%@example.net' AND value NOT LIKE '%@example.org'"
    assert demo(f"SELECT count(*) FROM useasy_term WHERE field = 'email' AND {reserved}") == [(0,)]


def test_the_first_page_has_the_awkward_names(demo: Rows) -> None:
    names = "".join(name for (name,) in demo("SELECT name FROM juzi_customer WHERE ordinal <= 100"))
    for piece in ("👨‍👩‍👧‍👦", "e\u0308", "سارة", "דוד", "[bold]", "[/]", "ｶ"):
        assert piece in names


def test_ranks_and_blocks_count_what_is_there(demo: Rows) -> None:
    assert (
        demo("SELECT count(*) FROM juzi_follow_user GROUP BY user_id HAVING max(rank) <> count(*) OR min(rank) <> 1")
        == []
    )
    assert demo("SELECT sum(live) FROM useasy_block") == demo("SELECT count(*) FROM useasy_customer")
