"""The order of texts: a Chinese one stands where its pinyin is looked for."""

from __future__ import annotations

from tui.store.pinyin import FIRST, LAST, readings


class _Spelt(dict[int, str]):
    """Characters to how they are spelt; what is not Chinese stands for itself."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        ways = readings(character) if FIRST <= code <= LAST else ()
        # The character follows its reading, so that those of one sound stand together: 张 before 章, not in turns.
        spelt = self[code] = ways[0] + character if ways else character
        return spelt


_SPELT = _Spelt()


def spelt(text: str) -> str:
    """Return `text` with each Chinese character after its pinyin: what texts are ordered by."""
    return text if text.isascii() else text.translate(_SPELT)
