"""Useasy's calls: list with search, get, create, update, delete and the field configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import httpx

from tui.client.dialect import Dialect, SignedHeaders, given_id, path_segment
from tui.client.error_mapping import IN_TROUBLE
from tui.client.field_encoding import FieldEncoding
from tui.client.http import Effect, Transport
from tui.client.json_values import (
    ANOTHER,
    WAIT_OR_ASK,
    Record,
    count_of,
    flag_of,
    id_of,
    listed,
    read_customers,
    required_list,
    required_object,
    text_of,
)
from tui.client.missing import says_nobody
from tui.client.page_limit import PageLimit, PagePart
from tui.client.response_log import Answer, LoggedResponse, Written, heading_of, to_keep
from tui.client.response_reader import Reply
from tui.client.service import Capabilities, ServiceSettings, SigningSettings
from tui.client.useasy.fields import AUTOMATIC, LISTS, UNLISTED, params_of, read_fields
from tui.client.useasy.records import Specs, read_customer, write_value
from tui.client.useasy.search_terms import Term, terms_of
from tui.model.conditions import OPERATORS, check_condition, searched_field
from tui.model.customer import Condition, Customer, FieldSpec, FieldType, FieldValues, Page, Query
from tui.model.errors import (
    N_,
    AuthError,
    ConfigError,
    InvalidError,
    KehuError,
    NotFoundError,
    ProtocolError,
    UnsupportedError,
    VendorError,
)
from tui.model.field_names import custom_code, find_field
from tui.model.naming import CUSTOM
from tui.model.phone_email import spellings
from tui.model.validate import check_values

PREFIX = "/openapi/crm"
"""The path of every call, below the profile's base_url."""

PAGE_SIZE = 1000
"""Rows a page at the most: the page names no limit, and this is what a neighbouring vendor allows. A tenant's own
limit, which may be lower, is found out (`PageLimit`)."""

KINDS = {FieldType.PHONE: "phone", FieldType.EMAIL: "email"}
"""Types of fields whose values are held in several spellings."""

CANDIDATES = 20
"""Customers that one value may find: a person chooses among them."""

SUCCESS = "200"
"""The `code` of an answer that succeeded, beside its `success`."""

SIGNING = SigningSettings(algorithm="hmac-sha256", message="{app_id}{nonce}{timestamp}", encoding="base64")
"""What the page's samples allow: 32 bytes in Base64, over neither address nor body (vendor-docs, README)."""

HEADERS = {"app_id": "appid", "nonce": "nonce", "timestamp": "timestamp", "signature": "signature"}
"""Which header carries which part; the timestamp is in seconds."""

FIND_PATHS = ("findById", "")
"""What stands before the id in a single read: as in the page's example, or as in its heading."""

CAPABILITIES = Capabilities(
    operations=frozenset({"list", "get", "create", "update", "delete", "fields"}),
    operators=OPERATORS,
    search_names={"id": "_id", "created_at": "createTime", "updated_at": "updateTime"},
    owner_filter=True,
    page_size=PAGE_SIZE,
)


def judge(reply: Reply) -> None:
    """Return for an answer that succeeded: `success` is true and `code` is 200.

    Raises: ProtocolError for an answer with neither, or where one says yes and the other no; AuthError, NotFoundError
    and VendorError for one that says no, which without a `success` proves nothing.
    """
    code, success = text_of(reply.data.get("code")).strip(), flag_of(reply.data.get("success"))
    if success and code == SUCCESS:
        return
    words = text_of(reply.data.get("message"))
    error: KehuError
    if (success and not code) or (success is None and (code == SUCCESS or not code.isdecimal())):
        error = ProtocolError(N_("the answer tells neither success nor failure"), todo=WAIT_OR_ASK)
    elif success or (success is False and code == SUCCESS):
        error = ProtocolError(N_("the answer tells success and failure at once"), todo=WAIT_OR_ASK)
    else:
        error = _error_of(code, words, reply.path)
        error.unclear = error.unclear or success is None
    error.code, error.detail = code, words
    error.trace_id = text_of(reply.data.get("traceId"))
    raise error


