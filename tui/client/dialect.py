"""What dialects share: capabilities under a profile, the calls that a vendor lacks, headers that sign each attempt."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Generator, Mapping, Sequence
from urllib.parse import quote

import httpx

from tui.client.http import Transport
from tui.client.json_values import ANOTHER
from tui.client.response_log import Answer, Written
from tui.client.service import WRITES, Capabilities, ConnectionInfo, ServiceSettings, SigningSettings
from tui.client.signing import sign
from tui.model.characters import clean_id, fold
from tui.model.customer import BatchResult, Customer, FieldSpec, FieldValues, FollowEntry, Page, Query, Remark, TagGroup
from tui.model.errors import N_, ConfigError, InvalidError, NotFoundError, OutcomeUnknownError, UnsupportedError


class Dialect:
    """A `CustomerService` that can do nothing yet: a dialect overrides the calls that its vendor has.

    `capabilities` names those calls; what the profile switches off is taken from them.
    """

    def __init__(self, settings: ServiceSettings, transport: Transport, capabilities: Capabilities) -> None:
        self._settings = settings
        self._transport = transport
        off = settings.disable | (WRITES if settings.read_only else frozenset())
        self._capabilities = dataclasses.replace(
            capabilities,
            operations=capabilities.operations - off,
            disabled=capabilities.operations & settings.disable,
            read_only=settings.read_only,
            answer_within=settings.timeout,
        )

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def connection_info(self) -> ConnectionInfo | None:
        return self._transport.connection_info

    def require_road(self) -> None:
        self._transport.require_road()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def list(self, query: Query) -> Page:
        raise self._unsupported("list")

    async def get(self, key: str, by: str = "id") -> Customer:
        raise self._unsupported("get")

    async def find(self, by: str, value: str) -> tuple[Customer, ...]:
        try:
            return (await self.get(value, by),)
        except NotFoundError as nobody:
            if not nobody.certain:
                raise
            return ()

    async def create(self, values: FieldValues) -> Written:
        raise self._unsupported("create")

    async def update(self, customer_id: str, values: FieldValues, before: Customer | None = None) -> Written:
        raise self._unsupported("update")

    async def delete(self, customer_id: str) -> Answer:
        raise self._unsupported("delete")

    async def fields(self) -> tuple[FieldSpec, ...]:
        raise self._unsupported("fields")

    async def set_remarks(self, remarks: Sequence[Remark]) -> BatchResult:
        raise self._unsupported("set_remarks")

    async def add_follows(self, entries: Sequence[FollowEntry]) -> BatchResult:
        raise self._unsupported("add_follows")

    async def tags(self, sync: bool = False) -> tuple[TagGroup, ...]:
        raise self._unsupported("tags")

    def _require(self, operation: str) -> None:
        """Raises: UnsupportedError where the vendor lacks `operation`, or the profile switches it off."""
        if not self._capabilities.can(operation):
            raise self._unsupported(operation)

    def _unsupported(self, operation: str) -> UnsupportedError:
        if self._capabilities.read_only and operation in WRITES:
            what, todo = N_("profile {profile} is read-only"), N_("The configuration says so: read_only.")
        elif operation in self._capabilities.disabled:
            what = N_("profile {profile} has switched {operation} off")
            todo = N_("Take {operation} out of the profile's disable list if the tenant has it.")
        else:
            what, todo = N_("{dialect} has no call for {operation}"), ""
        dialect, profile = self._settings.dialect, self._settings.profile
        return UnsupportedError(what, todo=todo, operation=operation, dialect=dialect, profile=profile)

    def _check_lookup(self, by: str) -> None:
        """Raises: UnsupportedError where a customer cannot be looked up `by` that."""
        if by not in self._capabilities.lookups:
            raise UnsupportedError(
                N_("{dialect} finds no customer by {by}"),
                todo=N_("Use one of: {known}."),
                dialect=self._settings.dialect,
                by=by,
                known=", ".join(self._capabilities.lookups),
            )

    def _unnamed(self, answer: Answer) -> OutcomeUnknownError:
        """The error of a create whose `answer` names no customer."""
        return OutcomeUnknownError(
            N_("the vendor says that the customer is created, but not under which id"), todo=LOOK_FIRST, answer=answer
        )

    def _check_created(self, created: Customer, values: FieldValues, answer: Answer) -> None:
        """Look whether `created`, the record in the `answer` to a create with `values`, can be the one that was sent.

        Raises: OutcomeUnknownError where it has no id, or another name.
        """
        if not created.id:
            raise self._unnamed(answer)
        sent, told = _folded(values.get("name")), _folded(created.name)
        if sent and told and sent not in told and told not in sent:
            raise OutcomeUnknownError(
                N_("the vendor answered the create with another customer, {name} ({id})"),
                todo=LOOK_FIRST,
                name=created.name,
                id=created.id,
                answer=answer,
            )

    def _about_another(self, customer_id: str, answer: Answer) -> OutcomeUnknownError:
        """The error of a write whose `answer` has the record of another customer than `customer_id`."""
        return OutcomeUnknownError(ANOTHER, todo=LOOK_WHETHER, key=customer_id, answer=answer)

    def _unconfirmed(self, answer: Answer) -> OutcomeUnknownError:
        """The error of a write whose `answer` says that the call succeeded, and that nothing was done."""
        return OutcomeUnknownError(N_("the answer tells success and failure at once"), todo=LOOK_WHETHER, answer=answer)


LOOK_FIRST = N_("Look for the customer before you create it again.")
LOOK_WHETHER = N_("Look whether it was applied, and send it again only if it was not.")


def _folded(name: object) -> str:
    """`name` without what vendors change in one: width, case and spaces."""
    return fold(name).replace(" ", "") if isinstance(name, str) else ""


def given_id(customer_id: str) -> str:
    """`customer_id` itself.

    Raises: InvalidError where it is none: blank, or dots alone, which mean another address in a path.
    """
    if not clean_id(customer_id).strip(" ."):
        raise InvalidError(N_("{found!r} is no customer's id"), field="id", found=customer_id)
    return customer_id


def path_segment(customer_id: str) -> str:
    """`customer_id` quoted as one segment of an address's path.

    Raises: InvalidError, as `given_id`.
    """
    return quote(given_id(customer_id).encode("utf-8", "replace"), safe="")


class SignedHeaders(httpx.Auth):
    """Headers that sign every attempt afresh.

    `headers` names the header of each part of the message: `app_id`, `nonce`, `timestamp` and `signature`; a part
    without a header is not sent. A timestamp counts `ticks` a second. `default` is signed by wherever the profile says
    nothing.

    Raises: ConfigError where the profile's signing makes no sense, or its app id does not fit into a header.
    """

    def __init__(
        self, settings: ServiceSettings, default: SigningSettings, headers: Mapping[str, str], *, ticks: int = 1
    ) -> None:
        self._settings = settings
        self._algorithm = settings.signing.algorithm or default.algorithm or ""
        self._message = settings.signing.message or default.message or ""
        self._encoding = settings.signing.encoding or default.encoding or ""
        self._headers = headers
        self._ticks = ticks
        if not settings.app_id or not settings.app_id.isascii() or not settings.app_id.isprintable():
            raise ConfigError(
                N_("the app_id of profile {profile} is missing, or no plain text"),
                todo=N_("Set app_id to what the vendor's console shows."),
                profile=settings.profile,
            )
        self._signed()  # a mistake in the profile shows now, not at the first call

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers.update(self._signed())
        yield request

    def _signed(self) -> dict[str, str]:
        parts = {
            "app_id": self._settings.app_id,
            "nonce": str(secrets.randbelow(NONCES)),
            "timestamp": str(int(time.time() * self._ticks)),
        }
        parts["signature"] = sign(self._settings.secret, self._algorithm, self._message, self._encoding, **parts)
        return {header: parts[part] for part, header in self._headers.items()}


NONCES = 10**15
"""How many nonces there are: digits alone, as in useasy's samples, and within what a JavaScript number holds."""
