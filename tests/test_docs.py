"""The pages for people: what is generated is fresh, links lead somewhere, and every example does what it says."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import messages
from tests.cli.conftest import Kehu, data_dir, kehu, seeded
from tests.docs import CHINESE, DOCS, MEASUREMENTS, PARTS, ROOT, VARIABLES, pages, with_parts
from tui.cli.group import COMMANDS
from tui.config import load
from tui.model import errors

__all__ = ["data_dir", "kehu", "seeded"]

LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)")

BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)

PAGES = pages()


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def blocks(page: Path, language: str) -> list[tuple[str, str]]:
    """The fenced blocks of `page` in `language`: the word after it, and the text."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(name, text) for kind, name, text in found if kind == language]


def anchors(page: Path) -> set[str]:
    """What can stand after `#` in a link to `page`."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_what_is_generated_is_fresh(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == with_parts(page), "run: uv run python -m tests.docs"


def test_every_part_stands_in_some_page() -> None:
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in PARTS if f"<!-- {name} -->" not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for file, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / file).resolve() if file else page
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            lost.append(f"{file}#{anchor}")
    assert lost == []


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "toml")], ids=lambda page: page.name)
def test_a_page_s_configuration_is_one_that_kehu_reads(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.touch(mode=0o600)
    file.write_text("\n".join(text for _name, text in blocks(page, "toml")), encoding="utf-8")

    assert load(file, {}).key_problems == ()


def test_the_administrators_configuration_is_read_as_it_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.touch(mode=0o600)
    file.write_text("\n".join(text for _name, text in blocks(DOCS / "administrator.md", "toml")), encoding="utf-8")

    config = load(file, {})

    assert set(config.profiles) == {"team", "crm", "desk"}
    assert {link.profile for link in config.profiles["team"].links} == {"crm", "desk"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_subcommand_is_told(command: str) -> None:
    assert f"### kehu {command}\n" in (DOCS / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["commands.md", "commands.zh-CN.md"])
def test_every_exit_code_is_told(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    told = re.search(r"^(Exit codes:|退出码：)(.*?)\n\n", text, re.DOTALL | re.MULTILINE)
    assert told is not None
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.KehuError)]

    assert {int(code) for code in re.findall(r"\b\d+\b", told[2])} - {130, 141} == {
        0,
        2,
        *(kind.exit_code for kind in kinds),
    }


def test_every_variable_of_kehu_s_own_is_told() -> None:
    sources = [*(ROOT / "tui").rglob("*.py"), *(ROOT / "widgets").rglob("*.py"), ROOT / "tests/release/bootstrap.py"]
    used = {name for path in sources for name in re.findall(r"\bKEHU_[A-Z_]+\b", path.read_text(encoding="utf-8"))}

    assert used == set(VARIABLES)


@pytest.mark.parametrize("page", ["troubleshooting.md", "troubleshooting.zh-CN.md"])
def test_a_message_that_is_explained_is_one_that_kehu_says(page: str) -> None:
    chinese = page.endswith(CHINESE)
    said = [str(message.string if chinese else message.id) for message in messages.translated() if message.id]
    table = (DOCS / page).read_text(encoding="utf-8").partition("\n<!-- ")[0]
    quoted = re.findall(r"^\| [“\"](.*?)[”\"]", table, re.MULTILINE)

    assert len(quoted) > 5
    pieces = [[piece.strip() for piece in re.split(r"…+", text) if piece.strip()] for text in quoted]
    assert [text for text in pieces if not any(all(piece in one for piece in text) for one in said)] == []


def examples(page: Path) -> list[str]:
    """The lines of `page`'s shell blocks that call kehu with something."""
    lines = "".join(text for _name, text in blocks(page, "sh")).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if re.search(r"\bkehu \w", line.partition("#")[0])]


