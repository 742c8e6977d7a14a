"""What the desk keeps on disk under one profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.model.columns import CustomerColumn, CustomerFacts
from tui.store.database import BUSY_TIMEOUT, Database
from tui.store.directory import Directory
from tui.store.file_opening import open_database
from tui.store.presence import Presence
from tui.store.rows import KEPT, Listing, Row, row_with
from tui.store.store_errors import StoreError

if TYPE_CHECKING:
    from tui.store.batches import Batches
    from tui.store.deeds import Deeds
    from tui.store.drafts import Drafts
    from tui.store.erasure import Erasure
    from tui.store.journal import FileJournal
    from tui.store.links import Links
    from tui.store.outbox import Changes
    from tui.store.presets import Presets
    from tui.store.work import NextContacts


class Store:
    """One profile's file: the customers seen, the changes made, and what was typed.

    Any thread may call it, one at a time gets its turn. Several stores of a process, which share a connection, and
    several processes may have the same file open.
    """

    def __init__(self, database: Database, notices: tuple[StoreError, ...] = ()) -> None:
        self.path = database.path
        self.notices = notices
        """What there is to tell about how it opened, such as a damaged file that was set aside."""
        self._database = database
        self._presence = Presence(self.path.with_name(self.path.stem + ".running"))
        self.directory = Directory(database)

    @classmethod
    def open(cls, path: Path, *, source: str = "", busy_timeout: float = BUSY_TIMEOUT) -> Store:
        """Open the file at `path`, which is made, or brought up to date with a copy kept, where need be.

        `source`: the vendor's account that it is about, for the journal of a file that an older version wrote.
        `busy_timeout`: seconds to wait for another kehu that is writing.
        Raises: DiskFull, ReadOnly, Locked, NoLocks, Moved, NewerVersion, StoreError. A damaged file is set aside and
        told in `notices`.
        """
        return cls(*open_database(path, source, busy_timeout))

    # What neither the first frame nor a look at the customers needs is loaded by whoever does

    @cached_property
    def changes(self) -> Changes:
        """The outbox."""
        from tui.store.outbox import Changes

        return Changes(self._database, self._presence, self.journal)

    @cached_property
    def journal(self) -> FileJournal:
        """What was done from here."""
        from tui.store.journal import FileJournal

        return FileJournal(self._database)

    @cached_property
    def deeds(self) -> Deeds:
        """What the journal tells, to be looked through and counted."""
        from tui.store.deeds import Deeds

        return Deeds(self._database)

    @cached_property
    def batches(self) -> Batches:
        """Changes many at a time."""
        from tui.store.batches import Batches

        return Batches(self._database, self.changes)

    @cached_property
    def drafts(self) -> Drafts:
        """What was typed and not sent."""
        from tui.store.drafts import Drafts

        return Drafts(self._database)

    @cached_property
    def links(self) -> Links:
        """Which records at other profiles belong to a customer."""
        from tui.store.links import Links

        return Links(self._database)

    @cached_property
    def next_contacts(self) -> NextContacts:
        """Whom to contact when."""
        from tui.store.work import NextContacts

        return NextContacts(self._database)

    def with_values(self, listing: Listing, columns: Sequence[CustomerColumn], user_id: str = "") -> Listing:
        """Return `listing` whose rows have the values of `columns` too, as `user_id`, the acting colleague, sees them.

        A row whose customer is not in the directory stays as it is.
        """
        if all(column.key in KEPT for column in columns):
            return listing
        keys = {column.key for column in columns}
        ids = [row.id for row in listing.rows]
        records = self.directory.get_many(ids)
        states = self.changes.states(ids) if "state" in keys else {}
        times = self.directory.contact_times_of(ids) if not keys.isdisjoint(("last", "next")) else {}

        def whole(row: Row) -> Row:
            if row.id not in records:
                return row
            known = CustomerFacts(
                records[row.id][0], user_id, row.seen_at, states.get(row.id), *times.get(row.id, (None, None))
            )
            return row_with(known, columns)

        return replace(listing, rows=tuple(map(whole, listing.rows)))

    @cached_property
    def presets(self) -> Presets:
        """What was saved by name."""
        from tui.store.presets import Presets

        return Presets(self._database)

    @cached_property
    def erasure(self) -> Erasure:
        """What can be erased for good."""
        from tui.store.erasure import Erasure

        return Erasure(self._database, self.directory)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._presence.close()
        self._database.close()
