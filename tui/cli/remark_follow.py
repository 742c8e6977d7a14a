"""`kehu remark` and `kehu follow`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tui.cli.delivery_output import raise_if_failed, tell_outcome
from tui.cli.failures import Misused
from tui.cli.output import confirmed, on_terminal, say, warn
from tui.cli.reading import look_up
from tui.cli.session import ID, TEXT, FilePath, Session, command, option, pass_session
from tui.cli.several import Ids, for_each, ids_argument, read_ids, report_several, tell_failed
from tui.cli.streams import STDIN, read_stdin
from tui.desk.outcome import Kind
from tui.locale import N_, _, ngettext
from tui.model.errors import KehuError
from tui.model.times import DayOrMoment, read_moment
from tui.text import day_and_time

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.customer import Customer

USER_HELP = N_("The colleague in whose name; the profile's user_id where it is left out.")


def file_options(function: Callable[..., int]) -> Callable[..., int]:
    """The options of sending the rows of a file."""
    options = (
        option(
            "--file",
            type=FilePath(allow_dash=True),
            metavar="FILE",
            help=N_("Do it for every row of a CSV, XLSX or JSON lines file; - is standard input."),
        ),
        option("--sheet", metavar="NAME", help=N_("The sheet of a workbook; the first that is not empty by itself.")),
        option("--dry-run", is_flag=True, help=N_("Show what would be sent, and send nothing.")),
        option("--partial", is_flag=True, help=N_("Send the good rows of the file although others cannot be.")),
        option("--again", is_flag=True, help=N_("Send rows once more that this file has sent before.")),
    )
    for decorate in reversed(options):
        function = decorate(function)
    return function


def check_file_alone(keys: Sequence[str], others: Mapping[str, object]) -> None:
    """Raise Misused for what belongs to one customer, and is given beside a file."""
    mixed = [name for name, value in {"ID": keys, **others}.items() if value]
    if mixed:
        raise Misused(_("--file does not go with {names}").format(names=", ".join(mixed)), _("The file says it all."))


def _given(texts: Sequence[str], option: str) -> Sequence[str]:
    """Return `texts`, those of `option`, with standard input in the place of `-`.

    Raises: Misused where it is meant twice, has nothing in it, or holds what cannot be sent.
    """
    if STDIN not in texts:
        return texts
    if list(texts).count(STDIN) > 1:
        raise Misused(_("standard input is one text, and {option} - stands twice").format(option=option))
    try:
        text = TEXT.convert(read_stdin().decode("utf-8-sig"), None, None)
    except UnicodeDecodeError as error:
        raise Misused(_("standard input is no text in UTF-8")) from error
    if not text:
        raise Misused(_("standard input is empty: there is no text for {option}").format(option=option))
    return [text if one == STDIN else one for one in texts]


def _customers(keys: Sequence[str], how: Mapping[str, Any]) -> Ids:
    """The customers that are named, without an option that belongs to a file.

    Raises: Misused.
    """
    if not keys:
        raise Misused(_("no customer is named"), _("Name an ID, or a file with --file."))
    if mixed := [f"--{name.replace('_', '-')}" for name, wanted in how.items() if wanted]:
        raise Misused(_("{names} goes with --file alone").format(names=", ".join(mixed)))
    return read_ids(keys)


async def _look_up_all(
    session: Session, desk: Desk, ids: Ids
) -> tuple[Sequence[Customer], Sequence[tuple[str, KehuError]]]:
    """Those of the customers who are there; the others with why not, which is told."""
    found = await for_each(ids, lambda key: look_up(desk, key), at_once=desk.capabilities.lookups_at_once)
    lost = [(key, one) for key, one in found if isinstance(one, KehuError)]
    for key, error in lost:
        tell_failed(session, key, error)
    if len(lost) == len(found):
        raise lost[0][1]
    return [one for _key, one in found if not isinstance(one, KehuError)], lost


def _send_file(
    session: Session, kind: Kind, file: str, user: str | None, how: Mapping[str, Any], when: DayOrMoment | None = None
) -> int:
    from tui.cli.batch import FileOptions, send_file

    how = {**how, "sheet": how["sheet"] or ""}
    return send_file(session, kind, FileOptions(file, user or session.profile.user_id, next=when, **how))


@command(
    "remark",
    help=N_(
        "Set a colleague's remark and description on customers, or on all in a file; where there was none, they can "
        "be changed later, but not taken back."
    ),
)
@ids_argument(required=False)
@file_options
@option("--user", type=ID, metavar="USER", help=USER_HELP)
@option("--remark", metavar="T", help=N_("What the colleague calls the customer; 20 characters at the most."))
@option("--description", metavar="T", help=N_("What the colleague notes; 150 characters at the most."))
@pass_session
def remark(
    session: Session,
    /,
    keys: tuple[str, ...],
    user: str | None,
    remark: str | None,
    description: str | None,
    file: str | None,
    **how: Any,
) -> int:
    """Set one remark, or those of a file."""
    if file is not None:
        check_file_alone(keys, {"--remark": remark, "--description": description})
        return _send_file(session, Kind.REMARK, file, user, how)
    ids = _customers(keys, how)
    user_id = _user(session, user)
    given = {name: text for name, text in (("remark", remark), ("description", description)) if text is not None}
    given = dict(zip(given, _given(list(given.values()), "--remark"), strict=True))

    async def work(desk: Desk) -> int:
        from tui.desk.checks import FIRST_REMARK, STAYS, follower_of, is_first, notes_of, staying
        from tui.model.customer import Remark

        customers, lost = await _look_up_all(session, desk, ids)
        notes = [notes_of(follower) for one in customers if (follower := follower_of(one, user_id)) is not None]
        for name in dict.fromkeys(name for seen in notes for name in staying(seen, given)):
            say(_(STAYS[name]))
        delivery = await desk.remark(
            [Remark(customer=one.id, union_id=one.union_id, user_id=user_id, **given) for one in customers]
        )
        if delivery.applied and any(is_first(seen, given) for seen in notes):
            say(_(FIRST_REMARK))
        done = _("remark saved on {name}").format(name=_whom(customers))
        return report_several(session, lost, delivery, done)

    return session.with_desk(work)


def _whom(customers: Sequence[Customer]) -> str:
    """The one customer by name, several by their number."""
    if len(customers) == 1:
        return customers[0].name or customers[0].id
    return ngettext("{count} customer", "{count} customers", len(customers)).format(count=f"{len(customers):,}")


@command("follow", help=N_("Write down follow-ups on customers, or on all in a file; they cannot be taken back."))
@ids_argument(required=False)
@file_options
@option("--user", type=ID, metavar="USER", help=USER_HELP)
@option(
    "--text",
    "texts",
    multiple=True,
    metavar="T",
    help=N_("What happened; once for each entry. - is standard input."),
)
@option(
    "--at",
    "times",
    multiple=True,
    metavar="TIME",
    help=N_(
        "When: 2024-11-20 14:02 here, 昨天 14:02, -2h, 20241120140200, or ISO 8601 with a zone; once for all entries, "
        "or once for each."
    ),
)
@option(
    "--next",
    "next_at",
    metavar="TIME",
    help=N_("When to contact the customer next, or everybody in the file: 明天 9:30, +3d, 下周一."),
)
@option(
    "--yes", is_flag=True, help=N_("Write down more than one, or a time in the future or years ago, without asking.")
)
@pass_session
def follow(
    session: Session,
    /,
    keys: tuple[str, ...],
    user: str | None,
    texts: tuple[str, ...],
    times: tuple[str, ...],
    next_at: str | None,
    yes: bool,
    file: str | None,
    **how: Any,
) -> int:
    """Write down one or several follow-ups, or those of a file."""
    when = None if next_at is None else _next_time(next_at)
    if file is not None:
        check_file_alone(keys, {"--text": texts, "--at": times})
        return _send_file(session, Kind.FOLLOW, file, user, {**how, "yes": yes}, when)
    ids = _customers(keys, how)
    texts = tuple(_given(texts, "--text"))
    if not texts:
        raise Misused(_("{name} is missing").format(name="--text"), _("Write what happened: --text T."))
    user_id = _user(session, user)
    moments = _moments([_time(text) for text in times], len(texts))
    if not yes:
        _ask_about(session, moments, ids)

    async def work(desk: Desk) -> int:
        from tui.model.customer import FollowEntry, FollowText

        customers, lost = await _look_up_all(session, desk, ids)
        contents = tuple(FollowText(content=text, at=moment) for text, moment in zip(texts, moments, strict=True))
        delivery = await desk.follow(
            [FollowEntry(customer=one.id, union_id=one.union_id, user_id=user_id, texts=contents) for one in customers]
        )
        if reason := desk.why_not("add_follows"):
            say(_("{reason}: this is a note kept here alone").format(reason=reason))
        done = ngettext("{count} follow-up saved on {name}", "{count} follow-ups saved on {name}", len(texts))
        code = report_several(session, lost, delivery, done.format(count=len(texts), name=_whom(customers)))
        if when is None:
            return code
        if ids.several:
            settled = [one.id for one in customers if one.id in delivery.settled]
            from tui.cli.batch import set_next

            return max(code, await set_next(session, desk, when, settled))
        (customer,) = customers
        delivery = await desk.day.set(customer, when)
        raise_if_failed(session, delivery)
        if not session.json:
            text = day_and_time(when.at.timestamp(), whole_day=when.whole_day)
            say(_("next contact with {name}: {time}").format(name=customer.name or customer.id, time=text))
        return max(code, tell_outcome(session, delivery))

    return session.with_desk(work)


def _next_time(text: str) -> DayOrMoment:
    """The time that `--next` is, found wrong before anything is written down."""
    from tui.cli.next_due import read_time
    from tui.desk.next_contacts import check_time

    when = read_time(text, "--next")
    check_time(when)
    return when


def _user(session: Session, named: str | None) -> str:
    if user_id := named or session.profile.user_id:
        return user_id
    raise Misused(
        _("nobody is named in whose name it is written"),
        _("Add --user USER, or set user_id in profile {profile}.").format(profile=session.profile.name),
    )


def _time(text: str) -> datetime:
    """`text` as a moment; without a zone it is this machine's."""
    moment = read_moment(text, datetime.now().astimezone())
    if moment is None:
        raise Misused(
            _("--at does not take {text}").format(text=text),
            _("Write 2024-11-20 14:02, or ISO 8601 with a zone: 2024-11-20T14:02:00+08:00."),
        )
    return moment


