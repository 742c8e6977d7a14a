"""What a vendor's answer says: by its own code where it has one, else by the status, and never with a secret in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import httpx

from tui.client.certainty import Proof, proof_of
from tui.client.error_mapping import retry_after, status_error, tells_more
from tui.client.lenient_json import parse_object
from tui.client.response_log import Answer, to_keep
from tui.client.service import ConnectionInfo, ServiceSettings
from tui.model.errors import N_, AuthError, KehuError, VendorError

CLOCK_TOLERANCE = 60.0
"""Seconds that the clocks may differ before an authorisation error names it; the Date header counts whole seconds."""

MOST_WORDS = 500
"""Characters of a vendor's words that an error carries."""
SIGNATURE_HEADERS = ("signature", "sign")
"""What the dialects call the header of a signature; a vendor's words may repeat its value."""
TIMESTAMP_HEADER = "timestamp"
"""The header of a call that is signed with the time; its refusal may be the clock's fault."""

CLOCK_BEHIND = N_("This machine's clock is {seconds} s behind the vendor's: set it right, then try again.")
CLOCK_AHEAD = N_("This machine's clock is {seconds} s ahead of the vendor's: set it right, then try again.")


@dataclass(frozen=True)
class Reply:
    """A vendor's answer, as a dialect judges it."""

    data: Mapping[str, object]
    method: str
    address: str
    """Without its query."""
    status: int
    path: str = ""
    """What of the address is below base_url: which call it was, as a code means one thing in one call alone."""
    writes: bool = False
    """The call was a write: what the answer says decides whether it counts as applied."""


@dataclass(frozen=True)
class Hit:
    """An attempt that brought an answer that the dialect is content with."""

    data: Mapping[str, object]
    signatures: Sequence[str] = field(repr=False)
    """What the attempt was signed with, which the answer may repeat."""


@dataclass(frozen=True)
class Miss:
    """An attempt that brought no answer to use."""

    error: KehuError
    unclear: bool
    """The call may have been applied."""
    again: bool
    """Another attempt may go well."""


class Replies:
    """Reads what one profile's vendor answers.

    `judge` raises the error that the vendor's own code in an answer stands for, and returns for a success. `now` tells
    the time, in seconds.
    """

    def __init__(self, settings: ServiceSettings, judge: Callable[[Reply], None], now: Callable[[], float]) -> None:
        self._settings = settings
        self._judge = judge
        self._now = now

    def read(
        self,
        reply: Reply,
        headers: httpx.Headers,
        body: bytes,
        sent: httpx.Headers,
        connection_info: ConnectionInfo | None,
    ) -> Hit | Miss:
        """The answer, or what it says went wrong: by the vendor's own code where it has one, else by the status.

        `reply` has no data yet, `headers` and `body` are the answer's, `sent` are the headers of the call.
        """
        data, verdict = self._verdict(reply, body)
        signatures = [sent[name] for name in SIGNATURE_HEADERS if name in sent]
        wait = retry_after(headers, self._now())
        if 200 <= reply.status < 300:
            if verdict is None:
                return Hit(data, signatures)
            error = verdict
        else:
            error = tells_more(verdict, status_error(reply.status, profile=self._settings.profile, retry_after=wait))
        error.method, error.address, error.status = reply.method, reply.address, reply.status
        http = {} if data and 200 <= reply.status < 300 else {"http": reply.status}
        error.answer = {**http, **self.to_keep(data, signatures)}
        error.code = self.discreet(error.code, *signatures)
        error.detail = self.discreet(error.detail, *signatures)
        error.trace_id = self.discreet(error.trace_id, *signatures)
        if isinstance(error, AuthError) and TIMESTAMP_HEADER in sent:
            _blame_clock(error, connection_info)
        if isinstance(error, VendorError) and error.retry_after is None:
            error.retry_after = wait
        unclear = proof_of(reply.status, verdict) is Proof.UNKNOWN
        return Miss(error, unclear=unclear, again=isinstance(error, VendorError) and error.passing)

    def _verdict(self, reply: Reply, body: bytes) -> tuple[Mapping[str, object], KehuError | None]:
        """The JSON object that the body is, if any, and the error that it stands for, by the vendor's own code."""
        data: Mapping[str, object] = {}
        try:
            data = parse_object(body, decides=reply.writes)
            self._judge(replace(reply, data=data))
        except KehuError as error:
            return data, error.with_traceback(None)
        return data, None

    def discreet(self, words: str, *signatures: str) -> str:
        """A vendor's `words`, without the secret or `signatures` that it may repeat, and no longer than a screen
        bears.
        """
        words = self._without_secrets(words, signatures)
        return words if len(words) <= MOST_WORDS else words[:MOST_WORDS] + "…"

    def _without_secrets(self, words: str, signatures: Sequence[str]) -> str:
        for secret in {self._settings.secret, quote(self._settings.secret, safe=""), *signatures} - {""}:
            words = words.replace(secret, "…")
        return words

    def to_keep(self, data: Mapping[str, object], signatures: Sequence[str]) -> Answer:
        """`data`, which the vendor answered, fit for the journal."""
        return to_keep(data, lambda words: self._without_secrets(words, signatures))


def _blame_clock(error: AuthError, connection_info: ConnectionInfo | None) -> None:
    """Name the clock as what may be wrong with a signed call, where PULSE tells that it is far off."""
    ahead = connection_info.clock_ahead_s if connection_info else None
    if ahead is not None and abs(ahead) > CLOCK_TOLERANCE:
        error.todo = CLOCK_BEHIND if ahead > 0 else CLOCK_AHEAD
        error.facts["seconds"] = round(abs(ahead))
