"""The sandbox with a mind of its own: what was written to it is kept, and some of its answers are a test's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

Answer = Callable[[Any], Any]
"""Gets the body of a call (None where it has none) and answers it in the sandbox's place."""

Touch = Callable[[Any], Any]
"""Gets an answer of the sandbox, and gives another one."""


class Vendor:
    """Every call passes through it on the way to the sandbox."""

    def __init__(self) -> None:
        self.written: list[tuple[str, Any]] = []
        """The path and the body of each call that carried one."""
        self._answers: dict[str, Answer] = {}
        self._touches: dict[str, Touch] = {}

    def answers(self, path: str, answer: Answer) -> None:
        """Answer calls to `path` by `answer`; the sandbox hears nothing of them."""
        self._answers[path] = answer

    def touches(self, path: str, touch: Touch) -> None:
        """Pass the sandbox's answers to calls to `path` through `touch`."""
        self._touches[path] = touch

    def obeys(self) -> None:
        """Leave every call to the sandbox from now on."""
        self._answers.clear()
        self._touches.clear()

    def bodies(self, path: str) -> list[Any]:
        """Return what was written to `path`, the first first."""
        return [body for there, body in self.written if there.endswith(path)]

    async def handle(self, request: httpx.Request, sandbox: Callable[[httpx.Request], Any]) -> httpx.Response:
        """Answer `request`, or have the `sandbox` answer it."""
        body = json.loads(request.content) if request.content else None
        path = request.url.path
        if body is not None:
            self.written.append((path, body))
        for end, answer in self._answers.items():
            if path.endswith(end):
                return _response(answer(body))
        response: httpx.Response = await sandbox(request)
        for end, touch in self._touches.items():
            if path.endswith(end):
                content = b"".join([chunk async for chunk in response.stream])  # type: ignore[union-attr]
                told = httpx.Response(response.status_code, headers=response.headers, content=content)
                return _response(touch(told.json()))
        return response


def _response(body: Any) -> httpx.Response:
    return httpx.Response(
        200, headers={"content-type": "application/json"}, stream=httpx.ByteStream(json.dumps(body).encode())
    )
