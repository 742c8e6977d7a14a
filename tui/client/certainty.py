"""What an answer to a write proves: that it was applied, that it was not, or nothing.

Only the vendor's own code speaks for the vendor. A status alone speaks for whoever answers on the way: a gateway, a
firewall, a balancer that had sent the call on before it gave up, or had sent it twice. So 301 or 404, 429 or 502, a
page of HTML, an empty body or JSON of another shape prove nothing, however much they look like a refusal. What proves
nothing may have been applied: a write that twice is the same as once may go again by itself, and any other is sent
again by a person alone (`tui.desk.outbox.result`). To look at a customer who was not created costs a minute; to find
out that one was created four times costs more.

| the answer's body says                       | 2xx         | 1xx 3xx 4xx | 5xx         |
|----------------------------------------------|-------------|-------------|-------------|
| yes, by the vendor's own code                | applied     | unknown     | unknown     |
| no, by the vendor's own code                 | not applied | not applied | unknown     |
| the credential is not accepted, by its code  | not applied | not applied | not applied |
| called too often, by its code                | not applied | not applied | not applied |
| busy, or in trouble, by its code             | unknown     | unknown     | unknown     |
| nothing of these, or two that contradict     | unknown     | unknown     | unknown     |

The credential and the number of calls are looked at before anything is done. A server that is busy or in trouble may
have come to grief after it had done its work.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tui.model.errors import AuthError, KehuError, ProtocolError, VendorError


class Proof(StrEnum):
    """What is known of a write."""

    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    """It waits where the error is `passing`, and is refused otherwise."""
    UNKNOWN = "unknown"


class Saying(StrEnum):
    """What a body says by the vendor's own code, as a dialect's `judge` reads it."""

    YES = "yes"
    NO = "no"
    NOT_LET_IN = "the credential is not accepted"
    TOO_OFTEN = "called too often"
    TROUBLE = "busy, or in trouble"
    NOTHING = "nothing clear"


_NOT, _UNKNOWN = Proof.NOT_APPLIED, Proof.UNKNOWN

TABLE: Mapping[Saying, tuple[Proof, Proof, Proof]] = {
    Saying.YES: (Proof.APPLIED, _UNKNOWN, _UNKNOWN),
    Saying.NO: (_NOT, _NOT, _UNKNOWN),
    Saying.NOT_LET_IN: (_NOT, _NOT, _NOT),
    Saying.TOO_OFTEN: (_NOT, _NOT, _NOT),
    Saying.TROUBLE: (_UNKNOWN, _UNKNOWN, _UNKNOWN),
    Saying.NOTHING: (_UNKNOWN, _UNKNOWN, _UNKNOWN),
}
"""By what the body says: what it proves under a status of 2xx, of 1xx, 3xx and 4xx, and of 5xx."""


def saying_of(verdict: KehuError | None) -> Saying:
    """What a body says of which a `judge` made `verdict`; None for a success."""
    if verdict is None:
        return Saying.YES
    if isinstance(verdict, ProtocolError):
        return Saying.NOTHING
    if verdict.unclear:
        return Saying.TROUBLE
    if isinstance(verdict, AuthError):
        return Saying.NOT_LET_IN
    return Saying.TOO_OFTEN if isinstance(verdict, VendorError) and verdict.passing else Saying.NO


def proof_of(status: int, verdict: KehuError | None) -> Proof:
    """What an answer with `status` proves whose body a `judge` made `verdict` of; None for a success."""
    column = 0 if 200 <= status < 300 else 2 if status >= 500 else 1
    return TABLE[saying_of(verdict)][column]
