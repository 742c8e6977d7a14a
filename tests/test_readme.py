"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.readme import README, with_tables
from tui.cli.group import COMMANDS
from tui.config import load
from tui.model import errors


def test_the_tables_are_the_commands_and_the_columns() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_tables(text), "run: python -m tests.readme"


def test_it_begins_with_the_two_commands_and_a_picture_that_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.index("pip install uv && uv run kehu") < text.index("uv run pytest") < text.index("](tests/picture/")
    assert (README.parent / "tests/picture/desk.svg").stat().st_size > 1000


@pytest.mark.parametrize("command", COMMANDS)
def test_every_subcommand_is_in_its_table(command: str) -> None:
    assert re.search(rf"^\|.*`kehu {command}\b.*\|.*\|$", README.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_exit_code_is_told() -> None:
    text = README.read_text(encoding="utf-8")
    told = text[text.index("Exit codes:") :].split("\n\n")[0]
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.KehuError)]

    assert {int(code) for code in re.findall(r"\b\d+\b", told)} - {130, 141} == {
        0,
        2,
        *(kind.exit_code for kind in kinds),
    }


def test_its_configuration_is_one_that_kehu_reads(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "config.toml"
    file.touch(mode=0o600)
    file.write_text("\n".join(blocks), encoding="utf-8")

    config = load(file, {})

    assert set(config.profiles) == {"team", "crm", "desk"}
    assert config.keys == {"refresh": "f5"}
    assert {link.profile for link in config.profiles["team"].links} == {"crm", "desk"}
