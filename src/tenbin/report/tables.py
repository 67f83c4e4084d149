"""Tables for a terminal beside that of the verdicts: policies by objective, games and solutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tenbin.figures.lettering import cells, shorten
from tenbin.figures.words import Words
from tenbin.report.naming import concept_name, policy_title, room_words, titled
from tenbin.report.policies import (
    Cell,
    ObjectiveTable,
    is_coverage,
    joint_cells,
    objective_tables,
)
from tenbin.report.sections.claims import advice, reason_name
from tenbin.report.sections.solving import EXTRA, residual_text, solving_counts
from tenbin.report.words import report_words, share_text
from tenbin.scenario.objects import Scenario

__all__ = ["models_table", "policies_table"]

Plain = Mapping[str, Any]
PADDING = 2
ROOMY, WIDE = 104, 170
"""Columns from which forms and unsolved shares are shown, and what the manifest counts."""
LEAST_TITLE = 16
HEADINGS = {
    "mean": "terminal.mean",
    "regret_mean": "terminal.regret",
    "regret_95": "terminal.regret_95",
    "best_share": "terminal.best",
    "satisfied_share": "terminal.enough",
    "unsolved": "terminal.unsolved_share",
}
LEAST_POLICY = 14
LEAST_FIGURE = 6


def policies_table(
    scenario: Scenario, policies: Plain, language: str = "en", width: int = 100
) -> RenderableType:
    """A table per objective: every policy with its figures, the best of each column marked.

    All have the same columns; that of worlds without a value is left out where there are none.
    """
    words = report_words(language)
    tables = objective_tables(scenario, policies, words)
    joint = joint_cells(scenario, policies)
    used = {key for one in tables for key in one.columns}
    used -= set() if _some_unsolved(policies) else {"unsolved"}
    columns = [key for key in HEADINGS if key in used]
    wide = {key: _width(words(HEADINGS[key]), tables, key) for key in columns}
    taken = sum(wide.values()) + (PADDING + 1) * (len(wide) + 1)
    longest = max(cells(policy) for one in tables for policy, _ in one.rows)
    room = min(max(width - taken, LEAST_POLICY), max(longest, LEAST_POLICY))
    parts: list[RenderableType] = [Text(words("terminal.policies"), style="bold")]
    for one in tables:
        shown = [key for key in columns if key in one.columns]
        table = _policy_table(one, shown, wide, room, words)
        parts += [Text(""), Text(_heading(one), style="italic"), table]
    if joint:
        parts += [Text(""), Text(words("policies.joint"), style="italic")]
        table = _table("")
        table.show_header = False
        table.add_column(min_width=room, max_width=room, no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        for name, cell in joint.items():
            table.add_row(shorten(policy_title(scenario, name, words), room), _figure(cell))
        parts.append(table)
    basis = "coverage" if is_coverage(scenario, policies) else "chance"
    return Group(*parts, Text(words("policies." + basis), style="dim"))


def _policy_table(
    one: ObjectiveTable, shown: list[str], wide: dict[str, int], room: int, words: Words
) -> Table:
    """The policies under one objective."""
    table = _table("")
    table.add_column(words("column.policy"), no_wrap=True, min_width=room, max_width=room)
    for key in shown:
        heading = words(HEADINGS[key])
        table.add_column(heading, justify="right", no_wrap=True, min_width=wide[key])
    for policy, row in one.rows:
        table.add_row(shorten(policy, room), *(_figure(row[key]) for key in shown))
    return table


def _heading(one: ObjectiveTable) -> str:
    return " · ".join(part for part in (one.title, one.direction, one.enough) if part)


def _some_unsolved(policies: Plain) -> bool:
    entries: Mapping[str, Plain] = policies["objectives"]
    return any(row.get("unsolved") for entry in entries.values() for row in entry["rows"].values())


def _width(heading: str, tables: list[ObjectiveTable], key: str) -> int:
    """How wide a column of figures is, with room for the mark of the best."""
    figures = [row[key].text for one in tables for _, row in one.rows if key in row]
    return max(cells(heading), LEAST_FIGURE, *(cells(text) + 2 for text in figures))


def _figure(cell: Cell) -> Text:
    return Text(f"★ {cell.text}" if cell.best else cell.text, style="bold" if cell.best else "")


def _table(title: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, PADDING, 0, 0))
    table.title, table.title_justify, table.title_style = title or None, "left", "bold"
    return table


def models_table(
    scenario: Scenario, verdicts: Plain, counts: Plain, language: str = "en", width: int = 100
) -> RenderableType:
    """How each game was solved: concept, shares, worst residual; then advice where it was not.

    A narrow terminal gets the shares solved alone, a wide one also margins, remarks and numbers
    of equilibria, where the manifest's `counts` by model are given.
    """
    words = report_words(language)
    models: Mapping[str, Plain] = verdicts["models"]
    names = [name for name in scenario.models if name in models]
    columns = ["form", "concept", "solved", "unsolved", "residual"]
    columns = ["concept", "solved", "residual"] if width < ROOMY else columns
    columns += EXTRA if counts and width >= WIDE else ()
    rows = {name: _model(models[name], counts.get(name, {}), words) for name in names}
    columns = [key for key in columns if key not in EXTRA or any(r[key] for r in rows.values())]
    wide = {
        key: max(cells(text) for text in (words("column." + key), *(r[key] for r in rows.values())))
        for key in columns
    }
    room = max(width - sum(wide.values()) - (PADDING + 1) * (len(wide) + 1), LEAST_TITLE)
    table = _table(words("terminal.models"))
    table.add_column(words("column.model"), no_wrap=True)
    for key in columns:
        side = "left" if key in ("form", "concept") else "right"
        table.add_column(words("column." + key), justify=side, no_wrap=True)
    for name, row in rows.items():
        title = shorten(titled(scenario.models[name].title, name, words), room)
        table.add_row(title, *(row[key] for key in columns))
    reasons = dict.fromkeys(r for name in names for r in models[name].get("reasons", {}))
    notes = [f"{reason_name(reason, words)}: {advice(reason, words)}" for reason in reasons]
    return Group(table, *(Text(note, style="dim") for note in notes))


def _model(entry: Plain, counts: Plain, words: Words) -> dict[str, str]:
    return {
        "form": room_words(entry["form"], words)("form"),
        "concept": concept_name(entry["form"], entry["concept"], words),
        "solved": share_text(float(entry["solved"])),
        "unsolved": share_text(float(entry["unsolved"])),
        "residual": residual_text(entry["worst_residual"]),
        **solving_counts(entry["form"], counts, words),
    }
