"""`kehu doctor --line`: how far away the terminal is, what that does to a key, and what can be done about it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence

from tui.app.diagnosis import Finding, of_terminal
from tui.app.line_measure import BEAT, LONGEST, LineMeasure, measure
from tui.cli.output import say
from tui.locale import N_, _
from tui.text import human_size
from widgets.driver.terminfo import over_ssh

TERMINAL = "/dev/tty"
"""The terminal of this process, wherever its output goes."""

CLOSE, FAR = 0.060, 0.150
"""Seconds of a round trip under which a key feels at once, and over which every key is waited for."""

SLOW = 16 * 1024
"""Bytes a second under which a whole screen, 4 to 8 KB, takes longer than a person waits without noticing."""

ESCAPE_WAIT = 50
"""Milliseconds after which tmux takes Esc for a key of its own that are not felt; tmux's own were 500 until 3.6."""

PROGRAM_WAIT = 2.0
"""Seconds that another program may take to say something about the line."""

TOPICS = (N_("round trip"), N_("throughput"), N_("keystroke hiding"), N_("mosh"), N_("tmux"))
"""What is looked at beside the terminal, in order."""


def examine_line(environ: Mapping[str, str]) -> tuple[Sequence[Finding], Mapping[str, object]]:
    """Return what is found of the line, and what was measured; without a terminal, that there is none.

    It takes `LONGEST` seconds at most, and draws on the terminal's other screen.
    """
    try:
        descriptor = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        descriptor = -1
    if descriptor < 0 or not os.isatty(descriptor):
        todo = _("Run it where the desk runs; over SSH, with a terminal: ssh -t HOST kehu doctor --line")
        return [Finding("round trip", None, _("there is no terminal here to measure through"), todo)], {}
    try:
        say(_("measuring the line, {seconds:.0f} seconds at most …").format(seconds=LONGEST))
        found = measure(descriptor)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return [Finding("round trip", False, _("the terminal went away: {reason}").format(reason=why))], {}
    finally:
        os.close(descriptor)
    return [*_findings(found, environ), *of_terminal(environ)], _measured(found)


def _measured(found: LineMeasure) -> Mapping[str, object]:
    if not found.trips:
        return {"round_trip_ms": None, "bytes_per_second": None}
    trips = [round(trip * 1000, 1) for trip in (min(found.trips), found.trip, max(found.trips))]
    return {
        "round_trip_ms": dict(zip(("least", "median", "most"), trips, strict=True)),
        "bytes_per_second": None if found.bytes_per_second is None else round(found.bytes_per_second),
        "keystrokes_hidden": found.is_obscured,
    }


def _findings(found: LineMeasure, environ: Mapping[str, str]) -> Iterator[Finding]:
    if not found.trips:
        text = _("the terminal does not say where its cursor is, and so nothing can be measured")
        yield Finding("round trip", None, text, _("Try another terminal, or without screen in between."))
        return
    between = "tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else ""
    yield _of_trip(found, between)
    yield _of_throughput(found, between)
    if over_ssh(environ):
        yield _of_hiding(found, between, _network_trip(environ))
        if found.trip > CLOSE:
            yield _of_mosh()
    if environ.get("TMUX"):
        yield _of_tmux()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"


def _of_trip(found: LineMeasure, between: str) -> Finding:
    if between:
        text = _("{trip} to {program}, which answers for the terminal: what lies behind it is not measured")
        todo = _("Detach from {program}, and run it again outside.").format(program=between)
        return Finding("round trip", None, text.format(trip=_ms(found.trip), program=between), todo)
    least, most = _ms(min(found.trips)), _ms(max(found.trips))
    text = _("{trip} from a key to what it draws ({least} to {most} in {count} tries)")
    text = text.format(trip=_ms(found.trip), least=least, most=most, count=len(found.trips))
    if found.trip <= FAR:
        feel = _("it feels at once") if found.trip <= CLOSE else _("it is felt, and does not get in the way")
        return Finding("round trip", True, f"{text}: {feel}")
    feel, todo = _("it gets in the way"), _("Every key is waited for: see keystroke hiding and mosh below.")
    return Finding("round trip", False, f"{text}: {feel}", todo)


