"""Every text of the program in the agent's language: English is the source, 简体中文 is complete.

The catalogue is `zh_CN/LC_MESSAGES/kehu.po`; `python -m tests.messages` brings it up to date with the source.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from pathlib import Path

from tui.model.errors import N_

__all__ = ["LANGUAGES", "N_", "_", "language", "listed", "ngettext", "set_language"]

DOMAIN = "kehu"

LANGUAGES = ("auto", "en", "zh_CN")
"""What a configuration may say; `auto` follows the environment's locale."""

_SOURCE = "en"
_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = _SOURCE


def _(text: str) -> str:
    """`text` in the language that `set_language` chose."""
    return _translations.gettext(text) if text else ""  # the empty message is the catalogue's own head


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many`, as `count` asks for, in the language that `set_language` chose."""
    return _translations.ngettext(one, many, count)


def language() -> str:
    """The language in use: `en` or `zh_CN`."""
    return _language


def set_language(name: str, environ: Mapping[str, str]) -> str:
    """Speak `name` (one of `LANGUAGES`) from here on; returns the language that it came to."""
    global _language, _translations
    _language = _from_locale(environ) if name == "auto" else name
    if _language == _SOURCE:
        _translations = gettext.NullTranslations()
    else:
        _translations = gettext.translation(DOMAIN, Path(__file__).parent, [_language])
    return _language


def _from_locale(environ: Mapping[str, str]) -> str:
    """The first language named by the environment, in gettext's order; Chinese of any region is 简体中文 here."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if named := environ.get(variable, ""):
            return "zh_CN" if named.lower().startswith("zh") else _SOURCE
    return _SOURCE


def listed(texts: Iterable[str]) -> str:
    """Return `texts` as a list within a sentence, parted as the agent's language parts them."""
    return _(", ").join(texts)
