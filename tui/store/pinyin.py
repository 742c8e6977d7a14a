"""Chinese names as an agent types them: `zhangsan`, `zs`.

The readings are pypinyin's table of single characters. The package itself also loads 2.5 MB of phrases into 25 MiB and
takes 300 ms; what is needed here is read from its table in 60 ms, and kept in half a mebibyte. Only indexing reads it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

FIRST, LAST = 0x4E00, 0x9FFF
"""The CJK Unified Ideographs block; names with rarer characters are found by these characters alone."""

READINGS = 4
"""Ways to read one name that are kept: a surname and one more character of two readings each."""

LONGEST = 12
"""Characters of a name that are spelt."""

SURNAMES = {
    "仇": "qiu", "单": "shan", "卜": "bu", "区": "ou", "召": "shao", "员": "yun", "尉": "yu", "折": "she", "曾": "zeng",
    "朴": "piao", "查": "zha", "洗": "xian", "牟": "mu", "盖": "ge", "祭": "zhai", "秘": "bi", "种": "chong",
    "繁": "po", "缪": "miao", "翟": "zhai", "覃": "qin", "解": "xie", "黑": "he", "乐": "yue",
}  # fmt: skip
"""How characters are read as surnames, where that is not the table's first reading."""

TWO_READINGS = frozenset("乐会传便单卡参区塞宁宿差强曾朝模没盖盛系茜落藏行觉角解调重都长降")
"""Characters whose second reading is common in names, towns and companies too."""

_ENTRY = re.compile(rb'"(\d+)": *"([^"]*)"')
_PIECES = re.compile(r"[\u4e00-\u9fff]|[a-z0-9]+")


@lru_cache(maxsize=1)
def _table() -> list[str]:
    """Character to its toneless readings, a space between them; empty for what has none."""
    package = find_spec("pypinyin")
    assert package is not None
    assert package.origin is not None
    table = [""] * (LAST - FIRST + 1)
    known: dict[bytes, str] = {}
    content = Path(package.origin).with_name("pinyin_dict.json").read_bytes()
    for match in _ENTRY.finditer(content):
        place = int(match[1]) - FIRST
        if 0 <= place < len(table):
            if match[2] not in known:
                known[match[2]] = " ".join(dict.fromkeys(map(toneless, match[2].decode().split(","))))
            table[place] = known[match[2]]
    return table


def toneless(syllable: str) -> str:
    """`syllable` as it is typed: `zhāng` is `zhang`, `lǚ` is `lv`."""
    plain = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


@lru_cache(maxsize=2048)
def readings(piece: str) -> tuple[str, ...]:
    """How `piece` is typed, the usual way first: the toneless readings of a Chinese character that are worth being
    found by, none where the table has none; a Latin word or a number stands for itself."""
    if piece.isascii():
        return (piece,)
    every = _table()[ord(piece) - FIRST].split()
    kept = every[: 2 if piece in TWO_READINGS else 1]
    # 吕 is typed `lv` by some and `lu` by others.
    return tuple(dict.fromkeys((*kept, *(reading.replace("v", "u") for reading in kept))))


def spellings(folded: str) -> list[tuple[str, ...]]:
    """The ways to type `folded` (see `terms.fold`), each a syllable a character; empty where nothing in it is
    Chinese.
    """
    if folded.isascii():
        return []
    pieces = _PIECES.findall(folded)[:LONGEST]
    options = [readings(piece) for piece in pieces]
    if all(map(str.isascii, pieces)):
        return []
    if surname := SURNAMES.get(pieces[0]):
        options[0] = (surname, *options[0])
    if all(len(ways) == 1 for ways in options):
        return [tuple([ways[0] for ways in options])]
    spelt: list[tuple[str, ...]] = [()]
    for ways in filter(None, options):
        spelt = [(*way, syllable) for syllable in dict.fromkeys(ways) for way in spelt][:READINGS]
    return spelt
