"""ima's calls: update (page), get, create and the field definitions (neighbouring pages). It has no list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from tui.client.dialect import Dialect, SignedHeaders, given_id
from tui.client.error_mapping import IN_TROUBLE
from tui.client.field_encoding import FieldEncoding
from tui.client.http import Effect, Transport
from tui.client.ima.fields import STANDARD_CODES, UNLISTED, read_fields
from tui.client.ima.records import Specs, learn, read_detail, spread, write_body
from tui.client.json_values import WAIT_OR_ASK, Record, id_of, required_list, required_object, text_of
from tui.client.missing import says_nobody
from tui.client.response_log import LoggedResponse, Written
from tui.client.response_reader import Reply
from tui.client.service import Capabilities, ServiceSettings, SigningSettings
from tui.model.customer import Customer, FieldSpec, FieldValues
from tui.model.errors import N_, AuthError, KehuError, NotFoundError, ProtocolError, VendorError
from tui.model.field_names import custom_code
from tui.model.naming import CUSTOM
from tui.model.phone_email import spellings
from tui.model.validate import check_values

PATH = "/basic/openapi/v1/customer"
"""The path of every call, below the profile's base_url."""

SUCCESS = "10000"
"""The `code` of an answer that succeeded."""

SIGNING = SigningSettings(algorithm="md5", message="{app_id}{timestamp}{secret}", encoding="hex")
"""How to sign is not on the page; this is the default of vendor-docs, README."""

HEADERS = {"app_id": "appId", "timestamp": "timestamp", "signature": "sign"}
"""Which header carries which part; the timestamp is in milliseconds."""

LOOKUPS = {
    "id": "customerId",
    "external_id": "externalId",
    "email": "email",
    "phone": "phone",
    "telephone": "telePhone",
}
"""What a customer can be looked up by, and the vendor's `type` for it."""

KINDS = {"email": "email", "phone": "phone", "telephone": "phone"}
"""What of it is held in several spellings, of which one after the other is asked for."""

NOBODY = {
    "id": N_("there is no customer {key}"),
    "external_id": N_("there is no customer whose external id is {key}"),
    "email": N_("there is no customer whose e-mail is {key}"),
    "phone": N_("there is no customer whose phone is {key}"),
    "telephone": N_("there is no customer whose landline is {key}"),
}
"""What is told where a lookup finds nobody."""

CAPABILITIES = Capabilities(
    operations=frozenset({"get", "create", "update", "fields"}),
    lookups=tuple(LOOKUPS),
)


@dataclass(frozen=True)
class RefusalCode:
    """What a result code means, and what to do about it."""

    kind: type[AuthError | VendorError]
    what: str
    todo: str = ""


_CHECK = N_("Check app_id, the secret, [signing] and the clock of this machine.")
_CONSOLE = N_("Sign in to the vendor's console and mend it there.")

REFUSALS: Mapping[str, RefusalCode] = {
    "20001": RefusalCode(VendorError, N_("the vendor says that the call failed")),
    "21002": RefusalCode(AuthError, N_("the vendor does not accept the app id and its signature"), _CHECK),
    "21012": RefusalCode(AuthError, N_("the user name or the password is wrong"), _CHECK),
    "21013": RefusalCode(AuthError, N_("too many mistakes: the vendor wants a captcha solved first"), _CONSOLE),
    "21112": RefusalCode(VendorError, N_("this account is registered already"), _CONSOLE),
    "21114": RefusalCode(AuthError, N_("the activation code has expired"), _CONSOLE),
    "21115": RefusalCode(AuthError, N_("the activation code is wrong"), _CONSOLE),
    "21116": RefusalCode(VendorError, N_("the kind of company is not allowed"), _CONSOLE),
}
"""The page's last table, but for success."""

OWN_CODE = re.compile(r"[1-9]\d{4}")
"""What the vendor's codes look like. Any other (0, 200, 504) is of something in between, and no answer of its own."""


def judge(reply: Reply) -> None:
    """Return for an answer that succeeded: its `code` is 10000.

    Raises: ProtocolError for an answer without a code; NotFoundError where the vendor's words say that there is no such
    customer, for which it has no code; AuthError and VendorError for every other.
    """
    code, words = text_of(reply.data.get("code")).strip(), text_of(reply.data.get("message"))
    if code == SUCCESS:
        return
    if not code:
        raise ProtocolError(N_("the answer tells neither success nor failure"), todo=WAIT_OR_ASK)
    error: KehuError
    if reply.method != "POST" and OWN_CODE.fullmatch(code) and says_nobody(words):
        error = NotFoundError(N_("the vendor has no such record"))
    else:
        refusal = REFUSALS.get(code, RefusalCode(VendorError, N_("the vendor refused")))
        error = refusal.kind(refusal.what, todo=refusal.todo)
        error.unclear = not OWN_CODE.fullmatch(code)
        if isinstance(error, VendorError):
            error.passing = code in IN_TROUBLE
    error.code, error.detail = code, words
    raise error


