"""The words by which a vendor says that there is no such customer, where it has no code for that.

51ima refuses with 20001, "the call failed", whatever the reason, and useasy with codes that no page lists: only their
words tell a customer who is not there from a call that did not work. Words about something else of a customer's (a
field, a source, an owner) do not count.
"""

from __future__ import annotations

import re

_WHO = r"(?:客户|顾客|记录|数据|customer|contact|record)"
_OF_IT = r"(?:信息|资料|记录|数据|详情)?"
_MARKS = r"[\s:：,，。'\"“”‘’\[\]【】()（）=]*"
_WHICH = rf"(?:\s*(?:id|编号))?{_MARKS}(?:[\w-]*\d[\w-]*)?{_MARKS}"
"""An id between who and what is said of it; a word without a digit is something else of the customer's."""
_GONE = r"(?:已经?|可能)?(?:不存在|未找到|没有?找到|找不到|查不到|查询不到|未查询?到|被?删除)"
_NONE = r"(?:没有|未|找不到|查不到|查询不到|查无|无)能?(?:查询|查找|查|找|搜索|获取)?到?"
_ANY = r"(?:该|此|这个|这位|对应的?|相关的?|指定的?|任何|符合条件的)?"
_IS = r"(?:is\s+|was\s+|has\s+been\s+|does\s+|could\s+)?"

_NOBODY = re.compile(
    rf"{_WHO}{_OF_IT}{_WHICH}{_GONE}"
    rf"|{_NONE}{_ANY}(?:客户|顾客|记录|数据){_OF_IT}(?![\u4e00-\u9fff])"
    rf"|{_WHO}{_WHICH}{_IS}(?:not\s+(?:be\s+)?(?:found|exists?)|deleted)"
    rf"|{_WHO}{_WHICH}doesn['’]t\s+exist"
    r"|\bno\s+such\s+(?:customer|contact|record)\b(?!\s+\w)"
    r"|\bnot\s+external\s+contact\b",
    re.IGNORECASE,
)


def says_nobody(words: str) -> bool:
    """Whether `words`, a vendor's reason for refusing to read or change a customer, say that there is none."""
    return _NOBODY.search(words) is not None
