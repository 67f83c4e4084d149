"""A chunk as a table: which column holds what, with what name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.run.chunk import Chunk
from tenbin.run.jobs import PlannedJob
from tenbin.run.solved import Rests, SolvedJob

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["chunk_table", "outcome_column", "rests_column", "slot_column"]


def outcome_column(planned: PlannedJob, number: int) -> str:
    """The column of a job's outcome, by its place among the job's outcomes."""
    return f"{planned.id}_outcome_{number}"


def slot_column(column: str, slot: int) -> str:
    """The column of an outcome at an equilibrium; slot 0, the selected one, has the plain name."""
    return column if slot == 0 else f"{column}_equilibrium_{slot}"


def rests_column(planned: PlannedJob, feeding: PlannedJob) -> str:
    """The column that says on which equilibrium of a feeding job those of a job rest."""
    return f"{planned.id}_rests_on_{feeding.id}"


def chunk_table(chunk: Chunk, keep_draws: bool) -> pa.Table:
    """The worlds of a chunk: number, draws where asked for, jobs, attached codes.

    Null means that the job is not solved in that world by plan, or holds no equilibrium in that
    slot; an outcome whose condition is impossible is NaN. On what equilibria rest is there only
    for jobs that are fed by one with several equilibria in some world of the chunk.
    """
    import pyarrow as pa

    columns: dict[str, Any] = {
        "world": pa.array(np.arange(chunk.start, chunk.stop, dtype=np.int64))
    }
    if keep_draws:
        columns.update((f"draw_{name}", pa.array(values)) for name, values in chunk.draws.items())
    for planned in chunk.plan.jobs:
        solved = chunk.solved.get(planned.job)
        columns.update(_job_columns(planned, solved, chunk.worlds))
        if solved is not None and solved.rests is not None:
            columns.update(_rests_columns(chunk, planned, solved.rests))
    for name, codes in chunk.attached.items():
        columns[name] = pa.array(codes, type=pa.int8())
    return pa.table(columns)


def _job_columns(planned: PlannedJob, solved: SolvedJob | None, worlds: int) -> dict[str, Any]:
    import pyarrow as pa

    if solved is None:
        columns = {f"{planned.id}_status": pa.nulls(worlds, pa.int8())}
        floats = [f"{planned.id}_residual", f"{planned.id}_margin"]
        floats += [outcome_column(planned, number) for number in range(len(planned.outcomes))]
        columns.update((name, pa.nulls(worlds, pa.float64())) for name in floats)
        return columns
    status = np.zeros(worlds, dtype=np.int8)
    status[: len(solved.status)] = solved.status
    beyond = np.arange(worlds) >= len(solved.status)
    columns = {f"{planned.id}_status": pa.array(status, mask=beyond)}
    parts = {
        f"{planned.id}_residual": solved.certificate.residual[:, :1],
        f"{planned.id}_margin": solved.certificate.margin[:, :1],
    }
    for number, call in enumerate(planned.outcomes):
        parts[outcome_column(planned, number)] = solved.outcomes[call]
    for name, values in parts.items():
        for slot in range(values.shape[1]):
            column = np.full(worlds, np.nan)
            column[: len(values)] = values[:, slot]
            absent = beyond.copy()
            absent[: len(values)] = ~solved.found[:, slot]
            columns[slot_column(name, slot)] = pa.array(column, mask=absent)
    return columns


def _rests_columns(chunk: Chunk, planned: PlannedJob, rests: Rests) -> dict[str, Any]:
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for feeding in chunk.plan.jobs:
        if feeding.job not in rests.slots:
            continue
        slots = rests.slots[feeding.job]
        for slot in range(slots.shape[1]):
            column = np.full(chunk.worlds, -1, dtype=np.int32)
            column[: len(slots)] = slots[:, slot]
            name = slot_column(rests_column(planned, feeding), slot)
            columns[name] = pa.array(column, mask=column < 0)
    return columns
