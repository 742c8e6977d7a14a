"""The keys in force: the commands' own with the configuration's laid over them, and what is wrong with those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from textual.binding import Binding, BindingType

from tui.config import Config
from tui.config.file import Place
from tui.config.keys import types_a_character
from tui.config.table import unknown
from tui.model.errors import N_, ConfigError
from tui.screens.main.commands import COMMANDS
from widgets.bars import NO_KEY
from widgets.paged_list import PagedList
from widgets.sheet import Sheet

MAIN = "main"
"""Where the commands without a dot in their names are: on the main screen, below the list and the pane."""

DIALOGS = {
    "tui.screens.outbox.changes": "ChangesDialog",
    "tui.screens.outbox.outbox": "OutboxDialog",
    "tui.screens.journal.journal": "JournalDialog",
    "tui.screens.duplicates.pairs": "DuplicatesDialog",
    "tui.screens.duplicates.compare": "CompareDialog",
    "tui.screens.duplicates.merge": "SummaryDialog",
    "tui.screens.main.raw": "RawDialog",
    "tui.screens.forms.follow": "FollowDialog",
    "tui.screens.forms.pick_template": "TemplatedDialog",
    "tui.screens.forms.query": "QueryDialog",
    "tui.screens.forms.draft_list": "DraftListDialog",
    "tui.screens.forms.look_up": "LookUpDialog",
    "tui.screens.insights.insights": "InsightsDialog",
    "widgets.dialog": "Dialog ConfirmDialog MessageDialog",
    "widgets.form": "Form",
    "widgets.inputs.picker": "PickerInput",
    "widgets.pick_order": "OrderList",
    "widgets.inputs.contacts": "ContactsInput",
}
"""What else binds keys by names that the configuration may use."""

TYPED_IN = ("form", "dialog", "follow", "template", "query", "contacts", "picker", "order", "look_up")
"""Where texts are typed: a letter there is a letter."""

TOGETHER = (
    {"dialog", "form", "follow", "template", "contacts"},
    {"dialog", "form", "picker"},
    {"dialog", "picker", "order"},
    {"dialog", "query"},
    {"dialog", "look_up"},
    {"dialog", "insights", "sheet"},
    {"dialog", "changes", "outbox", "list"},
    {"dialog", "changes", "journal", "list"},
    {"dialog", "duplicates", "list"},
    {"dialog", "drafts", "list"},
    {"dialog", "compare"},
    {"dialog", "summary"},
    {"dialog", "confirm"},
    {"dialog", "message", "raw"},
    {MAIN, "list"},
    {MAIN, "sheet"},
)
"""Which of them can take the same key at the same time."""

Keys = Mapping[str, tuple[str, ...]]
"""The keys of each command, by its name."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """`in_force` are the keys of what is on the main screen; `changed` the keys that are others than the commands' own,
    as Textual takes them; `problems` what was given and is not in force, and who has no key left."""

    in_force: Keys
    changed: Mapping[str, str]
    problems: Sequence[ConfigError]


def keymap_of(config: Config) -> Keymap:
    """Return the keys in force on the main screen under `config`; the problems of forms' keys are not looked for."""
    own = keys_on_main()
    given = {name: _listed(keys) for name, keys in config.keys.items()}
    chosen, problems = _chosen(given, own, config)
    in_force = dict(own)
    for name, keys in own.items():
        if name in chosen:
            in_force[name] = chosen[name]
            continue
        takers = {key: taker for key in keys if (taker := _holder(key, name, chosen))}
        in_force[name] = tuple(key for key in keys if key not in takers)
        if takers and not in_force[name]:
            key, taker = next(iter(takers.items()))
            problems.append(_displaced(config, key, taker, name))
    changed = {name: ",".join(keys) or NO_KEY for name, keys in in_force.items() if keys != own[name]}
    changed |= {
        name: ",".join(keys) or NO_KEY
        for name, keys in given.items()
        if name not in own and not any(_is_typed(name, key) for key in keys)
    }
    return Keymap(in_force, changed, (*config.key_problems, *problems))


