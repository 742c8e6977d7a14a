"""A batch whose texts have places: each customer gets its own, checked beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tui.client.service import Capabilities
from tui.desk.batch.file_columns import CONTENT, DESCRIPTION, REMARK
from tui.desk.batch.import_file import Problem, RowRefusal, refuse, short
from tui.desk.batch.items import BatchItem, ImportFile
from tui.locale import _
from tui.model.change import Json
from tui.model.customer import Customer
from tui.model.template import has_places


def needs_filling(sheet: ImportFile) -> bool:
    """Return whether a text of `sheet` has a place."""
    return any(has_places(text) for item in sheet.items for text in _texts(item.request).values())


def fill_texts(
    sheet: ImportFile, customers: Mapping[str, Customer], fill: Callable[[str, Customer], str], limits: Capabilities
) -> ImportFile:
    """Return `sheet` with the places in its texts filled for each of `customers`, by `fill`.

    Who gets a text that is too long, or empty, or was never seen here, is refused.

    Raises: InvalidError for a place that there is none of.
    """
    lengths = {REMARK: limits.remark_length, DESCRIPTION: limits.description_length}
    items: list[BatchItem] = []
    refusals: list[RowRefusal] = [*sheet.refusals]
    for item in sheet.items:
        customer = customers.get(item.customer)
        if customer is None:
            unseen = Problem(CONTENT, "unseen", _("nobody here knows what stands in the places of the text"))
            refusals.append(refuse(item.line, [unseen], item.customer, item.user_id))
            continue
        request = _filled(item.request, lambda text, customer=customer: fill(text, customer))  # type: ignore[misc]
        problems = [
            problem for name, text in _texts(request).items() if (problem := _problem(name, text, lengths.get(name)))
        ]
        if problems:
            refusals.append(refuse(item.line, problems, item.customer, item.user_id))
        else:
            items.append(replace(item, request=request))
    return replace(sheet, items=tuple(items), refusals=tuple(refusals))


def _texts(request: Json) -> dict[str, str]:
    """The texts of a request by their columns; those of several follow-ups are numbered."""
    if "texts" in request:
        return {f"{CONTENT} {number}": text["content"] for number, text in enumerate(request["texts"], 1)}
    return {name: request[name] for name in (REMARK, DESCRIPTION) if name in request}


def _filled(request: Json, fill: Callable[[str], str]) -> dict[str, Any]:
    if "texts" in request:
        return {**request, "texts": [{**text, "content": fill(text["content"])} for text in request["texts"]]}
    return {**request, **{name: fill(text).strip() for name, text in _texts(request).items()}}


def _problem(name: str, text: str, limit: int | None) -> Problem | None:
    if not text.strip():
        return Problem(name, "empty", _("nothing is left of the text where its places are empty"))
    if limit is not None and len(text) > limit:
        found = _("{length} characters, at most {limit} are allowed: “{text}”")
        return Problem(name, "too_long", found.format(length=len(text), limit=limit, text=short(text)))
    return None
