"""How this kehu was installed: what to type to add to it, and whether its packages are its own."""

from __future__ import annotations

import json
import os
import shlex
import sys
import zipimport
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui.locale import N_, _, set_language
from tui.model.errors import ConfigError

if TYPE_CHECKING:
    from tui.app.diagnosis import Finding

TOP_LEVEL = ("tui", "widgets", "styles")
"""The names that kehu takes among all packages of its Python. Others may have the same ones."""

HOME = Path(__file__).parents[2]
"""What they lie in."""

Kind = Literal["file", "frozen", "checkout", "uv", "pipx", "pip"]

NAMES: dict[Kind, str] = {
    "file": N_("one file, kehu.pyz"),
    "frozen": N_("a frozen program"),
    "checkout": N_("a checkout"),
    "uv": "uv tool",
    "pipx": "pipx",
    "pip": "pip",
}


def kind() -> Kind:
    """How kehu came here: as kehu.pyz, in a frozen program, as a checkout, or by uv, pipx or pip."""
    if isinstance(getattr(sys.modules["__main__"], "__loader__", None), zipimport.zipimporter):
        return "file"
    if getattr(sys, "frozen", False):
        return "frozen"
    if (Path(sys.prefix) / "uv-receipt.toml").is_file():
        return "uv"
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return "pipx"
    try:
        source = json.loads(distribution("kehu").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return "pip"
    return "checkout" if source.get("dir_info", {}).get("editable") else "pip"


def how_to_add(extra: str) -> str:
    """The command that adds what `kehu[extra]` needs to this installation, whether or not an index has kehu."""
    packages = " ".join(shlex.quote(name) for name in _needs(extra)) or extra
    python = shlex.quote(sys.executable)
    return {
        "file": f"python -m tests.release pyz --extra {extra}",
        "frozen": f"pip install {packages} && pyinstaller …",
        "checkout": f"uv sync --extra {extra}",
        "uv": f"uv pip install --python {python} {packages}",
        "pipx": f"pipx inject kehu {packages}",
        "pip": f"{python} -m pip install {packages}",
    }[kind()]


def _needs(extra: str) -> list[str]:
    """What kehu's own metadata says that `extra` takes."""
    try:
        lines = distribution("kehu").requires or []
    except PackageNotFoundError:
        return []
    parts = [(need.strip(), marker) for need, _semicolon, marker in (line.partition(";") for line in lines)]
    return [need for need, marker in parts if marker.replace("'", '"').strip() == f'extra == "{extra}"']


def strangers() -> list[ConfigError]:
    """Each of `TOP_LEVEL` that Python takes from somewhere else than kehu, so that kehu cannot work."""
    found = []
    for name in TOP_LEVEL:
        spec = find_spec(name)
        place = Path(spec.origin) if spec is not None and spec.origin else None
        if place is not None and place != HOME / name / "__init__.py" and not getattr(sys, "frozen", False):
            found.append(
                ConfigError(
                    N_("Python takes {name} from {path}, which is no part of kehu"),
                    todo=N_("Take its folder out of PYTHONPATH, or install kehu in an environment of its own."),
                    name=name,
                    path=place,
                )
            )
    return found


def end_with_strangers() -> None:
    """End the program with the first of `strangers`, where there are some: too little of kehu is there to report it."""
    for error in strangers():
        set_language("auto", os.environ)
        print(f"kehu: {error.message(_)}\n→ {error.hint(_)}", file=sys.stderr)  # noqa: T201  # nothing else can
        sys.exit(error.exit_code)


def of_installation() -> Iterator[Finding]:
    """How kehu was installed, and who else has packages of the same names."""
    from tui.app.diagnosis import Finding  # it needs `widgets`, which may be a stranger's

    problems = strangers()
    owners = packages_distributions()
    others = sorted({owner for name in TOP_LEVEL for owner in owners.get(name, ()) if owner != "kehu"})
    if others:
        problems.append(
            ConfigError(
                N_("{others} brings packages of the same names as kehu's, and either may have replaced the other's"),
                todo=N_("Take its folder out of PYTHONPATH, or install kehu in an environment of its own."),
                others=", ".join(others),
            )
        )
    for problem in problems:
        yield Finding("installation", False, problem.message(_), problem.hint(_), problem.exit_code)
    if not problems:
        yield Finding("installation", True, _("{kind}, in {folder}").format(kind=_(NAMES[kind()]), folder=HOME))
