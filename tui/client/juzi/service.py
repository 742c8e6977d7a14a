"""JuziBot's calls (`vendor-docs/juzi.txt`): customers, remarks, follow-ups and corp tags."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from functools import partial

import httpx

from tui.client.batch_calls import Batch, Chunk, Outcome
from tui.client.dialect import Dialect, given_id
from tui.client.http import Effect, Transport
from tui.client.json_values import (
    ANOTHER,
    WAIT_OR_ASK,
    count_of,
    id_of,
    listed,
    read_customers,
    records_of,
    required_list,
    required_object,
)
from tui.client.juzi.codes import ADD_FOLLOW, DETAIL, LIST, NO_CONTACT, SET_REMARK, TAGS, judge
from tui.client.juzi.records import ID_KEYS, CustomerReader, read_tag_group
from tui.client.juzi.writes import (
    CONCURRENT_REMARKS,
    DESCRIPTION_LENGTH,
    FOLLOW_BATCH,
    REMARK_BATCH,
    REMARK_LENGTH,
    check_follows,
    check_remarks,
    follow_body,
    refused,
    remark_body,
)
from tui.client.page_limit import PageLimit, PagePart
from tui.client.response_log import of_item
from tui.client.service import Capabilities, ServiceSettings
from tui.model.customer import BatchResult, Customer, FollowEntry, Page, Query, Remark, TagGroup
from tui.model.errors import N_, InvalidError, NotFoundError, ProtocolError, UnsupportedError, VendorError

PAGE_SIZE = 1000
"""Rows a page at the most (page, "Customer List")."""

CAPABILITIES = Capabilities(
    operations=frozenset({"list", "get", "set_remarks", "add_follows", "tags"}),
    lookups=("id", "union_id"),
    owner_filter=True,
    page_size=PAGE_SIZE,
    remark_batch=REMARK_BATCH,
    follow_batch=FOLLOW_BATCH,
    remark_length=REMARK_LENGTH,
    description_length=DESCRIPTION_LENGTH,
    concurrent_remarks=CONCURRENT_REMARKS,
    needs_union_id=True,
)

NOBODY_FOLLOWS = N_(
    "No colleague was asked for: those whom the token covers follow nobody. See in the vendor's console whom it covers."
)
"""What to do where a list of all customers is answered as one colleague's is who follows nobody."""


