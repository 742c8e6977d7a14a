"""`kehu add`, `kehu edit`, `kehu delete`, `kehu remark` and `kehu follow`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu, Server, profile_text
from tests.cli.test_reading import LISI, LISI_UNION

pytestmark = pytest.mark.usefixtures("data_dir")

USEASY = ("--profile", "demo-useasy")
IMA = ("--profile", "demo-ima")
LEVEL = "select_e6t0_1687316347306"
REGION = "cascade_g8v2_1687316347308"
PRODUCTS = "multi_select_f7u1_1687316347307"
ADDRESS = "text_6ts9_1687316347239"


@pytest.fixture
def useasy_id(kehu: Kehu) -> str:
    """李四's id at useasy."""
    customer: dict[str, str] = kehu(*USEASY, "list", "--size", "1", "--json").json()["items"][0]
    return customer["id"]


def values(customer: dict[str, list[dict[str, object]]]) -> dict[object, object]:
    return {custom["code"]: custom["value"] for custom in customer["custom"]}


def test_a_customer_is_created_with_every_kind_of_value(kehu: Kehu) -> None:
    sets = {
        "name": "赵六",
        LEVEL: "重要客户",
        REGION: "上海市/市辖区/浦东新区",
        PRODUCTS: "在线客服,prod_bot",
        f"custom.{ADDRESS}": "a=b",
    }
    arguments = [argument for name, value in sets.items() for argument in ("--set", f"{name}={value}")]
    arguments += ["--set", "phones=13912341234|本人", "--set", "phones=021-66887799"]
    run = kehu(*USEASY, "add", *arguments, "--json")
    assert run.code == 0, run.err
    customer = run.json()
    assert customer["name"] == "赵六"
    assert customer["phones"] == [{"value": "13912341234", "memo": "本人"}, {"value": "021-66887799", "memo": ""}]
    held = values(customer)
    assert held[LEVEL] == "level_a"
    assert held[REGION] == ["310000", "310100", "310115"]
    assert held[PRODUCTS] == ["prod_chat", "prod_bot"]
    assert held[ADDRESS] == "a=b"
    assert kehu(*USEASY, "show", customer["id"], "--json").json() == customer


def test_an_edit_prints_the_vendors_record_and_a_dry_run_changes_nothing(kehu: Kehu, useasy_id: str) -> None:
    before = kehu(*USEASY, "show", useasy_id, "--json").json()
    dry = kehu(*USEASY, "edit", useasy_id, "--set", "name=李四光", "--dry-run", "--json")
    assert dry.json() == [{"code": "name", "label": "客户名字", "before": "李四", "after": "李四光"}]
    assert kehu(*USEASY, "show", useasy_id, "--json").json() == before
    run = kehu(*USEASY, "edit", useasy_id, "--set", "name=李四光", "--json")
    assert (run.code, run.json()["name"]) == (0, "李四光")
    assert kehu(*USEASY, "show", useasy_id, "--json").json()["name"] == "李四光"


def test_an_edit_that_changes_nothing_sends_nothing(kehu: Kehu, useasy_id: str) -> None:
    before = kehu(*USEASY, "show", useasy_id, "--json").json()
    run = kehu(*USEASY, "edit", useasy_id, "--set", "name=李四", "--json")
    assert run.code == 0
    assert run.json()["updated_at"] == before["updated_at"]
    assert "nothing to change" in run.err


def test_a_time_without_a_zone_is_this_machines_as_in_a_form(kehu: Kehu, useasy_id: str) -> None:
    visit = "datetime_d5s9_1687316347305"
    run = kehu(*USEASY, "edit", useasy_id, "--set", f"{visit}=2024年11月20日 下午2点", "--json")
    assert (run.code, values(run.json())[visit]) == (0, "2024-11-20T22:00:00+08:00")  # the tests' clock is UTC


def test_007_is_written_as_the_number_that_it_is(kehu: Kehu, useasy_id: str, data_dir: Path) -> None:
    volume = "number_b7q2_1687316347303"
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database, database:
        database.execute(f"UPDATE useasy_customer SET record = json_set(record, '$.{volume}', 12)")
    for typed, number in (("007", 7), ("+5", 5), ("12.50", 12.5)):
        run = kehu(*USEASY, "edit", useasy_id, "--set", f"{volume}={typed}", "--json")
        assert run.code == 0, run.err
        assert values(run.json())[volume] == f"{number}"
        query = f"SELECT json_extract(record, '$.{volume}') FROM useasy_customer WHERE record LIKE ?"
        with closing(sqlite3.connect(data_dir / "sandbox.db")) as database:
            assert database.execute(query, (f"%{useasy_id}%",)).fetchall() == [(number,)]
    refused = kehu(*USEASY, "edit", useasy_id, "--set", f"{volume}=12元")
    assert refused.code == 2
    assert "年采购额" in refused.err
    assert kehu(*USEASY, "outbox", "--json").json() == []