class ImaService(Dialect):
    """ima's customers, one at a time. The tenant's own fields are known by their codes until `fields` was called."""

    def __init__(self, settings: ServiceSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        auth = SignedHeaders(settings, SIGNING, HEADERS, ticks=1000)
        super().__init__(settings, Transport(settings, auth, judge, transport), CAPABILITIES)
        self._definitions: Sequence[object] | None = None
        """The field definitions as the vendor sent them last."""
        self._encoding = FieldEncoding()

    async def get(self, key: str, by: str = "id") -> Customer:
        """The customer whose `by` (one of `LOOKUPS`) is `key`.

        Raises: NotFoundError where there is none, which the vendor tells by an answer without a customer, or by its
        words.
        """
        self._require("get")
        self._check_lookup(by)
        nobody = NotFoundError(NOBODY[by], key=key)
        for content in spellings(KINDS.get(by, ""), given_id(key)):
            try:
                return await self._customer(content, by, key)
            except NotFoundError as error:
                if not error.certain:
                    raise
                nobody = error
        raise nobody

    async def _customer(self, content: str, by: str, key: str) -> Customer:
        params = {"content": content, "type": LOOKUPS[by]}
        try:
            answer = await self._transport.call("GET", f"{PATH}/detail", params=params)
        except NotFoundError as error:
            if not error.certain:
                raise
            raise NotFoundError(NOBODY[by], key=key, code=error.code, answer=error.answer) from error
        detail = answer.get("data") or {}
        if isinstance(detail, dict) and not detail.get("customer"):
            raise NotFoundError(NOBODY[by], key=key)
        required_object(required_object(answer, "data"), "customer")
        customer = self._read(answer, key if by == "id" else "")
        if not customer.id:
            raise ProtocolError(N_("the answer has a customer without an id"), todo=WAIT_OR_ASK)
        return customer

    async def create(self, values: FieldValues) -> Written:
        """Create a customer; what is returned is what the vendor says.

        Raises: InvalidError before anything is sent; OutcomeUnknownError where the answer names no id.
        """
        self._require("create")
        body = await self._body(values, creating=True)
        told = await self._transport.write("POST", PATH, Effect.ONCE, body=body)
        customer = self._read(told.data, "")
        self._check_created(customer, values, told.answer)
        return Written(customer, told.answer)

    async def update(self, customer_id: str, values: FieldValues, before: Customer | None = None) -> Written:
        """Send `values` alone; what is returned is what the vendor says. Custom fields keep their remarks of `before`.

        Raises: InvalidError before anything is sent.
        """
        self._require("update")
        params = {"customerId": given_id(customer_id)}
        body = await self._body(values, before=before)
        told = await self._transport.write("PUT", PATH, Effect.REPEATABLE, params=params, body=body)
        self._check_about(customer_id, told)
        return Written(self._read(told.data, customer_id), told.answer)

    async def fields(self) -> tuple[FieldSpec, ...]:
        """The field definitions, read anew; the labels and types of custom values come from them from now on."""
        self._require("fields")
        answer = await self._transport.call("GET", f"{PATH}/field/define")
        self._definitions = required_list(answer, "data")
        return read_fields(self._definitions)

    def _check_about(self, customer_id: str, told: LoggedResponse) -> None:
        """Raises: OutcomeUnknownError where the record in the answer to an update is not `customer_id`'s."""
        data = told.data.get("data")
        person = data.get("customer") if isinstance(data, dict) else None
        if isinstance(person, dict):
            ids = {id_of(person.get(name)) for name in ("customerId", "newCustomerId", "mergeCustomerId")} - {None}
            if ids and customer_id not in ids:
                raise self._about_another(customer_id, told.answer)

    def _own_specs(self) -> Specs:
        specs = read_fields(self._definitions or ())
        return {spec.param: spec for spec in specs if spec.code not in STANDARD_CODES}

    def _read(self, answer: Record, known_id: str) -> Customer:
        """The customer in an answer, which to a write may be no more than its id."""
        data = answer.get("data")
        detail: Record = data if isinstance(data, dict) else {}
        specs = self._own_specs()
        learn(self._encoding, detail, specs)
        return read_detail(detail, specs, known_id)

    async def _body(
        self, values: FieldValues, before: Customer | None = None, *, creating: bool = False
    ) -> dict[str, object]:
        """`values`, once they are checked, as a `CustomerDTO`."""
        values = spread(values)
        specs = await self._writable(values)
        values = check_values(specs, values, creating=creating)
        if before is not None:
            learn(self._encoding, before.raw, self._own_specs())
        return write_body(values, specs, self._encoding, before)

    async def _writable(self, values: FieldValues) -> tuple[FieldSpec, ...]:
        """All fields that `values` may name: those of the definitions, and those that the page's example writes.

        Where the profile switches the definitions off, every name is the vendor's own and takes any text.
        """
        if self._definitions is None and self._capabilities.can("fields"):
            await self.fields()
        specs = (*read_fields(self._definitions or ()), *UNLISTED)
        if self._definitions is None:
            codes = {spec.code for spec in specs}
            names = (name.removeprefix(CUSTOM) for name in values if name not in codes)
            specs += tuple(FieldSpec(code=custom_code(name, STANDARD_CODES), param=name, label=name) for name in names)
        return specs
