"""What the layers promise, proved at run time: who loads whom, and that importing a module does nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.cli.conftest import CUSTOMERS
from tests.importing import OWN, Import
from tests.pace import first_is_fast, slow

ROOT = Path(__file__).parents[1]

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in OWN
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__main__.py" and path.parent.name != "__pyinstaller"  # a freezer runs it, and kehu never does
)

FIRST_ROWS = ("tui.cli", "tui.config", "tui.app.start")
"""What the first customers' rows wait for."""

FIRST_FRAME = ("tui.app.secret_sources", "tui.app.application")
"""Modules that the first frame waits for; the application loads the others: config, locale, opening, store, text."""

LATER = (
    "tui.client",
    "tui.desk",
    "tui.screens",
    "tui.cli",
    "widgets",
    "tui.sandbox",
    "tui.app.embedded",
    "tui.app.secret_sources",
)
"""Packages of ours that grow with every form and command."""

NEEDED = {
    "tui.client": {"service"},
    "tui.desk": {"change_labels", "disk", "outbox.delivery_text", "outcome", "page_reader", "paging", "record"},
    "tui.screens": {"desk_app", "main", "result_text", "widget_texts", "forms.form_keys"},
    "widgets": {
        *("bars", "block_layout", "blocks", "cells", "clipboard", "list_layout", "driver", "line_edit", "lines"),
        *("paged_list", "sheet", "sheet_layout", "typeahead", "typed", "upstream"),
    },
}
"""Those of their modules that the first frame may load."""

PACKAGES = (
    "asyncio",
    "click",
    "httpx",
    "platformdirs",
    "pydantic",
    "pygments",
    "pypinyin",
    "sqlite3",
    "starlette",
    "textual",
    "uvicorn",
)
"""What takes long to load."""

COMMANDS = {
    "--version": {"click"},
    "--help": {"click", "platformdirs", "sqlite3"},
    "profile list": {"click", "platformdirs"},
    "find li": {"asyncio", "click", "platformdirs", "pydantic", "sqlite3"},
    **{
        command: {"asyncio", "click", "httpx", "platformdirs", "pydantic", "sqlite3"}
        for command in ("list --size 2", "show nobody", "fields", "outbox", "journal", "doctor", "delete nobody")
    },
}
"""What a command may load of those. The demo's sandbox, which the commands call in place of a network, is left out."""

OFTEN = ("--version", "profile list", "find li", "list --size 2", "doctor")
"""One command of each kind, which every run of the tests starts."""

LOOKS = ("list --size 2", "show nobody", "fields")
"""Commands that change nothing."""

CHANGING = (
    *("tui.desk.desk", "tui.desk.outbox.queue", "tui.desk.linked", "tui.desk.sync"),
    *("tui.store.batches", "tui.model.change", "tui.store.outbox", "tui.store.drafts", "tui.store.links"),
)
"""What of ours they leave out: all that changes need, and the linked profiles."""


