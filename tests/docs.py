"""The parts of the README and of `docs/` that are made from what they tell of: `uv run python -m tests.docs`.

A part stands between `<!-- name -->` and `<!-- /name -->`, in any page, in the page's own language: a page whose name
ends with `.zh-CN.md` gets it in 中文, from the message catalogue. `tests.messages` brings the parts along too.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from tui.cli import group
from tui.cli.session import Session
from tui.config.settings import SETTINGS, Setting
from tui.locale import _, language, set_language
from tui.model import errors
from tui.model.columns import COLUMNS, LIST_KEYS, TABLE_KEYS
from tui.screens.main.commands import COMMANDS
from widgets.bars import key_signs

ROOT: Final = Path(__file__).parents[1]

README: Final = ROOT / "README.md"

DOCS: Final = ROOT / "docs"

MEASUREMENTS: Final = DOCS / "measurements.md"

CONSTRAINTS: Final = DOCS / "constraints.txt"
"""The pinned set, for pip."""

CHINESE: Final = ".zh-CN.md"
"""How the name of a page in 中文 ends."""

KEPT: Final = frozenset({"bench"})
"""Parts that are not made here: `tests.bench` measures for them."""

PART: Final = re.compile(r"(<!-- (?P<name>[\w-]+) -->\n)(?P<text>.*?)(<!-- /(?P=name) -->)", re.DOTALL)

WORDS: Final = {
    "code": "退出码",
    "command": "命令",
    "command line": "命令行",
    "default": "默认",
    "desk": "工作台",
    "does": "作用",
    "flag": "`true` 或 `false`",
    "heading": "标题",
    "key": "按键",
    "key of the file": "配置项",
    "keys": "按键，一个或一列",
    "kind": "种类",
    "message": "消息",
    "name": "名称",
    "number": "数字",
    "option": "选项",
    "required": "必填",
    "shows": "显示",
    "table": "表",
    "tables": "若干表",
    "takes": "取值",
    "text": "文本",
    "texts": "文本列表",
    "variable": "变量",
    "what to do": "怎么办",
    "whole": "整数",
    "without a choice": "默认显示于",
}
"""The words of the parts themselves, which stand in no catalogue."""

Row = Iterable[str]


def pages() -> list[Path]:
    """Every page for people."""
    return sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])


def with_parts(page: Path) -> str:
    """The text of `page` with its parts as they have to be now."""
    set_language("zh_CN" if page.name.endswith(CHINESE) else "en", {})
    try:
        return PART.sub(_made, page.read_text(encoding="utf-8"))
    finally:
        set_language("en", {})


def constraints() -> str:
    """Every pin of the project as pip's `--constraint` takes them."""
    pins = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["constraint-dependencies"]
    return "\n".join(("# The exact versions that kehu is tested with: pip install --constraint FILE kehu", *pins, ""))


def stale() -> dict[Path, str]:
    """Every file that is not as it has to be now, and what it has to be."""
    wanted = {page: with_parts(page) for page in pages()} | {CONSTRAINTS: constraints()}
    return {
        file: text for file, text in wanted.items() if not file.exists() or file.read_text(encoding="utf-8") != text
    }


def write() -> list[Path]:
    """Bring every page up to date; those that were not."""
    found = stale()
    for file, text in found.items():
        file.write_text(text, encoding="utf-8")
    return list(found)


def _made(part: re.Match[str]) -> str:
    name = part["name"]
    return part[0] if name in KEPT else f"{part[1]}{PARTS[name]()}\n{part[4]}"


VARIABLES: Final = {
    "KEHU_CONFIG": ("the agent's configuration file", "用户的配置文件"),
    "KEHU_PROFILE": ("the profile to work with, as `--profile` names it", "使用哪个配置，与 `--profile` 相同"),
    "KEHU_LOG": (
        "a file to which kehu writes what it does, bounded and without secrets or people",
        "记录 kehu 运行情况的文件，大小有限，不含密钥和个人信息",
    ),
    "KEHU_USER": (
        "the staff member who acts, in place of the profile's `user_id`",
        "以哪位员工的身份操作，代替配置里的 `user_id`",
    ),
    "KEHU_DATA_DIR": ("the folder of the data", "数据文件夹"),
    "KEHU_TEAM_DATABASE": (
        "the database of `kehu team serve`, as `--database` names it",
        "`kehu team serve` 的数据库，与 `--database` 相同",
    ),
    "KEHU_PAGER": (
        "what shows output that is longer than the screen, before `PAGER`",
        "输出超过一屏时用什么程序翻看，优先于 `PAGER`",
    ),
    "KEHU_DRIVER": ("`plain` draws with Textual's own driver", "`plain` 改用 Textual 自己的驱动绘制"),
    "KEHU_PYZ_DIR": ("where `kehu.pyz` unpacks itself", "`kehu.pyz` 解包到哪里"),
}
"""The environment variables of kehu's own, in English and in 中文."""

ENGLISH: Final = {
    "flag": "`true` or `false`",
    "key of the file": "key",
    "keys": "a key, or a list of keys",
    "texts": "a list of texts",
    "whole": "a whole number",
}
"""Those of them that are written otherwise in a page than here."""


def _word(word: str) -> str:
    return WORDS[word] if language() == "zh_CN" else ENGLISH.get(word, word)