def test_an_empty_value_clears_a_field(kehu: Kehu, useasy_id: str) -> None:
    run = kehu(*USEASY, "edit", useasy_id, "--set", "qq=", "--json")
    assert (run.code, run.json()["qq"]) == (0, [])


def test_imas_custom_fields_are_edited_by_their_codes(kehu: Kehu) -> None:
    customer = kehu(*IMA, "show", LISI, "--by", "external_id", "--json").json()
    run = kehu(*IMA, "edit", customer["id"], "--set", "1001=采购总监", "--set", "tags=VIP,老客户", "--json")
    assert run.code == 0, run.err
    assert values(run.json())["1001"] == "采购总监"
    assert [tag["name"] for tag in run.json()["tags"]] == ["VIP", "老客户"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nmae=x", "name"),
        ("select_e6t=x", LEVEL),
        (f"{LEVEL}=黄金", "重要客户"),
        ("emails=nobody", "e-mail"),
        ("createTime=2024-01-01 00:00", "cannot be changed"),
        ("name=", "must not be empty"),
        ("name", "NAME=VALUE"),
        ("=x", "NAME=VALUE"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(kehu: Kehu, useasy_id: str, text: str, words: str) -> None:
    run = kehu(*USEASY, "edit", useasy_id, "--set", text)
    assert (run.code, run.out) == (2, "")
    assert words in run.err


def test_a_vendor_that_cannot_edit_says_so(kehu: Kehu) -> None:
    for arguments in (("edit", LISI, "--set", "name=x"), ("add", "--set", "name=x"), ("delete", LISI, "--yes")):
        run = kehu(*arguments, "--json")
        assert (run.code, run.out, run.error()["kind"]) == (2, "", "unsupported")


def test_a_customer_is_deleted_only_with_yes(kehu: Kehu, useasy_id: str) -> None:
    assert "--yes" in kehu(*USEASY, "delete", useasy_id).err
    assert kehu(*USEASY, "show", useasy_id).code == 0
    run = kehu(*USEASY, "delete", useasy_id, "--yes", "--json")
    assert (run.code, run.json()) == (0, {"applied": 1, "failed": []})
    assert kehu(*USEASY, "show", useasy_id).code == 5


def test_a_remark_is_set_in_the_acting_colleagues_name(kehu: Kehu) -> None:
    run = kehu("remark", LISI, "--remark", "张总（VIP）", "--json")
    assert (run.code, run.json()) == (0, {"applied": 1, "failed": []})
    users = {user["user_id"]: user for user in kehu("show", LISI, "--json").json()["follow_users"]}
    assert users["rocky"]["remark"] == "张总（VIP）"


def test_a_remark_finds_its_customer_by_union_id_too(kehu: Kehu) -> None:
    run = kehu("remark", LISI_UNION, "--user", "rocky", "--remark", "老客户")
    assert (run.code, run.out, run.err) == (0, "", "remark saved on 李四\n")


FINAL = "There was none before: once sent it can be changed, but not taken back."


def test_a_first_remark_says_when_it_is_set_that_it_cannot_be_taken_back(kehu: Kehu) -> None:
    first = kehu("remark", LISI, "--user", "rocky", "--description", "老客户")
    assert first.err.splitlines() == [FINAL, "remark saved on 李四"]
    (change,) = kehu("journal", "--json").json()
    assert "there was none before" in kehu("journal", "--undo", str(change["id"])).err
    changed = kehu("remark", LISI, "--user", "rocky", "--description", "很老的客户")
    assert changed.err == "remark saved on 李四\n"
    refused = kehu("remark", LISI, "--user", "lilei", "--remark", "x")
    assert FINAL not in refused.err


def test_a_script_is_told_too_that_a_first_remark_cannot_be_taken_back(kehu: Kehu) -> None:
    run = kehu("remark", LISI, "--user", "rocky", "--description", "老客户", "--json")
    assert (run.json(), run.err) == ({"applied": 1, "failed": []}, FINAL + "\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--remark", "一" * 21), "20"),
        (("--description", "一" * 151), "150"),
        ((), "neither a remark nor a description"),
    ],
)
def test_a_remark_over_its_limits_is_refused_with_the_limit(kehu: Kehu, arguments: tuple[str, ...], words: str) -> None:
    run = kehu("remark", LISI, *arguments)
    assert run.code == 2
    assert words in run.err