INSTALLING = re.compile(r"\b(uv|pip|pipx|apt)\b")
"""Commands that `tests/release` proves: they need a network, or an environment of their own."""


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(not INSTALLING.search(line) for line in examples(page))],
    ids=lambda page: page.name,
)
def test_the_examples_work_in_the_order_of_the_page(page: Path, kehu: Kehu, tmp_path: Path) -> None:
    for line in examples(page):
        if INSTALLING.search(line):
            continue
        if re.search(r"[|<>;&$]", shlex.join(shlex.split(line)).replace("'", "")) and " | " in line:
            shell = f'kehu() {{ {shlex.quote(sys.executable)} -m tui "$@"; }}; {line}'
            done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False)
            assert (done.returncode, line) == (0, line), done.stderr
        else:
            run = kehu(*shlex.split(line)[1:])
            assert (run.code, line) == (0, line), run.err


def shapes() -> dict[str, Any]:
    """The JSON that `docs/json.md` shows, by the word after the fence."""
    return {name: json.loads(text) for name, text in blocks(DOCS / "json.md", "json")}


def keys(value: object, place: str = "") -> Iterator[str]:
    """The place of every key in `value`; those of a list are its first item's."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{place}.{key}"
            yield from keys(inner, f"{place}.{key}")
    elif isinstance(value, list) and value:
        yield from keys(value[0], f"{place}[]")


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    ("name", "arguments", "pick"),
    [
        ("customer", ("show", "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"), lambda found: found),
        ("page", ("list", "--size", "1"), lambda found: {**found, "items": []}),
        ("field", ("fields", "--profile", "demo-useasy"), lambda found: dict.fromkeys(found[0])),
        ("duplicates", ("duplicates",), lambda found: {**found, "pairs": [], "shared": []}),
    ],
)
def test_json_has_the_keys_that_the_page_shows(
    name: str, arguments: tuple[str, ...], pick: Callable[[Any], Any], kehu: Kehu
) -> None:
    told = pick(kehu(*arguments, "--json").json())

    missing = set(keys(told)) - set(keys(shapes()[name]))

    assert missing == set()
    assert set(told) == set(shapes()[name])


@pytest.mark.usefixtures("data_dir")
def test_the_error_of_json_has_the_keys_that_the_page_shows(kehu: Kehu) -> None:
    error = kehu("show", "nobody", "--json").error()

    assert set(error) == set(shapes()["error"]["error"])
    assert error["kind"] == shapes()["error"]["error"]["kind"]


CHINESE_PAGES = [page for page in PAGES if page.name.endswith(CHINESE)]


@pytest.mark.parametrize("page", CHINESE_PAGES, ids=lambda page: page.name)
def test_a_page_in_chinese_is_as_whole_as_the_english_one(page: Path) -> None:
    def outline(file: Path) -> list[str]:
        text = BLOCK.sub("", file.read_text(encoding="utf-8"))
        return [line.partition(" ")[0] for line in text.splitlines() if line.startswith("#")]

    english = page.with_name(page.name.replace(CHINESE, ".md"))

    assert outline(page) == outline(english)
    assert [text for _name, text in blocks(page, "sh")] != [] or blocks(english, "sh") == []


def test_a_figure_that_was_measured_stands_in_one_place() -> None:
    """The README once told two figures of "a customer opened": one in the table, one in the text above it."""
    text = MEASUREMENTS.read_text(encoding="utf-8")
    around = re.sub(r"<!-- bench -->.*<!-- /bench -->", "", text, flags=re.DOTALL)

    others = [page for page in PAGES if page not in (MEASUREMENTS, ROOT / "CHANGELOG.md")]
    for words in (around, *(page.read_text(encoding="utf-8") for page in others)):
        assert re.findall(r"\d[\d.,]* (?:×|ms|bytes)(?!\w)", words) == []


def test_a_docstring_names_no_section_that_is_not_there() -> None:
    """`json_shapes` once said: see the README, "The command line"; there was none."""
    lost = []
    for path in [path for package in ("tui", "widgets", "styles") for path in (ROOT / package).rglob("*.py")]:
        source = path.read_text(encoding="utf-8")
        lost += [
            f"{path.name}: {file}"
            for file in re.findall(r"(?<!vendor-)docs/[\w.-]+\.md", source)
            if not (ROOT / file).is_file()
        ]
        lost += [f"{path.name}: {section}" for section in re.findall(r'README, "([^"]+)"', source)]
    assert lost == []
