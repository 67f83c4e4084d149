"""What became of the worlds of a run, model by model, merged chunk by chunk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import Status
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Plan, PlannedJob
from tenbin.run.solved import SolvedJob
from tenbin.scenario.language import Array

__all__ = ["JobSummary", "RunSummary"]

QUANTILES = (0.01, 0.05, 0.25, 0.5)
"""Of the margins: how near to a tie the nearest worlds are."""
MARGIN_STEPS = 20
"""Classes of margins per power of ten; a quantile is exact to 12 per cent."""
MARGIN_DECADES = 15
"""Margins below 1e-15 are one class."""


@dataclass
class JobSummary:
    """Counts over the worlds of one job; `worst_residual` is over solved worlds.

    `equilibria` are those found in solved worlds, all together; `several` the solved worlds in
    which more than one was found. A slot that stands for a world without equilibria is none.
    """

    statuses: dict[str, int] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)
    worst_residual: float = 0.0
    worst_witness_gap: float = 0.0
    complete: int = 0
    equilibria: int = 0
    several: int = 0
    steps: int = 0
    margins: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(MARGIN_STEPS * MARGIN_DECADES + 1, dtype=np.int64)
    )

    @property
    def worlds(self) -> int:
        return sum(self.statuses.values())

    @property
    def solved(self) -> int:
        return self.statuses.get(Status.SOLVED.name.lower(), 0)

    def add(self, solved: SolvedJob) -> None:
        """Merge the worlds of one chunk."""
        for value, count in zip(*np.unique(solved.status, return_counts=True), strict=True):
            name = Status(int(value)).name.lower()
            self.statuses[name] = self.statuses.get(name, 0) + int(count)
        for name, flag in solved.flags.items():
            self.flags[name] = self.flags.get(name, 0) + int(np.count_nonzero(flag))
        counted = solved.found & (solved.status == Status.SOLVED)[:, None]
        self.worst_residual = _worst(self.worst_residual, solved.certificate.residual[counted])
        gaps = solved.certificate.witness_gap[counted]
        self.worst_witness_gap = _worst(self.worst_witness_gap, gaps)
        self.complete += int(np.count_nonzero(solved.complete))
        found = (counted & np.isfinite(solved.certificate.residual)).sum(axis=1)
        self.equilibria += int(found.sum())
        self.several += int(np.count_nonzero(found > 1))
        self.steps += 0 if solved.steps is None else int(solved.steps.sum())
        margin = solved.certificate.margin[counted]
        self.margins += np.bincount(_margin_class(margin), minlength=len(self.margins))

    def merge(self, other: JobSummary) -> None:
        """Count the worlds of another job as well."""
        for name, count in other.statuses.items():
            self.statuses[name] = self.statuses.get(name, 0) + count
        for name, count in other.flags.items():
            self.flags[name] = self.flags.get(name, 0) + count
        self.worst_residual = max(self.worst_residual, other.worst_residual)
        self.worst_witness_gap = max(self.worst_witness_gap, other.worst_witness_gap)
        self.complete += other.complete
        self.equilibria += other.equilibria
        self.several += other.several
        self.steps += other.steps
        self.margins = self.margins + other.margins

    def as_data(self) -> dict[str, Any]:
        """Plain data for the manifest."""
        return {
            "worlds": self.worlds,
            "solved": self.solved,
            "unsolved": self.worlds - self.solved,
            "statuses": self.statuses,
            "flags": self.flags,
            "worst_residual": self.worst_residual,
            "worst_witness_gap": self.worst_witness_gap,
            "complete": self.complete,
            "mean_equilibria": self.equilibria / max(self.solved, 1),
            "several": self.several,
            "mean_steps": self.steps / max(self.worlds, 1),
            "margin_quantiles": {str(q): self.margin_quantile(q) for q in QUANTILES},
        }

    def margin_quantile(self, share: float) -> float | None:
        """The margin below which a share of the solved worlds lies (the end of its class)."""
        total = int(self.margins.sum())
        if total == 0:
            return None
        place = int(np.searchsorted(np.cumsum(self.margins), share * total, side="left"))
        return float(10.0 ** (place / MARGIN_STEPS - MARGIN_DECADES))


def _worst(before: float, values: Array) -> float:
    finite = values[np.isfinite(values)]
    return max(before, float(finite.max(initial=0.0)))


def _margin_class(margin: Array) -> NDArray[np.int64]:
    kept = np.clip(margin[np.isfinite(margin)], 10.0**-MARGIN_DECADES, 1.0)
    place = np.ceil((np.log10(kept) + MARGIN_DECADES) * MARGIN_STEPS)
    return np.clip(place, 0, MARGIN_STEPS * MARGIN_DECADES).astype(np.int64)


@dataclass
class RunSummary:
    """What became of the worlds of every job, and of every model over its jobs."""

    plan: Plan
    jobs: dict[str, JobSummary] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    units: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """By model: whether its selections hang on payoff units, see `units.UnitCounts.as_data`."""

    def __post_init__(self) -> None:
        self.jobs = {planned.id: JobSummary() for planned in self.plan.jobs}

    def add(self, chunk: Chunk) -> None:
        """Merge the worlds of one chunk."""
        for planned in self.plan.jobs:
            if planned.job in chunk.solved:
                solved = chunk.solved[planned.job]
                self.jobs[planned.id].add(solved)
                self.methods[planned.id] = solved.method

    def models(self) -> dict[str, dict[str, Any]]:
        """By model, in the order of the file: form, concept, counts over all its jobs."""
        found: dict[str, dict[str, Any]] = {}
        for name in self.plan.scenario.models:
            own = [planned for planned in self.plan.jobs if planned.job.model == name]
            if own:
                found[name] = self._model(own)
        return found

    def _model(self, own: list[PlannedJob]) -> dict[str, Any]:
        total = JobSummary()
        for planned in own:
            total.merge(self.jobs[planned.id])
        model = own[0].model
        counts = {"form": model.form, "concept": model.concept, "jobs": len(own), **total.as_data()}
        if model.name in self.units:
            counts["units"] = self.units[model.name]
        return counts
