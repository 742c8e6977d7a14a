"""The smallest possible fourth vendor: it follows what `CONTRIBUTING.md` says of adding one."""

from __future__ import annotations

import httpx

from tui.client.dialect import Dialect, path_segment
from tui.client.http import Effect, Transport
from tui.client.json_values import required_list, text_of
from tui.client.response_log import Written
from tui.client.response_reader import Reply
from tui.client.service import Capabilities, ServiceSettings
from tui.model.customer import Customer, FieldSpec, FieldValues, Page, Query
from tui.model.errors import N_, NotFoundError
from tui.model.validate import check_values

FIELDS = tuple(FieldSpec(code=code, param=code, label=code.title(), editable=True) for code in ("name", "company"))


def judge(reply: Reply) -> None:
    """Return for an answer that succeeded: this vendor names a customer that it does not have in `missing`."""
    if missing := text_of(reply.data.get("missing")):
        raise NotFoundError(N_("there is no customer {key}"), key=missing)


class FourthService(Dialect):
    """Lists, reads and updates customers; can do nothing else, which the desk learns from its capabilities."""

    def __init__(self, settings: ServiceSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        able = Capabilities(operations=frozenset({"list", "get", "update", "fields"}), page_size=50)
        super().__init__(settings, Transport(settings, httpx.BasicAuth("", settings.secret), judge, transport), able)

    async def list(self, query: Query) -> Page:
        answer = await self._transport.call("GET", "/people", params={"page": f"{query.page}"})
        items = tuple(Customer.model_validate(row) for row in required_list(answer, "people"))
        return Page(page=query.page, size=query.size, total=len(items), items=items)

    async def get(self, key: str, by: str = "id") -> Customer:
        return Customer.model_validate(await self._transport.call("GET", f"/people/{path_segment(key)}"))

    async def update(self, customer_id: str, values: FieldValues, before: Customer | None = None) -> Written:
        path, body = f"/people/{path_segment(customer_id)}", dict(check_values(FIELDS, values, creating=False))
        told = await self._transport.write("PUT", path, Effect.REPEATABLE, body=body)
        return Written(Customer.model_validate(told.data), told.answer)

    async def fields(self) -> tuple[FieldSpec, ...]:
        return FIELDS
