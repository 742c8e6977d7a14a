"""Commands on several customers, and `-`: their ids from standard input, one a line or as kehu prints JSON."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from tui.cli.exit_codes import together
from tui.cli.failures import Misused, error_json, say_error
from tui.cli.json_shapes import JSON, batch_json
from tui.cli.output import print_json, say
from tui.cli.session import ID, Session
from tui.cli.streams import STDIN, read_stdin
from tui.locale import _
from tui.model.characters import clean_id
from tui.model.errors import AuthError, ConfigError, KehuError, NetworkError

if TYPE_CHECKING:
    from tui.desk.outcome import Delivery
    from tui.model.customer import Failure

T = TypeVar("T")


def ids_argument(*, required: bool = True) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """The argument `keys`: customers by their ids; `read_ids` says which they are."""
    metavar = "ID…" if required else "[ID]…"
    return click.argument("keys", nargs=-1, type=ID, metavar=metavar, required=required)


class Ids(NamedTuple):
    """The customers that a command is about, each once."""

    keys: tuple[str, ...]
    several: bool
    """More than one was named, or `-`: a program is answered with a list then, however many there are."""


def read_ids(keys: Sequence[str]) -> Ids:
    """Return the customers that `keys` name.

    Raises: Misused where standard input names nobody, or holds no text.
    """
    every = [id for key in keys for id in (_from_stdin() if key == STDIN else (key,))]
    return Ids(tuple(dict.fromkeys(every)), len(keys) > 1 or STDIN in keys)


def _from_stdin() -> Sequence[str]:
    try:
        text = read_stdin().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misused(_("standard input is no text"), _("Give an ID a line, in UTF-8.")) from error
    try:
        ids = list(_ids_of(json.loads(text))) if text.lstrip()[:1] in ("{", "[") else []
    except ValueError:  # JSON lines
        ids = []
    ids = ids or [id for line in text.splitlines() for id in _ids_of_line(line)]
    if not ids:
        raise Misused(_("standard input names no customer"), _("Give an ID a line, in UTF-8."))
    return ids


def _ids_of_line(line: str) -> Iterator[str]:
    if line.lstrip().startswith("{"):
        try:
            yield from _ids_of(json.loads(line))
        except ValueError as error:
            raise Misused(_("standard input has a line that is no JSON: {line}").format(line=line[:60])) from error
    elif id := clean_id(line.partition("\t")[0]):
        yield id


def _ids_of(document: object) -> Iterator[str]:
    """The ids in JSON as kehu prints it: of a customer, a list of them, or a page."""
    match document:
        case {"items": list(many)} | [*many]:
            for one in many:
                yield from _ids_of(one)
        case {"id": str(id)} | {"customer": {"id": str(id)}} | {"customer": str(id)} | str(id) if id.strip():
            yield clean_id(id)


async def for_each(
    ids: Ids, work: Callable[[str], Awaitable[T]], *, at_once: int = 1
) -> list[tuple[str, T | KehuError]]:
    """Return what `work` came to for each of `ids`, in their order: its result, or its error. A single one's is raised.

    What keeps one from being called at all, such as a line that is down, keeps the others too: they are not tried.
    """
    from tui.desk.run_limited import side_by_side

    outcomes: dict[str, T | KehuError] = {}
    blocked: list[KehuError] = []

    async def one(key: str) -> None:
        if blocked:
            outcomes[key] = blocked[0]
            return
        try:
            outcomes[key] = await work(key)
        except KehuError as error:
            if not ids.several:
                raise
            outcomes[key] = error
            if isinstance(error, ConfigError | AuthError | NetworkError):
                blocked.append(error)

    await side_by_side(ids.keys, one, at_once=at_once)
    return [(key, outcomes[key]) for key in ids.keys]


def failed_json(key: str, error: KehuError) -> JSON:
    """What stands in a list of results in place of the customer `key`."""
    return {"id": key, "error": error_json(error)}


def failure_of(key: str, error: KehuError) -> Failure:
    """The same in a batch."""
    from tui.model.customer import Failure

    return Failure(index=0, customer=key, user_id="", code=error.code or error.kind, message=error.message(_))


def tell_failed(session: Session, key: str, error: KehuError) -> None:
    """Tell a person that the customer `key` failed by `error`."""
    if not session.json:
        say_error(error, key)


def report_several(session: Session, lost: Sequence[tuple[str, KehuError]], delivery: Delivery, done: str) -> int:
    """Tell how a batch went of whose customers some were `lost` before; `done` is told of the others. The exit code."""
    from tui.cli.delivery_output import raise_if_failed, tell_outcome  # `kehu show` has no use for it

    raise_if_failed(session, delivery)
    if session.json:
        print_json(batch_json(delivery.applied, [*(failure_of(*one) for one in lost), *delivery.failures]))
    elif delivery.applied:
        say(done)
    return together([*(error for _key, error in lost), tell_outcome(session, delivery)])