def _ways(condition: Condition, kind: str) -> Sequence[Condition]:
    """`condition`, on a field of `kind`, in every spelling of its value."""
    if condition.operator != "eq" or not kind:
        return (condition,)
    found = [spellings(kind, value) or (value,) for value in condition.values]
    if len(found) == 1:
        return [condition.model_copy(update={"values": (value,)}) for value in found[0]]
    return (condition.model_copy(update={"values": tuple(value[0] for value in found)}),)


ABOUT_NO_RECORD = (f"{PREFIX}/add", f"{PREFIX}/config/field/list")
"""Calls about no customer that there is: what they do not find is something else."""


def _error_of(code: str, words: str, path: str) -> KehuError:
    """What `code` and `words`, of an answer that says no, stand for in the call at `path`."""
    if code in ("401", "403"):
        return AuthError(
            N_("the vendor does not accept the app id and its signature"),
            todo=N_("Check app_id, the secret, [signing] and the clock of this machine."),
        )
    if path not in ABOUT_NO_RECORD and (code == "404" or says_nobody(words)):
        return NotFoundError(N_("the vendor has no such record"))
    error = VendorError(N_("the vendor refused"), passing=code in PASSING)
    error.unclear = code in IN_TROUBLE
    return error


PASSING = frozenset({"429", "502", "503", "504"})
"""Codes that pass with waiting. The page lists no codes but 200, which is HTTP's: these are read as HTTP's too."""


