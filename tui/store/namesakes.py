"""Names and companies as they are compared with others: what is like in them, whoever wrote them down."""

from __future__ import annotations

import re
from functools import lru_cache

from tui.store.pinyin import LONGEST, spellings
from tui.store.terms import GAP, fold

_ASIDE = re.compile(r"[(\[<（【《].*?[)\]>）】》]")
_LEGAL_FORM = re.compile(r"(股份|责任|集团)*有限(责任)?公司$|·(co·)?(ltd|inc|llc|gmbh)$")


@lru_cache(maxsize=2048)
def namesake(name: str) -> str:
    """NAME as it sounds, without what stands in brackets; Latin words in any order. Empty for one that tells nothing.

    Homophones are how a Chinese name is mistyped: 陈晓云 and 陈小云 are namesakes.
    """
    folded = fold(_ASIDE.sub(" ", name)) or fold(name)
    spelt = spellings(folded) if len(folded) <= LONGEST else []
    sound = "".join(spelt[0]) if spelt else GAP.join(sorted(folded.split(GAP)))
    return sound if len(folded) > 1 else ""


def company_key(company: str) -> str:
    """COMPANY as it is compared: without its legal form."""
    folded = fold(company)
    return _LEGAL_FORM.sub("", folded) or folded
