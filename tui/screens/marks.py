"""Who is marked for a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


class Marks:
    """The ids of the marked customers, in the order in which they were marked; `changed` is called when others are.

    A mark stays where its customer is not listed: it is about a person, not about a row on a page.
    """

    def __init__(self, changed: Callable[[], None], ids: Iterable[str] = ()) -> None:
        self._ids = dict.fromkeys(ids)
        self._changed = changed

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, customer_id: object) -> bool:
        return customer_id in self._ids

    def put_on(self, ids: Iterable[str]) -> None:
        """Mark the customers IDS."""
        self._ids.update(dict.fromkeys(ids))
        self._changed()

    def take_off(self, ids: Iterable[str]) -> None:
        """Unmark the customers IDS."""
        for id in ids:
            self._ids.pop(id, None)
        self._changed()

    def clear(self) -> None:
        """Unmark everyone."""
        self._ids.clear()
        self._changed()