class UseasyService(Dialect):
    """Useasy's customers. The tenant's own fields are known by their params until `fields` was called."""

    def __init__(self, settings: ServiceSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        auth = SignedHeaders(settings, SIGNING, HEADERS)
        super().__init__(settings, Transport(settings, auth, judge, transport), CAPABILITIES)
        self._find_path = settings.options.get("find_path", FIND_PATHS[0])
        if self._find_path not in FIND_PATHS:
            raise ConfigError(
                N_("find_path of profile {profile} is {found!r}"),
                todo=N_("Use one of: {known}."),
                profile=settings.profile,
                found=self._find_path,
                known=", ".join(map(repr, FIND_PATHS)),
            )
        self._configuration: Sequence[object] | None = None
        """The field configuration as the vendor sent it last."""
        self._fixed: frozenset[str] = frozenset()
        """The params of the fields that cannot be edited."""
        self._encoding = FieldEncoding(LISTS)
        self._limit = PageLimit()
        self._found_by: Mapping[Sequence[Condition], Sequence[Condition]] = {}
        """The last search that found somebody in another spelling than the normal form, and that spelling."""

    async def list(self, query: Query) -> Page:
        """One page of those for whom all conditions hold; `query.owner` is one more, on the owner.

        Raises: InvalidError for more rows than `PAGE_SIZE`, for a field that there is not, or for a condition that no
        record can meet (see `check_condition`); ProtocolError where the answer has no list.
        """
        self._require("list")
        if query.size > PAGE_SIZE:
            raise InvalidError(
                N_("a page of {found} customers is over the limit of {limit}"),
                field="size",
                found=query.size,
                limit=PAGE_SIZE,
            )
        owner = () if query.owner is None else (Condition(field="owner", values=(query.owner,)),)
        checked = [check_condition(self._specs(), item, self._capabilities.operators) for item in query.conditions]
        normal, *others = self._spelt(checked)
        ways = (normal, *others) if query.page == 1 else (self._found_by.get(query.conditions, normal),)
        part = PagePart((), 0)
        for conditions in ways:
            part = await self._limit.read(query.page, query.size, partial(self._rows, (*conditions, *owner)))
            if part.items or part.total:
                if conditions in others:
                    self._found_by = {query.conditions: conditions}
                break
        return Page(page=query.page, size=query.size, total=part.total, items=part.items)

    def _spelt(self, conditions: Sequence[Condition]) -> Sequence[Sequence[Condition]]:
        """The searches that `conditions` come to, each where the one before found nobody: a record may hold a phone or
        an e-mail in another spelling than its normal form."""
        specs = self._specs()
        kinds = [KINDS.get(spec.type, "") if (spec := searched_field(specs, item.field)) else "" for item in conditions]
        ways = [_ways(condition, kind) for condition, kind in zip(conditions, kinds, strict=True)]
        most = max(map(len, ways), default=1)
        return [[way[min(number, len(way) - 1)] for way in ways] for number in range(most)]

    async def _rows(self, conditions: Sequence[Condition], page: int, size: int) -> PagePart:
        search = [term for condition in conditions for term in self._terms(condition)]
        body = {"page": page, "limit": size, "search": search}
        answer = await self._transport.call("POST", f"{PREFIX}/list", body=body)
        told = answer.get("data") or answer  # beside nothing in place of the list its count may stand
        data = required_object({"data": told}, "data")
        total = count_of(data.get("count", data.get("total")))
        return PagePart(
            read_customers(listed(data, "list", total, (page - 1) * size, "_id"), self._reader(), "_id"), total
        )

    async def get(self, key: str, by: str = "id") -> Customer:
        """The customer whose id is `key`.

        Raises: NotFoundError where there is none, which the vendor tells by an empty answer, or by its words.
        """
        self._require("get")
        self._check_lookup(by)
        place = "/".join(part for part in (PREFIX, self._find_path, path_segment(key)) if part)
        answer = await self._transport.call("GET", place)
        if not answer.get("data"):
            raise NotFoundError(
                N_("there is no customer {key}"),
                key=key,
                trace_id=text_of(answer.get("traceId")),
                answer=to_keep(heading_of(answer), self._transport.replies.discreet),
            )
        customer = self._reader(key)(required_object(answer, "data"))
        if customer.id != key:
            raise ProtocolError(ANOTHER, todo=WAIT_OR_ASK, key=key)
        return customer

    async def find(self, by: str, value: str) -> tuple[Customer, ...]:
        """Everybody whose `by` is `value`: the id by a single read, any other field by a search.

        Raises: UnsupportedError where they are more than `CANDIDATES`: nobody chooses among so many.
        """
        if by in self._capabilities.lookups:
            return await super().find(by, value)
        try:
            page = await self.list(Query(size=CANDIDATES, conditions=(Condition(field=by, values=(value,)),)))
        except NotFoundError as nobody:
            if not nobody.certain:
                raise
            return ()
        if page.total is not None and page.total > CANDIDATES:
            raise UnsupportedError(
                N_("{count} customers have {value} as their {by}: too many to choose from"),
                todo=N_("Look for customers by what tells one from another, such as an id or a phone."),
                count=page.total,
                by=by,
                value=value,
            )
        return tuple(customer for customer in page.items if customer.id)

    async def create(self, values: FieldValues) -> Written:
        """Create a customer. The answer may leave out custom fields: read the customer to see it whole.

        Raises: InvalidError before anything is sent; OutcomeUnknownError where the answer names no id.
        """
        self._require("create")
        body = await self._body(values, creating=True)
        told = await self._transport.write("POST", f"{PREFIX}/add", Effect.ONCE, body=body)
        customer = self._read_partial(told.data, "")
        self._check_created(customer, values, told.answer)
        return Written(customer, told.answer)

    async def update(self, customer_id: str, values: FieldValues, before: Customer | None = None) -> Written:
        """Send `values` alone. The answer may leave out custom fields: read the customer to see it whole.

        `before` shows in which shape the tenant holds its values.

        Raises: InvalidError before anything is sent.
        """
        self._require("update")
        given_id(customer_id)
        body = {"_id": customer_id, **await self._body(values, before=before)}
        told = await self._transport.write("POST", f"{PREFIX}/update", Effect.REPEATABLE, body=body)
        self._check_about(customer_id, told)
        return Written(self._read_partial(told.data, customer_id), told.answer)

    async def delete(self, customer_id: str) -> Answer:
        """Delete the customer, for good.

        Raises: OutcomeUnknownError where the answer is about another, or says in its `data` that nothing was done.
        """
        self._require("delete")
        body = {"id": given_id(customer_id)}
        told = await self._transport.write("POST", f"{PREFIX}/delete", Effect.ONCE, body=body)
        self._check_about(customer_id, told)
        if flag_of(told.data.get("data")) is False:
            raise self._unconfirmed(told.answer)
        return told.answer

    async def fields(self) -> tuple[FieldSpec, ...]:
        """The field configuration, read anew; the labels and types of custom values come from it from now on.

        A line of it does not say whether its field can be edited, so those that cannot are asked for too.
        """
        self._require("fields")
        every, fixed = await self._field_list({}), await self._field_list({"editable": False})
        self._configuration = every
        ignored = params_of(fixed) == params_of(every)  # the vendor took no notice of the condition
        self._fixed = frozenset() if ignored else params_of(fixed)
        return self._specs()

    async def _field_list(self, conditions: Mapping[str, object]) -> Sequence[object]:
        answer = await self._transport.call("POST", f"{PREFIX}/config/field/list", body=conditions)
        return required_list(answer, "data")

    def _specs(self) -> tuple[FieldSpec, ...]:
        """The fields as far as they are known; a choice whose values were seen as lists is one of several."""
        return read_fields(self._configuration or (), self._encoding.lists, self._fixed)

    def _reader(self, known_id: str = "") -> Callable[[Record], Customer]:
        """What makes a customer of one of this tenant's records, and learns from it."""
        specs = {spec.param: spec for spec in self._specs()}

        def read(record: Record) -> Customer:
            self._learn(record, specs)
            return read_customer(record, specs, known_id)

        return read

    def _learn(self, record: Record, specs: Specs) -> None:
        for param, value in record.items():
            self._encoding.learn(param, value, specs.get(param))

    def _check_about(self, customer_id: str, told: LoggedResponse) -> None:
        """Raises: OutcomeUnknownError where the record in the answer to a write is not `customer_id`'s."""
        data = told.data.get("data")
        if isinstance(data, dict) and id_of(data.get("_id")) not in (None, customer_id):
            raise self._about_another(customer_id, told.answer)

    def _read_partial(self, answer: Record, known_id: str) -> Customer:
        """The customer that the answer to a write tells of, which may be no more than its id."""
        data = answer.get("data")
        return self._reader(known_id)(data if isinstance(data, dict) else {})

    async def _body(
        self, values: FieldValues, before: Customer | None = None, *, creating: bool = False
    ) -> dict[str, object]:
        """`values`, once they are checked, by the vendor's own names for their fields."""
        specs = await self._writable(values)
        values = check_values(specs, values, creating=creating)
        if before is not None:
            self._learn(before.raw, {spec.param: spec for spec in specs})
        found = ((find_field(specs, name), value) for name, value in values.items())
        return {spec.param: write_value(value, spec, self._encoding) for spec, value in found}

    async def _writable(self, values: FieldValues) -> tuple[FieldSpec, ...]:
        """All fields that `values` may name: those of the configuration, and those that the page's examples write.

        Where the profile switches the configuration off, every name is the vendor's own and takes any text.
        """
        if self._configuration is None and self._capabilities.can("fields"):
            await self.fields()
        specs = self._specs()
        listed = {spec.param for spec in specs}
        specs += tuple(spec for spec in UNLISTED if spec.param not in listed)
        if self._configuration is None:
            codes = {spec.code for spec in specs}
            names = (name.removeprefix(CUSTOM) for name in values if name not in codes)
            specs += tuple(FieldSpec(code=custom_code(name), param=name, label=name) for name in names)
        return specs

    def _terms(self, condition: Condition) -> Sequence[Term]:
        """Return `condition` as the vendor takes it."""
        specs = self._specs()
        checked = check_condition(specs, condition, self._capabilities.operators)
        if spec := searched_field(specs, checked.field):
            return terms_of(checked, spec, self._encoding)
        return [{"field": self._param(checked.field), "operator": checked.operator, "value": [*checked.values]}]

    def _param(self, name: str) -> str:
        """The vendor's own name for the field `name`, which may be that already.

        Raises: InvalidError where there is no such field; while the configuration is not known, any is taken for one.
        """
        specs, bare = self._specs(), name.removeprefix(CUSTOM)
        try:
            return find_field(specs, name).param
        except InvalidError:
            params = AUTOMATIC.union(spec.param for spec in (*specs, *UNLISTED))
            if self._configuration is None or bare in params:
                return bare
            raise
