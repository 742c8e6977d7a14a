"""An ima tenant on loopback, with a custom field of every kind."""

from __future__ import annotations

import json
from typing import Any

from tests.client.loopback import Answer, Loopback, Seen, Told
from tests.client.samples import sample_json
from tui.model.customer import Customer, FieldValue

PATH = "/basic/openapi/v1/customer"
FIELDS = f"{PATH}/field/define"
DETAIL = f"{PATH}/detail"
SECRET = "a secret of the tests"


def line(code: str, kind: int | str, **more: object) -> dict[str, object]:
    """A definition of a tenant's own field, with integers as they may arrive: as text."""
    return {"category": "1", "formType": "2", "code": code, "name": f"字段{code}", "type": kind, "status": "1", **more}


OPTIONS = json.dumps([{"key": "k1", "value": "一"}, {"key": "k2", "value": "二"}], ensure_ascii=False)
DEFINITIONS: list[dict[str, Any]] = [
    line("1", 0, priority=1),
    line("several", 2, typeDefine=OPTIONS, priority=2),
    line("one", "3", typeDefine=OPTIONS, priority=3),
    line("count", 6, priority=4),
    line("day", 8, priority=5),
    line("moment", 9, priority=6),
    line("must", 0, isRequired=1, priority=7),
    line("name", 0, priority=8),
]


def good(data: object) -> dict[str, object]:
    return {"code": "10000", "data": data, "message": "请求成功"}


def detail(entries: object = None, **customer: object) -> dict[str, object]:
    """An answer with one customer."""
    return good({"customer": {"customerId": "1", **customer}, "customerDictList": entries})


class Tenant:
    """A tenant on loopback: answers by method and path, field definitions unless told otherwise."""

    def __init__(self, vendor: Loopback) -> None:
        self.answers: dict[tuple[str, str], object] = {
            ("GET", FIELDS): good(DEFINITIONS),
            ("PUT", PATH): sample_json("ima", "update_answer"),
        }
        self.url = vendor.url
        self._vendor = vendor
        vendor.handler = self._handle

    async def _handle(self, seen: Seen) -> Told:
        answer = self.answers[seen.method, seen.path]
        return answer if isinstance(answer, Answer | bytes) else Answer(answer)

    def calls(self) -> list[Seen]:
        """What was called, the field definitions aside."""
        return [seen for seen in self._vendor.seen if seen.path != FIELDS]


def custom(customer: Customer) -> dict[str, FieldValue]:
    return {value.code: value.value for value in customer.custom}