class TokenParameter(httpx.Auth):
    """The token as a query parameter of every call."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.url = request.url.copy_merge_params({"token": self._token})
        yield request


class JuziService(Dialect):
    """One JuziBot tenant. Nothing of a customer but remarks and follow-ups can be written, and follow-ups not read."""

    def __init__(self, settings: ServiceSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        auth = TokenParameter(settings.secret)
        super().__init__(
            settings, Transport(settings, auth, partial(judge, profile=settings.profile), transport), CAPABILITIES
        )
        self._limit = PageLimit(published=True)
        self._remark_slots = asyncio.Semaphore(CONCURRENT_REMARKS)
        self._follow_slots = asyncio.Semaphore(1)

    async def list(self, query: Query) -> Page:
        """One page, of at most 1000 rows; `owner` keeps those whom that colleague follows, who may follow nobody.

        Raises: InvalidError where `size` is over the limit; UnsupportedError where there are conditions.
        """
        self._require("list")
        if query.size > PAGE_SIZE:
            raise InvalidError(
                N_("a page of {size} is over the vendor's {limit}"),
                todo=N_("Ask for {limit} or fewer."),
                field="size",
                size=query.size,
                limit=PAGE_SIZE,
            )
        if query.conditions:
            raise UnsupportedError(
                N_("{dialect} searches by nothing but the owner"),
                todo=N_("Leave the conditions out, or search what was seen with `kehu find`."),
                dialect=self._settings.dialect,
            )
        part = await self._limit.read(query.page, query.size, partial(self._rows, query.owner))
        return Page(page=query.page, size=query.size, total=part.total, items=part.items)

    async def _rows(self, owner: str | None, page: int, size: int) -> PagePart:
        params = {"current": str(page), "pageSize": str(size)}
        if owner:
            params["userId"] = owner
        try:
            answer = await self._transport.call("GET", LIST, params=params)
        except NotFoundError as nobody:
            if not owner and nobody.code == NO_CONTACT:
                nobody.todo = NOBODY_FOLLOWS
            if not owner or not nobody.certain:
                raise
            return PagePart((), 0)
        total = count_of(answer.get("total"))
        records = listed(answer, "data", total, (page - 1) * size, *ID_KEYS)
        return PagePart(read_customers(records, CustomerReader().read, *ID_KEYS), total)

    async def get(self, key: str, by: str = "id") -> Customer:
        """One customer: by external user id and, where the vendor knows none, by union id; or by `union_id` alone.

        Raises: NotFoundError where the vendor has none.
        """
        self._require("get")
        self._check_lookup(by)
        given_id(key)
        if by == "union_id":
            return await self._detail("unionId", key)
        try:
            return await self._detail("externalUserId", key)
        except (NotFoundError, VendorError) as unknown:
            if isinstance(unknown, VendorError) and unknown.passing:
                raise
            first = unknown
        try:
            return await self._detail("unionId", key)
        except (NotFoundError, VendorError) as second:
            if isinstance(second, VendorError) and second.passing:
                raise  # nobody knows yet
            raise first from None

    async def _detail(self, parameter: str, key: str) -> Customer:
        try:
            answer = await self._transport.call("GET", DETAIL, params={parameter: key})
        except NotFoundError as error:
            if not error.certain:
                raise
            raise self._not_found(key, error.code) from error
        if "data" in answer and answer["data"] in (None, {}):
            raise self._not_found(key)
        record = required_object(answer, "data")
        if id_of(record.get(parameter)) not in (None, key):
            raise ProtocolError(ANOTHER, todo=WAIT_OR_ASK, key=key)
        return CustomerReader().read(record)

    @staticmethod
    def _not_found(key: str, code: str = "") -> NotFoundError:
        return NotFoundError(
            N_("the vendor has no customer {key}"),
            todo=N_("Check the id, and that it is this tenant's."),
            code=code,
            key=key,
        )

    async def set_remarks(self, remarks: Sequence[Remark]) -> BatchResult:
        """Set remarks, in calls of 50, five at once at the most. A remark set twice is the same as once.

        Raises: InvalidError where one of them breaks a limit, and RoadError; nothing was sent then.
        """
        self._require("set_remarks")
        check_remarks(remarks)
        self.require_road()
        batch = Batch(REMARK_BATCH, self._remark_slots, self._send_remarks, lambda item: (item.user_id, item.union_id))
        return await batch.run(remarks)

    async def add_follows(self, entries: Sequence[FollowEntry]) -> BatchResult:
        """Add follow history, in calls of 500, one after the other. Never sent twice.

        Raises: InvalidError where one of them breaks a rule, and RoadError; nothing was sent then.
        """
        self._require("add_follows")
        check_follows(entries)
        self.require_road()
        batch = Batch(FOLLOW_BATCH, self._follow_slots, self._send_follows, lambda item: (item.user_id, item.union_id))
        return await batch.run(entries)

    async def tags(self, sync: bool = False) -> tuple[TagGroup, ...]:
        """The corp tag groups. `sync` makes the vendor fetch them from WeCom first: slow, and not to be called
        often.
        """
        self._require("tags")
        answer = await self._transport.call("GET", TAGS, params={"isSync": "true"} if sync else None)
        return tuple(read_tag_group(record) for record in records_of(required_list(answer, "data")))

    async def _send_remarks(self, chunk: Chunk[Remark]) -> Outcome:
        bodies = [remark_body(remark) for remark in chunk.items]
        told = await self._transport.write("POST", SET_REMARK, Effect.REPEATABLE, body={"remark_list": bodies})
        failures = refused(SET_REMARK, chunk, bodies, told, self._transport.replies.discreet)
        return Outcome(failures, of_item(told.answer))

    async def _send_follows(self, chunk: Chunk[FollowEntry]) -> Outcome:
        bodies = [follow_body(entry) for entry in chunk.items]
        told = await self._transport.write("POST", ADD_FOLLOW, Effect.ONCE, body={"follow_list": bodies})
        failures = refused(ADD_FOLLOW, chunk, bodies, told, self._transport.replies.discreet)
        return Outcome(failures, of_item(told.answer))
