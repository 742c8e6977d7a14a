"""What is shipped: the wheel alone, in an empty environment, started from somewhere else."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sysconfig
import tarfile
import venv
import zipfile
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from tests.e2e.terminal import Terminal
from tests.pace import slow
from tests.release.wheels import PROJECT
from tui.cli.group import COMMANDS
from tui.client.service import DIALECTS
from tui.screens.main.commands import COMMANDS as DESK_COMMANDS
from tui.screens.main.keymap import DIALOGS

ROOT = Path(__file__).parents[1]

NEEDED = (
    "styles/kit.tcss",
    "styles/main.tcss",
    "styles/dialog.tcss",
    "styles/form.tcss",
    "tui/locale/zh_CN/LC_MESSAGES/kehu.mo",
    "tui/locale/zh_CN/LC_MESSAGES/kehu.po",
    "tui/py.typed",
    "widgets/py.typed",
    "tui/sandbox/seed.py",
)
"""Files that are easily left out of a wheel: those that are no modules, and what the demo runs on."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment with the wheel, and the dependencies that this environment has.

    They are reached by a path file, which comes after the environment's own packages; the checkout, which this
    environment has by a path file of its own, is not, as path files found by way of others are not read.
    """
    home = tmp_path_factory.mktemp("empty")
    venv.create(home, with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}, scheme="venv"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    command = home / "bin" / "kehu"
    command.write_text(f"#!{home}/bin/python\nimport sys\nfrom tui.cli import main\nsys.exit(main())\n")
    command.chmod(0o755)
    return home / "bin"


@pytest.fixture
def environ(isolated: Path, installed: Path) -> dict[str, str]:
    """Nothing of the checkout, and a data folder that does not exist yet."""
    return {
        "PATH": f"{installed}:/usr/bin:/bin",
        "HOME": str(isolated),
        "KEHU_DATA_DIR": str(isolated / "data"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


def run(environ: dict[str, str], folder: Path, *command: str) -> str:
    """What `command` prints, run in `folder`."""
    found = str(Path(environ["PATH"].partition(":")[0], command[0]))
    done = subprocess.run([found, *command[1:]], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_what_runs_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert set(NEEDED) <= set(names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"tui", "widgets", "styles"}
    assert not [name for name in names if "__pycache__" in name]


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    on_disk = {
        str(path.relative_to(ROOT))
        for package in ("tui", "widgets", "styles")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert on_disk == {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def test_the_command_of_the_wheel_is_kehu(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        points = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))

        assert archive.read(points).decode().split() == [
            *("[console_scripts]", "kehu", "=", "tui.cli:main"),
            *("[pyinstaller40]", "hook-dirs", "=", "tui.__pyinstaller:hook_directories"),
        ]


def test_a_freezer_gets_every_module_that_is_loaded_by_its_name_and_every_other_file() -> None:
    """A frozen kehu once opened no form: nothing imports the modules of forms, commands and vendors by a statement."""
    name = PROJECT["project"]["entry-points"]["pyinstaller40"]["hook-dirs"]
    (folder,) = EntryPoint("hook-dirs", name, "pyinstaller40").load()()
    hook = runpy.run_path(f"{folder}/hook-tui.py")

    by_name = {place.partition(":")[0] for place in (*COMMANDS.values(), *(command.flow for command in DESK_COMMANDS))}
    by_name |= set(DIALOGS) | {dialect.service.partition(":")[0] for dialect in DIALECTS.values()}
    assert by_name - {""} - set(hook["hiddenimports"]) == set()
    assert {"tui.client.juzi.service", "tui.screens.forms.remark", "pypinyin"} <= set(hook["hiddenimports"])
    told = {str(Path(place, Path(file).name)) for file, place in hook["datas"]}
    assert {name for name in NEEDED if not name.endswith(".py")} <= told
    assert "pypinyin/pinyin_dict.json" in told
    assert [name for name in told if name.endswith(".dist-info/METADATA")]
    assert all(Path(file).is_file() for file, _place in hook["datas"])


def test_the_source_distribution_can_be_tested(tmp_path: Path) -> None:
    archive = next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}

    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "tests/conftest.py", *NEEDED} <= names


@slow
def test_a_shared_installation_with_its_bytecode_is_only_read(
    environ: dict[str, str], tmp_path: Path, installed: Path
) -> None:
    run(environ, tmp_path, "python", "-m", "compileall", "-q", str(installed.parent / "lib"))
    before = sorted((installed.parent / "lib").rglob("*"))

    run(environ, tmp_path, "kehu", "list", "--size", "1")

    assert sorted((installed.parent / "lib").rglob("*")) == before


@slow
def test_the_installed_package_is_the_wheels(environ: dict[str, str], tmp_path: Path, installed: Path) -> None:
    ask = "import tui, widgets, styles; print(tui.__file__, widgets.__file__, styles.__file__)"

    for place in run(environ, tmp_path, "python", "-c", ask).split():
        assert Path(place).is_relative_to(installed.parent)


@slow
def test_the_installed_command_tells_its_version(environ: dict[str, str], tmp_path: Path, wheel: Path) -> None:
    assert run(environ, tmp_path, "kehu", "--version") == f"kehu {wheel.name.split('-')[1]}\n"


@slow
def test_the_installed_command_lists_the_demo(environ: dict[str, str], tmp_path: Path) -> None:
    page = json.loads(run(environ, tmp_path, "kehu", "list", "--json", "--size", "1"))

    assert page["total"] == 5000
    assert [customer["name"] for customer in page["items"]] == ["李四"]


@slow
def test_the_installed_command_speaks_chinese(environ: dict[str, str], tmp_path: Path) -> None:
    environ["LANG"] = "zh_CN.UTF-8"

    assert "用法" in run(environ, tmp_path, "kehu", "--help")


@slow
def test_the_installed_desk_opens_from_another_folder(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Terminal([str(Path(environ["PATH"].partition(":")[0], "kehu"))], environ) as terminal:
        terminal.wait_for(r"▌ 李四 .*2020-10-30")
        terminal.press("q")

        assert terminal.wait_for_exit() == 0
    assert (Path(environ["KEHU_DATA_DIR"]) / "sandbox.db").is_file()
    assert os.listdir(tmp_path) == []