def imports(*arguments: str) -> list[Import]:
    """What `tests.importing` tells."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.importing", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    told = [Import(**json.loads(line)) for line in done.stdout.splitlines()]
    assert not [one.error for one in told if one.error]
    return told


def below(package: str) -> list[str]:
    """`package` and its modules."""
    return [module for module in MODULES if f"{module}.".startswith(f"{package}.")]


def loaded_by(package: str) -> set[str]:
    """What is loaded once every module of `package` is."""
    script = f"import importlib, sys; [importlib.import_module(m) for m in {below(package)!r}]; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def packages(modules: set[str]) -> set[str]:
    """The top-level packages of `modules`."""
    return {name.partition(".")[0] for name in modules}


def ours(modules: set[str], package: str) -> set[str]:
    """What of `modules` is ours and outside `package`, the packages around it apart."""
    around = {package.rsplit(".", count)[0] for count in range(package.count(".") + 1)}
    return {
        name
        for name in modules
        if name.partition(".")[0] in OWN and not f"{name}.".startswith(f"{package}.") and name not in around
    }


@slow
@pytest.mark.timeout(600)  # a third of a second for each module, and several on a machine that is busy
def test_every_module_is_imported_alone_without_reading_a_file_or_the_environment() -> None:
    told = imports("--warm", *MODULES)
    assert [one.module for one in told] == MODULES
    assert not [deed for one in told for deed in one.deeds]


def test_the_proof_itself_sees_files_variables_and_cycles(tmp_path: Path) -> None:
    module = tmp_path / "widgets_probe.py"
    module.write_text("import os\nopen(__file__).close()\nos.environ.get('HOME')\nos.listdir()\n")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from tests import importing;"
        "importing.OWN = ('widgets_probe',); print(*importing.imported('widgets_probe').deeds, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines() == [
        f"widgets_probe: open {str(module)!r}",
        "widgets_probe: environ HOME",
        "widgets_probe: os.listdir None",
    ]


def test_the_client_layer_knows_no_user_interface() -> None:
    modules = loaded_by("tui.client")
    # Not rich nor click: httpx loads them for a command of its own, wherever they are installed.
    assert not packages(modules) & {"textual", "starlette", "sqlite3"}
    assert not ours(modules, "tui.client") - set(below("tui.model"))


def test_the_model_knows_nobody() -> None:
    modules = loaded_by("tui.model")
    assert not packages(modules) & set(PACKAGES) - {"pydantic"}
    assert not ours(modules, "tui.model")


def test_the_sandbox_knows_nothing_of_the_rest() -> None:
    modules = loaded_by("tui.sandbox")
    assert not packages(modules) & {"httpx", "pydantic", "textual", "rich"}
    assert not ours(modules, "tui.sandbox")


def test_the_widgets_know_textual_and_rich_alone() -> None:
    modules = loaded_by("widgets")
    assert not packages(modules) & {"httpx", "pydantic", "click", "starlette", "sqlite3"}
    assert not ours(modules, "widgets")


def test_the_command_line_loads_no_textual() -> None:
    assert not packages(loaded_by("tui.cli")) & {"textual", "httpx", "pydantic", "starlette", "uvicorn"}


@pytest.mark.parametrize("module", FIRST_FRAME)
def test_the_first_frame_waits_for_nothing_heavy(module: str) -> None:
    (told,) = imports(module)
    assert not packages(set(told.loaded)) & {"httpx", "pydantic", "click", "starlette", "pypinyin"}


@pytest.mark.parametrize("module", FIRST_ROWS)
def test_the_first_rows_wait_for_no_textual(module: str) -> None:
    (told,) = imports(module)
    assert not packages(set(told.loaded)) & {"textual", "httpx", "pydantic", "click", "starlette", "pypinyin"}


def unforeseen(package: str, names: set[str]) -> set[str]:
    """The names of `package`'s modules that are neither needed themselves nor in a room that is."""
    needed = NEEDED.get(package, set())
    rooms = {name.rpartition(".")[0] for name in needed}
    return {name for name in names if name not in needed | rooms and name.partition(".")[0] not in needed}


def test_the_first_frame_loads_no_form_and_no_vendor() -> None:
    (told,) = imports("tui.app.application")
    found = {
        package: {name.removeprefix(f"{package}.") for name in told.loaded if name.startswith(f"{package}.")}
        for package in LATER
    }
    assert {package: more for package, names in found.items() if (more := unforeseen(package, names))} == {}


@pytest.fixture(scope="module")
def loaded_for(
    tmp_path_factory: pytest.TempPathFactory, seeded_with: Callable[[int], Path]
) -> Callable[[str], set[str]]:
    """Tells what is loaded once `kehu COMMAND` is done, at a demo that is seeded already."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(seeded_with(CUSTOMERS), folder)

    @cache
    def loaded(command: str) -> set[str]:
        script = "import sys; from tui.cli import main; main(); print(*filter(sys.modules.get, sys.modules))"
        done = subprocess.run(
            [sys.executable, "-c", script, *command.split()],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "KEHU_DATA_DIR": str(folder)},
        )
        return set(done.stdout.splitlines()[-1].split())

    return loaded


@pytest.mark.parametrize(
    "command", [command if command in OFTEN else pytest.param(command, marks=slow) for command in COMMANDS]
)
def test_a_command_loads_what_it_needs(command: str, loaded_for: Callable[[str], set[str]]) -> None:
    loaded = packages(loaded_for(command)) & set(PACKAGES)
    assert loaded - {"starlette"} <= COMMANDS[command]


@pytest.mark.parametrize("command", first_is_fast(LOOKS))
def test_a_look_at_customers_loads_nothing_that_changes_them(
    command: str, loaded_for: Callable[[str], set[str]]
) -> None:
    loaded = loaded_for(command)
    assert "tui.store.directory" in loaded
    assert not loaded & {module for changing in CHANGING for module in below(changing)}
