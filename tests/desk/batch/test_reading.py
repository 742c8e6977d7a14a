"""Files of remarks and follow-ups, as people and spreadsheets write them."""

from __future__ import annotations

import codecs
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.client.juzi.service import CAPABILITIES
from tui.desk.batch.items import ImportFile, read_sheet
from tui.model.change import Kind
from tui.model.errors import InvalidError

REMARKS = "customer,user_id,remark,description\nwm1,rocky,张总,老客户\nwm2,lilei,王经理,\n"


def remarks(text: str | bytes, user_id: str = "") -> ImportFile:
    data = text.encode() if isinstance(text, str) else text
    return read_sheet(data, "remarks.csv", Kind.REMARK, CAPABILITIES, user_id)


def follows(text: str) -> ImportFile:
    return read_sheet(text.encode(), "follows.csv", Kind.FOLLOW, CAPABILITIES, "rocky")


def texts(sheet: ImportFile) -> list[tuple[str, str, object, object]]:
    return [
        (item.key, item.user_id, item.request.get("remark"), item.request.get("description")) for item in sheet.items
    ]


EXPECTED = [("wm1", "rocky", "张总", "老客户"), ("wm2", "lilei", "王经理", None)]


@pytest.mark.parametrize(
    "data",
    [
        REMARKS.encode(),
        codecs.BOM_UTF8 + REMARKS.encode(),
        REMARKS.encode("gb18030"),
        REMARKS.encode("utf-16"),
        REMARKS.replace("\n", "\r\n").encode(),
        REMARKS.replace("\n", "\r").encode(),
        REMARKS.replace(",", ";").encode(),
        REMARKS.replace(",", "\t").encode("utf-16"),
        ("sep=;\n" + REMARKS.replace(",", ";")).encode(),
        ("\n\n,,,\n" + REMARKS.replace("\n", "\n,,,\n")).encode(),
        REMARKS.replace("\n", ",,\n").encode(),
        REMARKS.replace("customer,user_id", "Ｃｕｓｔｏｍｅｒ , User-ID").encode(),
        REMARKS.replace("customer,user_id,remark,description", "客户,员工,备注,描述").encode("gb18030"),
        '\ufeff{"customer": "wm1", "user_id": "rocky", "remark": "张总", "description": "\\u8001\\u5ba2\\u6237"}\n'
        '\n{"customer": "wm2", "userId": "lilei", "remark": "王经理", "description": null}',
    ],
    ids=[
        *("utf-8", "mark", "gb18030", "utf-16", "crlf", "cr", "semicolon", "tab", "sep", "empty-lines", "trailing"),
        *("full-width", "chinese", "json-lines"),
    ],
)
def test_a_file_is_read_however_it_was_saved(data: bytes | str) -> None:
    sheet = remarks(data)
    assert not sheet.refusals
    assert texts(sheet) == EXPECTED


def test_files_that_ask_for_the_same_are_the_same_file() -> None:
    one, other = remarks(REMARKS), remarks(REMARKS.replace("\n", "\r\n").encode("gb18030"))
    assert one.digest == other.digest
    assert remarks(REMARKS.replace("张总", "李总")).digest != one.digest
    assert remarks(REMARKS, "rocky").digest != one.digest


def test_a_quoted_cell_keeps_its_commas_quotes_and_lines() -> None:
    sheet = remarks('customer,user_id,description\nwm1,rocky,"第一行\n第二行, ""好"""\nwm2,rocky,x\n')
    assert [(item.line, item.request["description"]) for item in sheet.items] == [(2, '第一行\n第二行, "好"'), (4, "x")]


def test_json_numbers_are_ids_and_an_empty_text_is_left_out() -> None:
    sheet = remarks('{"customer": 112957001234567890, "user_id": "rocky", "remark": "x", "description": ""}')
    assert texts(sheet) == [("112957001234567890", "rocky", "x", None)]
    assert [item.emptied for item in sheet.items] == [("description",)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("customer,remrak\nwm1,x\n", ("line 1", "remrak", "remark")),
        ("customer,remark,colour\nwm1,x,red\n", ("line 1", "colour", "user_id")),
        ("customer,remark,remark\nwm1,x,y\n", ("two columns", "remark")),
        ("remark\nx\n", ("customer / union_id",)),
        ("customer,user_id\nwm1,rocky\n", ("remark / description",)),
        ('customer,remark\nwm1,x\nwm2,"never closed\n', ("line 3", "quote")),
        ("customer,remark\n", ("no rows",)),
        ("", ("customer",)),
        ('[{"customer": "wm1"}]', ("JSON lines",)),
        ("PK\x03\x04…", ("workbook", "CSV")),
        ("customer,remark\0\nwm1,x\n", ("no text",)),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_as_a_whole(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InvalidError) as refused:
        remarks(text)
    told = f"{refused.value.message()} {refused.value.hint()}"
    assert all(word in told for word in words), told


def test_bytes_that_are_no_text_name_their_line() -> None:
    with pytest.raises(InvalidError, match="line 2"):
        remarks(b"customer,remark\nwm1,\xff\xff\n")


@pytest.mark.parametrize("good", [1, 300])
@pytest.mark.parametrize("broken", ["张".encode() + b"\xed\xa0\xbd", "张总".encode()[:-1], "张".encode() + b"\xff"])
def test_a_character_that_was_cut_off_costs_its_cell_and_not_the_file(broken: bytes, good: int) -> None:
    rows = b"".join(b"w%d,rocky,%s\n" % (number, "王经理".encode()) for number in range(good))
    sheet = remarks(b"customer,user_id,remark\nwm1,rocky," + broken + b"\n" + rows)
    (refusal,) = sheet.refusals
    assert str(refusal).startswith("line 2, remark: character ")
    assert {item.request["remark"] for item in sheet.items} == {"王经理"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "gb18030"])
