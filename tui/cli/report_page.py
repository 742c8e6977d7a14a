"""The report as one HTML page with pictures, which needs nothing but the file to be seen.

The pictures are inline SVG, written here. Libraries were weighed: matplotlib (with numpy some 100 MB) draws rectangles
as well as this, and Chinese as empty boxes, since its fonts have none; plotly and bokeh put 1 to 5 MB of script into
each page; pygal's pages load a script from the network. A bar is a rectangle: the browser has the fonts, follows the
reader's light or dark colours, prints it sharp, and lets its numbers be copied.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from tui.locale import _, language, ngettext
from tui.model.insights import Figure, FigureBar, Insights
from tui.text import fit, local_time, plain, width

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW = 24
"""Pixels from one bar to the next."""

BAR = 16
"""Pixels that a bar is high."""

CHARACTER = 8
"""Pixels that a cell of a label takes at most."""

LONGEST_LABEL = 28
"""Cells of a label; what is cut off stands in the bar's tooltip."""

SCALE = 420
"""Pixels of the longest bar."""

ROOM = 150
"""Pixels for the number right of it."""

_STYLE = """
:root { color-scheme: light dark; --text: #1c1c1c; --quiet: #6c6c6c; --bar: #2f7fb0; --back: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e4e4; --quiet: #9a9a9a; --bar: #5fafd7; --back: #1a1a1a; } }
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--text);
  background: var(--back); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } p { color: var(--quiet); margin: .2rem 0 2rem; }
figure { margin: 0 0 2rem; break-inside: avoid; } figcaption { font-weight: 600; }
figcaption small, .quiet { color: var(--quiet); fill: var(--quiet); font-weight: 400; }
svg { display: block; max-width: 100%; height: auto; font-size: 13px; }
svg text { fill: var(--text); } svg text.quiet { fill: var(--quiet); } svg rect { fill: var(--bar); }
"""


def page_of(insights: Insights, title: str, at: datetime, top: int) -> str:
    """Return the page about `insights` of the profile called `title`, as of `at`; at most `top` bars a figure."""
    heading = _("Report: {profile}").format(profile=title)
    whom = ngettext("{count} customer", "{count} customers", insights.customers).format(count=f"{insights.customers:,}")
    if insights.query:
        whom += " · " + insights.query
    about = " · ".join((whom, _("as of {time}").format(time=f"{local_time(at, day=True)} {at.astimezone():%H:%M}")))
    figures = "".join(_figure(figure, top) for figure in insights.figures)
    empty = "" if insights.figures else f"<p>{_text(_('There is nothing to count yet.'))}</p>\n"
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language().startswith("zh") else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(heading)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{_text(heading)}</h1>\n<p>{_text(about)}</p>\n{figures}{empty}</body>\n</html>"
    )


def _figure(figure: Figure, top: int) -> str:
    folded = figure.folded(top)
    notes = [note for note in (figure.note, "" if figure.largest else _("nobody")) if note]
    if folded.others:
        text = ngettext("{count} more has {value}", "{count} more have {value} together", folded.others)
        notes.append(text.format(count=f"{folded.others:,}", value=f"{folded.value:,}"))
    small = f" <small>{_text(' · '.join(notes))}</small>" if notes else ""
    picture = "".join(_picture(folded.bars, figure))
    return f"<figure>\n<figcaption>{_text(figure.title)}{small}</figcaption>\n{picture}</figure>\n"


def _picture(bars: Sequence[FigureBar], figure: Figure) -> Iterable[str]:
    label_cells = min(LONGEST_LABEL, max((width(plain(bar.label)) for bar in bars), default=0))
    left = label_cells * CHARACTER
    whole = left + SCALE + ROOM
    size = f'viewBox="0 0 {whole} {ROW * len(bars)}" width="{whole}"'
    yield f'<svg {size} role="img" aria-label="{_text(figure.title)}">\n'
    for place, bar in enumerate(bars):
        middle = place * ROW + ROW // 2
        quiet = ' class="quiet"' if bar.outside or not bar.value else ""
        at = f'y="{middle}" dominant-baseline="central"{quiet}'
        length = 0 if bar.outside or not figure.largest else round(SCALE * bar.value / figure.largest)
        label = plain(bar.label)
        shown = label if width(label) <= LONGEST_LABEL else fit(label, LONGEST_LABEL)
        number = f"{bar.value:,}"
        if bar.customers is not None and bar.customers:
            about = ngettext("{count} customer", "{count} customers", bar.customers)
            number += f" · {about.format(count=f'{bar.customers:,}')}"
        tip = " · ".join(filter(None, (label, number, plain(bar.query))))
        yield f'<g><title>{_text(tip)}</title><text x="{left - 8}" text-anchor="end" {at}>{_text(shown)}</text>'
        if length or (bar.value and not bar.outside):
            yield f'<rect x="{left}" y="{middle - BAR // 2}" width="{max(1, length)}" height="{BAR}"/>'
        yield f'<text x="{left + length + 8}" {at}>{_text(number)}</text></g>\n'
    yield "</svg>\n"


def _text(text: str) -> str:
    """`text` as HTML shows it: no markup, and nothing that turns the writing around."""
    return escape(plain(text))
