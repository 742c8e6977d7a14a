"""The query language: a table of queries and whom they mean, and of mistakes and what is said of them."""

from __future__ import annotations

from datetime import UTC

import pytest

from tests.model.query.tenant import CUSTOMERS, NOW, VOCABULARY
from tui.model.query.explain import explain
from tui.model.query.field_values import sort_key
from tui.model.query.meaning import answer
from tui.model.query.operands import QueryError
from tui.model.query.parser import parse_query, read_query, sorted_by
from tui.model.query.query_names import Vocabulary


def ids(text: str) -> str:
    """The customers whom `text` means, in its order: `1 2` for wm1 and wm2."""
    query = parse_query(text, VOCABULARY, NOW, UTC)
    found = answer(query, CUSTOMERS, lambda texts: sort_key(texts, "\x02".join(texts)))
    return " ".join(seen.customer.id.removeprefix("wm") for seen in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1 2 3 4"),
        # texts: any piece, whatever the case, the width and the blanks
        ("name:李", "1"),
        ("姓名:李", "1"),
        ("客户名字:李", "1"),
        ("name:ZO", "3"),
        ("company:食品", "1"),
        ("remark:vip", "1"),
        ("备注:王", "2"),
        ('description:"for a quote"', "3"),
        ("id:wm", "1 2 3 4"),
        ("wechat:2024", "4"),
        ("email:@example.com", "1"),
        # phones by their digits
        ("phones:13812345678", "1"),
        ("phone:5678", "1"),
        ('phones:"(010) 6677 8899"', "2"),
        # tags, colleagues, choices as a whole
        ("tag:VIP", "1 3"),
        ("tags:vip", "1 3"),
        ("标签:VIP客户", "2"),
        ("owner:me", "1 3"),
        ("负责人:我", "1 3"),
        ("owner:李雷", "1 2"),
        ("owner:lilei", "1 2"),
        ("gender:male", "2"),
        ("性别:女", "1"),
        ("客户等级:重要客户", "1"),
        ("客户等级:1", "1"),
        ("select_1:普通客户", "2"),
        ("custom.select_1:普通客户", "2"),
        ("客户等级:重要客户,普通客户", "1 2"),
        ('客户等级:"A, B"', "3"),
        ("state:failed", "3"),
        ("状态:已发送", "1 3"),
        ("profile:crm", "1 2 3 4"),
        # cascades: a node means all below it
        ("所在地区:上海市", "1"),
        ("所在地区:浦东新区", "1"),
        ("所在地区:上海市/市辖区", "1"),
        ("所在地区:市辖区", "1 2"),
        ("所在地区:31", "1"),
        # is there, is not
        ("company:*", "1 2"),
        ("-company:*", "3 4"),
        ("-last:*", "3 4"),
        ("-tag:VIP", "2 4"),
        ("-客户等级:重要客户", "2 3 4"),
        ("tag:*", "1 2 3"),
        # numbers
        ("年采购额>1000", "1"),
        ("年采购额>=1,000", "1 3"),
        ("年采购额:1,000", "3"),
        ("年采购额:25000,1000", "1 3"),
        ("年采购额<0", "2"),
        ("年采购额<=-3.5", "2"),
        ("年采购额:-3.5", "2"),
        ("年采购额：25000.0", "1"),
        ("-年采购额>0", "2 4"),
        # what nobody configured: by what it looks like
        ("1004:重", "1"),
        ("1004>10", "3"),
        # dates: days, months and years are passed as a whole
        ("签约日期:2024-10-01", "1"),
        ("签约日期:2024-10", "1"),
        ("签约日期:2023", "2"),
        ("签约日期>2023", "1"),
        ("签约日期<2024", "2"),
        ("签约日期<=2024-10", "1 2"),
        ("回访时间:2024-11-19", "1"),
        ("回访时间>=today", ""),
        ("created:2024", "1 2"),
        ("created>=2024-10-03", "1"),
        ("added>30d", "1"),
        ("added:上个月", "2"),
        ("last:yesterday", "1"),
        ("last:昨天", "1"),
        ("last<30d", "2"),
        ("last<=30d", "2"),
        ("last>30d", "1"),
        ("上次联系<30天", "2"),
        ("next<=today", "1"),
        ("next<=今天", "1"),
        ("next>今天", "3"),
        ("next:下周一", "3"),
        ("next<=+7d", "1 3"),
        ('next<"2024-11-20 09:00"', ""),
        ('next<="今天 9:30"', "1"),
        ("seen:today", "1 2 3 4"),
        ("seen<2h", ""),
        # several: all are true
        ("owner:me tag:VIP", "1 3"),
        ("owner:me tag:VIP last:*", "1"),
        ("owner:me -客户等级:重要客户", "3"),
        # order
        ("sort:name", "3 1 2 4"),
        ("sort:-name", "2 1 3 4"),
        ("sort:年采购额", "2 3 1 4"),
        ("sort:next", "1 3 2 4"),
        ("sort:-next", "3 1 2 4"),
        ("sort:-last", "1 2 3 4"),
        ("sort:gender,-created", "1 2 3 4"),
        ("排序:签约日期", "2 1 3 4"),
        ("sort:客户等级 sort:name", "1 3 2 4"),
        # as a Chinese keyboard writes it
        ("ｎａｍｅ：李", "1"),
        ("年采购额＞1000", "1"),
        ("年采购额≥1000", "1 3"),
        ("客户等级：重要客户，普通客户", "1 2"),
        ("客户等级：重要客户、普通客户", "1 2"),
        ("－company：＊", "3 4"),
        ("description：“for a quote”", "3"),
        ("owner：me　tag：VIP", "1 3"),
        # blanks where people put them
        ("owner: me", "1 3"),
        ("next <= today", "1"),
        ("年采购额 > 1000", "1"),
        ("name=李", "1"),
    ],
)  # fmt: skip
def test_a_query_means(text: str, expected: str) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize(
    ("text", "word", "message", "hint"),
    [
        ("nmae:李", "nmae", "there is no field 'nmae'", "Did you mean name?"),
        ("客户级别:1", "客户级别", "there is no field '客户级别'", "Did you mean 客户等级?"),
        ("http://example.com", "http", "there is no field 'http'", 'Write "http" in quotes'),
        ("客户等级:重要", "重要", "客户等级 has no choice '重要'", "Did you mean 重要客户?"),
        ("gender:boy", "boy", "Gender has no choice 'boy'", "Use one of: male, female, unknown."),
        ("所在地区:浦东", "浦东", "所在地区 has no choice '浦东'", "Did you mean 浦东新区?"),
        ("年采购额>many", "many", "年采购额 takes a number, not 'many'", ""),
        ("last<soon", "soon", "Last contact takes a date, not 'soon'", "Write 2024-11-20"),
        ("签约日期:30", "30", "签约日期 takes a date", ""),
        ("name>李", "李", "Name is neither a number nor a date: there is no > in it", "Write name:李"),
        ("owner:me name:", "", "name: needs a value", "Write name:VALUE"),
        ("owner: tag:VIP", "", "owner: needs a value", ""),
        ("来源:x", "来源", "several fields are called '来源'", "custom.twice_1, custom.twice_2"),
        ("sort:nmae", "nmae", "there is no field 'nmae'", "Did you mean name?"),
        ("sort:", "", "takes a field to sort by", "sort:-FIELD"),
        ("-sort:name", "sort", "takes a field to sort by", ""),
        ("last<30d,40d", "40d", "< takes one value", ""),
    ],
)
def test_what_is_not_understood_is_named_with_what_would_be(text: str, word: str, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as told:
        parse_query(text, VOCABULARY, NOW, UTC)
    error = told.value
    assert (error.word, text[error.span.start : error.span.end]) == (
        word,
        word or text[error.span.start : error.span.end],
    )
    assert message in error.message()
    assert hint in error.hint()


def test_without_an_acting_colleague_there_is_no_me() -> None:
    with pytest.raises(QueryError, match="nobody acts here"):
        parse_query("owner:me", Vocabulary(), NOW, UTC)


def test_what_is_understood_of_a_query_with_a_mistake_is_told_as_well() -> None:
    parsed = read_query("owner:me nmae:李 tag:VIP", VOCABULARY, NOW, UTC)
    assert explain(parsed.query) == "Owner is 张三 · Tags is VIP"
    assert [problem.word for problem in parsed.problems] == ["nmae"]


def test_a_tag_that_nobody_has_is_no_mistake_and_is_told() -> None:
    parsed = read_query("tag:VIPP owner:lilie", VOCABULARY, NOW, UTC)
    assert not parsed.problems
    assert [(note.word, note.facts["near"]) for note in parsed.notes] == [("VIPP", "VIP"), ("lilie", "lilei")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("owner:me tag:VIP last<30d 客户等级:重要客户 sort:last",
         "Owner is 张三 · Tags is VIP · Last contact before 2024-10-21 · 客户等级 is 重要客户 · by Last contact"),
        ("张三 上海 -李", "“张三 上海” · not “李”"),
        ("next<=today", "Next contact by 2024-11-20"),
        ("-last>=2024", "Last contact not from 2024 on"),
        ("name:李 -company:* tag:*", "Name has “李” in it · no Company · Tags is there"),
        ("客户等级:1,2 sort:-年采购额,name", "客户等级 is 重要客户 or 普通客户 · by 年采购额, descending, then Name"),
        ("年采购额>1,000", "年采购额 above 1000"),
        ("所在地区:浦东新区", "所在地区 is 上海市 › 市辖区 › 浦东新区"),
        ("added:本周", "Added in 2024-11-18–2024-11-24"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_was_understood_is_told_in_words(text: str, told: str) -> None:
    assert explain(parse_query(text, VOCABULARY, NOW, UTC)) == told


@pytest.mark.parametrize(
    ("text", "words"),
    [("张三", "张三"), ("  张三  上海 ", "张三 上海"), ("zhang san", "zhang san"), ('"09:30"', "09:30"), ("a=b", "a=b"),
     ("138 1234 5678", "138 1234 5678"), ("owner:me 张", ""), ("-张", ""), ("张 sort:name", "")],
)  # fmt: skip
def test_words_alone_are_searched_for_as_they_stand(text: str, words: str) -> None:
    assert parse_query(text, VOCABULARY, NOW, UTC).words == words


def test_another_order_takes_the_place_of_all_that_a_query_had() -> None:
    asked = "sort:name VIP 排序：-last owner:me"
    assert sorted_by(asked, "-company", VOCABULARY, NOW) == "VIP owner:me sort:-company"
    assert sorted_by(asked, "", VOCABULARY, NOW) == "VIP owner:me"
    assert sorted_by("", "name", VOCABULARY, NOW) == "sort:name"
