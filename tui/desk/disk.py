"""The store behind one thread, so that no fsync ever holds up a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tui.model.errors import StorageError
from tui.store.store import Store
from tui.store.store_errors import StoreError

T = TypeVar("T")


def translated(error: StoreError) -> StorageError:
    """The store's error as one that screens and the command line know."""
    storage = StorageError(error.what, todo=error.todo)
    storage.facts.update(error.facts)
    return storage


class Disk:
    """Runs calls to the store one after the other, off the event loop.

    A call that was begun is finished even when its caller is cancelled: what is on disk is never half of a thing.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kehu-disk")
        self._closed = False

    async def run(self, call: Callable[[Store], T]) -> T:
        """What `call` returns, given the store.

        Raises: StorageError.
        """
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.shield(loop.run_in_executor(self._thread, call, self.store))
        except StoreError as error:
            raise translated(error) from error

    async def read(self, call: Callable[[Store], T]) -> T:
        """The same for a `call` that only reads: it is dropped where its caller is cancelled before its turn comes.

        Raises: StorageError.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call, self.store)
        except StoreError as error:
            raise translated(error) from error

    def run_now(self, call: Callable[[Store], T]) -> T:
        """The same, waited for here and now: for when the event loop is about to end.

        Raises: StorageError.
        """
        try:
            return call(self.store)
        except StoreError as error:
            raise translated(error) from error

    def close(self) -> None:
        """Finish what is queued, then close the file; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self.store.close)
            self._thread.shutdown(wait=True)
