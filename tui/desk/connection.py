"""The line to a vendor: whether it answers, told by every call that is made, whoever makes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, TypeVar, cast

from tui.model.errors import KehuError, NetworkError, ProtocolError, VendorError

if TYPE_CHECKING:
    from tui.client.service import CustomerService

T = TypeVar("T")


class Connection:
    """Whether the vendor answered the last call; who subscribes is told when that changes."""

    def __init__(self) -> None:
        self.trouble: KehuError | None = None
        """Why the last call was not answered; None while calls are, even by a refusal."""
        self._listeners: list[Callable[[], None]] = []

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called when the vendor does not answer any more, or again; returns what ends that."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed) if changed in self._listeners else None

    def hear(self, error: KehuError | None) -> None:
        """A call ended, with `error` where it did not succeed."""
        passing = isinstance(error, VendorError) and error.passing
        before, self.trouble = self.trouble, error if passing or isinstance(error, SILENT) else None
        if (before is None) is not (self.trouble is None):
            for changed in [*self._listeners]:
                changed()

    async def watch(self, call: Awaitable[T]) -> T:
        """Return the answer to `call`, and hear how it ended."""
        try:
            answer = await call
        except KehuError as error:
            self.hear(error)
            raise
        failures = getattr(answer, "failed", ())  # a batch tells of a broken line in its items
        if not any(failure.passing for failure in failures):
            self.hear(None)
        return answer


SILENT = (NetworkError, ProtocolError)
"""What tells that nobody answered, or somebody else than the vendor."""


def watched(service: CustomerService, line: Connection) -> CustomerService:
    """Return `service`, each call of which is heard by `line`."""
    return cast("CustomerService", _Watched(service, line))


class _Watched:
    """Passes everything on."""

    def __init__(self, service: CustomerService, line: Connection) -> None:
        self._service = service
        self._line = line

    def __getattr__(self, name: str) -> object:
        found = getattr(self._service, name)
        if name == "aclose" or not iscoroutinefunction(found):
            return found

        async def call(*arguments: object, **options: object) -> object:
            return await self._line.watch(found(*arguments, **options))

        return call
