"""Reading one profile's customers: as the vendor has them, and as they were last seen here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tui.client.service import WRITES, Capabilities, ConnectionInfo, CustomerService
from tui.desk.connection import Connection, watched
from tui.desk.disk import Disk
from tui.desk.queries import key_of
from tui.desk.record import Record
from tui.locale import _
from tui.model.characters import fold
from tui.model.columns import CustomerColumn
from tui.model.conditions import parse_condition, split_values
from tui.model.customer import Condition, Customer, FieldSpec, Page, Query, TagGroup
from tui.model.errors import (
    N_,
    InvalidError,
    KehuError,
    NetworkError,
    NotFoundError,
    RoadError,
    StorageError,
    UnsupportedError,
)
from tui.model.masking import Mask, Masker, masker_of
from tui.store.directory import Directory, Owner
from tui.store.rows import KEPT, Listing, row_of

if TYPE_CHECKING:
    from tui.desk.customer_queries import CustomerQueries
    from tui.model.change import Change
    from tui.model.saved_view import SavedView
    from tui.model.template import Template
    from tui.store.store import Store


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Who works where."""

    profile: str
    dialect: str
    place: str
    """`sandbox`, or the vendor's host: what the title bar shows."""
    user_id: str
    """The staff member who acts, as the vendor knows it; may be empty."""
    os_user: str
    host: str
    page_size: int = 100
    next_contact: str = ""
    """The code of the vendor's field that holds when a customer is to be contacted next; empty where it is kept here.
    """
    source: str = ""
    """The vendor's account, as the journal names it."""
    mask: Mask = Mask.SENSITIVE
    """What is hidden until it is revealed."""
    templates: tuple[Template, ...] = ()
    """Texts of the configuration that are often written."""
    views: tuple[SavedView, ...] = ()
    """Lists of the configuration that are asked for by name."""

    @property
    def author(self) -> str:
        """Who acts, as the journal names them."""
        return self.user_id or self.os_user


