"""What becomes of a change that went out: by the vendor's answer, or by the error that came in its place.

| what came back                                    | sent again by itself                | else    |
|---------------------------------------------------|-------------------------------------|---------|
| the line broke, the vendor is busy; not applied   | yes, for as long as it takes        |         |
| an answer that is none; not applied               | yes, `MAX_ATTEMPTS` times           | failed  |
| the vendor refused                                | no                                  | failed  |
| it may have been applied, twice does no harm      | yes; `MAX_ATTEMPTS` times if the    | unknown |
|                                                   | vendor answers and makes no sense   |         |
| it may have been applied, twice would do harm     | no                                  | unknown |
| the vendor refused, and an earlier call was lost  | no                                  | unknown |
| a fault of our own; nothing had left              | no                                  | failed  |
| a fault of our own; it may have left              | no                                  | unknown |

What an answer proves is `tui.client.certainty`'s. Of a delete that is unknown the record tells, read again when the
vendor has had time (`tui.desk.outbox.calls`); any other is settled by a person alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.client.response_log import Answer
from tui.locale import _
from tui.model.change import Change, Settlement, State
from tui.model.customer import BatchResult, Customer, Failure
from tui.model.errors import (
    N_,
    AuthError,
    ConflictError,
    InvalidError,
    KehuError,
    NetworkError,
    OwnFaultError,
    ProtocolError,
    StorageError,
    UnsupportedError,
    VendorError,
    sentence_of,
)

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

    @property
    def stands(self) -> Change:
        """The change as it stands now."""
        settled = self.settlement
        return replace(
            self.change,
            state=settled.state,
            code=settled.code,
            message=settled.message,
            answer=settled.answer,
            customer_id=settled.customer_id or self.change.customer_id,
        )


def applied(change: Change, answer: Answer | None = None, customer: Customer | None = None) -> Sent:
    """`change` arrived; `answer` is what the vendor said, and `customer` the record that it told."""
    after = change.request.get("values", change.request) or None
    customer_id = customer.id if customer is not None else None
    settlement = Settlement(change.id, State.SENT, after=after, answer=answer, customer_id=customer_id)
    return Sent(change, settlement, customer)


def of_batch(claimed: Sequence[Change], result: BatchResult) -> list[Sent]:
    """What became of each of `claimed`, which went out in one batch with `result`."""
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
    settlement = Settlement(
        change.id, state, code=failure.code, message=message, answer=failure.answer, unsent=failure.passing
    )
    return _unless_lost_before(change, settlement)


def after_error(change: Change, error: KehuError) -> Settlement:
    """What becomes of `change`, whose call as a whole met `error`."""
    code, message = error.code or error.kind, error.message(_)
    # The disk refuses before a call goes out, never after it: what it then cannot note is kept.
    passing = isinstance(error, NetworkError | StorageError) or (isinstance(error, VendorError) and error.passing)
    if isinstance(error, OwnFaultError):
        state = State.UNKNOWN if error.unclear or change.lost_at is not None else State.FAILED
        return Settlement(change.id, state, code=code, message=message)
    if error.unclear:
        return lost(change, code, message, passing=passing, answer=error.answer)
    waits = passing or (isinstance(error, ProtocolError) and change.attempts < MAX_ATTEMPTS)
    if isinstance(error, InvalidError):
        code = error.field or code
    state = State.PENDING if waits else State.FAILED
    settlement = Settlement(change.id, state, code=code, message=message, answer=error.answer, unsent=waits)
    if isinstance(error, ConflictError) and change.lost_at is not None:
        return settlement  # the record was read: what stands there is somebody else's
    return _unless_lost_before(change, settlement)


def _unless_lost_before(change: Change, settlement: Settlement) -> Settlement:
    """`settlement`, which says of this call that `change` was not applied by it: an earlier one may have done it."""
    if change.lost_at is None:
        return settlement
    state = State.UNKNOWN if settlement.state is State.FAILED else settlement.state
    return replace(settlement, state=state, unsent=False)


FAULT_WORDS = 200
"""Characters of a fault's own words that are told."""


def own_fault(fault: Exception, *, left: bool) -> OwnFaultError:
    """The error of a change whose sending was ended by `fault`, and not by the vendor; `left`: it may be on its way.

    Once it has left, the call is signed and the fault's words may hold with what: then its name is told alone.
    """
    name, words = type(fault).__name__, "" if left else str(fault)[:FAULT_WORDS].strip()
    error = OwnFaultError(
        N_("kehu itself failed while this was sent ({reason})"),
        todo=N_("Look whether it was applied, and send it again only if it was not.")
        if left
        else N_("Nothing was sent. Write it anew or throw it away; crash.log in the data folder says where it failed."),
        reason=f"{name}: {words}" if words else name,
    )
    error.unclear = left
    return error


def refuses_reading(error: KehuError) -> bool:
    """`error`, which came in place of a record, says that this profile gets none: a write need not wait for one."""
    return isinstance(error, AuthError | UnsupportedError) or (isinstance(error, VendorError) and not error.passing)


def lost(change: Change, code: str, message: str, *, passing: bool, answer: Answer | None = None) -> Settlement:
    """Nobody knows whether `change` arrived: it goes again where that does no harm, else a person decides.

    `passing`: it is the line or a busy vendor, and not the change, that is to blame. `answer` is what the vendor said.
    """
    again = change.repeatable and (passing or change.attempts < MAX_ATTEMPTS)
    state = State.PENDING if again else State.UNKNOWN
    return Settlement(change.id, state, code=code, message=message, answer=answer)