def test_a_colleague_who_does_not_follow_the_customer_is_a_failure_with_the_vendors_words(kehu: Kehu) -> None:
    run = kehu("remark", LISI, "--user", "lilei", "--remark", "x", "--json")
    assert run.code == 1
    result = run.json()
    assert set(result) == {"applied", "failed"}
    assert result["applied"] == 0
    assert run.err == "", "all of it is in the JSON"
    assert [set(item) for item in result["failed"]] == [{"customer", "user_id", "code", "message"}]
    assert (result["failed"][0]["customer"], result["failed"][0]["code"]) == (LISI, "84061")


def test_follow_ups_are_written_with_their_times(kehu: Kehu, data_dir: Path) -> None:
    texts = ("--text", "这是跟进记录1", "--text", "这是跟进记录2")
    times = ("--at", "2024-11-20 14:02", "--at", "2024-11-20T14:02:00+08:00")
    run = kehu("follow", LISI, *texts, *times, "--json")
    assert (run.code, run.json()) == (0, {"applied": 1, "failed": []})
    with sqlite3.connect(data_dir / "sandbox.db") as database:
        rows = database.execute("SELECT content, timestamp FROM juzi_follow_history ORDER BY id").fetchall()
    assert rows[-2:] == [("这是跟进记录1", 1732111320), ("这是跟进记录2", 1732082520)]


def test_one_time_is_for_all_entries(kehu: Kehu) -> None:
    assert kehu("follow", LISI, "--text", "a", "--text", "b", "--at", "2024-11-20T14:02Z").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--text", "a", "--at", "13800138000"), "2024-11-20 14:02"),
        (("--text", "a", "--text", "b", "--text", "c", "--at", "2024-11-20", "--at", "2024-11-21"), "2 times"),
        ((), "--text"),
        (("--text", " "), "no text"),
    ],
)
def test_follow_ups_that_make_no_sense_are_refused(kehu: Kehu, arguments: tuple[str, ...], words: str) -> None:
    run = kehu("follow", LISI, *arguments)
    assert run.code == 2
    assert words in run.err


def test_a_vendor_without_follow_ups_keeps_a_note_here_and_says_so(kehu: Kehu, useasy_id: str) -> None:
    run = kehu(*USEASY, "follow", useasy_id, "--text", "打过电话", "--json")
    assert run.code == 0
    assert run.json()["applied"] == 1
    assert "kept here alone" in run.err


def test_somebody_has_to_be_named(kehu: Kehu, tmp_path: Path) -> None:
    path = tmp_path / "kehu.toml"
    path.write_text('[profiles.team]\ndialect = "juzi"\nbase_url = "https://a"\ntoken_env = "X"')
    run = kehu("--config", str(path), "remark", LISI, "--remark", "x")
    assert run.code == 2
    assert "--user USER" in run.err


def test_a_list_that_loses_a_value_says_so_before_it_is_sent(kehu: Kehu, useasy_id: str) -> None:
    lost = kehu(*USEASY, "show", useasy_id, "--json").json()["phones"]
    assert len(lost) == 2
    run = kehu(*USEASY, "edit", useasy_id, "--set", "phones=13912341234")
    assert run.code == 0
    told, saved = run.err.index("手机: no longer there: " + lost[0]["value"]), run.err.index("saved")
    assert told < saved
    assert lost[1]["value"] in run.err


def test_what_somebody_else_changed_is_told_where_the_record_cannot_be_read(
    kehu: Kehu, server: Server, config: Callable[[str], Path]
) -> None:
    config(
        'default_profile = "blind"\n'
        + profile_text(server, "useasy", "blind")
        + 'disable = ["get"]\n'
        + profile_text(server, "useasy", "other")
    )
    customer = kehu("list", "--json").json()["items"][-1]
    kehu("--profile", "other", "edit", customer["id"], "--set", "name=李斯")
    run = kehu("edit", customer["id"], "--set", f"{ADDRESS}=黄浦区")
    kehu("--profile", "other", "edit", customer["id"], "--set", f"name={customer['name']}")
    assert run.code == 0
    assert "somebody else changed meanwhile: 客户名字" in run.err
    assert "saved" in run.err