def test_a_file_without_a_mark_is_read_by_what_its_bytes_are(encoding: str) -> None:
    text = "customer,user_id,remark\nwm1,rocky,张总\nwm2,rocky,联系不上，通知王经理；级别：重要客户\n"
    assert next(item.request["remark"] for item in remarks(text.encode(encoding)).items) == "张总"


@pytest.mark.parametrize("word", ["nan", "NaN", "NaT", "<NA>", "NULL", "null", "None", "\\N", "undefined"])
@pytest.mark.parametrize("column", ["customer", "union_id", "user_id", "remark", "description"])
def test_a_programs_word_for_no_value_is_not_written_as_one(word: str, column: str) -> None:
    cells = {"customer": "wm1", "union_id": "oz1", "user_id": "rocky", "remark": "x"} | {column: word}
    (refusal,) = remarks(",".join(cells) + "\n" + ",".join(cells.values()) + "\n").refusals
    assert str(refusal).startswith(f"line 2, {column}: found {word}")


@pytest.mark.parametrize(
    ("row", "line", "column", "words"),
    [
        ("wm1,rocky,a\0b,", 2, "remark", "U+0000"),
        ("wm1,rocky,a\ufffd,", 2, "remark", "U+FFFD"),
        (",rocky,x,", 2, "customer", "no customer"),
        ("wm1,,x,", 2, "user_id", "no colleague"),
        ("wm1,rocky,,", 2, "remark", "neither"),
        (f"wm1,rocky,{'长' * 21},", 2, "remark", "21 characters, at most 20"),
        (f"wm1,rocky,,{'长' * 151}", 2, "description", "151 characters, at most 150"),
        ("1.12957E+17,rocky,x,", 2, "customer", "rounded"),
        ("wm1,rocky,x,y,z", 2, "5", "“z” under no heading"),
    ],
)
def test_a_row_that_cannot_be_sent_says_where_and_why(row: str, line: int, column: str, words: str) -> None:
    sheet = remarks(f"customer,user_id,remark,description\n{row}\nwm2,rocky,good,\n")
    (refusal,) = sheet.refusals
    assert (refusal.line, refusal.column) == (line, column)
    assert words in refusal.text
    assert str(refusal).startswith(f"line {line}, {column}: ")
    assert [item.key for item in sheet.items] == ["wm2"]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('"=""0138"""', "0138"),
        ('="0138"', "0138"),
        ('"=""say """"yes"""""""', 'say "yes"'),
        ("'0138", "0138"),
        ("'=1+2", "=1+2"),
        ("'90s", "'90s"),
        ("=)", "=)"),
        ("#1 客户", "#1 客户"),
        ("N/A", "N/A"),
    ],
)
def test_what_a_spreadsheet_puts_round_a_text_is_no_part_of_it(cell: str, read: str) -> None:
    sheet = remarks(f"customer,user_id,remark\nwm1,rocky,{cell}\n")
    assert [item.request["remark"] for item in sheet.items] == [read]


def test_ids_and_headings_are_unwrapped_too() -> None:
    sheet = remarks('"=""customer""","=""user_id""",remark\n"=""wm1""","=""0007""",x\n1001.0,\'0007,y\n')
    assert [(item.customer, item.user_id) for item in sheet.items] == [("wm1", "0007"), ("1001", "0007")]


ERRORS = (
    "#N/A #NAME? #REF! #VALUE! #DIV/0! #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA #NV #BEZUG! #¡VALOR! ＃Ｎ／Ａ #####"
)


@pytest.mark.parametrize("error", ERRORS.split())
@pytest.mark.parametrize("column", ["customer", "union_id", "user_id", "remark", "description"])
def test_a_spreadsheets_error_is_refused_in_every_column(error: str, column: str) -> None:
    good = {"customer": "wm1", "union_id": "oz1", "user_id": "rocky", "remark": "x", "description": "y"}
    cells = good | {column: error}
    (refusal,) = remarks(",".join(cells) + "\n" + ",".join(cells.values()) + "\n").refusals
    assert str(refusal).startswith(f"line 2, {column}: found #")


