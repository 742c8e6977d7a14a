"""Every command of the desk, once: its key, its name, what it needs of the vendor.

The bindings, the footer, the palette, the help and the table in `docs/keys.md` are all read from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType

from tui.locale import N_


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a key does. `keys` is the default and can be remapped by `id` in the configuration's `[keys]`."""

    id: str
    keys: str
    name: str
    """A word or two, for the footer; marked for translation."""
    about: str
    """A sentence, for the help and the palette; marked for translation."""
    group: str
    needs: str = ""
    """The vendor's operation that it takes, if any (`tui.client.service.OPERATIONS`)."""
    writes: bool = False
    """It changes customers, whatever the vendor has for it: not where the profile is read-only."""
    linked: bool = False
    """A linked profile whose vendor has the operation will do."""
    footer: bool = False
    """Stands in the footer."""
    flow: str = ""
    """`module:function` of its flow, loaded when it is first used: `async (MainScreen) -> None`."""
    opens: bool = True
    """Its flow begins with a form or a dialog, for which the next keys are meant."""
    asks: bool = False
    """It writes to customers: the agent is asked first where a colleague is at it."""
    marked: bool = False
    """It is about all who are marked, where any are."""

    @property
    def action(self) -> str:
        """Textual's action on the main screen."""
        return f"flow('{self.id}')" if self.flow and self.id != "quit" else self.id


MOVE, READ, CHANGE, DESK = N_("Move"), N_("Read"), N_("Change"), N_("Desk")

VIEW_KEYS = "123456789"

_VIEWS = tuple(
    Command(
        f"view_{key}",
        key,
        N_("view"),
        N_("the view with this key: a query by name"),
        READ,
        flow=f"tui.screens.main.list_views:view_{key}",
        opens=False,
    )
    for key in VIEW_KEYS
)