class Reading:
    """What a desk reads. What a vendor answers is kept on disk, and shown from there before it answers again.

    It is told although the disk refuses to keep it: `unkept` says why. Every method raises `KehuError`s alone.
    """

    def __init__(self, settings: DeskSettings, service: CustomerService, disk: Disk) -> None:
        self.settings = settings
        self.line = Connection()
        """Whether the vendor answers."""
        self._service = watched(service, self.line)
        self._disk = disk
        disk.store.directory.next_contact_field = settings.next_contact
        self._specs: tuple[FieldSpec, ...] | None = None
        self._told: tuple[FieldSpec, ...] = ()
        self.unkept: StorageError | None = None
        """Why what the vendor told last is not on disk; None where it is."""

    @cached_property
    def queries(self) -> CustomerQueries:
        """Answers queries over the customers seen here."""
        from tui.desk.customer_queries import CustomerQueries

        return CustomerQueries(self._disk, self.settings.profile, self.settings.dialect, self.settings.user_id)

    # What this vendor can do

    @property
    def capabilities(self) -> Capabilities:
        """What this vendor can do under this profile, and its limits."""
        return self._service.capabilities

    @property
    def disk(self) -> Disk:
        """What is kept of this profile, for the features that work with it beside the desk."""
        return self._disk

    @property
    def connection_info(self) -> ConnectionInfo | None:
        """What the last answer told of the line."""
        return self._service.connection_info

    async def road_error(self) -> RoadError | None:
        """What in this machine's settings keeps the vendor from being called; None where nothing does."""
        try:
            await asyncio.to_thread(self._service.require_road)
        except RoadError as error:
            self.line.hear(error)
            return error
        return None

    @property
    def read_only(self) -> str:
        """Why nothing at all is changed here, in the agent's language; empty where changes are made."""
        if not self.capabilities.read_only:
            return ""
        return _("profile {profile} is read-only").format(profile=self.settings.profile)

    def why_not(self, operation: str) -> str:
        """Why `operation` cannot be done here, in the agent's language; empty when it can."""
        if self.capabilities.can(operation):
            return ""
        if operation in WRITES and self.read_only:
            return self.read_only
        if operation in self.capabilities.disabled:
            return _("profile {profile} switches this off").format(profile=self.settings.profile)
        return _("{dialect} has no such call").format(dialect=self.settings.dialect)

    def _require(self, operation: str) -> None:
        if reason := self.why_not(operation):
            raise UnsupportedError(N_("no {operation} here: {reason}"), operation=operation, reason=reason)

    # Reading

    async def page(self, query: Query) -> Page:
        """One page from the vendor; it is kept in the directory.

        Raises: UnsupportedError where the vendor has no list.
        """
        page = await self._ask(query)
        await self._disk.run(lambda store: self._save_page(store.directory, query, page))
        return page

    async def _ask(self, query: Query) -> Page:
        self._require("list")
        if query.conditions:
            await self._fields_if_any()
        return await self._service.list(query)

    async def _try_to_keep(self, keep: Callable[[Store], object]) -> None:
        """`keep` what the vendor told, which is shown although the disk refuses: `unkept` says why."""
        try:
            await self._disk.run(keep)
        except StorageError as error:
            self.unkept = error
        else:
            self.unkept = None

    def _save_page(self, directory: Directory, query: Query, page: Page) -> None:
        """Keep the customers; and the page as such where it has the desk's size, as pages of two sizes do not mix."""
        now, user_id = time.time(), self.settings.user_id
        if query.size == self.settings.page_size:
            directory.save_page(key_of(query), page.page, page.size, page.total, page.items, now, user_id)
        else:
            directory.save(page.items, now, user_id, listed=True)

    async def listing(self, query: Query) -> Listing:
        """One page as rows: from the vendor, or from the directory where the vendor has no list."""
        if not self.capabilities.can("list"):
            return await self._known(query)
        page = await self._ask(query)
        await self._try_to_keep(lambda store: self._save_page(store.directory, query, page))
        return self.listing_of(page)

    def listing_of(self, page: Page, columns: Sequence[CustomerColumn] = ()) -> Listing:
        """Return `page`, which the vendor answered just now, as rows with the values of `columns`."""
        now = time.time()
        rows = tuple(row_of(customer, now, self.settings.user_id, columns) for customer in page.items)
        return Listing(rows, page.page, page.size, page.total, now, "vendor")

    async def seen(self, query: Query) -> Listing | None:
        """The same page as it was last seen; None where it never was."""
        if not self.capabilities.can("list"):
            return await self._known(query)
        return await self._disk.run(lambda store: store.directory.page(key_of(query), query.page))

    async def _known(self, query: Query) -> Listing:
        if query.conditions:
            raise UnsupportedError(
                N_("{dialect} has no list here that could be searched by conditions"),
                todo=N_("Leave the conditions out, or search what was seen with `kehu find`."),
                dialect=self.settings.dialect,
            )
        offset = (query.page - 1) * query.size
        return await self._disk.run(lambda store: store.directory.known(offset, query.size, query.owner))

    async def customer(self, key: str, by: str = "id") -> Record:
        """One customer, read at the vendor and kept; from the directory where the vendor has no read."""
        if not self.capabilities.can("get"):
            record = await self.seen_customer(key)
            if record is None:
                raise NotFoundError(
                    N_("{key} was never seen here, and this profile has no way to read one customer"), key=key
                )
            return record
        try:
            customer = await self._service.get(key, by)
        except NotFoundError as nobody:
            if by == "id" and nobody.certain:
                await self._disk.run(lambda store: store.directory.forget(key))
            raise
        return await self._keep(customer)

    async def look_up(self, by: str, value: str) -> tuple[Record, ...]:
        """Everybody whose `by`, a field that the vendor finds customers by, is `value`; read at the vendor and kept."""
        found = await self._service.find(by, value)
        now = time.time()
        await self._try_to_keep(lambda store: store.directory.save(found, now, self.settings.user_id))
        return tuple(Record(customer, now, live=True) for customer in found)

    async def seen_customer(self, customer_id: str) -> Record | None:
        """The customer as last seen; None where it never was."""
        found = await self._disk.run(lambda store: store.directory.get(customer_id))
        return Record(found[0], found[1], live=False) if found else None

    async def seen_customers(self, customer_ids: Sequence[str]) -> Mapping[str, Customer]:
        """The customers as last seen, by their ids; who never was is left out."""
        known = await self._disk.run(lambda store: store.directory.get_many(customer_ids))
        return {id: customer for id, (customer, _seen_at) in known.items()}

    async def _keep(self, customer: Customer) -> Record:
        now = time.time()
        await self._try_to_keep(lambda store: store.directory.save([customer], now, self.settings.user_id))
        return Record(customer, now, live=True)

    async def _read(self, customer_id: str) -> Customer:
        return (await self.customer(customer_id)).customer

    async def fields(self, refresh: bool = False) -> tuple[FieldSpec, ...]:
        """The field configuration, read once a run; while the line is down, as it was kept. Empty without one."""
        if not self.capabilities.can("fields"):
            return ()
        if self._specs is None or refresh:
            try:
                specs = await self._service.fields()
            except NetworkError:
                kept = await self.kept_fields()
                if kept is None:
                    raise
                self._told = kept
                return kept
            await self._try_to_keep(lambda store: store.directory.save_fields(specs, time.time()))
            self._specs = self._told = specs
        return self._specs

    @property
    def told_fields(self) -> tuple[FieldSpec, ...]:
        """The field configuration as `fields` told it last, for labels; empty before that."""
        return self._told

    async def _fields_if_any(self) -> tuple[FieldSpec, ...]:
        """Return the field configuration; empty where it cannot be had, which refuses no search."""
        try:
            return await self.fields()
        except KehuError:
            return ()

    async def condition(self, field: str, operator: str, text: str) -> Condition:
        """Return the search condition that the three spell; commas part values.

        A field goes by its code, label or name in the JSON, a choice by its key or label.

        Raises: InvalidError where the vendor could only answer that there is nobody (see `check_condition`).
        """
        if not self.capabilities.operators:  # which the list, asked next, tells
            return Condition(field=field, operator=operator, values=split_values(None, text))
        field = self.capabilities.search_names.get(field, field)
        specs = [spec.model_copy(update={"label": _(spec.label)}) for spec in await self._fields_if_any()]
        return parse_condition(specs, field, operator, text, self.capabilities.operators)

    async def colleague(self, text: str) -> str:
        """Return the id of the colleague whom `text`, an id or a name, means, as far as colleagues were seen here.

        Raises: InvalidError where several are called so.
        """
        owners = await self.owners()
        if any(owner.user_id == text for owner in owners):
            return text
        called = [owner.user_id for owner in owners if owner.name and fold(owner.name) == fold(text)]
        if len(called) > 1:
            raise InvalidError(
                N_("several colleagues are called {name}"),
                todo=N_("Name one by the id: {known}."),
                field="owner",
                name=text,
                known=", ".join(called),
            )
        return called[0] if called else text

    async def kept_fields(self) -> tuple[FieldSpec, ...] | None:
        """The field configuration as it was last read, by this run or another; None where it never was."""
        kept = await self._disk.run(lambda store: store.directory.fields())
        return kept[0] if kept is not None else None

    async def known_fields(self) -> tuple[FieldSpec, ...]:
        """The field configuration as this run or another read it last, without asking the vendor; empty without one."""
        return self._specs or await self.kept_fields() or ()

    async def masker(self) -> Masker:
        """Return what hides this profile's values, by the field configuration as it was last read."""
        return masker_of(self.settings.mask, await self.specs_for_masking())

    async def specs_for_masking(self) -> tuple[FieldSpec, ...] | None:
        """Return the field configuration as it was last read; None where there is one, and it never was."""
        specs = self._specs if self._specs is not None else await self.kept_fields()
        return () if specs is None and not self.capabilities.can("fields") else specs

    async def owners(self) -> Sequence[Owner]:
        """The colleagues who follow or own somebody in the directory, the busiest first."""
        return await self._disk.run(lambda store: store.directory.owners())

    async def find(self, text: str, limit: int = 100, offset: int = 0) -> Listing:
        """Customers seen whose name, remark, phone, company, tag, owner or id holds `text`, the best first."""
        return await self._disk.read(lambda store: store.directory.search(text, limit, offset))

    async def with_values(self, listing: Listing, columns: Sequence[CustomerColumn]) -> Listing:
        """Return `listing` whose rows have the values of `columns` too, as far as their records are here."""
        if all(column.key in KEPT for column in columns):
            return listing
        user_id = self.settings.user_id
        return await self._disk.read(lambda store: store.with_values(listing, columns, user_id))

    def keep_place(self, query: Query, customer_id: str) -> None:
        """Note, before it returns, that this page is on the screen with the cursor on `customer_id`."""
        self._disk.run_now(lambda store: store.directory.show(key_of(query), query.page, customer_id))

    async def history(self, customer_id: str, limit: int = 200) -> Sequence[Change]:
        """The last `limit` follow-ups and remarks made from here, the newest first."""
        from tui.desk.changes_made import history  # the first frame shows none

        return await self._disk.run(lambda store: history(store, customer_id, limit))

    async def tags(self) -> tuple[TagGroup, ...]:
        """The vendor's corp tag groups."""
        self._require("tags")
        return await self._service.tags()

    # Its life

    async def close(self) -> None:
        """Close the line and the file."""
        await self._service.aclose()
        self._disk.close()