@pytest.mark.parametrize("rounded", ["6.85E+17", "6.85770000643772E+17", "6.8577e17", "7E+17", "685770000643772032.0"])
@pytest.mark.parametrize("column", ["customer", "union_id", "user_id"])
def test_a_rounded_id_is_told_in_every_column(rounded: str, column: str) -> None:
    cells = {"customer": "wm1", "union_id": "oz1", "user_id": "rocky", "remark": "x"} | {column: rounded}
    (refusal,) = remarks(",".join(cells) + "\n" + ",".join(cells.values()) + "\n").refusals
    assert str(refusal).startswith(f"line 2, {column}: ")
    assert "rounded" in refusal.text


@pytest.mark.parametrize("time", ["13800138000", "241120140200", "8613800138000", "45616.58", "1E+12", "12", "2024"])
def test_a_number_that_is_no_time_is_refused_with_line_and_column(time: str) -> None:
    (refusal,) = follows(f"union_id,content,timestamp\noz1,x,{time}\n").refusals
    assert (refusal.line, refusal.column) == (2, "timestamp")


def test_a_time_in_the_future_or_years_ago_is_in_doubt_and_one_counted_from_now_is_known_as_such() -> None:
    soon = (datetime.now().astimezone() + timedelta(days=1)).isoformat()
    sheet = follows(f"union_id,content,timestamp\noz1,a,{soon}\noz1,b,2011-11-20\noz1,c,昨天 14:02\noz1,d,\n")
    assert [bool(item.doubt) for item in sheet.items] == [True, True, False, False]
    assert [item.counted_from_now for item in sheet.items] == [False, False, True, False]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"customer": "wm1", "remark": ', "no JSON"),
        ('"wm1"', "expected an object"),
        ('{"customer": "wm1", "remrak": "x"}', "remark"),
        ('{"customer": "wm1", "remark": ["x"]}', "expected a text"),
        ('{"customer": "wm1", "客户": "wm2", "remark": "x"}', "twice"),
        ('{"customer": "wm1", "customer": "wm2", "remark": "x"}', "twice"),
        ('{"customer": "wm1", "remark": NaN}', "found NaN"),
        ('{"customer": "wm1", "remark": -Infinity}', "found -Infinity"),
        ('{"customer": "wm1", "remark": {"a": 1}}', "expected a text"),
        ('{"customer": "wm1", "remark": true}', "found true"),
        ('{"customer": 6.8577e17, "remark": "x"}', "rounded"),
        ('{"customer": "wm1", "remark": "x\\ud83d"}', "character 2 (U+D83D)"),
        ('{"customer": "wm1", "remark": "x\\u0000"}', "character 2 (U+0000)"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_a_json_line_that_cannot_be_read_is_named_and_the_others_are_read(line: str, words: str) -> None:
    sheet = remarks('{"customer": "wm2", "user_id": "rocky", "remark": "x"}\n' + line)
    (refusal,) = sheet.refusals
    assert refusal.line == 2
    assert words in refusal.text
    assert len(sheet.items) == 1


def test_who_acts_is_the_profiles_colleague_where_a_row_names_nobody() -> None:
    sheet = remarks("customer,user_id,remark\nwm1,,x\nwm2,lilei,y\n", "rocky")
    assert [item.user_id for item in sheet.items] == ["rocky", "lilei"]


def test_a_follow_up_has_its_text_and_its_time() -> None:
    sheet = follows("union_id,content,timestamp\noz1,打过电话,1602667647\noz2,拜访,\n")
    assert [item.request["texts"] for item in sheet.items] == [
        [{"content": "打过电话", "at": "2020-10-14T09:27:27Z"}],
        [{"content": "拜访", "at": None}],
    ]


def test_a_follow_up_without_a_text_or_with_no_time_is_refused() -> None:
    sheet = follows("customer,content,timestamp\nwm1,,\nwm2,x,soon\n")
    assert [(refusal.line, refusal.column) for refusal in sheet.refusals] == [(2, "content"), (3, "timestamp")]
    assert "“soon”" in sheet.refusals[1].text
    assert "2024-11-20 14:02" in sheet.refusals[1].text


@given(st.text(max_size=200), st.sampled_from([Kind.REMARK, Kind.FOLLOW]))
def test_any_text_is_read_or_refused_and_never_a_crash(text: str, kind: Kind) -> None:
    for head in ("", "customer,remark,content\n", "customer,content,timestamp\n", '{"customer": "a", '):
        try:
            sheet = read_sheet((head + text).encode(errors="replace"), "f", kind, CAPABILITIES)
        except InvalidError:
            continue
        assert all(item.key for item in sheet.items)
        assert all(refusal.text for refusal in sheet.refusals)
