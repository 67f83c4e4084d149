"""A run in the forms of other tools: pandas, polars, xarray, EMA Workbench.

None of them is needed to use tenbin: the extra `tables` brings the first three. EMA Workbench's
form is a pandas table and a dictionary of arrays, so the workbench itself is not needed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import MissingExtraError
from tenbin.judge.counts import counted, verdict_codes
from tenbin.judge.evaluate import Verdict
from tenbin.judge.tables import (
    CLAIM_WORDS,
    STATUS_WORDS,
    Block,
    RunColumns,
    run_tables,
)

if TYPE_CHECKING:
    import pandas as pd  # pyright: ignore[reportMissingImports]
    import polars as pl  # pyright: ignore[reportMissingImports]
    import pyarrow as pa
    import xarray as xr  # pyright: ignore[reportMissingImports]

__all__ = ["to_ema", "to_pandas", "to_polars", "to_xarray"]

Arrays = dict[str, NDArray[Any]]


def to_pandas(
    folder: str | Path,
    *,
    policies: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
) -> pd.DataFrame:
    """A run as a pandas table: one row per world and policy, worlds in order under each policy.

    Parameters
    ----------
    folder
        A run folder.
    policies, models
        Only these policies, and outcomes of only these models; by default all.

    Returns
    -------
    Columns as `tenbin.judge.tables` names them; words are categories, what is null is NaN or NA.

    Raises
    ------
    MissingExtraError
        If pandas is not installed.
    ShapeError
        If a policy or a model is unknown, or the folder's copy of the scenario was changed.
    """
    _need("pandas")
    table = _whole_table(folder, policies, models)
    return table.to_pandas(split_blocks=True, self_destruct=True)


def to_polars(
    folder: str | Path,
    *,
    policies: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
) -> pl.DataFrame:
    """A run as a polars table; parameters, columns and errors as of `to_pandas`."""
    polars = _need("polars")
    return polars.from_arrow(_whole_table(folder, policies, models))


def to_xarray(
    folder: str | Path,
    *,
    policies: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
) -> xr.Dataset:
    """A run as an xarray data set with the dimensions `policy` and `world`.

    Uncertainties are variables over `world`, all else over both. Statuses and claims are codes,
    -1 for none, with their words in the attributes `flag_values` and `flag_meanings` (the CF
    conventions); uncertainties and levers have the `units` and the `long_name` of the file.
    Parameters and errors as of `to_pandas`.
    """
    xarray = _need("xarray")
    run = RunColumns(folder, policies, models)
    worlds, draws, numbers, codes = _filled(run)
    titled = {**run.scenario.uncertainties, **run.scenario.levers}
    variables: dict[str, Any] = {}
    for name, values in {**draws, **numbers, **codes}.items():
        attributes: dict[str, Any] = {}
        if name in titled:
            title = titled[name].title.in_language("en")
            attributes = {"units": titled[name].unit, "long_name": title}
        elif name in codes:
            attributes = _flags(CLAIM_WORDS if name.startswith("claim(") else STATUS_WORDS)
        dimensions = ("world",) if name in draws else ("policy", "world")
        variables[name] = (dimensions, values, {k: v for k, v in attributes.items() if len(v)})
    manifest = run.manifest
    return xarray.Dataset(
        variables,
        coords={"policy": list(run.policies), "world": worlds},
        attrs={
            "title": run.scenario.title.in_language("en"),
            **{key: manifest[key] for key in ("digest", "seed", "design")},
        },
    )


def to_ema(
    folder: str | Path,
    *,
    policies: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
) -> tuple[pd.DataFrame, dict[str, NDArray[np.float64]]]:
    """A run as EMA Workbench's analysis functions take it: experiments, and outcomes by name.

    Parameters
    ----------
    folder, policies, models
        As of `to_pandas`; errors likewise.

    Returns
    -------
    experiments
        One row per world and policy: every uncertainty and lever, and the columns that the
        workbench adds to its own, `scenario` (the world's number), `policy` and `model` (the
        scenario's title).
    outcomes
        One number per row: outcomes as claims write them, NaN where there is none;
        `status(MODEL)`, 0 where it is solved; `claim(CLAIM)`, 1 where the world counts as one in
        which the claim holds, 0 where it does not, NaN where it is unsolved or not judged.
        No row is left out: choose those without NaN before an analysis that cannot do with it.
    """
    pandas = _need("pandas")
    run = RunColumns(folder, policies, models)
    worlds, draws, numbers, codes = _filled(run, _counted_codes)
    rows = len(run.policies)
    experiments = {name: np.tile(values, rows) for name, values in draws.items()}
    levers = {name: numbers.pop(name).reshape(-1) for name in run.scenario.levers}
    names = np.repeat(np.array(run.policies, dtype=object), len(worlds))
    table = pandas.DataFrame(
        {
            **experiments,
            **levers,
            "scenario": np.tile(worlds, rows),
            "policy": pandas.Categorical(names, categories=list(run.policies)),
            "model": pandas.Categorical([run.scenario.title.in_language("en")] * len(names)),
        },
        copy=False,
    )
    outcomes: dict[str, NDArray[np.float64]] = {k: v.reshape(-1) for k, v in numbers.items()}
    for name, values in codes.items():
        flat = values.reshape(-1).astype(float)
        outcomes[name] = np.where(flat < 0, np.nan, flat)
    return table, outcomes


def _need(library: str) -> Any:
    """The library, or one line that says how to get it."""
    try:
        return import_module(library)
    except ImportError:
        advice = "pip install 'tenbin[tables]'"
        raise MissingExtraError(f"{library} is not installed: {advice}") from None


def _whole_table(
    folder: str | Path, policies: Sequence[str] | None, models: Sequence[str] | None
) -> pa.Table:
    """All parts as one table, sorted by policy and then by world."""
    import pyarrow as pa

    tables = list(run_tables(folder, policies=policies, models=models))
    apart = len(dict.fromkeys(table["policy"][0].as_py() for table in tables)) or 1
    ordered = [table for first in range(apart) for table in tables[first::apart]]
    return pa.concat_tables(ordered)


def _verdicts(run: RunColumns, block: Block) -> dict[str, NDArray[np.int8]]:
    del run
    return {name: verdict_codes(codes) for name, codes in block.claims.items()}


def _counted_codes(run: RunColumns, block: Block) -> dict[str, NDArray[np.int8]]:
    """By claim whether a world counts as one where it holds, by its quantifier; -1: unknown."""
    found: dict[str, NDArray[np.int8]] = {}
    for name, codes in block.claims.items():
        known = ~np.isin(verdict_codes(codes), (-1, Verdict.UNSOLVED))
        holds = counted(codes, run.scenario.claims[name].equilibria)
        found[name] = np.where(known, holds, -1).astype(np.int8)
    return found


def _filled(
    run: RunColumns, judged: Any = _verdicts
) -> tuple[NDArray[np.int64], Arrays, Arrays, Arrays]:
    """All worlds: numbers, draws [W] by name; levers and outcomes, codes [L, W] by name."""
    size, policies = run.worlds, len(run.policies)
    worlds = np.empty(size, dtype=np.int64)
    draws: Arrays = {name: np.empty(size) for name in run.scenario.uncertainties}
    numbers: Arrays = {
        name: np.empty((policies, size)) for name in (*run.scenario.levers, *run.outcomes)
    }
    coded = (*run.statuses, *(f"claim({name})" for name in run.claims))
    codes: Arrays = {name: np.empty((policies, size), dtype=np.int8) for name in coded}
    start = 0
    for block in run.blocks():
        row = run.policies.index(block.policy)
        here = slice(start, start + len(block.worlds))
        worlds[here] = block.worlds
        for name, values in block.uncertainties.items():
            draws[name][here] = values
        for name, values in {**block.levers, **block.outcomes}.items():
            numbers[name][row, here] = values
        claims = {f"claim({name})": values for name, values in judged(run, block).items()}
        for name, values in {**block.statuses, **claims}.items():
            codes[name][row, here] = values
        if row == policies - 1:
            start = here.stop
    return worlds, draws, numbers, codes


def _flags(words: Sequence[str]) -> dict[str, Any]:
    values = np.arange(-1, len(words), dtype=np.int8)
    return {"flag_values": values, "flag_meanings": " ".join(("none", *words))}