def test_an_edit_whose_answer_cannot_be_noted_is_told_and_not_sent_again(
    kehu: Kehu, data_dir: Path, useasy_id: str
) -> None:
    with closing(sqlite3.connect(data_dir / "profiles" / "demo-useasy.db")) as disk, disk:
        disk.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON changes WHEN new.state = 'sent' "
            "BEGIN SELECT RAISE(ABORT, 'no room for this'); END"
        )
    run = kehu(*USEASY, "edit", useasy_id, "--set", "name=李斯")
    assert run.code == 3
    assert "李斯" in run.out
    lines = run.err.splitlines()
    (told,) = [place for place, line in enumerate(lines) if "no room for this" in line]
    assert lines[told].startswith("kehu: the disk refused ")
    assert lines[told + 1] == "      Look at the disk that holds it."
    assert kehu(*USEASY, "show", useasy_id, "--json").json()["name"] == "李斯", "the vendor has it"


def test_a_create_sends_the_defaults_that_the_form_shows_and_a_dry_run_tells_them(kehu: Kehu) -> None:
    told = kehu(*USEASY, "add", "--set", "name=赵六", "--dry-run", "--json")
    assert told.code == 0, told.err
    assert {change["code"]: change["after"] for change in told.json()} == {"name": "赵六", LEVEL: "level_b"}
    assert "普通客户" in kehu(*USEASY, "add", "--set", "name=赵六", "--dry-run").out
    assert kehu(*USEASY, "list", "--where", "name:eq:赵六", "--json").json()["items"] == []
    created = kehu(*USEASY, "add", "--set", "name=赵六", "--json").json()
    assert values(created)[LEVEL] == "level_b"
    recorded = kehu(*USEASY, "journal", created["id"], "--json").json()
    assert recorded[0]["request"]["values"] == {LEVEL: "level_b", "name": "赵六"}


def test_a_dry_run_of_a_create_refuses_what_the_create_would(kehu: Kehu) -> None:
    run = kehu(*USEASY, "add", "--set", "qq=1", "--dry-run")
    assert run.code == 2
    assert "must be given" in run.err


# Times, and characters that cannot be sent


def follows(data_dir: Path) -> int:
    """How many follow-ups the vendor has."""
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database:
        count: int = database.execute("SELECT count(*) FROM juzi_follow_history").fetchone()[0]
        return count


@pytest.mark.parametrize(
    "time",
    ["20241120140200", "202411201402", "2024年11月20日 14:02", "1732111320", "1732111320000", "２０２４/11/20 14：02"],
)
def test_at_takes_what_a_file_takes(kehu: Kehu, data_dir: Path, time: str) -> None:
    assert kehu("follow", LISI, "--text", "来电", "--at", time).code == 0
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database:
        (at,) = database.execute("SELECT timestamp FROM juzi_follow_history WHERE content = '来电'").fetchone()
    assert at == 1732111320


@pytest.mark.parametrize("time", ["+90d", "明天 9:00", "2011-11-20 14:02"])
def test_a_follow_up_in_the_future_or_years_ago_is_not_written_down_unasked(
    kehu: Kehu, data_dir: Path, time: str
) -> None:
    before = follows(data_dir)
    run = kehu("follow", LISI, "--text", "x", "--at", time)
    assert (run.code, follows(data_dir)) == (2, before)
    assert "Add --yes" in run.err
    assert kehu("follow", LISI, "--text", "x", "--at", time, "--json").error()["kind"] == "usage"
    assert kehu("follow", LISI, "--text", "x", "--at", time, "--yes").code == 0
    assert follows(data_dir) == before + 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("remark", LISI, "--remark", "张总\udcff"),
        ("follow", LISI, "--text", "\udc80"),
        ("find", "\udcff"),
        ("list", "--owner", "a\udcff"),
        ("follow", LISI, "--text", "a\x1b[2Jb"),
    ],
)
def test_a_byte_that_is_no_utf_8_is_refused_before_anything_is_done(kehu: Kehu, arguments: tuple[str, ...]) -> None:
    run = kehu(*arguments)
    assert run.code == 2
    assert "cannot be sent" in run.err
    assert kehu("outbox", "--json").json() == []
