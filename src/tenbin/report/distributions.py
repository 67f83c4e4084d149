"""Outcomes over worlds, from the stored parts: aggregated by DuckDB, never held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.report.material import Distribution, Outcome
from tenbin.run import part_paths
from tenbin.scenario.objects import Scenario

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["read_outcomes"]

BINS = 40
MOST_REPLACED = 4
"""Settings with replaced numbers shown of an outcome; `rises` alone asks for five per number."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COPIED_BYTES = 2**28
"""Memory for a copy of all outcomes; larger ones are read again by every query."""
EXACT_UP_TO = 5_000_000
"""Worlds up to which quantiles are exact."""

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Column:
    """A stored outcome of one job."""

    name: str
    asked: Plain
    job: Plain


def read_outcomes(folder: Path, manifest: Plain, scenario: Scenario) -> tuple[Outcome, ...]:
    """Every outcome that the run stored, with one distribution per setting.

    Settings that a policy leads to come first, in the scenario's order; of those with replaced
    numbers a few are shown.
    """
    import duckdb

    parts = [str(path) for path in part_paths(folder)]
    by_text: dict[str, list[_Column]] = {}
    for job in manifest["jobs"].values():
        for name, asked in job["outcomes"].items():
            by_text.setdefault(asked["text"], []).append(_Column(name, asked, job))
    if not parts or not by_text:
        return ()
    order = {policy: place for place, policy in enumerate(scenario.policies)}
    with duckdb.connect(config={"threads": 1}) as connection:
        stored = connection.read_parquet(parts, union_by_name=True)
        names = [f'"{column.name}"' for columns in by_text.values() for column in columns]
        wanted = stored.project(", ".join(names))
        if int(manifest["worlds"]) * len(names) * 8 <= COPIED_BYTES:
            wanted.create("worlds")
        else:
            wanted.create_view("worlds")
        return tuple(_outcome(connection, columns, order) for columns in by_text.values())


def _outcome(
    connection: DuckDBPyConnection, columns: Sequence[_Column], order: Mapping[str, int]
) -> Outcome:
    shown, left_out = _shown(columns, order)
    asked, job = shown[0].asked, shown[0].job
    summaries = [_summary(connection, column.name) for column in shown]
    low, high = 0.0, 1.0
    if not asked["probability"]:
        low = min(summary.lowest for summary in summaries)
        high = max(summary.highest for summary in summaries)
    rows = tuple(
        _distribution(connection, column, summary, low, high)
        for column, summary in zip(shown, summaries, strict=True)
    )
    return Outcome(
        model=job["model"],
        function=asked["function"],
        arguments=tuple(str(argument) for argument in asked["arguments"]),
        given=asked["given"] or "",
        is_probability=asked["probability"],
        rows=rows,
        left_out=left_out,
        options=asked.get("options", {}),
    )


def _shown(columns: Sequence[_Column], order: Mapping[str, int]) -> tuple[list[_Column], int]:
    """The columns to show, and how many are left out."""
    plain = [column for column in columns if column.job["policies"]]
    plain.sort(key=lambda column: min(order[name] for name in column.job["policies"]))
    replaced = [column for column in columns if not column.job["policies"]]
    return plain + replaced[:MOST_REPLACED], max(len(replaced) - MOST_REPLACED, 0)


@dataclass(frozen=True, slots=True)
class _Summary:
    """What one pass over a column gives; `valid` counts worlds that have a value."""

    valid: int
    lowest: float
    highest: float
    mean: float
    quantiles: tuple[float, ...]


def _summary(connection: DuckDBPyConnection, column: str) -> _Summary:
    there = f'"{column}" IS NOT NULL AND NOT isnan("{column}")'
    total = _row(connection, f"SELECT count(*) FROM worlds WHERE {there}")[0]
    if not total:
        return _Summary(0, 0.0, 0.0, float("nan"), (float("nan"),) * len(QUANTILES))
    method = "quantile_cont" if total <= EXACT_UP_TO else "approx_quantile"
    lowest, highest, mean, quantiles = _row(
        connection,
        f'SELECT min("{column}"), max("{column}"), avg("{column}"), '
        f'{method}("{column}", {list(QUANTILES)}) FROM worlds WHERE {there}',
    )
    return _Summary(total, lowest, highest, mean, tuple(quantiles))


def _distribution(
    connection: DuckDBPyConnection, column: _Column, summary: _Summary, low: float, high: float
) -> Distribution:
    worlds = int(column.job["worlds"])
    return Distribution(
        policies=tuple(column.job["policies"]),
        setting=_setting(column.job),
        worlds=worlds,
        missing=worlds - summary.valid,
        mean=summary.mean,
        quantiles=summary.quantiles,
        counts=_counts(connection, column.name, low, high),
        low=low,
        high=high,
    )


def _counts(
    connection: DuckDBPyConnection, column: str, low: float, high: float
) -> tuple[int, ...]:
    """Worlds by bin of equal width over low..high; all in the middle one where that is a point."""
    width = (high - low) / BINS
    place = (
        f'least(greatest(floor(("{column}" - {low!r}) / {width!r}), 0), {BINS - 1})'
        if width > 0
        else str(BINS // 2)
    )
    found = connection.execute(
        f"SELECT CAST({place} AS INTEGER) AS bin, count(*) FROM worlds "
        f'WHERE "{column}" IS NOT NULL AND NOT isnan("{column}") GROUP BY bin'
    ).fetchall()
    counts = [0] * BINS
    for number, count in found:
        counts[number] = count
    return tuple(counts)


def _row(connection: DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def _setting(job: Plain) -> tuple[tuple[str, str], ...]:
    """What is set in a job: numbers with their values, then moves with their actions."""
    set_there = (*job["values"].items(), *job["play"].items())
    return tuple((str(name), str(value)) for name, value in set_there)
