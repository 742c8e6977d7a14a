"""Imports modules one by one, each in a process of its own, and tells what that did: `python -m tests.importing …`.

With `--warm` the packages of others are loaded first, so that each import costs milliseconds; without it each process
tells truly who loads whom. One line of JSON a module.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import FrameType

OWN = ("tui", "widgets", "styles")
"""The packages whose deeds are told."""

WARM = (
    *("textual.app", "textual.widgets", "rich.text", "httpx", "pydantic", "click", "sqlite3", "platformdirs"),
    *("starlette.routing", "uvicorn", "uvicorn.protocols.http.h11_impl", "asyncio", "zoneinfo"),
)
"""What our modules load at import."""

HELPERS = ("os", "posixpath", "pathlib", "io", "codecs", "tempfile", "sqlite3", "socket", "collections.abc", __name__)
"""Modules through which one of ours would open something; any other that does, does it for itself."""

WATCHED = ("open", "os.listdir", "os.scandir", "os.mkdir", "socket.connect", "sqlite3.connect", "subprocess.Popen")
"""Python's audit events for the deeds that an import must not do."""


@dataclass
class Import:
    """What importing one module came to."""

    module: str
    deeds: list[str]
    """Files opened, variables read and the like, each with the module of ours that did it."""
    loaded: list[str]
    """Every module that was there after it."""
    error: str = ""


def doer(frame: FrameType | None) -> str:
    """Which module of ours stands behind `frame`; empty where none does, such as where Python looks for a module."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] in OWN:
            return name
        if name not in HELPERS:
            return ""
        frame = frame.f_back
    return ""


def watch(deeds: list[str]) -> None:
    """Note in `deeds`, from here to the end of the process, whatever a module of ours does."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in WATCHED and (name := doer(sys._getframe(1))):
            deeds.append(f"{name}: {event} {arguments[0]!r}")

    environ_type = type(os.environ)
    read = environ_type.__getitem__

    def noted(self: os._Environ[str], key: str) -> str:
        if name := doer(sys._getframe(1)):
            deeds.append(f"{name}: environ {key}")
        return read(self, key)

    environ_type.__getitem__ = noted  # type: ignore[method-assign]  # this process does nothing else
    sys.addaudithook(hook)


def imported(module: str) -> Import:
    """What importing `module` here did."""
    deeds: list[str] = []
    watch(deeds)
    try:
        importlib.import_module(module)
    except ImportError:
        return Import(module, deeds, [], traceback.format_exc())
    return Import(module, deeds, sorted(sys.modules))


def main(arguments: Sequence[str]) -> None:
    """Print a line for each module of `arguments`."""
    modules = [argument for argument in arguments if argument != "--warm"]
    if "--warm" in arguments:
        for name in WARM:
            importlib.import_module(name)
    for module in modules:
        process = os.fork()
        if not process:
            print(json.dumps(asdict(imported(module))), flush=True)
            os._exit(0)
        os.waitpid(process, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
