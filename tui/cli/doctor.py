"""`kehu doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.app.diagnosis import (
    Finding,
    of_environment,
    of_error,
    of_files,
    of_keys,
    of_line,
    of_links,
    of_locks,
    of_paths,
    of_profile,
    of_terminal,
    of_variables,
    of_versions,
    redacted,
)
from tui.app.installation import of_installation
from tui.app.road_diagnosis import of_other_profiles, of_road
from tui.cli.config_commands import file_of
from tui.cli.output import print_facts, print_json
from tui.cli.session import Session, command, option, pass_session
from tui.locale import N_, _
from tui.model.errors import KehuError, StorageError

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.linked_people import LinkedPeople

MARKS = {True: "✓", False: "✗", None: "·"}
"""Right, wrong, and neither."""


@command("doctor", help=N_("Find what is wrong with the configuration, the line, the vendor or the terminal."))
@option("--line", is_flag=True, help=N_("Measure the line to this terminal instead, and say what would mend it."))
@option("--report", is_flag=True, help=N_("Print it as a report to send on: without secrets, and without people."))
@pass_session
def doctor(session: Session, line: bool, report: bool) -> int:
    """Print every finding; the exit code is the first wrong one's."""
    if line:
        from tui.cli.line_doctor import examine_line

        session.speak()
        findings, measured = examine_line(os.environ)
        _print(session, findings, measured)
        return 0
    findings = [
        of_versions(),
        *of_paths(file_of(session), os.environ),
        *of_variables(os.environ),
        *_examine(session),
        *of_installation(),
        *of_terminal(os.environ),
    ]
    if report:
        findings = [_without_people(session, item) for item in findings]
    _print(session, findings)
    return next((item.exit_code for item in findings if item.exit_code), 0)


def _print(session: Session, findings: Sequence[Finding], measured: Mapping[str, object] | None = None) -> None:
    if session.json:
        told = [{"topic": item.topic, "ok": item.ok, "found": item.found, "todo": item.todo} for item in findings]
        print_json(told if measured is None else {"measured": measured, "findings": told})
    else:
        print_facts(
            [
                (f"{MARKS[item.ok]} {_(item.topic)}", [item.found, f"→ {item.todo}" if item.todo else ""])
                for item in findings
            ]
        )


def _without_people(session: Session, item: Finding) -> Finding:
    try:
        config = session.read_config()
    except KehuError:
        config = None
    return replace(item, found=redacted(item.found, config, os.environ), todo=redacted(item.todo, config, os.environ))


def _examine(session: Session) -> Iterator[Finding]:
    """Everything that can be looked at, up to what is wrong with it."""
    try:
        config = session.read_config()
    except KehuError as error:
        yield of_error("configuration", error)
        return
    yield from of_files(config)
    yield from of_locks(config)
    yield from of_keys(config)
    yield from of_environment(config, os.environ)
    try:
        profile = session.profile
    except KehuError as error:
        yield of_error("profile", error)
        return
    yield of_profile(profile)
    road = list(of_road(profile, os.environ))
    yield from road

    async def work(desk: Desk, people: LinkedPeople) -> list[Finding]:
        blocked = any(finding.ok is False for finding in road)
        line = [] if blocked else [finding async for finding in of_line(desk)]
        return line + [finding async for finding in of_links(desk, people)]

    try:
        line = session.with_people(work)
    except KehuError as error:
        yield of_error("data" if isinstance(error, StorageError) else "credential", error)
    else:
        yield Finding("credential", True, profile.secret.key)
        yield from line
    yield from of_other_profiles(config, profile, os.environ)