def form_problems(config: Config) -> Sequence[ConfigError]:
    """Return what is wrong with the keys that `config` gives to forms, and with names that no command has.

    Every form is loaded for it: not before the first frame.
    """
    main, forms = keys_on_main(), keys_in_forms()
    every = {**main, **forms}
    given = {name: _listed(keys) for name, keys in config.keys.items()}
    problems = [
        unknown(N_("{file}: {key} names no command"), name, every, file=_line(config, name), key=f"keys.{name}")
        for name in given
        if name not in every
    ]
    problems += [
        ConfigError(
            N_("{file}: {key} is {found}, which is typed as a letter there"),
            todo=N_("Choose a key such as ctrl+{found} or f5."),
            file=_line(config, name),
            key=f"keys.{name}",
            found=key,
        )
        for name, keys in given.items()
        for key in keys
        if name in forms and _is_typed(name, key)
    ]
    good = {name: keys for name, keys in given.items() if not any(_is_typed(name, key) for key in keys)}
    in_force = {name: good.get(name, keys) for name, keys in every.items()}
    told: set[frozenset[str]] = set()
    for name in good:
        for key in good[name] if name in forms and name not in main else ():
            other = _holder(key, name, in_force, but=every)
            if other and frozenset({name, other}) not in told:
                told.add(frozenset({name, other}))
                problems.append(_given_twice(config, key, name, other))
    return problems


def keys_on_main() -> Keys:
    """Return the own keys of everything on the main screen."""
    found = dict(_bound((*PagedList.BINDINGS, *Sheet.BINDINGS)))
    return {command.id: _listed(command.keys) for command in COMMANDS} | found


def keys_in_forms() -> Keys:
    """Return the own keys of everything in forms and lists that has a name."""
    classes = (getattr(import_module(module), name) for module, names in DIALOGS.items() for name in names.split())
    found = {name: keys for of in classes for name, keys in _bound(of.BINDINGS)}
    return {name: keys for name, keys in found.items() if "." in name}


def _bound(bindings: Iterable[BindingType]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for binding in bindings:
        if isinstance(binding, Binding) and binding.id:
            yield binding.id, _listed(binding.key)


def _chosen(given: Keys, own: Keys, config: Config) -> tuple[dict[str, tuple[str, ...]], list[ConfigError]]:
    """Return the keys of each command of `own` that is `given` some, each key to the first of two that meet."""
    chosen: dict[str, tuple[str, ...]] = {}
    problems = []
    for name, keys in given.items():
        if name not in own:
            continue
        good = []
        for key in keys:
            if first := _holder(key, name, chosen):
                problems.append(_given_twice(config, key, first, name))
            else:
                good.append(key)
        if good or not keys:
            chosen[name] = tuple(good)
    return chosen, problems


def _holder(key: str, name: str, keys: Keys, but: Keys | None = None) -> str:
    """Return who but `name` has `key` where it could mean either; not one that has the same key of its own in `but`."""
    for other, its in keys.items():
        meet = other != name and key in its and _meet(name, other)
        if meet and (but is None or not {*but[name]} & {*but[other]}):
            return other
    return ""


def _meet(one: str, other: str) -> bool:
    places = {_place(one), _place(other)}
    return len(places) == 1 or any(places <= together for together in TOGETHER)


def _place(name: str) -> str:
    return name.partition(".")[0] if "." in name else MAIN


def _is_typed(name: str, key: str) -> bool:
    return _place(name) in TYPED_IN and types_a_character(key)


def _listed(keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys.split(",") if key)


def _line(config: Config, name: str) -> Place:
    """Where the configuration has the keys of the command `name`."""
    return config.layers.table().table("keys").place(name)


def _given_twice(config: Config, key: str, first: str, other: str) -> ConfigError:
    return ConfigError(
        N_("{file}: keys.{first} and keys.{other} are both {found}"),
        todo=N_("Give each a key of its own; the first has it."),
        file=_line(config, other),
        found=key,
        first=first,
        other=other,
    )


def _displaced(config: Config, key: str, taker: str, loser: str) -> ConfigError:
    return ConfigError(
        N_("{file}: keys.{taker} is {found}, and {loser} has no key any more"),
        todo=N_("Give {loser} another one, or none on purpose: {loser} = []"),
        file=_line(config, taker),
        found=key,
        taker=taker,
        loser=loser,
    )
