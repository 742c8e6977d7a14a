"""The message catalogue is complete, true to its source, and compiled."""

from __future__ import annotations

import re
import string

import pytest

from tests import messages
from tui import locale
from tui.client.juzi.service import CAPABILITIES
from tui.desk import queries
from tui.desk.batch.items import read_sheet
from tui.locale import _, ngettext, set_language
from tui.model.change import Kind
from tui.model.customer import Condition, Query
from tui.model.errors import N_, AuthError
from tui.screens.result_text import told

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
COMMAND_LINE_WORD = re.compile(r"--[a-z][a-z-]*|https?://[^\s,;，；]*|KEHU_[A-Z_]+")
"""What an agent must type as it stands: options, addresses, variables."""


def texts(value: object) -> list[str]:
    """A message, or both forms of one that counts."""
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def placeholders(text: str) -> list[str]:
    """The fields of a template, formats and conversions included, in order of their names."""
    return sorted(
        f"{name}!{conversion}:{form}" for _text, name, form, conversion in string.Formatter().parse(text) if name
    )


def test_every_message_in_the_source_has_a_chinese_translation() -> None:
    left = messages.untranslated(messages.merged())
    assert not [message.id for message in left], "translate them in kehu.po, then run: python -m tests.messages"


def test_the_catalogue_on_disk_is_what_the_source_and_the_translations_make() -> None:
    assert messages.PO.read_bytes() == messages.po_bytes(messages.merged()), "run: python -m tests.messages"


def test_the_compiled_catalogue_is_the_catalogue() -> None:
    assert messages.MO.read_bytes() == messages.mo_bytes(messages.PO.read_bytes()), "run: python -m tests.messages"


def test_no_translation_is_a_guess() -> None:
    assert not [message.id for message in messages.translated() if message.id and message.fuzzy]


def test_a_translation_has_the_placeholders_of_its_source() -> None:
    wrong = [
        (message.id, message.string)
        for message in messages.messages_of(messages.translated())
        if {*map(tuple, map(placeholders, texts(message.string)))} != {tuple(placeholders(texts(message.id)[-1]))}
    ]
    assert not wrong


def test_a_translation_keeps_what_is_typed_as_it_stands() -> None:
    wrong = [
        (message.id, message.string)
        for message in messages.messages_of(messages.translated())
        for text in texts(message.string)
        if set(COMMAND_LINE_WORD.findall(texts(message.id)[-1])) - set(COMMAND_LINE_WORD.findall(text))
    ]
    assert not wrong


def test_the_extractor_finds_all_three_ways_to_mark_a_message() -> None:
    found = {texts(message.id)[0] for message in messages.messages_of(messages.extracted())}
    assert "just now" in found, "_"
    assert "{count} day ago" in found, "ngettext"
    assert "{file} is a folder" in found, "N_"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], language: str) -> None:
    assert set_language("auto", environ) == language == locale.language()


def test_the_configuration_wins_over_the_locale() -> None:
    assert set_language("en", {"LANG": "zh_CN.UTF-8"}) == "en"
    assert set_language("zh_CN", {"LANG": "en_US.UTF-8"}) == "zh_CN"


def test_the_language_can_be_changed_while_running() -> None:
    set_language("zh_CN", {})
    assert (_("just now"), ngettext("{count} day ago", "{count} days ago", 2)) == ("刚刚", "{count} 天前")
    set_language("en", {})
    assert (_("just now"), ngettext("{count} day ago", "{count} days ago", 1)) == ("just now", "{count} day ago")


def test_what_happened_and_what_to_do_are_two_sentences_in_either_language() -> None:
    error = AuthError(N_("the vendor does not accept the token"), todo=N_("Get a new token from the vendor's console."))
    set_language("zh_CN", {})
    (refusal,) = read_sheet(
        b'{"customer": "wm1", "remrak": "x"}', "a.jsonl", Kind.REMARK, CAPABILITIES, "rocky"
    ).refusals
    assert told(error) == "服务商不接受该令牌。请从服务商控制台获取新令牌。"
    assert refusal.text.startswith("未知的列 remrak。")
    set_language("en", {})
    assert told(error) == "the vendor does not accept the token. Get a new token from the vendor's console."


def test_a_list_within_a_sentence_is_parted_as_the_language_parts_it() -> None:
    parted = {}
    for name in ("en", "zh_CN"):
        set_language(name, {})
        parted[name] = queries.told(Query(conditions=(Condition(field="level", values=("重要客户", "潜在客户")),)), ())
    set_language("en", {})
    assert parted == {"en": "level = 重要客户, 潜在客户", "zh_CN": "level = 重要客户、潜在客户"}
