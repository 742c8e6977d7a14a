"""What becomes of a change that went out: by the vendor's answer, or by the error that came in its place.

| what came back                                    | sent again by itself                | else    |
|---------------------------------------------------|-------------------------------------|---------|
| the line broke, the vendor is busy; not applied   | yes, for as long as it takes        |         |
| an answer that is none; not applied               | yes, `MAX_ATTEMPTS` times           | failed  |
| the vendor refused                                | no                                  | failed  |
| it may have been applied, twice does no harm      | yes; `MAX_ATTEMPTS` times if the    | unknown |
|                                                   | vendor answers and makes no sense   |         |
| it may have been applied, twice would do harm     | no                                  | unknown |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.client.answers import Answer
from tui.client.errors import (
    AuthError,
    InvalidError,
    KehuError,
    NetworkError,
    ProtocolError,
    StorageError,
    UnsupportedError,
    VendorError,
    sentence_of,
)
from tui.client.models import BatchResult, Customer, Failure
from tui.locale import _
from tui.store.change import Change, Settlement, State

MAX_ATTEMPTS = 8
"""How often a change is sent by itself to a vendor that answers nonsense before a person is asked."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one change; `customer` is the record as the vendor's answer tells it."""

    change: Change
    settlement: Settlement
    customer: Customer | None = None
    error: KehuError | None = None
    unnoted: StorageError | None = None
    """Why the settlement is not on disk yet."""


def applied(change: Change, answer: Answer | None = None, customer: Customer | None = None) -> Sent:
    """CHANGE arrived; ANSWER is what the vendor said, and CUSTOMER the record that it told."""
    after = change.request.get("values", change.request) or None
    customer_id = customer.id if customer is not None else None
    settlement = Settlement(change.id, State.SENT, after=after, answer=answer, customer_id=customer_id)
    return Sent(change, settlement, customer)


def of_batch(claimed: Sequence[Change], result: BatchResult) -> list[Sent]:
    """What became of each of CLAIMED, which went out in one batch with RESULT."""
    failures = {failure.index: failure for failure in result.failed}
    return [
        Sent(change, _after_failure(change, failures[index]))
        if index in failures
        else applied(change, result.answers.get(index))
        for index, change in enumerate(claimed)
    ]


def _after_failure(change: Change, failure: Failure) -> Settlement:
    message = sentence_of(failure.template, failure.facts, _) if failure.template else failure.message
    if failure.unknown:
        return lost(change, failure.code, message, passing=failure.passing, answer=failure.answer)
    state = State.PENDING if failure.passing else State.FAILED
    return Settlement(change.id, state, code=failure.code, message=message, answer=failure.answer)


def after_error(change: Change, error: KehuError) -> Settlement:
    """What becomes of CHANGE, whose call as a whole met ERROR."""
    code, message = error.code or error.kind, error.message(_)
    # The disk refuses before a call goes out, never after it: what it then cannot note is kept.
    passing = isinstance(error, NetworkError | StorageError) or (isinstance(error, VendorError) and error.passing)
    if error.unclear:
        return lost(change, code, message, passing=passing, answer=error.answer)
    if passing or (isinstance(error, ProtocolError) and change.attempts < MAX_ATTEMPTS):
        return Settlement(change.id, State.PENDING, code=code, message=message, answer=error.answer)
    if isinstance(error, InvalidError):
        code = error.field or code
    return Settlement(change.id, State.FAILED, code=code, message=message, answer=error.answer)


def refuses_reading(error: KehuError) -> bool:
    """ERROR, which came in place of a record, says that this profile gets none: a write need not wait for one."""
    return isinstance(error, AuthError | UnsupportedError) or (isinstance(error, VendorError) and not error.passing)


def lost(change: Change, code: str, message: str, *, passing: bool, answer: Answer | None = None) -> Settlement:
    """Nobody knows whether CHANGE arrived: it goes again where that does no harm, else a person decides.

    PASSING: it is the line or a busy vendor, and not the change, that is to blame. ANSWER is what the vendor said.
    """
    again = change.repeatable and (passing or change.attempts < MAX_ATTEMPTS)
    state = State.PENDING if again else State.UNKNOWN
    return Settlement(change.id, state, code=code, message=message, answer=answer)