def _of_throughput(found: LineMeasure, between: str) -> Finding:
    rate = found.bytes_per_second
    if rate is None:
        return Finding("throughput", True, _("more than can be measured here: nothing waits for it"))
    text = _("{size} a second").format(size=human_size(rate))
    if rate >= SLOW or between:
        return Finding("throughput", True, text)
    screen = _("{text}: a whole screen takes {seconds:.1f} s").format(text=text, seconds=6 * 1024 / rate)
    return Finding(
        "throughput", False, screen, _("Let SSH compress it: ssh -C HOST, or Compression yes in its settings.")
    )


def _of_hiding(found: LineMeasure, between: str, network: float | None) -> Finding:
    """Whether the SSH client holds keys back, what that costs, how it is switched off, and what that gives up."""
    topic = "keystroke hiding"
    if between:
        text = _("cannot be told through {program}").format(program=between)
        return Finding(topic, None, text, _("Detach from {program}, and run it again outside.").format(program=between))
    if not found.is_obscured:
        return Finding(topic, True, _("the SSH client sends each key at once"))
    beat = f"{BEAT * 1000:.0f} ms"
    text = _(
        "the SSH client (OpenSSH 9.5 or later) sends keys on a beat of {beat} only, and others that nobody pressed: "
        "each key waits {half} on average, and some 50 small packets a second go out while you type"
    ).format(beat=beat, half=f"{BEAT * 500:.0f} ms")
    if network is not None:
        text += " · " + _("the network alone takes {trip}").format(trip=_ms(network))
    todo = _(
        "It hides from whoever watches the line when you press keys, from which words and passwords can be guessed. "
        "Where that matters less than the wait, switch it off for this host, on your own machine in ~/.ssh/config: "
        "ObscureKeystrokeTiming no"
    )
    return Finding(topic, None, text, todo)


def _of_mosh() -> Finding:
    text = _(
        "mosh shows what you type before the host has it, and outlives a line that drops or changes; it needs "
        "mosh-server there and UDP 60000 to 61000 open, keeps no scrollback, and copies by y from 1.4 on"
    )
    return Finding("mosh", None, text, _("Try it: mosh HOST -- kehu"))


def _of_tmux() -> Finding:
    """What tmux is set to, and what would be better."""
    wait = _tmux("show-options", "-sv", "escape-time")
    term = _tmux("show-options", "-gv", "default-terminal")
    features = _tmux("display-message", "-p", "#{client_termfeatures}")
    clipboard = _tmux("show-options", "-sv", "set-clipboard")
    if not (wait or term):
        return Finding("tmux", None, _("tmux does not answer"))
    lacks: list[str] = []
    if wait.isdigit() and int(wait) > ESCAPE_WAIT:
        lacks.append("set -s escape-time 10")
    if term and not term.startswith(("tmux", "screen-256color")):
        lacks.append('set -g default-terminal "tmux-256color"')
    if features and "RGB" not in features:
        lacks.append('set -as terminal-features ",*:RGB"')
    if clipboard == "off":
        lacks.append("set -s set-clipboard on")
    colours = _("yes") if "RGB" in features else _("no")
    facts = _("Esc waits {wait} ms, type {term}, 16 million colours: {colours}, clipboard {clipboard}")
    text = facts.format(wait=wait or "?", term=term or "?", colours=colours, clipboard=clipboard or "?")
    todo = _("In ~/.tmux.conf: {lines}").format(lines=" · ".join(lacks)) if lacks else ""
    return Finding("tmux", not lacks, text, todo)


def _tmux(*arguments: str) -> str:
    return _told_by("tmux", *arguments)


def _network_trip(environ: Mapping[str, str]) -> float | None:
    """Return the round trip (seconds) of the SSH connection's packets, as the kernel has it; None where nobody says."""
    parts = environ.get("SSH_CONNECTION", "").split()
    if len(parts) != 4:
        return None
    client, client_port, _server, _server_port = parts
    told = _told_by("ss", "-tinH", "dst", f"[{client}]:{client_port}" if ":" in client else f"{client}:{client_port}")
    found = re.search(r"\brtt:([\d.]+)/", told)
    return float(found[1]) / 1000 if found else None


def _told_by(program: str, *arguments: str) -> str:
    """Return what `program` prints, in a line; empty where it is not there, fails, or takes too long."""
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603  # found on the path, with arguments of ours
            [path, *arguments], capture_output=True, timeout=PROGRAM_WAIT, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
