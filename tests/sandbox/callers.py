"""Callers that speak each dialect as the vendor's page says, and nothing of kehu's client."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import httpx

from tui.sandbox.demo import IMA_APP_ID, IMA_SECRET, JUZI_TOKEN, USEASY_APP_ID, USEASY_SECRET

Json = dict[str, Any]


class JuziCaller:
    """Calls of the juzi page."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, address: str, **query: object) -> Json:
        """GET with the token, or the one that is given; the answer must come with HTTP 200, as all of juzi's do."""
        parameters = {key: str(value) for key, value in {"token": JUZI_TOKEN, **query}.items()}
        return _ok(await self.http.get(f"/juzi/api/v1/{address}", params=parameters))

    async def post(self, address: str, body: object, token: str = JUZI_TOKEN) -> Json:
        """POST with a token; the answer must come with HTTP 200."""
        return _ok(await self.http.post(f"/juzi/api/v1/{address}", params={"token": token}, json=body))

    async def customers(self, **query: object) -> list[Json]:
        """The rows of one page of the list."""
        answer = await self.get("customer/list", **{"current": 1, "pageSize": 10, **query})
        assert answer["errcode"] == 0, answer
        rows: list[Json] = answer["data"]
        return rows

    async def detail(self, union_id: str) -> Json:
        """One customer."""
        answer = await self.get("customer/detail", unionId=union_id)
        customer: Json = answer["data"]
        return customer


class UseasyCaller:
    """Calls of the useasy page, signed."""

    def __init__(self, http: httpx.AsyncClient, clock: Callable[[], float]) -> None:
        self.http = http
        self.clock = clock

    def headers(
        self, *, nonce: str = "123456", app_id: str = USEASY_APP_ID, secret: str = USEASY_SECRET
    ) -> dict[str, str]:
        """The four headers, signed now."""
        timestamp = str(int(self.clock()))
        digest = hmac.digest(secret.encode(), f"{app_id}{nonce}{timestamp}".encode(), hashlib.sha256)
        return {
            "appid": app_id,
            "nonce": nonce,
            "timestamp": timestamp,
            "signature": base64.b64encode(digest).decode(),
        }

    async def post(self, address: str, body: object) -> Json:
        """POST a body; the answer must come with HTTP 200."""
        return _ok(await self.http.post(f"/useasy/openapi/crm/{address}", json=body, headers=self.headers()))

    async def get(self, address: str) -> Json:
        """GET with the empty JSON object for a body that the page's example sends."""
        return _ok(await self.http.request("GET", f"/useasy/openapi/crm/{address}", json={}, headers=self.headers()))

    async def search(self, field: str, operator: str, *values: object, limit: int = 1000) -> list[Json]:
        """The records for which one condition holds; their number must be what `count` says."""
        condition = {"field": field, "operator": operator, "value": list(values)}
        answer = await self.post("list", {"page": 1, "limit": limit, "search": [condition]})
        assert answer["success"], answer
        rows: list[Json] = answer["data"]["list"]
        assert answer["data"]["count"] == len(rows)
        return rows

    async def add(self, **values: object) -> Json:
        """The record of a new customer."""
        answer = await self.post("add", values)
        assert answer["success"], answer
        record: Json = answer["data"]
        return record


class ImaCaller:
    """Calls of the ima page, signed."""

    def __init__(self, http: httpx.AsyncClient, clock: Callable[[], float]) -> None:
        self.http = http
        self.clock = clock

    def headers(self, *, app_id: str = IMA_APP_ID, secret: str = IMA_SECRET) -> dict[str, str]:
        """The three headers, signed now."""
        timestamp = str(int(self.clock() * 1000))
        sign = hashlib.md5(f"{app_id}{timestamp}{secret}".encode()).hexdigest()
        return {"appId": app_id, "timestamp": timestamp, "sign": sign}

    async def call(self, method: str, address: str = "", body: object = None, **query: str) -> Json:
        """One call; the answer must come with HTTP 200, as all of ima's do."""
        return _ok(
            await self.http.request(
                method,
                f"/ima/basic/openapi/v1/customer{address}",
                params=query,
                json=body,
                headers=self.headers(),
            )
        )

    async def find(self, kind: str, content: str) -> Json:
        """One CustomerDetail."""
        answer = await self.call("GET", "/detail", type=kind, content=content)
        assert answer["code"] == "10000", answer
        detail: Json = answer["data"]
        return detail


def _ok(response: httpx.Response) -> Json:
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer
