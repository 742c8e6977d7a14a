"""Names as they are typed in pinyin."""

from __future__ import annotations

import pytest
from pypinyin import lazy_pinyin

from tui.model.phone_email import phone_key
from tui.store.pinyin import spellings
from tui.store.terms import fold


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三", ["zhangsan"]),
        ("曾国藩", ["zengguofan", "cengguofan"]),
        ("单田芳", ["shantianfang", "dantianfang", "chantianfang"]),
        ("解晓东", ["xiexiaodong", "jiexiaodong"]),
        ("欧阳娜娜", ["ouyangnana"]),
        ("吕布", ["lvbu", "lubu"]),
        ("重庆", ["zhongqing", "chongqing"]),
        ("ann张", ["annzhang"]),
        ("ann lee", []),
        ("김철수", []),
        ("🌸", []),
        ("", []),
    ],
)
def test_a_name_is_spelt_as_people_type_it(name: str, typed: list[str]) -> None:
    assert ["".join(way) for way in spellings(fold(name))] == typed


def test_the_usual_reading_is_pypinyin_s_own() -> None:
    usual = (
        "张王李赵陈刘杨黄周吴徐孙马朱胡郭何林高梁郑罗宋谢唐韩冯邓程苏卢蒋贾丁魏薛叶阎余潘杜戴夏"
        "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易常武乔贺赖龚文"
    )
    assert ["".join(spellings(character)[0]) for character in usual] == [lazy_pinyin(c)[0] for c in usual]


def test_a_long_text_is_spelt_in_a_few_ways_only() -> None:
    assert len(spellings("重" * 200)) <= 4


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Ann   LEE ", "ann·lee"),
        ("ＡＢＣ－１２", "abc·12"),
        ("张三（上海）", "张三·上海"),
        ("Straße", "strasse"),
        ("🌸小花🌸", "🌸小花🌸"),
        ("\"'*^«»·", ""),
        ("a\x00b\x1b", "a·b"),
    ],
)
def test_texts_are_compared_without_width_case_and_signs(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("phone", ["13812345678", "+86 138-1234-5678", "0086 13812345678", "１３８１２３４５６７８"])
def test_a_phone_is_the_same_however_it_is_written(phone: str) -> None:
    assert phone_key(phone) == "13812345678"


def test_a_landline_and_a_foreign_number_keep_all_their_digits() -> None:
    assert (phone_key("(021) 8612-3456"), phone_key("+1 415 555 0100")) == ("02186123456", "+14155550100")