def _ask_about(session: Session, moments: Sequence[datetime | None], ids: Ids) -> None:
    """Go on where none of `moments` may be mistaken and one customer is meant, or a person at the terminal agrees.

    Raises: Misused.
    """
    from tui.desk.checks import doubt_of

    doubts = list(dict.fromkeys(doubt for moment in moments if (doubt := doubt_of(moment))))
    if len(ids.keys) > 1:
        text = _("it would be written down on {count} customers, and cannot be taken back")
        doubts.append(text.format(count=f"{len(ids.keys):,}"))
    if not doubts:
        return
    if on_terminal(as_json=session.json):
        for doubt in doubts:
            warn(doubt)
        if confirmed(_("Write it down all the same? A follow-up cannot be taken back.")):
            return
    raise Misused(
        _("nothing was written down: {reasons}").format(reasons="; ".join(doubts)),
        _("Add --yes if that is what you want."),
    )


def _moments(times: Sequence[datetime], count: int) -> Sequence[datetime | None]:
    """`count` moments: none given is the vendor's own, one given is for all."""
    if len(times) in (0, 1):
        return [times[0] if times else None] * count
    if len(times) != count:
        raise Misused(
            _("{times} times do not fit {texts} texts").format(times=len(times), texts=count),
            _("Give --at once for all, once for each --text, or not at all."),
        )
    return times
