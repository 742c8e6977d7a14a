"""A useasy tenant on loopback, with a field of every kind."""

from __future__ import annotations

from typing import Any

from tests.client.loopback import Answer, Loopback, Seen, Told
from tests.client.samples import sample_curl
from tui.model.customer import Customer, FieldValue

CRM = "/openapi/crm"
FIELDS = f"{CRM}/config/field/list"
SECRET = "a secret of the tests"

CONFIGURATION: list[dict[str, Any]] = [
    sample_curl("useasy", "fields").answer["data"][0],
    {
        "param": "customerSource",
        "name": "客户来源",
        "type": "select",
        "status": 1,
        "sort": 1,
        "choices": [{"key": "k1", "value": "试用申请"}, {"key": "k2", "value": "官网"}],
    },
    {
        "param": "level",
        "name": "等级",
        "type": "select",
        "status": 1,
        "sort": 2,
        "choices": [{"key": "a", "value": "甲"}, {"key": "b", "value": "乙"}],
    },
    {"param": "budget", "name": "预算", "type": "number", "status": 1, "sort": 3},
    {"param": "visit", "name": "回访", "type": "datetime", "status": 1, "sort": 4},
    {
        "param": "region",
        "name": "地区",
        "type": "cascade",
        "status": 1,
        "sort": 5,
        "options": {
            "level": 2,
            "fillLevel": 2,
            "children": [{"key": "sh", "value": "上海", "children": [{"key": "pd", "value": "浦东"}]}],
        },
    },
]
ADDRESS = "text_6ts9_1687316347239"


def good(data: object, **more: object) -> dict[str, object]:
    return {"success": True, "message": "200 ok!", "code": "200", "data": data, **more}


class Tenant:
    """A tenant on loopback: answers by path, and the field configuration unless told otherwise."""

    def __init__(self, vendor: Loopback) -> None:
        self.answers: dict[str, object] = {FIELDS: good(CONFIGURATION)}
        self.fixed: object = []
        """The part of the configuration whose fields cannot be edited."""
        self.url = vendor.url
        self._vendor = vendor
        vendor.handler = self._handle

    async def _handle(self, seen: Seen) -> Told:
        if seen.path == FIELDS:
            answer = self.answers[FIELDS] if seen.body == {} else good(self.fixed)
        else:
            answer = self.answers[seen.path.removeprefix(CRM)]
        return answer if isinstance(answer, Answer | bytes) else Answer(answer)

    def calls(self) -> list[tuple[str, str, object]]:
        """What was called, the field configuration aside."""
        return [(seen.method, seen.path, seen.body) for seen in self._vendor.seen if seen.path != FIELDS]


def custom(customer: Customer) -> dict[str, FieldValue]:
    return {value.code: value.value for value in customer.custom}