COMMANDS = (
    Command("list.down", "down,j", N_("down"), N_("next row; past the last one, the next page"), MOVE),
    Command("list.up", "up,k", N_("up"), N_("row before; past the first one, the page before"), MOVE),
    Command("list.page_down", "pagedown,ctrl+f", N_("screen"), N_("a screen down; ctrl+d half of one"), MOVE),
    Command("list.page_up", "pageup,ctrl+b", N_("screen"), N_("a screen up; ctrl+u half of one"), MOVE),
    Command("list.first", "g,home", N_("first"), N_("first row"), MOVE),
    Command("list.last", "G,end", N_("last"), N_("last row"), MOVE),
    Command("list.open", "enter", N_("open"), N_("open the customer"), MOVE, footer=True),
    Command("next_page", "n,right_square_bracket", N_("next"), N_("turn to the next page"), MOVE),
    Command("previous_page", "p,left_square_bracket", N_("previous"), N_("turn to the page before"), MOVE),
    Command(
        "go_to_page", "colon", N_("page"), N_("go to a page by its number"), MOVE, flow="tui.screens.main.go_to:go_to"
    ),
    Command(
        "sheet.next_part",
        "right_curly_bracket",
        N_("next part"),
        N_("in a customer, the part of the next profile"),
        MOVE,
    ),
    Command(
        "sheet.previous_part",
        "left_curly_bracket",
        N_("part before"),
        N_("in a customer, the part of the profile before"),
        MOVE,
    ),
    Command(
        "next_customer",
        "greater_than_sign,ctrl+down",
        N_("next customer"),
        N_("open the list's next customer without going back to the list"),
        MOVE,
    ),
    Command(
        "previous_customer",
        "less_than_sign,ctrl+up",
        N_("customer before"),
        N_("open the list's customer before"),
        MOVE,
    ),
    Command("other_pane", "tab", N_("pane"), N_("move between the list and the customer"), MOVE),
    Command("back", "escape,ctrl+q", N_("back"), N_("go back: close the customer, leave the search"), MOVE),
    Command(
        "search",
        "slash",
        N_("search"),
        N_("search the customers seen here, as you type; in a customer, find a field"),
        READ,
        footer=True,
    ),
    Command(
        "filter",
        "F",
        N_("filter"),
        N_("list those seen here whom a query means, such as owner:me tag:VIP last<30d"),
        READ,
        flow="tui.screens.forms.query:query",
    ),
    Command(
        "ask_vendor",
        "ctrl+r",
        N_("ask the vendor"),
        N_("list one owner's, or search at the vendor"),
        READ,
        flow="tui.screens.forms.filter:filter",
    ),
    *_VIEWS,
    Command(
        "views",
        "V",
        N_("views"),
        N_("choose a view, or save what is listed as one"),
        READ,
        flow="tui.screens.main.list_views:views",
    ),
    Command(
        "due",
        "T",
        N_("due"),
        N_("list who is to be contacted: overdue, today, soon"),
        READ,
        flow="tui.screens.main.list_views:due",
        opens=False,
    ),
    Command(
        "sort",
        "comma",
        N_("sort"),
        N_("sort those seen here by any column; by the same one again, the other way round"),
        READ,
        flow="tui.screens.main.arrange_list:sort",
    ),
    Command(
        "columns",
        "vertical_line",
        N_("columns"),
        N_("choose the columns of the list and their order, for the profile or for the view"),
        READ,
        flow="tui.screens.main.arrange_list:columns",
    ),
    Command("all", "0", N_("all"), N_("list all customers again"), READ),
    Command(
        "look_up",
        "L,ctrl+g",
        N_("look up"),
        N_("look up who calls, by whatever they say: here, at the vendor, at linked profiles"),
        READ,
        flow="tui.screens.forms.look_up:look_up",
    ),
    Command(
        "duplicates",
        "equals_sign",
        N_("duplicates"),
        N_("customers seen here who may be one person"),
        READ,
        flow="tui.screens.duplicates.pairs:duplicates",
    ),
    Command(
        "sync",
        "S",
        N_("sync"),
        N_("read the vendor's whole list into the directory, or stop that"),
        READ,
        "list",
        flow="tui.screens.main.under_way:sync",
        opens=False,
    ),
    Command("history", "h", N_("history"), N_("the customer's follow history"), READ),
    Command("raw", "v", N_("raw"), N_("the vendor's own record, as it came"), READ, flow="tui.screens.main.raw:raw"),
    Command(
        "mask",
        "m",
        N_("mask"),
        N_("show the hidden value under the cursor; elsewhere hide contacts from onlookers, or no more"),
        READ,
        flow="tui.screens.main.reveal:mask",
        opens=False,
    ),
    Command("refresh", "R", N_("refresh"), N_("read again at the vendor"), READ),
    Command(
        "copy",
        "y",
        N_("copy"),
        N_("copy the value under the cursor; in the list, the customer's phone, id or name"),
        READ,
        flow="tui.screens.main.copy:copy",
    ),
    Command(
        "export",
        "E",
        N_("export"),
        N_("write what is listed, all pages of it, or the marked to a file: XLSX, CSV, TSV, JSON lines"),
        READ,
        flow="tui.screens.forms.export:export",
    ),
    Command(
        "edit",
        "e",
        N_("edit"),
        N_("edit the customer's fields, at every profile that can be edited"),
        CHANGE,
        "update",
        linked=True,
        footer=True,
        flow="tui.screens.forms.edit:edit",
        asks=True,
    ),
    Command(
        "remark",
        "r",
        N_("remark"),
        N_("set a colleague's remark and description"),
        CHANGE,
        "set_remarks",
        footer=True,
        flow="tui.screens.forms.remark:remark",
        asks=True,
        marked=True,
    ),
    Command(
        "follow",
        "f",
        N_("follow up"),
        N_("write down follow-ups"),
        CHANGE,
        writes=True,
        footer=True,
        flow="tui.screens.forms.follow:follow",
        asks=True,
        marked=True,
    ),
    Command(
        "next_contact",
        "t",
        N_("next contact"),
        N_("say when to contact the customer next, and why"),
        CHANGE,
        flow="tui.screens.forms.next_date:next_contact",
    ),
    Command(
        "done",
        "full_stop",
        N_("done"),
        N_("the customer was contacted: go on to the next one who is due"),
        CHANGE,
        flow="tui.screens.forms.next_date:done",
        opens=False,
    ),
    Command(
        "claim",
        "W",
        N_("mine"),
        N_("in a team, have the customer be yours for two hours, or give it back"),
        CHANGE,
        flow="tui.screens.main.claim:claim",
        opens=False,
    ),
    Command(
        "hand_over",
        "H",
        N_("hand over"),
        N_("in a team, have a colleague make the next contact with the customer"),
        CHANGE,
        flow="tui.screens.main.claim:hand_over",
    ),
    Command(
        "create",
        "c",
        N_("create"),
        N_("create a customer"),
        CHANGE,
        "create",
        footer=True,
        flow="tui.screens.forms.edit:create",
    ),
    Command(
        "delete",
        "d",
        N_("delete"),
        N_("delete the customer, after typing the name"),
        CHANGE,
        "delete",
        flow="tui.screens.forms.delete:delete",
        asks=True,
    ),
    Command(
        "match",
        "M",
        N_("pick record"),
        N_("pick which of several records of a linked profile is the customer's"),
        CHANGE,
        flow="tui.screens.linked.settle:match",
    ),
    Command(
        "create_linked",
        "C",
        N_("create there"),
        N_("create the customer's record at a linked profile that has none"),
        CHANGE,
        flow="tui.screens.linked.create_linked:create_linked",
    ),
    Command(
        "settle",
        "s",
        N_("settle"),
        N_("choose one of the values that profiles disagree on, and carry it to others"),
        CHANGE,
        flow="tui.screens.linked.settle:settle",
    ),
    Command(
        "undo",
        "u",
        N_("undo"),
        N_("undo the last change made here, or the whole batch that was sent last"),
        CHANGE,
        writes=True,
        flow="tui.screens.journal.journal:undo",
    ),
    Command("list.mark", "space", N_("mark"), N_("mark or unmark the customer for a batch"), CHANGE, footer=True),
    Command("list.mark_all", "a", N_("mark page"), N_("mark or unmark all on the page"), CHANGE),
    Command(
        "mark_all",
        "A",
        N_("mark all"),
        N_("mark all that match too; once they are, take all marks off"),
        CHANGE,
        flow="tui.screens.main.under_way:mark_all",
        opens=False,
    ),
    Command(
        "unmark",
        "U",
        N_("unmark"),
        N_("take all marks off, those that are not shown too"),
        CHANGE,
        flow="tui.screens.main.under_way:unmark",
        opens=False,
    ),
    Command(
        "outbox",
        "o",
        N_("outbox"),
        N_("what waits, failed or is unknown"),
        DESK,
        footer=True,
        flow="tui.screens.outbox.outbox:outbox",
    ),
    Command(
        "drafts",
        "D",
        N_("drafts"),
        N_("what was typed into forms and not sent, of all customers and profiles"),
        DESK,
        flow="tui.screens.forms.draft_list:drafts",
    ),
    Command(
        "stop",
        "x,ctrl+c",
        N_("stop"),
        N_("stop a batch, a sync or the marking; it can go on later"),
        DESK,
        flow="tui.screens.main.under_way:stop",
        opens=False,
    ),
    Command(
        "journal",
        "J",
        N_("journal"),
        N_("every change made from here"),
        DESK,
        flow="tui.screens.journal.journal:journal",
    ),
    Command(
        "insights",
        "I",
        N_("insights"),
        N_("figures: what is due, who is silent, who is new, by colleague, tag and choice"),
        DESK,
        flow="tui.screens.insights.insights:insights",
    ),
    Command(
        "profile",
        "P",
        N_("profile"),
        N_("switch to another profile"),
        DESK,
        footer=True,
        flow="tui.screens.main.quit:profile",
    ),
    Command("language", "ctrl+t", N_("language"), N_("switch between English and 简体中文"), DESK),
    Command(
        "palette",
        "ctrl+p",
        N_("commands"),
        N_("choose a command by its name"),
        DESK,
        flow="tui.screens.main.help:palette",
    ),
    Command("redraw", "ctrl+l", N_("redraw"), N_("draw the whole screen again"), DESK),
    Command(
        "suspend",
        "ctrl+z",
        N_("shell"),
        N_("back to the shell; fg comes here again"),
        DESK,
        flow="tui.screens.main.quit:suspend",
        opens=False,
    ),
    Command("help", "question_mark", N_("help"), N_("all keys"), DESK, footer=True, flow="tui.screens.main.help:help"),
    Command(
        "quit", "q", N_("quit"), N_("go back, or leave kehu"), DESK, footer=True, flow="tui.screens.main.quit:quit"
    ),
)


def command_of(command_id: str) -> Command:
    """The command that is called `command_id`."""
    return next(command for command in COMMANDS if command.id == command_id)


def bindings() -> list[BindingType]:
    """The commands as Textual's bindings, which the configuration remaps by their ids; a widget binds its own."""
    return [
        Binding(command.keys, command.action, command.name, id=command.id, show=False)
        for command in COMMANDS
        if "." not in command.id
    ]
