"""An answer's bytes as the JSON object that they must be, where one broken text or number costs no more than itself.

What is not JSON at all is one error. What a vendor's program lets through in one record, and a strict reader would lose
the page for, is read as far as it makes sense: a character that is cut off, half a surrogate pair, a control character
inside a text, a backslash before what is no escape, a number that is none or has no end, values inside values without
end.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from tui.client.json_values import WAIT_OR_ASK
from tui.model.errors import N_, ProtocolError

DEEPEST = 64
"""Levels of a value that are kept: no vendor's record has ten, and what has hundreds can be neither kept nor drawn."""

LONGEST_NUMBER = 1000
"""Digits of a whole number; a longer one is kept as text."""

LONGEST_KEY = 60
"""Characters of a key that an error names."""

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands for what cannot be read of a text."""

_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that may be half of a surrogate pair."""

_BAD_ESCAPE = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\')
"""A backslash, with the escape that it begins where it begins one; in JSON it stands inside texts alone."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class _Contradiction(ValueError):
    """One key of an object has two values, by whose order readers of JSON differ in which counts."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def parse_object(body: bytes, *, decides: bool = False) -> Mapping[str, object]:
    """Return the JSON object that `body` is, with every text fit to be stored and sent.

    Of a key that stands twice the last value counts, unless the answer `decides` whether a write was applied.
    Raises: ProtocolError where it is empty, not JSON, or JSON of another kind; or where it decides and says two things.
    """
    if not body.strip():
        raise ProtocolError(N_("the answer is empty"), todo=WAIT_OR_ASK)
    text = _decoded(body)
    try:
        data = _loads_any(text, decides)
    except _Contradiction as error:
        _refuse(error.key)
    except ValueError:
        # The original error would carry the whole body along.
        page = text.lstrip("\ufeff \r\n\t")[:1] == "<"
        what = N_("the answer is a web page, not JSON") if page else N_("the answer is not JSON")
        raise ProtocolError(what, todo=N_("Check that base_url is the vendor's API; else try again later.")) from None
    if not isinstance(data, dict):
        raise ProtocolError(N_("the answer is JSON, but not an object"), todo=WAIT_OR_ASK)
    return data


def _decoded(body: bytes) -> str:
    """The text of `body`: UTF-8, or by its first bytes UTF-16 or UTF-32 (RFC 4627, 3); else GB 18030, as some of
    China's servers answer. A byte that is none of it is `UNREADABLE`."""
    encoding = json.detect_encoding(body)
    if encoding.startswith("utf-8"):
        encoding = "utf-8-sig"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
    readable = sum(not char.isascii() for char in text) - text.count(UNREADABLE)
    if readable < text.count(UNREADABLE):
        try:
            return body.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return text


def _refuse(key: str) -> NoReturn:
    raise ProtocolError(
        N_("the answer says {key} twice, and not the same"), todo=WAIT_OR_ASK, key=key[:LONGEST_KEY]
    ) from None


def _loads_any(text: str, decides: bool) -> object:
    """Return the value that `text` is, where need be with `UNREADABLE` for each backslash that begins no escape."""
    try:
        return _loads(text, decides)
    except json.JSONDecodeError:
        mended = _BAD_ESCAPE.sub(lambda found: found[1] or UNREADABLE, text)
        if mended == text:
            raise
        return _loads(mended, decides)


def _loads(text: str, decides: bool) -> object:
    try:
        data = _strict(text, decides)
    except RecursionError:
        data = _strict(_without_depths(text), decides)
    if _HALF_PAIR.search(text):
        whole = json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        data = _strict(whole)
    _cut_depths(data)
    return data


def _strict(text: str, decides: bool = False) -> object:
    settings: dict[str, Any] = {"strict": False, "parse_constant": _no_number, "parse_float": _finite}
    if decides:
        settings["object_pairs_hook"] = _said_once
    try:
        return json.loads(text, **settings)
    except ValueError as error:
        if isinstance(error, (json.JSONDecodeError, _Contradiction)):
            raise
        return json.loads(text, parse_int=_bounded, **settings)


def _said_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The object that `pairs` make.

    Raises: _Contradiction.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        for key, value in pairs:
            if value != found[key]:
                raise _Contradiction(key)
    return found


def _no_number(name: str) -> None:
    """`NaN` and `Infinity`, which some programs write, are no value."""


def _finite(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _bounded(text: str) -> int | str:
    return int(text) if len(text) <= LONGEST_NUMBER else text


def _cut_depths(data: object) -> None:
    """Put null in place of what lies deeper than `DEEPEST` in `data`."""
    level: list[Any] = [data]
    for depth in range(DEEPEST):
        below: list[Any] = []
        for holder in level:
            pairs = (
                holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
            )
            for key, value in pairs:
                if isinstance(value, (dict, list)):
                    if depth + 1 == DEEPEST:
                        holder[key] = None
                    else:
                        below.append(value)
        level = below


def _without_depths(text: str) -> str:
    """`text` with null in place of what lies deeper than `DEEPEST`, for a reader that cannot go down there."""
    kept: list[str] = []
    depth = end = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                kept.append(text[end : token.start()] + "null")
        elif sign in "]}":
            depth -= 1
            if depth == DEEPEST:
                end = token.end()
    return "".join(kept) + text[end:]
