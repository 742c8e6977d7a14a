"""What the layers promise, proved at run time: who loads whom, and that importing a module does nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in ("tui", "widgets", "styles")
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__main__.py"
)

LIGHT = ("tui.config", "tui.credentials", "tui.locale", "tui.text", "tui.opening", "tui.store.store", "tui.app")
"""Modules that the first frame waits for."""

PROBE = """
import importlib, json, os, sys, sysconfig

module, own = sys.argv[1], tuple(json.loads(sys.argv[2]))
deeds = []
inside = []  # while Python itself looks for a module, or loads one that is not ours, it reads what it likes

def ours():
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.split(".")[0] in own:
            return name
        if name not in ("os", "posixpath", "pathlib", "io", "codecs", "tempfile", "sqlite3", "socket"):
            return ""
        frame = frame.f_back
    return ""

WATCHED = ("open", "os.listdir", "os.scandir", "os.mkdir", "socket.connect", "sqlite3.connect", "subprocess.Popen")

def hook(event, arguments):
    if event in WATCHED and (name := ours()):
        deeds.append(f"{name}: {event} {arguments[0]!r}")

class Environment(os._Environ):
    def __getitem__(self, key):
        if name := ours():
            deeds.append(f"{name}: environ {key}")
        return super().__getitem__(key)

old = os.environ
os.environ = Environment(old._data, old.encodekey, old.decodekey, old.encodevalue, old.decodevalue)
sys.addaudithook(hook)
importlib.import_module(module)
print(json.dumps([deeds, sorted(sys.modules)]))
"""


def loaded_by(module: str) -> tuple[list[str], set[str]]:
    """What importing MODULE alone, in a process of its own, did besides, and which modules were there after it."""
    own = json.dumps(["tui", "widgets", "styles"])
    done = subprocess.run([sys.executable, "-c", PROBE, module, own], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    deeds, modules = json.loads(done.stdout)
    return deeds, set(modules)


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("modules", [MODULES[start::8] for start in range(8)])
def test_every_module_is_imported_alone_without_reading_a_file_or_the_environment(modules: list[str]) -> None:
    for module in modules:
        deeds, _ = loaded_by(module)
        assert not deeds, module


def test_the_client_layer_knows_no_user_interface() -> None:
    for module in (name for name in MODULES if name.startswith("tui.client")):
        _, modules = loaded_by(module)
        assert not packages(modules) & {"textual", "rich", "click", "widgets", "styles", "starlette"}, module
        assert not {name for name in modules if name.startswith("tui.") and not name.startswith("tui.client")}, module


def test_the_sandbox_knows_nothing_of_the_rest() -> None:
    _, modules = loaded_by("tui.sandbox.serve")
    assert {name for name in modules if name.startswith("tui.") and not name.startswith("tui.sandbox")} == set()
    assert not packages(modules) & {"httpx", "pydantic", "textual", "rich", "click"}


def test_the_widgets_know_textual_and_rich_alone() -> None:
    for module in (name for name in MODULES if name.startswith("widgets")):
        _, modules = loaded_by(module)
        assert not packages(modules) & {"tui", "httpx", "pydantic", "click", "starlette"}, module


def test_the_command_line_loads_no_textual() -> None:
    for module in (name for name in MODULES if name.startswith("tui.cli")):
        _, modules = loaded_by(module)
        assert not packages(modules) & {"textual", "httpx", "pydantic", "starlette", "uvicorn"}, module


@pytest.mark.parametrize("module", LIGHT)
def test_the_first_frame_waits_for_nothing_heavy(module: str) -> None:
    _, modules = loaded_by(module)
    assert not packages(modules) & {"httpx", "pydantic", "click", "starlette", "pypinyin"}
