"""A job along every branch: solved once per combination of the equilibria that feed it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import Certificate, Status
from tenbin.run.combinations import MAX_COMBINATIONS, Axis, Combinations, Slots, combine
from tenbin.run.jobs import Job, PlannedJob
from tenbin.run.solved import Outcome, Rests, SolvedJob, joined
from tenbin.scenario.language import Array, OutcomeCall

__all__ = ["CAPPED", "Feed", "Solve", "along_branches"]

CAPPED = "capped"
"""The flag of worlds in which a job has more equilibria, over all branches, than are kept."""

Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]


class Solve(Protocol):
    """Solves a job in some worlds of a block, fed with outcomes [n]."""

    def __call__(
        self, rows: Rows, fed: Mapping[OutcomeCall, Array], unfed: Bools, /
    ) -> SolvedJob: ...


@dataclass(frozen=True, slots=True)
class Feed:
    """What feeds a job in W worlds: the outcomes that its numbers read, and whose they are.

    `axes` are the equilibria of those feeding jobs that have several in some world of the chunk.
    """

    outcomes: Mapping[OutcomeCall, Outcome]
    jobs: Mapping[OutcomeCall, Job]
    axes: Mapping[Hashable, Axis]
    worlds: int

    @classmethod
    def of(cls, planned: PlannedJob, upstream: Mapping[Job, SolvedJob], worlds: int) -> Feed:
        """What feeds a planned job, in the first W worlds of those in which that is solved."""
        jobs = {call: link.job for call, link in planned.links.items()}
        outcomes = {
            call: upstream[link.job].outcome(link.call) for call, link in planned.links.items()
        }
        found = {job: upstream[job].axis.at(slice(worlds)) for job in dict.fromkeys(jobs.values())}
        axes: dict[Hashable, Axis] = {job: axis for job, axis in found.items() if axis.has_several}
        return cls(outcomes, jobs, axes, worlds)

    def at(self, part: slice) -> Feed:
        """The same in some of the worlds."""
        outcomes = {
            call: Outcome(outcome.values[part], outcome.found[part], outcome.status[part])
            for call, outcome in self.outcomes.items()
        }
        axes = {job: axis.at(part) for job, axis in self.axes.items()}
        return Feed(outcomes, self.jobs, axes, part.stop - part.start)

    def resting(self) -> tuple[Hashable, ...]:
        """The jobs on whose equilibria those of this job rest, directly or through others."""
        return tuple(
            dict.fromkeys(one for job, axis in self.axes.items() for one in (job, *axis.rests))
        )

    def unfed(self) -> Bools:
        """Where some outcome has no value [W]."""
        unfed = np.zeros(self.worlds, dtype=np.bool_)
        for outcome in self.outcomes.values():
            unfed |= outcome.status != Status.SOLVED
        return unfed

    def selected(self) -> dict[OutcomeCall, Array]:
        """The outcomes [W] at the selected equilibria."""
        return {call: outcome.selected for call, outcome in self.outcomes.items()}

    def branch(self, combinations: Combinations, number: int) -> dict[OutcomeCall, Array]:
        """The outcomes [W] along one combination; the selected ones where there are fewer."""
        there = combinations.count > number
        found = self.selected()
        for call, values in self.along(combinations).items():
            found[call][there] = values[there, min(number, values.shape[1] - 1)]
        return found

    def along(self, combinations: Combinations) -> dict[OutcomeCall, Array]:
        """The outcomes [W, C] along every combination."""
        found: dict[OutcomeCall, Array] = {}
        for call, outcome in self.outcomes.items():
            slots = combinations.slots.get(self.jobs[call])
            if slots is None:
                slots = np.zeros(combinations.valid.shape, dtype=np.int32)
            found[call] = np.take_along_axis(outcome.values, slots.astype(np.intp), axis=1)
        return found


def along_branches(first: SolvedJob, feed: Feed, solve: Solve, step: int) -> SolvedJob:
    """A job over all combinations of the equilibria that feed it.

    Parameters
    ----------
    first
        The job [W, K] along the selected equilibria.
    feed
        What feeds it in these worlds.
    solve
        Solves the job in some of these worlds along another combination. Combinations that feed
        the same numbers as an earlier one are not solved again.
    step
        Worlds that may be solved at a time.

    Returns
    -------
    The job with the equilibria of all combinations on its equilibrium axis, those of the first
    combination first; `MAX_COMBINATIONS` at most, for no claim is judged over more. A world is
    solved where it is solved along every combination.
    """
    combinations = combine(feed.axes, ~feed.unfed())
    fed = feed.along(combinations)
    same = _earliest_same(list(fed.values()), combinations)
    worlds, branches = same.shape
    own = combinations.valid & (same == np.arange(branches))
    own[:, 0] = False
    number, world = np.nonzero(own.T)
    parts = [first]
    for start in range(0, len(world), step):
        rows, there = world[start : start + step], number[start : start + step]
        numbers = {call: values[rows, there] for call, values in fed.items()}
        parts.append(solve(rows, numbers, np.zeros(len(rows), dtype=np.bool_)))
    source = np.zeros((worlds, branches), dtype=np.intp)
    source[:, 0] = np.arange(worlds)
    source[world, number] = worlds + np.arange(len(world))
    source = np.take_along_axis(source, same, axis=1)
    owner = np.concatenate([np.arange(worlds), world])
    return _Gathered(joined(parts), source, owner, combinations).job(feed.resting())


def _earliest_same(fed: list[Array], combinations: Combinations) -> Rows:
    """The earliest combination that feeds the same numbers as each [W, C]."""
    worlds, branches = combinations.valid.shape
    same = np.tile(np.arange(branches), (worlds, 1))
    for later in range(1, branches):
        for earlier in range(later):
            equal = same[:, later] == later
            for values in fed:
                equal &= values[:, later] == values[:, earlier]
            same[equal, later] = earlier
    return same


class _Gathered:
    """Solved rows, joined into one job whose equilibria are those of all combinations.

    source [W, C] is the row in which a combination of a world is solved, `owner` [rows] the world
    for which a row was solved.
    """

    def __init__(
        self,
        rows: SolvedJob,
        source: Rows,
        owner: Rows,
        combinations: Combinations,
    ) -> None:
        self._rows = rows
        self._source = source
        self._owner = owner
        self._combinations = combinations
        self._valid = combinations.valid
        kept = rows.found[source] & self._valid[:, :, None]
        kept[:, 0, 0] = True  # the selected slot has its place whether or not it holds anything
        total = kept.sum(axis=(1, 2))
        world, branch, slot = np.nonzero(kept)
        place = np.arange(len(world)) - (np.cumsum(total) - total)[world]
        first = place < MAX_COMBINATIONS
        world, branch, slot = world[first], branch[first], slot[first]
        self._capped = combinations.capped | (total > MAX_COMBINATIONS)
        self._target = world, place[first]
        self._branch = world, branch
        self._origin = source[world, branch], slot
        self._shape = len(source), min(int(total.max(initial=1)), MAX_COMBINATIONS)

    def job(self, resting: tuple[Hashable, ...]) -> SolvedJob:
        rows = self._rows
        residuals = rows.certificate
        found = self._spread(rows.found, False)
        return SolvedJob(
            status=self._status(),
            found=found,
            complete=self._each(rows.complete, True).all(axis=1) & ~self._capped,
            certificate=Certificate(
                self._spread(residuals.residual, np.nan),
                self._spread(residuals.witness_gap, np.nan),
                self._spread(residuals.margin, np.nan),
                self._spread(residuals.certified, False),
            ),
            outcomes={call: self._spread(values, np.nan) for call, values in rows.outcomes.items()},
            scales={call: self._scale(scale) for call, scale in rows.scales.items()},
            flags=self._flags(),
            steps=self._steps(),
            method=rows.method,
            rests=self._rests(found, resting),
        )

    def _spread(self, values: NDArray[Any], fill: Any) -> NDArray[Any]:
        """What is known of each slot of each row, as of each slot [W, K]."""
        spread = np.full(self._shape, fill, dtype=values.dtype)
        spread[self._target] = values[self._origin]
        return spread

    def _each(self, values: NDArray[Any], fill: Any) -> NDArray[Any]:
        """What is known of each row, as of each combination [W, C]."""
        return np.where(self._valid, values[self._source], fill)

    def _status(self) -> NDArray[np.int8]:
        """That of the first combination along which the world is not solved."""
        status = self._each(self._rows.status, np.int8(Status.SOLVED))
        first = np.argmax(status != Status.SOLVED, axis=1)
        return status[np.arange(len(status)), first]

    def _flags(self) -> dict[str, Bools]:
        """Where each flag holds along some combination, and where equilibria are left out."""
        flags: dict[str, Bools] = {CAPPED: self._capped}
        for name, flag in self._rows.flags.items():
            flags[name] = np.any(self._each(flag, False), axis=1, keepdims=False)
        return flags

    def _scale(self, scale: float | Array) -> float | Array:
        if not isinstance(scale, np.ndarray):
            return scale
        spread = np.full(self._shape, np.nan)
        spread[self._target] = scale[self._origin[0]]
        return spread

    def _steps(self) -> NDArray[np.int64] | None:
        if self._rows.steps is None:
            return None
        total = np.zeros(len(self._source), dtype=np.int64)
        np.add.at(total, self._owner, self._rows.steps)
        return total

    def _rests(self, found: Bools, resting: tuple[Hashable, ...]) -> Rests:
        slots: dict[Hashable, Slots] = {}
        for job in resting:
            spread = np.zeros(self._shape, dtype=np.int32)
            if job in self._combinations.slots:
                spread[self._target] = self._combinations.slots[job][self._branch]
            slots[job] = np.where(found, spread, np.int32(-1))
        return Rests(slots, self._capped)
