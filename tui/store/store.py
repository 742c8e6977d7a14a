"""What the desk keeps on disk under one profile."""

from __future__ import annotations

from pathlib import Path

from tui.store.batches import Batches
from tui.store.changes import Changes
from tui.store.database import BUSY_TIMEOUT, Database
from tui.store.directory import Directory
from tui.store.drafts import Drafts
from tui.store.errors import StoreError
from tui.store.links import Links
from tui.store.opening import open_file
from tui.store.presence import Presence


class Store:
    """One profile's file: the customers seen, the changes made, and what was typed.

    Any thread may call it, one at a time gets its turn; several processes may have the same file open.
    """

    def __init__(self, database: Database, notices: tuple[StoreError, ...] = ()) -> None:
        self.path = database.path
        self.notices = notices
        """What there is to tell about how it opened, such as a damaged file that was set aside."""
        self._database = database
        self._presence = Presence(self.path.with_name(self.path.stem + ".running"))
        self.directory = Directory(database)
        self.changes = Changes(database, self._presence)
        self.batches = Batches(database, self.changes)
        self.drafts = Drafts(database)
        self.links = Links(database)

    @classmethod
    def open(cls, path: Path, *, busy_timeout: float = BUSY_TIMEOUT) -> Store:
        """Open the file at PATH, which is made, or brought up to date with a copy kept, where need be.

        BUSY_TIMEOUT: seconds to wait for another kehu that is writing.
        Raises: DiskFull, ReadOnly, Locked, NewerVersion, StoreError. A damaged file is set aside and told in `notices`.
        """
        connection, notices = open_file(path, busy_timeout)
        return cls(Database(connection, path), notices)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._presence.close()
        self._database.close()
