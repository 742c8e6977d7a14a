"""`kehu list`, `kehu show` and `kehu fields` as a person and a script use them."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import CUSTOMERS, Kehu
from tui.model.conditions import OPERATORS
from tui.sandbox.useasy_fields import LEVEL_FIELD, PRODUCTS_FIELD, REGION_FIELD, SIGNED_FIELD, VOLUME_FIELD
from tui.text import width

LISI = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"
LISI_UNION = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"

pytestmark = pytest.mark.usefixtures("data_dir")


def test_the_list_is_data_on_standard_output_and_its_count_is_not(kehu: Kehu) -> None:
    run = kehu("list", "--size", "3")
    lines = run.out.splitlines()
    assert lines[0].split() == ["Id", "Name", "Remark", "Owner", "Added"]
    assert [line.split()[0] for line in lines[1:2]] == [LISI]
    assert len(lines) == 4
    assert run.err == f"1–3 of {CUSTOMERS}\n"


def test_columns_are_straight_under_chinese_names(kehu: Kehu) -> None:
    header, lisi, _wang, ann = kehu("list", "--size", "3").out.splitlines()
    column = header.index("Owner")
    for line in (lisi, ann):
        assert width(line[: line.index("张三")]) == column


def test_all_streams_every_page_a_customer_a_line(kehu: Kehu) -> None:
    run = kehu("list", "--all", "--size", "50")
    customers = [json.loads(line) for line in run.out.splitlines()]
    assert len({customer["id"] for customer in customers}) == len(customers) == CUSTOMERS
    assert run.err == ""
    assert len(kehu("list", "--all", "--size", "50", "--page", "2").out.splitlines()) == CUSTOMERS - 50


def test_the_owner_filter(kehu: Kehu) -> None:
    page = kehu("list", "--owner", "rocky", "--json", "--size", "1000").json()
    assert 0 < page["total"] < CUSTOMERS
    for customer in page["items"]:
        assert "rocky" in {user["user_id"] for user in customer["follow_users"]}


def test_conditions_are_searched_at_the_vendor(kehu: Kehu) -> None:
    phone = kehu("list", "--profile", "demo-useasy", "--size", "1", "--json").json()["items"][0]["phones"][0]["value"]
    found = kehu("list", "--profile", "demo-useasy", "--where", f"phones:eq:{phone}", "--json").json()
    assert [customer["name"] for customer in found["items"]] == ["李四"]
    everybody = kehu("list", "--profile", "demo-useasy", "--where", "name:empty", "--json").json()
    assert everybody["total"] == 0
    nobody = kehu("list", "--profile", "demo-useasy", "--where", "name:empty").err
    assert nobody == "no customers with 客户名字 is empty\n"


def test_a_page_past_the_end_says_how_many_there_are(kehu: Kehu) -> None:
    run = kehu("list", "--page", "9")
    assert (run.code, run.out) == (0, "")
    assert run.err == f"page 9 is empty: there are {CUSTOMERS}\n"


@pytest.mark.parametrize("name", ["id", "created_at"])
@pytest.mark.usefixtures("data_dir")
def test_the_names_of_the_json_are_searched_by(kehu: Kehu, name: str) -> None:
    (one,) = kehu("list", "--profile", "demo-useasy", "--size", "1", "--json").json()["items"]
    found = kehu("list", "--profile", "demo-useasy", "--where", f"{name}:eq:{one[name]}", "--json").json()
    assert one["id"] in [item["id"] for item in found["items"]]


@pytest.mark.parametrize("condition", ["phones", ":eq:1", "phones::1"])
def test_a_condition_that_is_none_is_refused_before_anything_is_sent(kehu: Kehu, condition: str) -> None:
    run = kehu("list", "--where", condition)
    assert (run.code, run.out) == (2, "")
    assert "FIELD:OP:VALUE" in run.err


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("nmae", "Did you mean name?"),
        ("custom.select_e6t", "Did you mean select_e6t0_1687316347306?"),
        ("客户名", "Did you mean name?"),
        ("客等级", "Did you mean select_e6t0_1687316347306?"),
        ("zzzz", "Use one of: name, phones, "),
    ],
)
def test_a_condition_on_a_field_that_there_is_not_is_refused_with_the_nearest(
    kehu: Kehu, field: str, told: str
) -> None:
    run = kehu("list", "--profile", "demo-useasy", "--where", f"{field}:eq:x")
    assert (run.code, run.out) == (2, "")
    problem, todo = run.err.splitlines()
    assert problem == f"kehu: there is no field {field!r}"
    assert todo.strip().startswith(told)


@pytest.mark.parametrize("field", ["name", "customerName", "custom.openSeaIds", "createAgent", "_id"])
def test_a_condition_names_a_field_as_we_do_or_as_the_vendor_does(kehu: Kehu, field: str) -> None:
    run = kehu("list", "--profile", "demo-useasy", "--where", f"{field}:eq:nobody")
    assert (run.code, run.out) == (0, "")
    assert re.fullmatch(r"no customers with \S+ = nobody\n", run.err)


def found_by(kehu: Kehu, *conditions: str) -> list[str]:
    where = [part for condition in conditions for part in ("--where", condition)]
    page = kehu("list", "--profile", "demo-useasy", "--size", "1000", "--json", *where).json()
    return [customer["id"] for customer in page["items"]]


@pytest.mark.parametrize(
    ("by_key", "others"),
    [
        (
            f"{LEVEL_FIELD}:eq:level_a",
            ["客户等级:eq:重要客户", "custom.客户等级:eq:level_a", "客户等级:eq: 重要客户 ", "客户等级：eq：重要客户"],
        ),
        (f"{LEVEL_FIELD}:eq:level_a,level_c", ["客户等级:eq:重要客户，潜在客户", "客户等级:eq:level_c,重要客户"]),
        (f"{PRODUCTS_FIELD}:eq:prod_call", ["感兴趣的产品:eq:呼叫中心"]),
        (
            f"{REGION_FIELD}:eq:310115",
            [
                "所在地区:eq:上海市/市辖区/浦东新区",
                "所在地区:eq:浦东新区",
                "所在地区:eq:上海市 > 市辖区 > 310115",
            ],
        ),
        (f"{REGION_FIELD}:eq:310000", ["所在地区:eq:上海市"]),
        (f"{VOLUME_FIELD}:eq:25000", ["年采购额:eq:25,000", "年采购额:eq:２５０００", "年采购额:eq:25000.0"]),
    ],
)
def test_a_condition_by_labels_finds_whom_the_one_by_keys_does(kehu: Kehu, by_key: str, others: list[str]) -> None:
    wanted = found_by(kehu, by_key)
    assert wanted
    for other in others:
        assert found_by(kehu, other) == wanted, other


def test_dates_are_searched_for_however_they_are_written(kehu: Kehu) -> None:
    everybody = kehu("list", "--profile", "demo-useasy", "--size", "1000", "--json").json()["items"]
    signed = [value for customer in everybody for value in customer["custom"] if value["code"] == SIGNED_FIELD]
    day = next(value["value"] for value in signed if value["value"])
    wanted = found_by(kehu, f"签约日期:eq:{day}")
    assert wanted
    assert found_by(kehu, f"签约日期:eq:{day.replace('-', '/')}") == wanted


def test_all_of_several_conditions_must_be_true(kehu: Kehu) -> None:
    important, theirs = found_by(kehu, "客户等级:eq:重要客户"), found_by(kehu, "owner:eq:8310")
    both = found_by(kehu, "客户等级:eq:重要客户", "owner:eq:8310")
    assert both == [id for id in important if id in theirs]
    assert 0 < len(both) < len(important)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("客户等级:eq:重要客", ["has no choice '重要客'", "Did you mean 重要客户?"]),
        ("客户等级:eq:level_d", ["has no choice 'level_d'", "Did you mean"]),
        ("客户等级:eq:完全不同", ["has no choice", "Use one of: 重要客户 (level_a)"]),
        ("所在地区:eq:市辖区", ["has '市辖区' in several places", "上海市/市辖区, 北京市/市辖区"]),
        ("所在地区:eq:上海市/浦东", ["has no choice '上海市/浦东'", "Did you mean 上海市/市辖区/浦东新区?"]),
        ("客户等级:contains:重要", ["there is no search by 'contains'", "Use one of: eq, empty"]),
        ("客户等级:eq", ["eq needs a value", "empty"]),
        ("客户等级:eq: ", ["eq needs a value"]),
        ("客户等级:empty:1", ["empty takes no value"]),
        ("年采购额:eq:many", ["takes a number"]),
        ("签约日期:eq:someday", ["takes a date"]),
        ("下次回访时间:eq:2025-11-21", ["is searched by a date and a time", "kehu find"]),
        ("emails:eq:nobody", ["takes an e-mail address"]),
        ("phones:eq:139****1234", ["takes a phone number"]),
        ("详细地址:eq:上海", ["is not searched by at this vendor"]),
    ],
)
def test_a_condition_that_nobody_can_meet_is_refused_and_never_looks_like_no_customers(
    kehu: Kehu, condition: str, told: list[str]
) -> None:
    run = kehu("list", "--profile", "demo-useasy", "--where", condition)
    assert (run.code, run.out) == (2, "")
    assert "no customers" not in run.err
    for text in told:
        assert text in run.err


def test_nobody_found_says_by_what_was_searched(kehu: Kehu) -> None:
    run = kehu("list", "--profile", "demo-useasy", "--where", "客户等级:eq:level_a", "--where", "name:eq:无此人")
    assert (run.code, run.out) == (0, "")
    assert run.err == "no customers with 客户等级 = 重要客户 · 客户名字 = 无此人\n"


def test_a_colleague_goes_by_name_too_and_one_whom_nobody_knows_is_told(kehu: Kehu) -> None:
    by_id = kehu("list", "--owner", "rocky", "--json", "--size", "1000").json()
    assert kehu("list", "--owner", "张三", "--json", "--size", "1000").json()["items"] == by_id["items"]
    run = kehu("list", "--owner", "rokcy")
    assert (run.code, run.out) == (0, "")
    assert "no colleague rokcy was seen here · Did you mean rocky 张三?" in run.err


def test_the_help_lists_every_operator(kehu: Kehu) -> None:
    told = " ".join(kehu("list", "--help").out.split())
    assert all(f"{operator} " in told or f"{operator}." in told for operator in OPERATORS)


@pytest.mark.parametrize("profile", ["demo-juzi", "demo-ima"])
def test_a_vendor_without_conditions_says_so(kehu: Kehu, profile: str) -> None:
    kehu("show", LISI, "--by", "external_id", "--profile", "demo-ima")
    run = kehu("list", "--profile", profile, "--where", "name:eq:王五", "--json")
    assert (run.code, run.out, run.error()["kind"]) == (2, "", "unsupported")


def test_a_page_over_the_vendors_limit_is_refused_with_the_limit(kehu: Kehu) -> None:
    run = kehu("list", "--size", "1001")
    assert run.code == 2
    assert "1000" in run.err


def test_a_customer_is_found_by_its_external_id_or_its_union_id(kehu: Kehu) -> None:
    by_id = kehu("show", LISI, "--json").json()
    assert by_id["union_id"] == LISI_UNION
    assert kehu("show", LISI_UNION, "--json").json() == by_id


def test_a_customer_is_shown_with_labels_follow_users_and_tags(kehu: Kehu) -> None:
    out = kehu("show", LISI).out
    for text in ("李四", LISI, LISI_UNION, "WeChat", "male", "张三 rocky · 张总", "标签组名 › 标签名"):
        assert text in out


def test_a_name_in_two_lines_is_shown_in_one(kehu: Kehu, data_dir: Path) -> None:
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database, database:
        database.execute("UPDATE juzi_customer SET name = '李' || char(10) || '四' WHERE ordinal = 1")
    assert kehu("show", LISI).out.splitlines()[0].split() == ["Name", "李↵四"]
    assert kehu("show", LISI, "--json").json()["name"] == "李\n四"


def test_custom_fields_are_shown_by_their_labels_and_choices_by_theirs(kehu: Kehu) -> None:
    customer = kehu("list", "--profile", "demo-useasy", "--size", "1", "--json").json()["items"][0]
    fields = kehu("fields", "--profile", "demo-useasy", "--json").json()
    labels = {field["code"]: field["label"] for field in fields}
    for custom in customer["custom"]:
        assert custom["label"] == labels.get(custom["code"], custom["label"])
    out = kehu("show", "--profile", "demo-useasy", customer["id"]).out
    assert "客户等级" in out
    assert "level_" not in out


def test_a_customer_is_looked_up_by_what_a_caller_says_on_the_phone(kehu: Kehu) -> None:
    ima = ("--profile", "demo-ima")
    customer = kehu(*ima, "show", LISI, "--by", "external_id", "--reveal", "--json").json()
    phone = next(row["value"] for row in customer["phones"] if row["memo"] != "landline")
    assert kehu(*ima, "show", "--by", "phone", phone, "--json").json()["id"] == customer["id"]


def test_a_vendor_that_does_not_look_up_that_way_says_how_it_does(kehu: Kehu) -> None:
    run = kehu("show", "--by", "phone", "13912341234", "--json")
    assert run.code == 2
    assert run.error()["kind"] == "usage"


@pytest.mark.parametrize(
    ("where", "name"),
    [("name：EQ：上海：云帆", "上海：云帆"), ("name:Eq:上海：云帆", "上海：云帆"), ("客户名字：eq:a:b：c", "a:b：c")],
)
def test_a_condition_in_full_width_is_one_and_its_value_stays_as_it_is(kehu: Kehu, where: str, name: str) -> None:
    useasy = ("--profile", "demo-useasy")
    created = kehu(*useasy, "add", "--set", f"name={name}", "--json")
    assert created.code == 0, created.err
    found = kehu(*useasy, "list", "--where", where, "--json").json()["items"]
    assert [customer["name"] for customer in found] == [name]


def test_an_error_as_json_says_what_to_do_as_the_text_does(kehu: Kehu) -> None:
    for arguments in (("list", "--where", "x"), ("show", "nobody"), ("list", "--size", "0"), ("list", "--nope")):
        error = kehu(*arguments, "--json").error()
        assert error["message"]
        assert error["todo"], arguments
        assert error["todo"] in kehu(*arguments).err


@pytest.mark.parametrize("profile", ["demo-juzi", "demo-useasy", "demo-ima"])
def test_nobody_is_exit_code_5(kehu: Kehu, profile: str) -> None:
    run = kehu("--profile", profile, "show", "nobody", "--json")
    assert (run.code, run.out, run.error()["kind"]) == (5, "", "not_found")
    assert "nobody" in run.error()["message"]


@pytest.mark.parametrize(
    ("language", "by", "told"),
    [
        ("en_US", "external_id", "there is no customer whose external id is x1"),
        ("en_US", "telephone", "there is no customer whose landline is x1"),
        ("zh_CN", "id", "没有客户 x1"),
        ("zh_CN", "external_id", "没有外部 ID 为 x1 的客户"),
        ("zh_CN", "email", "没有邮箱为 x1 的客户"),
        ("zh_CN", "phone", "没有电话为 x1 的客户"),
        ("zh_CN", "telephone", "没有座机为 x1 的客户"),
    ],
)
def test_what_nobody_was_found_by_is_told_as_people_call_it(
    kehu: Kehu, monkeypatch: pytest.MonkeyPatch, language: str, by: str, told: str
) -> None:
    monkeypatch.setenv("LANG", f"{language}.UTF-8")
    assert kehu("show", "--profile", "demo-ima", "--by", by, "x1").err == f"kehu: {told}\n"


def test_imas_list_is_what_was_seen_and_says_so(kehu: Kehu) -> None:
    assert kehu("list", "--profile", "demo-ima", "--json").json()["items"] == []
    seen = kehu("show", LISI, "--by", "external_id", "--profile", "demo-ima", "--json").json()
    run = kehu("list", "--profile", "demo-ima", "--json")
    assert [customer["id"] for customer in run.json()["items"]] == [seen["id"]]
    assert "seen here" in run.err


def test_the_field_configuration_as_a_table(kehu: Kehu) -> None:
    run = kehu("fields", "--profile", "demo-useasy")
    row = next(line for line in run.out.splitlines() if "select_e6t0" in line)
    assert row.split() == [
        "select_e6t0_1687316347306",
        "客户等级",
        "choice",
        "required",
        "重要客户,",
        "普通客户,",
        "潜在客户",
    ]


def test_a_vendor_without_field_configuration_says_so(kehu: Kehu) -> None:
    run = kehu("fields", "--json")
    assert (run.code, run.error()["kind"]) == (2, "unsupported")


def test_the_list_in_chinese(kehu: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    run = kehu("list", "--size", "3")
    assert "备注" in run.out
    assert f"共 {CUSTOMERS}" in run.err


def test_a_file_of_the_demo_is_for_its_owner_alone(kehu: Kehu, data_dir: Path) -> None:
    kehu("list")
    store = next((data_dir / "profiles").glob("*.db"))
    assert store.stat().st_mode & 0o777 == 0o600
    assert store.parent.stat().st_mode & 0o777 == 0o700
