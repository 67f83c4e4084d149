"""The table of policies by objective: figures in words, and which of each column is the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tenbin.figures.gametree import figure
from tenbin.figures.words import Words
from tenbin.report.naming import policy_title, titled
from tenbin.report.shares import interval_text
from tenbin.report.words import share_text
from tenbin.scenario.objects import Scenario

__all__ = [
    "COLUMNS",
    "Cell",
    "ObjectiveTable",
    "compares_policies",
    "is_coverage",
    "joint_cells",
    "objective_tables",
]

Plain = Mapping[str, Any]
COLUMNS = ("mean", "regret_mean", "regret_95", "best_share", "satisfied_share", "unsolved")
NO_FIGURE = "–"
EQUAL = 1e-9
"""How near to the best, relative to the spread of its column, a figure is called the best too."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the table: `note` is what stands behind it, `share` its bar where it has one."""

    text: str
    note: str = ""
    share: float | None = None
    best: bool = False


@dataclass(frozen=True, slots=True)
class ObjectiveTable:
    """One objective: its title with what is better, and a cell per policy and column."""

    name: str
    title: str
    direction: str
    enough: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, dict[str, Cell]], ...]
    """Policies by their titles, in the order of the file."""
    worlds: int
    compared: float


def compares_policies(policies: Plain | None) -> bool:
    """Whether there is anything to compare: objectives, and more than one policy."""
    entries: Mapping[str, Plain] = (policies or {}).get("objectives") or {}
    return any(len(entry["rows"]) > 1 for entry in entries.values())


def is_coverage(scenario: Scenario, policies: Plain) -> bool:
    """Whether shares are coverage: a range reaches an objective, or might."""
    said = [entry.get("reading") for entry in policies["objectives"].values()]
    if all(said):
        return "coverage" in said
    return any(not item.is_distribution for item in scenario.uncertainties.values())


def objective_tables(scenario: Scenario, policies: Plain, words: Words) -> list[ObjectiveTable]:
    """Every objective that was compared, in the order of the file."""
    entries: Mapping[str, Plain] = policies["objectives"]
    return [
        _table(scenario, name, entries[name], words)
        for name in scenario.objectives
        if name in entries
    ]


def joint_cells(scenario: Scenario, policies: Plain) -> dict[str, Cell]:
    """By policy, the share of worlds in which it is good enough in every objective at once.

    Empty where fewer than two objectives say what is good enough.
    """
    stated = [entry for entry in policies["objectives"].values() if entry.get("threshold")]
    joint: Mapping[str, float | None] = policies.get("joint", {})
    if len(stated) < 2:
        return {}
    return _cells(
        {name: joint.get(name) for name in scenario.policies if name in joint}, _share, max
    )


def _table(scenario: Scenario, name: str, entry: Plain, words: Words) -> ObjectiveTable:
    stored: Mapping[str, Plain] = entry["rows"]
    rows = {policy: stored[policy] for policy in scenario.policies if policy in stored}
    rows = rows or dict(stored)
    more = entry["direction"] == "max"
    columns: dict[str, dict[str, Cell]] = {
        "mean": _cells(_column(rows, "mean"), _plain, max if more else min),
        "regret_mean": _cells(_column(rows, "regret_mean"), _plain, min),
        "regret_95": _cells(_column(rows, "regret_95"), _plain, min),
        "best_share": _cells(_column(rows, "best_share"), _share, max),
        "satisfied_share": _cells(_column(rows, "satisfied_share"), _share, max),
        "unsolved": {p: _unsolved(row.get("unsolved")) for p, row in rows.items()},
    }
    for policy, row in rows.items():
        columns["mean"][policy] = _with_range(columns["mean"][policy], row, words)
        columns["satisfied_share"][policy] = _with_interval(columns["satisfied_share"][policy], row)
    shown = tuple(c for c in COLUMNS if c != "satisfied_share" or entry.get("threshold"))
    objective = scenario.objectives[name]
    return ObjectiveTable(
        name=name,
        title=titled(objective.title, name, words),
        direction=words("policies." + entry["direction"]),
        enough=_enough(entry, words),
        columns=shown,
        rows=tuple(
            (policy_title(scenario, policy, words), {c: columns[c][policy] for c in shown})
            for policy in rows
        ),
        worlds=max((int(row["worlds"]) for row in rows.values()), default=0),
        compared=min((float(row.get("compared") or 0.0) for row in rows.values()), default=0.0),
    )


def _enough(entry: Plain, words: Words) -> str:
    if not entry.get("threshold"):
        return ""
    return words("policies.enough_" + entry["direction"], threshold=entry["threshold"])


def _column(rows: Mapping[str, Plain], key: str) -> dict[str, float | None]:
    return {policy: row.get(key) for policy, row in rows.items()}


def _cells(
    values: Mapping[str, float | None],
    write: Callable[..., Cell],
    best: Callable[..., float],
) -> dict[str, Cell]:
    """A column, its best figures marked; none is where all are equal."""
    there = [value for value in values.values() if value is not None]
    spread = max(there) - min(there) if there else 0.0
    goal = best(there) if spread > 0.0 else None
    return {
        name: write(
            value,
            best=goal is not None and value is not None and abs(value - goal) <= EQUAL * spread,
        )
        for name, value in values.items()
    }


def _plain(value: float | None, *, best: bool) -> Cell:
    return Cell(NO_FIGURE if value is None else figure(value), best=best)


def _share(value: float | None, *, best: bool) -> Cell:
    if value is None:
        return Cell(NO_FIGURE)
    return Cell(share_text(float(value)), share=float(value), best=best)


def _unsolved(value: float | None) -> Cell:
    return Cell(NO_FIGURE if value is None else share_text(float(value)))


def _with_range(cell: Cell, row: Plain, words: Words) -> Cell:
    """A mean with what it would be at the lowest and the highest equilibria, where they differ."""
    low, high = row.get("low"), row.get("high")
    if low is None or high is None or figure(low) == figure(high):
        return cell
    note = words("policies.range", low=figure(low), high=figure(high))
    return Cell(cell.text, note, best=cell.best)


def _with_interval(cell: Cell, row: Plain) -> Cell:
    interval = row.get("interval")
    if cell.share is None or not interval:
        return cell
    return Cell(cell.text, f"({interval_text(interval)})", cell.share, cell.best)
