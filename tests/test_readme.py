"""The README says what is so, and leads newcomers to the rest."""

from __future__ import annotations

from tests.docs import README

LONGEST = 60
"""Lines of the README: a newcomer's first screens, not a manual."""


def test_it_begins_with_the_two_commands_and_a_picture_that_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.index("pip install uv && uv run kehu") < text.index("uv run pytest") < text.index("](tests/picture/")
    assert (README.parent / "tests/picture/desk.svg").stat().st_size > 1000


def test_it_names_another_way_where_pip_refuses_a_bare_install() -> None:
    text = README.read_text(encoding="utf-8")
    assert "externally-managed-environment" in text
    assert "pipx run uv run kehu" in text


def test_it_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_it_leads_to_every_page() -> None:
    text = README.read_text(encoding="utf-8")
    linked = {page.name for page in (README.parent / "docs").glob("*.md") if f"docs/{page.name}" in text}
    told = {"agent.md", "administrator.md", "keys.md", "query.md", "commands.md", "json.md", "files.md"}
    assert told <= linked