def _table(headings: Row, rows: Iterable[Row]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (map(_word, headings), *rows)]
    lines.insert(1, "|---" * lines[0].count(" | ") + "|---|")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """`text` within a table: in one line, and no part of it taken for the table's or for HTML."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def keys() -> str:
    """The desk's commands with their keys."""
    rows = [
        (" ".join(f"`{sign}`" for sign in key_signs(command.keys)), _cell(_(command.about)), f"`{command.id}`")
        for command in COMMANDS
    ]
    return _table(("key", "does", "name"), rows)


def columns() -> str:
    """What a list can show."""
    places = {"desk": LIST_KEYS, "command line": TABLE_KEYS}
    rows = [
        (
            f"`{column.key}`",
            _(column.label),
            _(column.about),
            _(", ").join(_word(place) for place, shown in places.items() if column.key in shown),
        )
        for column in COLUMNS.values()
    ]
    return _table(("name", "heading", "shows", "without a choice"), rows)


def _context(name: str, command: click.Command, above: click.Context | None = None) -> click.Context:
    return click.Context(command, parent=above, info_name=name, obj=Session(), **command.context_settings)


def every_command() -> Iterator[click.Context]:
    """Each subcommand, and what is below it, in the order of the help page."""
    waiting = [_context("kehu", group.kehu)]
    while waiting:
        ctx = waiting.pop()
        if ctx.parent is not None:
            yield ctx
        if isinstance(ctx.command, click.Group):
            found = [(name, ctx.command.get_command(ctx, name)) for name in ctx.command.list_commands(ctx)]
            waiting += [_context(name, command, ctx) for name, command in reversed(found) if command is not None]


def _help(ctx: click.Context) -> str:
    return _(ctx.command.help) if ctx.command.help else ""


def commands() -> str:
    """Every subcommand in one table."""
    rows = [
        (f"[`{ctx.command_path}`](#{ctx.command_path.replace(' ', '-')})", _cell(_help(ctx).partition("\n")[0]))
        for ctx in every_command()
    ]
    return _table(("command", "does"), rows)


def _options(ctx: click.Context, *, but: Iterable[click.Parameter] = ()) -> str:
    left_out = {name for param in but for name in param.opts}
    records = [
        record
        for param in ctx.command.get_params(ctx)
        if not set(param.opts) & left_out and (record := param.get_help_record(ctx))
    ]
    rows = [(f"`{names}`".replace("|", "\\|"), _cell(text)) for names, text in records if text]
    return _table(("option", "does"), rows) if rows else ""


def options() -> str:
    """What `kehu` itself takes, and with it every command."""
    return _options(_context("kehu", group.kehu))


def usages() -> str:
    """How each subcommand is called, what it does, and its own options."""
    shared = group.kehu.get_params(_context("kehu", group.kehu))
    parts = []
    for ctx in every_command():
        usage = " ".join((ctx.command_path, *ctx.command.collect_usage_pieces(ctx)))
        parts += [f"### {ctx.command_path}", f"`{usage}`", _help(ctx).strip(), _options(ctx, but=shared)]
    return "\n\n".join(part for part in parts if part)


def configuration() -> str:
    """Every key of the configuration, with what it takes and its default."""
    rows = [
        (
            f"`{one.key}`",
            _takes(one),
            f"`{_toml(one.default)}`" if one.default not in (None, "", ()) else "",
            _cell(_(one.help)),
        )
        for one in SETTINGS
    ]
    return _table(("key of the file", "takes", "default", "does"), rows)


def variables() -> str:
    """The environment variables of kehu's own."""
    chinese = language() == "zh_CN"
    rows = [(f"`{name}`", said[chinese]) for name, said in VARIABLES.items()]
    return _table(("variable", "does"), rows)


def _takes(setting: Setting) -> str:
    if setting.choices:
        return " ".join(f"`{choice}`" for choice in setting.choices)
    text = _word(setting.kind)
    if setting.high:
        text += f" ({setting.low:g}–{setting.high:g})"
    return f"{text}, {_word('required')}" if setting.required else text


def _toml(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def exit_codes() -> str:
    """The kinds of errors, as `--json` names them, by exit code."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.KehuError)]
    rows = sorted((kind.exit_code, f"`{kind.kind}`") for kind in kinds)
    return _table(("code", "kind"), [(str(code), name) for code, name in dict.fromkeys(rows)])


def messages() -> str:
    """Every message that says what to do, and what that is."""
    rows = {(_(what), _(todo)) for what, todo in _advice()}
    return _table(("message", "what to do"), sorted((_cell(what), _cell(todo)) for what, todo in rows))


def _advice() -> Iterator[tuple[str, str]]:
    """The messages of the source that stand beside what to do about them."""
    for path in sorted((ROOT / "tui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = [keyword.value for keyword in node.keywords if keyword.arg == "todo"]
                what = next(_marked(node.args), "") if given else ""
                yield from ((what, todo) for todo in _marked(given) if what)


def _marked(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The messages that `N_` marks in `nodes`."""
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
            (text,) = node.args
            if isinstance(text, ast.Constant):
                yield str(text.value)


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "keys": keys,
    "columns": columns,
    "commands": commands,
    "options": options,
    "usages": usages,
    "exit-codes": exit_codes,
    "configuration": configuration,
    "variables": variables,
    "messages": messages,
}

if __name__ == "__main__":
    for written in write():
        print(written.relative_to(ROOT))
